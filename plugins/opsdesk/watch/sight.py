"""What is seen at a minute: the watched series, how each is judged, and figures of any span of the day."""

from collections.abc import Mapping, Sequence

import msgspec

from opsdesk.watch import rule
from opsdesk.watch.rule import DUE, GAP, SETTLE, WINDOWS, Judgement, Today, Usual, Verdict
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
    """The watched series as minute `now` begins. A series without enough past has no day in `todays`."""

    now: int
    series: tuple[WatchedSeries, ...]
    todays: Mapping[str, Today | None]
    judged: Mapping[str, Judgement]

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

    def no_points_since(self, key: str = "all") -> Figures | None:
        """Return since when a series has had no point, the latest minutes included; None unless it is long enough."""
        today = self.todays.get(key)
        if today is None or sum(today.usual.minutes[rule.START : self.end]) < rule.EARLY:
            return None
        last = today.last_known(self.now)
        level = today.level(last)
        due = sum(today.usual.minutes[last : self.end]) * level
        return Figures(last, self.end - last, 0, due, level) if self.end - last >= GAP and due >= DUE else None


def see(
    series: Sequence[WatchedSeries], usual: Mapping[str, Usual | None], minutes: Mapping[str, Values], now: int
) -> Sight:
    """Return what is seen at `now`, given the minutes of today by counter."""
    todays: dict[str, Today | None] = {}
    for one in series:
        of, values = usual.get(one.key), together(minutes, one.members)[:now]
        todays[one.key] = Today(of, [*values, *[None] * (now - len(values))]) if of else None
    return Sight(now, tuple(series), todays, {key: rule.judge(today, now) for key, today in todays.items()})


def whole(series: Sequence[WatchedSeries]) -> WatchedSeries:
    """Return the series that all counters are in, or the largest where there is no such."""
    return max(series, key=lambda one: len(one.members))


def is_judged(judgement: Judgement) -> bool:
    """Return whether the rule says anything of it but why it does not."""
    return judgement.verdict not in (Verdict.NO_PAST, Verdict.TOO_EARLY)
