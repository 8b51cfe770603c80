"""What the panels of a board show: each term's series over the last hours, and the value that they come to."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from opsdesk import guard
from opsdesk.counts.expressions import Term, Values, is_count, value
from opsdesk.counts.panels import BoardPanel
from opsdesk.datadog import Points, QueryAnswer, Reason, Unknown

LOOK_BACK = timedelta(hours=1)
FAR_BACK = timedelta(hours=4)  # for the last point of what is silent, and for what is compared with its own past
BLOCK = timedelta(minutes=10)  # that is compared with those before
FEWEST_BLOCKS = 6
SILENT_AFTER = timedelta(minutes=5)  # a gauge without a point, or three of its intervals if that is longer
LONGEST_SCOPE = 80  # characters
LATEST = 253_402_300_800_000  # milliseconds since 1970: the year 10000, which no clock tells


class Point(msgspec.Struct, frozen=True):
    """A value, and the start of its bucket."""

    value: float
    at: datetime


class Rise(msgspec.Struct, frozen=True):
    """What a panel has in the last block, and what it usually had in those of the hours before."""

    recent: float
    usual: float

    @property
    def percent(self) -> float:
        """Return by how many percent it has risen."""
        return (self.recent / self.usual - 1) * 100


class PanelReading(msgspec.Struct, frozen=True):
    """A panel with its value as of `end`: sums of the last hour if `summed`, else the latest points.

    Of several series it is the worst, `scope` names that. `latest` is the last point of a gauge, also where it is
    silent, `highest` its highest of the hour. `rise` is how it compares with its own last hours, if it is asked for.
    """

    panel: BoardPanel
    shown: float | Unknown
    summed: bool
    end: datetime
    latest: Point | None = None
    highest: Point | None = None
    scope: str = ""
    rise: Rise | None = None

    @property
    def is_silent(self) -> bool:
        """Return whether a gauge that had points has none now, or has had none at all."""
        return isinstance(self.shown, Unknown) and self.shown.reason is Reason.NO_DATA and not self.summed

    @property
    def has_no_count(self) -> bool:
        """Return whether one count has no point in the hour: there was none to count, or Datadog gets no data."""
        is_count = self.summed and isinstance(self.panel.reckoning.node, Term)
        return is_count and self.shown == Unknown(Reason.NO_DATA)


# A term's answer: how many logs or spans were found, or the points of a metric query.
Answer = int | QueryAnswer | Unknown


def read(panel: BoardPanel, answers: Mapping[str, Answer], end: datetime) -> PanelReading:
    """Return what a panel shows at `end`, from the answers to its terms."""
    reckoning, summed = panel.reckoning, panel.is_summed
    for term in reckoning.terms:
        answer = answers[term]
        if isinstance(answer, Unknown):
            return PanelReading(panel, answer, summed, end)
    known = {term: _values(term, answers[term], end) for term in reckoning.terms}
    worst = _worst(panel, value(reckoning.node, known))
    single = _single(panel, answers)
    series = _series(single, worst[0] if worst else "") if single else []
    latest, highest = _ends(series, end)
    if worst is None:
        return PanelReading(panel, Unknown(Reason.NO_DATA), summed, end, latest)
    if not math.isfinite(worst[1]):
        return PanelReading(panel, Unknown(Reason.UNREADABLE, "a number in it is too large"), summed, end)
    rise = _rise(series, end, summed=summed) if panel.rising is not None else None
    return PanelReading(panel, worst[1], summed, end, latest, highest, _told(worst[0]), rise)


def _single(panel: BoardPanel, answers: Mapping[str, Answer]) -> QueryAnswer | None:
    """Return the answer of a panel that shows the points of one metric query as they are; None for others."""
    (first, *more) = [answers[term] for term in panel.reckoning.terms]
    return first if isinstance(first, QueryAnswer) and not more and not panel.formula else None


def _values(term: str, answer: Answer, end: datetime) -> Values:
    """Return what each series of a term comes to: its sum of the last hour, or its latest point if that is fresh."""
    if isinstance(answer, int):
        return {"": float(answer)}
    assert isinstance(answer, QueryAnswer)
    counts, found = is_count(term), dict[str, float]()
    for scope, points in _by_scope(answer.series).items():
        inside = [one for one in points if end - LOOK_BACK <= one.at < end]
        if counts and inside:
            found[scope] = sum(one.value for one in inside)
        elif inside and (last := max(inside, key=lambda one: one.at)).at >= end - _patience(answer.series):
            found[scope] = last.value
    return found


def _patience(series: Sequence[Points]) -> timedelta:
    """Return how long ago, to its bucket's start, the last point of a gauge may be."""
    longest = max((one.interval or 0 for one in series), default=0)
    return max(SILENT_AFTER, timedelta(seconds=3 * min(longest, LOOK_BACK.total_seconds())))


def _by_scope(series: Iterable[Points]) -> dict[str, list[Point]]:
    """Return the points of each series; "" is the scope where there is but one."""
    every = [(one.scope or "", _points(one)) for one in series]
    told = [(scope, points) for scope, points in every if points]
    if len(told) == 1:
        return {"": told[0][1]}
    found: dict[str, list[Point]] = {}
    for number, (scope, points) in enumerate(told):
        found[scope if scope and scope not in found else f"{scope} {number + 1}"] = points
    return found


def _points(series: Points) -> list[Point]:
    pairs = sorted({int(at): number for at, number in series.pointlist if number is not None}.items())
    return [Point(number, datetime.fromtimestamp(at / 1000, UTC)) for at, number in pairs if 0 <= at < LATEST]


def _worst(panel: BoardPanel, values: Values) -> tuple[str, float] | None:
    """Return the scope and value of the worst series: the highest, or the lowest where that is what is flagged."""
    if not values:
        return None
    choose = min if panel.below else max
    return choose(values.items(), key=lambda one: one[1])


def _series(answer: QueryAnswer, scope: str) -> list[Point]:
    """Return the points of the worst series; where none reports, those of all, in order."""
    by_scope = _by_scope(answer.series)
    every = sorted((one for points in by_scope.values() for one in points), key=lambda one: one.at)
    return by_scope.get(scope, every)


def _ends(points: Sequence[Point], end: datetime) -> tuple[Point | None, Point | None]:
    """Return the latest point, and the highest of the last hour."""
    inside = [one for one in points if end - LOOK_BACK <= one.at < end]
    before = [one for one in points if one.at < end]
    highest = max(inside, key=lambda one: (one.value, one.at), default=None)
    return max(before, key=lambda one: one.at, default=None), highest


def _rise(points: Sequence[Point], end: datetime, *, summed: bool) -> Rise | None:
    """Return how the last block compares with the median of those before it; None where too few are known."""
    from statistics import median  # not at the start: it takes a millisecond to load

    many = FAR_BACK // BLOCK
    blocks: list[list[float]] = [[] for _ in range(many)]
    for one in points:
        place = (end - one.at - timedelta(microseconds=1)) // BLOCK
        if 0 <= place < many:
            blocks[place].append(one.value)
    recent, *before = [sum(one) if summed else median(one) if one else None for one in blocks]
    known = [one for one in before if one is not None]
    if recent is None or len(known) < FEWEST_BLOCKS:
        return None
    usual = median(known)
    return Rise(recent, usual) if usual > 0 else None


def _told(scope: str) -> str:
    """Return a series' scope as it may be repeated; "" for the only one, or all."""
    return " ".join(guard.clean(scope).split())[:LONGEST_SCOPE] if scope not in ("", "*") else ""
