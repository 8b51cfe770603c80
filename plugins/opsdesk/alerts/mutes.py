"""The noise rules in force: those of data/noise.toml, and those that people made by command, which end."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from opsdesk.alerts.alert import Source
from opsdesk.alerts.group import AlertGroup
from opsdesk.alerts.noise import NoiseFile, NoiseRule
from opsdesk.chat import Person
from opsdesk.errors import SettingsError, UserError
from opsdesk.settings import NOTHING_KEPT, KeptFiles, TeamFile, team_file
from opsdesk.store import Store

LONGEST = timedelta(days=30)
NOTHING = NoiseFile({})


class Mute(msgspec.Struct, frozen=True):
    """A rule made by command: by whom, when, and when it was ended early (None: not)."""

    rule: NoiseRule
    by: Person
    at: datetime
    ended_at: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Return whether it mutes at `at`."""
        return self.ended_at is None and not self.rule.is_over(at)


class Mutes:
    """The rules by name: a mute's is "mute 3", after the alert it was made from."""

    def __init__(self, file: Callable[[], NoiseFile], store: Store) -> None:
        self._file, self._kept = file, store.keyed("mutes", Mute)

    def rules(self, at: datetime) -> Mapping[str, NoiseRule]:
        """Return the rules in force at `at`: people's before the file's."""
        own = {name: mute.rule for name, mute in self.mutes().items() if mute.in_force(at)}
        return own | dict(self._file().rules)

    def mutes(self) -> Mapping[str, Mute]:
        """Return every mute there was, by name."""
        return self._kept.all(None)

    def mute(self, group: AlertGroup, by: Person, length: timedelta, reason: str, at: datetime) -> tuple[str, Mute]:
        """Mute all alerts like this one for a while; return the mute and its name. Raise a UserError without reason."""
        if not reason.strip():
            raise UserError(f"Say why: `!alerts mute {group.number} 2h a deploy until 3pm`.")
        if not timedelta() < length <= LONGEST:
            raise UserError(
                f"Alerts are muted for {LONGEST.days} days at most. `data/noise.toml` has rules without end."
            )
        rule = NoiseRule(by.name, reason.strip(), source=group.source.value, key=group.key, until=at + length)
        name = f"mute {group.number}"
        return name, self._kept.change(None, name, lambda before: Mute(rule, by, at))

    def unmute(self, number: int, at: datetime) -> Mute:
        """End a mute early. Raise a UserError where there is none in force."""

        def end(before: Mute | None) -> Mute:
            if before is None or not before.in_force(at):
                raise UserError(f"Alert {number} is not muted. `!alerts rules` lists what is.")
            return replace(before, ended_at=at)

        return self._kept.change(None, f"mute {number}", end)

    def ended(self, at: datetime, within: timedelta) -> Iterator[tuple[str, Mute, datetime]]:
        """Yield the mutes that ended by themselves within the last while, each with its name and when."""
        for name, mute in self.mutes().items():
            until = mute.rule.until
            if mute.ended_at is None and until is not None and at - within < until <= at:
                yield name, mute, until


def follow(
    path: Path, complain: Callable[[SettingsError], None], kept: KeptFiles = NOTHING_KEPT
) -> TeamFile[NoiseFile]:
    """Return data/noise.toml as it was last right; no rule while it never was. `complain` hears of its mistakes."""
    return TeamFile(path, partial(read), complain, instead=lambda wrong: NOTHING, kept=kept)


def read(path: Path) -> NoiseFile:
    """Return the rules of the file; none where there is no such file. Raise a SettingsError with all that is wrong."""
    return team_file.read(path, NoiseFile) if path.exists() else NOTHING


def remarks(path: Path) -> Iterator[str]:
    """Yield which rules can match nothing, as no alert comes from where they say."""
    for name, rule in read(path).rules.items():
        if rule.source and rule.source.casefold() not in list(Source):
            yield f'{path.name} [rules.{name}] source: "{rule.source}" is neither "datadog" nor "sentry" nor "desk"'
