"""What is seen at a minute: the watched series, how each is judged, and figures of any span of the day."""

import bisect
import itertools
import operator
from array import array
from collections.abc import Collection, Mapping, Sequence

import msgspec

from opsdesk.watch import rule
from opsdesk.watch.rule import DUE, GAP, SETTLE, WINDOWS, Judgement, Today, Usual
from opsdesk.watch.series import Values, WatchedSeries, together

SILENT = 5  # minutes without an event, in which DUE were due, after which a fall is said to be "none" at once
HALF = 0.6  # of what is due: with less, what is left of a set is not as usual


class Figures(msgspec.Struct, frozen=True, omit_defaults=True):
    """A series in the settled minutes from `since` on, `minutes` of them: `count` where `due` were due.

    `silent`: there was no event in them. `level` is that of the day before, as a share of a usual one.
    """

    since: int
    minutes: int
    count: float
    due: float
    level: float = 1
    silent: bool = False

    @property
    def is_usual(self) -> bool:
        """Return whether it has about what is due."""
        return self.count >= HALF * self.due


class Sight(msgspec.Struct, frozen=True):
    """The watched series as minute `now` begins. A series without enough past has no day in `todays`.

    `points` has for each minute of the day in how many before it any counter of a series had a point. `unanswered` are
    the series of which a counter could not be asked for: whether that has points is not known.
    """

    now: int
    series: tuple[WatchedSeries, ...]
    todays: Mapping[str, Today | None]
    judged: Mapping[str, Judgement]
    points: Mapping[str, Sequence[int]]
    unanswered: frozenset[str] = frozenset()

    @property
    def end(self) -> int:
        """Return the minute up to which all points have come."""
        return self.now - SETTLE

    def figures(self, key: str) -> Figures:
        """Return a series since its last event if that is some while ago, else in the last half hour."""
        today = self.todays[key]
        if today is None:
            return Figures(self.end, 0, 0, 0)
        last = today.last_event(self.now)
        level = today.level(last)
        due = today.expected(last, self.end) * level
        if self.end - last >= SILENT and today.known(last, self.end) >= SILENT and due >= DUE:
            return Figures(last, self.end - last, 0, due, level, silent=True)
        return self.window(key, max(0, self.end - WINDOWS[0]))

    def window(self, key: str, since: int, level: float | None = None) -> Figures:
        """Return a series in the settled minutes from `since` on, with what is due at `level`, or at the day's own."""
        today = self.todays[key]
        if today is None:
            return Figures(since, 0, 0, 0)
        level = today.level(since) if level is None else level
        due = today.expected(since, self.end) * level
        return Figures(since, self.end - since, today.count(since, self.end), due, level)

    def has_points(self, key: str, since: int) -> int:
        """Return in how many of the settled minutes from `since` on any counter of a series had a point."""
        points = self.points[key]
        return max(0, points[min(self.end, len(points) - 1)] - points[min(since, len(points) - 1)])

    def no_points_since(self, key: str) -> Figures | None:
        """Return since when no counter of a series has had a point, the latest minutes included; None unless it is
        long enough, and where Datadog did not answer for one of them.
        """
        today, points = self.todays.get(key), self.points[key]
        if today is None or key in self.unanswered or sum(today.usual.plain[rule.START : self.end]) < rule.EARLY:
            return None
        last = bisect.bisect_left(points, points[-1])
        usual = sum(today.usual.plain[rule.START : last])
        level = min(rule.MOST, max(rule.LEAST, (today.count(rule.START, last) + rule.PRIOR) / (usual + rule.PRIOR)))
        due = sum(today.usual.plain[last : self.end]) * level
        return Figures(last, self.end - last, 0, due, level) if self.end - last >= GAP and due >= DUE else None


def see(
    series: Sequence[WatchedSeries],
    usual: Mapping[str, Usual | None],
    minutes: Mapping[str, Values],
    now: int,
    unanswered: Collection[str] = (),
) -> Sight:
    """Return what is seen at `now`, given the minutes of today by counter, and the counters that were not answered."""
    todays: dict[str, Today | None] = {}
    for one in series:
        of, values = usual.get(one.key), together(minutes, one.members)[:now]
        todays[one.key] = Today(of, [*values, *[None] * (now - len(values))]) if of else None
    judged = {key: rule.judge(today, now) for key, today in todays.items()}
    points = {one.key: _points(minutes, one.members, now) for one in series}
    not_known = frozenset(one.key for one in series if not set(one.members).isdisjoint(unanswered))
    return Sight(now, tuple(series), todays, judged, points, not_known)


def _points(minutes: Mapping[str, Values], members: Sequence[str], now: int) -> Sequence[int]:
    known = (map(operator.is_not, minutes[one][:now], itertools.repeat(None)) for one in members)
    return array("i", itertools.accumulate(map(any, zip(*known, strict=True)), initial=0))


def whole(series: Sequence[WatchedSeries]) -> WatchedSeries:
    """Return the series that all counters are in, or the largest where there is no such."""
    return max(series, key=lambda one: len(one.members))
