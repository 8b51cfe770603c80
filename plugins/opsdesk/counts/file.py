"""data/counts.toml: counters, the lines made of them, boards. Checked as a whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec

from opsdesk.counts.expressions import COUNTED, why_no_counter
from opsdesk.counts.panels import PanelBoard, wrong_in
from opsdesk.counts.variables import resolve, unresolved
from opsdesk.datadog import ORGANISATION
from opsdesk.errors import SettingsError, UserError, near
from opsdesk.patterns import regex
from opsdesk.settings import NOTHING_KEPT, KeptFiles, TeamFile, team_file
from opsdesk.text import plain

SITE = regex(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
TAKEN = ("today", "yesterday", "tomorrow", "week", "chart", "check", "discover", "record")

Percent = Annotated[int, msgspec.Meta(ge=0)]
Settings = Mapping[str, str]


class Counter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[counters.KEY]: the query, its organisation, its label, and an example number."""

    label: str
    organisation: str
    query: str
    sample: Percent | None = None


class LineSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[[lines]]: `count` names a counter; or `label` names the percentage that `percent` is of `of`."""

    count: str = ""
    label: str = ""
    percent: str = ""
    of: str = ""

    def __post_init__(self) -> None:
        if not self.count and not (self.percent and self.of and self.label):
            raise ValueError("a line has a count, or else a label, percent and of")
        if self.count and (self.percent or self.of):
            raise ValueError("a line has either a count or a percentage")

    @property
    def named(self) -> dict[str, str]:
        """Return the counters it names, by the key that names them."""
        return {key: name for key in ("count", "percent", "of") if (name := getattr(self, key))}


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[band]: by how many percent under or over its median a counter is flagged. Small medians flag nothing."""

    under: Percent = 50
    over: Percent = 100
    from_median: Percent = 20


class CountsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written."""

    title: str
    counters: dict[str, Counter]
    lines: tuple[LineSpec, ...]
    site: str = "ddog-gov.com"
    dashboard: str = ""
    settings: dict[str, str] = {}
    band: Band = Band()
    boards: dict[str, PanelBoard] = {}

    def resolved(self, query: str) -> str:
        """Return the query with the names of settings replaced by their values."""
        return resolve(query, self.settings, partial(_setting, self.settings))

    def bucketed(self, query: str, step: int) -> str:
        """Return the resolved query with its counts summed in buckets of `step` seconds, aligned to 1970 in UTC by
        Datadog. One that has a rollup of its own keeps that.
        """
        rolled = "" if ".rollup(" in query else f".rollup(sum, {step})"
        return self.resolved(query).replace(COUNTED, f"{COUNTED}{rolled}")


class Unusable(CountsFile, frozen=True):
    """The stand-in while the file is wrong and never was right."""

    complaints: tuple[str, ...] = ()

    @classmethod
    def of(cls, wrong: SettingsError) -> "Unusable":
        """Return the stand-in with the complaints that whoever asks is told."""
        return cls("Counts", {}, (), complaints=wrong.complaints)


def follow(
    path: Path, complain: Callable[[SettingsError], None], kept: KeptFiles = NOTHING_KEPT
) -> TeamFile[CountsFile]:
    """Return the file, read again after each edit. A wrong edit leaves the last good version; without one it is
    unusable.
    """
    return TeamFile(path, read, complain, instead=Unusable.of, kept=kept)


def usable(file: CountsFile) -> CountsFile:
    """Return the file. Raise a UserError with its complaints if it is unusable."""
    if isinstance(file, Unusable):
        raise UserError(f"There are no counts: {trouble(file)}")
    return file


def trouble(file: CountsFile) -> str:
    """Return why there are no counts; "" where there are."""
    return "\n".join(file.complaints) if isinstance(file, Unusable) else ""


def read(path: Path) -> CountsFile:
    """Return the file. Raise a SettingsError with everything wrong in it."""
    parsed = team_file.parse(path, CountsFile)
    complaints = list(parsed.complaints)
    if parsed.value:
        complaints += [f"{path.name} {wrong}" for wrong in _wrong(parsed.value, parsed.raw)]
    if complaints or not parsed.value:
        raise SettingsError(complaints)
    return parsed.value


def _wrong(file: CountsFile, raw: Mapping[str, Any]) -> Iterator[str]:
    if not SITE.fullmatch(file.site):
        yield f'site: "{file.site}" is not a site of Datadog, such as ddog-gov.com'
    for key, counter in file.counters.items():
        yield from (f"[counters.{key}] {wrong}" for wrong in _in_counter(counter, file.settings))
    yield from _shared_labels(file.counters)
    names = [*raw["counters"]]  # those of wrong tables too: one mistake is not told once more
    for number, line in enumerate(file.lines, 1):
        yield from (f"[lines.{number}] {wrong}" for wrong in _in_line(line, names))
    for key, board in file.boards.items():
        yield from (f"[boards.{key}] {wrong}" for wrong in _in_board(key, board, file.settings))


def _in_counter(counter: Counter, settings: Settings) -> Iterator[str]:
    if not plain(counter.label):
        yield "label: empty"
    yield from _in_organisation(counter.organisation)
    yield from _in_query(counter.query, settings)
    if why := why_no_counter(counter.query):
        yield f"query: {why}"


def _in_board(key: str, board: PanelBoard, settings: Settings) -> Iterator[str]:
    if key in TAKEN:
        yield f"`!stats {key}` is something else; give the board another name"
    yield from _in_organisation(board.organisation)
    for number, panel in enumerate(board.panels, 1):
        yield from (f"panels.{number} {wrong}" for wrong in wrong_in(panel, partial(_in_query, settings=settings)))
    labels = [plain(panel.label) for panel in board.panels]
    yield from (f'two panels are called "{one}"' for one in dict.fromkeys(labels) if labels.count(one) > 1)


def _in_organisation(name: str) -> Iterator[str]:
    if not ORGANISATION.fullmatch(name):
        yield f'organisation: "{name}" is not a name in small letters, such as vagov'


def _in_query(query: str, settings: Settings) -> Iterator[str]:
    if "{" not in query:
        yield f'query: "{query}" is not a metric query, such as sum:puma.backlog{{$environment}}'
    for name in unresolved(query, settings):
        yield f"query: ${name} is not in [settings]{_meant(name, settings, '$')}"


def _in_line(line: LineSpec, names: Iterable[str]) -> Iterator[str]:
    for key, name in line.named.items():
        if name not in names:
            yield f'{key}: there is no counter "{name}"{_meant(name, names)}'


def _shared_labels(counters: Mapping[str, Counter]) -> Iterator[str]:
    first: dict[str, str] = {}
    for key, counter in counters.items():
        if (other := first.setdefault(plain(counter.label), key)) != key:
            yield f"[counters.{key}] label: the same as that of [counters.{other}]"


def _meant(name: str, known: Iterable[str], sign: str = "") -> str:
    likely = near(name, known, 1)
    return f", did you mean {sign}{likely[0]}?" if likely else ""


def _setting(settings: Settings, name: str, value_alone: bool) -> str:
    value = settings[name]
    return value.partition(":")[2] or value if value_alone else value


def remarks(path: Path) -> list[str]:
    """Return what is right and yet may be a mistake: counters in no line."""
    file = read(path)
    named = {name for line in file.lines for name in line.named.values()}
    return [f"{path.name} [counters.{key}]: it is in no line" for key in file.counters if key not in named]
