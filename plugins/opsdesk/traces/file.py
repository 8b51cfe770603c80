"""data/traces.toml: which spans are error traces, and from how many on the watch tells of them."""

import fnmatch
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec

from opsdesk.datadog import ORGANISATION
from opsdesk.errors import SettingsError, UserError
from opsdesk.settings import NOTHING_KEPT, KeptFiles, TeamFile, team_file
from opsdesk.text import read_length

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)


class WatchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[watch]: how often the watch looks, and more than how many within how long it tells of."""

    every: str = "5m"
    within: str = "10m"
    more_than: int = 10


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[thresholds.KEY]: more than how many are told of where `service` and `resource` fit; "*" is anything."""

    more_than: int
    service: str = "*"
    resource: str = "*"

    def fits(self, service: str, resource: str) -> bool:
        """Return whether it is about this service and resource, compared without regard to case."""
        return _like(service, self.service) and _like(resource, self.resource)


class TracesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written."""

    organisation: str
    query: str
    leave_out: tuple[str, ...] = ()
    watch: WatchSettings = WatchSettings()
    thresholds: dict[str, Threshold] = {}

    @property
    def search(self) -> str:
        """Return the whole query, with what is left out."""
        return " ".join((self.query.strip(), *(f"-{one.strip()}" for one in self.leave_out)))

    @property
    def every(self) -> timedelta:
        """Return how often the watch looks."""
        return read_length(self.watch.every)

    @property
    def within(self) -> timedelta:
        """Return how far back the watch looks."""
        return read_length(self.watch.within)

    def most(self, service: str, resource: str) -> int:
        """Return how many of a service and resource are not told of."""
        fitting = (one.more_than for one in self.thresholds.values() if one.fits(service, resource))
        return next(fitting, self.watch.more_than)


NOTHING = TracesFile("", "")


def follow(
    path: Path, complain: Callable[[SettingsError], None], kept: KeptFiles = NOTHING_KEPT
) -> TeamFile[TracesFile]:
    """Return the file as it was last right; NOTHING while it never was. `complain` hears of its mistakes."""
    return TeamFile(path, partial(read), complain, instead=lambda wrong: NOTHING, kept=kept)


def read(path: Path) -> TracesFile:
    """Return the file; NOTHING where there is none. Raise a SettingsError with everything wrong in it."""
    if not path.exists():
        return NOTHING
    found = team_file.read(path, TracesFile)
    if wrong := [f"{path.name} {one}" for one in _wrong(found)]:
        raise SettingsError(wrong)
    return found


def _wrong(file: TracesFile) -> Iterator[str]:
    if not ORGANISATION.fullmatch(file.organisation):
        yield f'organisation: "{file.organisation}" is not a name in small letters, such as tevi'
    if not file.query.strip():
        yield "query: empty"
    yield from (f'leave_out: "{one}" needs no "-" before it' for one in file.leave_out if one.strip().startswith("-"))
    for name in ("every", "within"):
        try:
            length = read_length(getattr(file.watch, name))
        except UserError as unreadable:
            yield f"[watch] {name}: {unreadable}"
        else:
            if not SHORTEST <= length <= LONGEST:
                yield f"[watch] {name}: from 1m to 1h"
    if file.watch.more_than < 0:
        yield "[watch] more_than: not below 0"
    yield from (
        f"[thresholds.{key}] more_than: not below 0" for key, one in file.thresholds.items() if one.more_than < 0
    )


def _like(text: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(text.casefold(), pattern.casefold().replace("[", "[[]"))
