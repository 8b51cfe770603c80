"""Boards: panels with thresholds. And the check of each configured query."""

import enum
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from opsdesk.counts.file import COUNTED, Board, CountsFile, Panel
from opsdesk.counts.series import STEP, whole_minutes
from opsdesk.datadog import QueryAnswer, QueryPool, Reason, Unknown

LOOK_BACK = timedelta(hours=1)
CHECKED_BACK = timedelta(days=1)


class Level(enum.Enum):
    """Where a panel stands against its thresholds."""

    UNKNOWN = "unknown"
    FINE = "fine"
    WARN = "warn"
    ALERT = "alert"


class Point(msgspec.Struct, frozen=True):
    """A value, and the start of its bucket."""

    value: float
    at: datetime


class PanelReading(msgspec.Struct, frozen=True):
    """A panel with its value: the sum of the last hour if `summed`, else the latest one."""

    panel: Panel
    shown: float | Unknown
    summed: bool
    latest: Point | None = None
    highest: Point | None = None

    @property
    def level(self) -> Level:
        """Return where the value stands against the panel's thresholds."""
        if isinstance(self.shown, Unknown):
            return Level.UNKNOWN
        if self.panel.alert is not None and self.shown >= self.panel.alert:
            return Level.ALERT
        return Level.WARN if self.panel.warn is not None and self.shown >= self.panel.warn else Level.FINE


class BoardReading(msgspec.Struct, frozen=True):
    """A board as it was at `end`, read over the hour before."""

    board: Board
    panels: tuple[PanelReading, ...]
    end: datetime


class QueryCheck(msgspec.Struct, frozen=True):
    """A query tried once: points of the last day, the end of the last one, queries left; or the failure."""

    label: str
    organisation: str
    trouble: Unknown | None = None
    points: int = 0
    last: datetime | None = None
    left: int | None = None


def show(queries: QueryPool, file: CountsFile, board: Board, at: datetime) -> BoardReading:
    """Read the board as it stands at `at`, up to the last whole minute."""
    end = whole_minutes(at)
    futures = {
        number: queries.ask(board.organisation, file.site, file.bucketed(panel.query, STEP), end - LOOK_BACK, end, at)
        for number, panel in enumerate(board.panels)
    }
    answers = queries.gather(futures)
    shown = (_shown(panel, answers[number], end) for number, panel in enumerate(board.panels))
    return BoardReading(board, tuple(shown), end)


def check(queries: QueryPool, file: CountsFile, at: datetime) -> list[QueryCheck]:
    """Ask every query of the file once, for the day before `at`."""
    end = whole_minutes(at)
    tried = [(one.label, one.organisation, one.query) for one in file.counters.values()]
    tried += [(panel.label, one.organisation, panel.query) for one in file.boards.values() for panel in one.panels]
    futures = {
        number: queries.ask(organisation, file.site, file.bucketed(query, STEP), end - CHECKED_BACK, end, at)
        for number, (label, organisation, query) in enumerate(tried)
    }
    answers = queries.gather(futures)
    return [_checked(label, organisation, answers[n]) for n, (label, organisation, query) in enumerate(tried)]


def _shown(panel: Panel, answer: QueryAnswer | Unknown, end: datetime) -> PanelReading:
    summed = COUNTED in panel.query
    if isinstance(answer, Unknown):
        return PanelReading(panel, answer, summed)
    points = [point for point in _points(answer) if end - LOOK_BACK <= point.at < end]
    if not points:
        return PanelReading(panel, Unknown(Reason.NO_DATA), summed)
    moments = max(point.at for point in points)
    latest = max((point for point in points if point.at == moments), key=lambda point: point.value)
    highest = max(points, key=lambda point: (point.value, point.at))
    shown = sum(point.value for point in points) if summed else latest.value
    return PanelReading(panel, shown, summed, latest, highest)


def _checked(label: str, organisation: str, answer: QueryAnswer | Unknown) -> QueryCheck:
    if isinstance(answer, Unknown):
        return QueryCheck(label, organisation, answer)
    points = list(_points(answer))
    if not points:
        return QueryCheck(label, organisation, Unknown(Reason.NO_DATA), left=answer.left)
    steps = [one.interval for one in answer.series if one.interval]
    last = max(point.at for point in points) + timedelta(seconds=max(steps, default=0))
    return QueryCheck(label, organisation, None, len(points), last, answer.left)


def _points(answer: QueryAnswer) -> Iterable[Point]:
    pairs = (pair for one in answer.series for pair in one.pointlist)
    return (Point(value, datetime.fromtimestamp(at / 1000, UTC)) for at, value in pairs if value is not None)
