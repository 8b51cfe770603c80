"""What fell on a day, came back, and was told: stored values, and the step from one minute to the next.

The state is what was found; what it comes to (which message, which words) is read off it.
"""

import bisect
import enum
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from opsdesk.watch.rule import GAP, SETTLE, START, WINDOWS, Today, Verdict
from opsdesk.watch.sight import Figures, Sight, whole

NO_POINTS = "no points"  # the key of what falls where Datadog has nothing at all
TOGETHER = 10  # minutes within which falls are told in one message
BACK_FOR = 30  # minutes that a series was back before it can fall again
BACK_AFTER_NONE, HALF_BACK = 15, 0.5  # a series is back once so many minutes hold so much of what is due in them
BACK_AFTER_LOW, MOSTLY_BACK = WINDOWS[0], 0.6
LEAST_DUE = 5  # events in those minutes: fewer say nothing
DEEP = 0.3  # of a usual day: with less, all counters have fallen; half-holidays have more


class FallKind(enum.StrEnum):
    """In what way a series fell."""

    NONE = "none"
    LOW = "low"
    ALL_DAY = "low all day"
    NO_POINTS = "no points"


class Fall(msgspec.Struct, frozen=True, omit_defaults=True):
    """A series that fell: `since` when, in minutes of the day, found at minute `found_at`, with `figures` as of then.

    `telling` is the number of the message that tells it, 0 for none. Once it is back: found so at minute `back_at`, it
    had events again from `back_since` on, `back` as of then, and `missed` are how many it had fewer than were due.
    """

    series: str
    kind: FallKind
    since: int
    found_at: int
    figures: Figures
    telling: int = 0
    back_at: int | None = None
    back_since: int = 0
    back: Figures | None = None
    missed: float = 0

    @property
    def is_open(self) -> bool:
        """Return whether it is not back."""
        return self.back_at is None

    @property
    def was_late(self) -> bool:
        """Return whether, now that it is back, there were events or points all the time, which only came late."""
        is_silence = self.kind in (FallKind.NONE, FallKind.NO_POINTS)
        return is_silence and not self.is_open and self.back_since - self.since < GAP


class Telling(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message of the day: at minute `at`, that the series with these keys fell, each with its figures as of then.

    `others` are the figures of the series that did not fall.
    """

    number: int
    at: int
    named: tuple[str, ...]
    figures: dict[str, Figures]
    others: tuple[str, ...] = ()


class WatchDay(msgspec.Struct, frozen=True, omit_defaults=True):
    """A day's falls and messages. `opened`: the start of the shift, at which more is told, has been."""

    falls: tuple[Fall, ...] = ()
    tellings: tuple[Telling, ...] = ()
    opened: bool = False

    @property
    def open_falls(self) -> tuple[Fall, ...]:
        """Return the falls that are not back."""
        return tuple(fall for fall in self.falls if fall.is_open)

    def told(self, number: int) -> tuple[Fall, ...]:
        """Return the falls that a message tells."""
        return tuple(fall for fall in self.falls if fall.telling == number)

    def is_back(self, number: int) -> bool:
        """Return whether everything that a message tells is back."""
        return all(not fall.is_open for fall in self.told(number))


def step(day: WatchDay, sight: Sight) -> WatchDay:
    """Return the day with what is found at this minute: who is back, who fell. What is watched no more is left out."""
    watched = {NO_POINTS, *sight.todays}
    kept = [fall for fall in day.falls if fall.series in watched]
    falls = [_back(fall, sight) or fall if fall.is_open else fall for fall in kept]
    falls += _new(falls, sight)
    return replace(day, falls=tuple(falls))


def as_shift_begins(day: WatchDay, sight: Sight, *, under: int, share: float) -> WatchDay:
    """Return the day as a shift begins: a counter that is `under` percent below what the others have has fallen too.

    So have all, where they have next to nothing of `share` of a usual day: the rule itself learns a day's level, and
    takes one that was low from the start for a quiet day.
    """
    if day.opened:
        return day
    fallen = {fall.series for fall in day.open_falls}
    low = [fall for fall in _low_days(sight, under, share) if fall.series not in fallen]
    return replace(day, opened=True, falls=(*day.falls, *low))


def missed_since(fall: Fall, sight: Sight, until: int) -> float:
    """Return how many events fewer than were due a series has had since it fell, until a minute."""
    today = sight.todays[_key(fall, sight)]
    if today is None or fall.kind is FallKind.NO_POINTS:
        return 0
    return max(0.0, today.expected(fall.since, until) * fall.figures.level - today.count(fall.since, until))


def _new(falls: Iterable[Fall], sight: Sight) -> Iterator[Fall]:
    latest = {fall.series: fall for fall in falls}

    def may_fall(key: str) -> bool:
        last = latest.get(key)
        return last is None or (last.back_at is not None and sight.now - last.back_at >= BACK_FOR)

    for key, gap in _gaps(sight):
        if may_fall(key):
            yield Fall(key, FallKind.NO_POINTS, gap.since, sight.now, gap)
    for key, judged in sight.judged.items():
        if judged.verdict.is_fall and may_fall(key):
            figures = sight.figures(key)
            if not figures.silent:
                figures = sight.window(key, judged.since)
            kind = FallKind.NONE if figures.silent or judged.verdict is Verdict.NONE else FallKind.LOW
            yield Fall(key, kind, figures.since, sight.now, figures)


def _gaps(sight: Sight) -> Iterator[tuple[str, Figures]]:
    """Yield what Datadog has no points of: anything, or else, where others have some, the series that have none."""
    everything = whole(sight.series).key
    if gap := sight.no_points_since(everything):
        yield NO_POINTS, gap
        return
    for one in sight.series:
        if one.key != everything and (gap := sight.no_points_since(one.key)):
            yield one.key, gap


def _low_days(sight: Sight, under: int, share: float) -> Iterator[Fall]:
    """Yield what has been low since the morning: a counter beside the others, or all of them by far."""
    everything = whole(sight.series)
    of_all = _so_far(everything.key, sight)
    if of_all.count < of_all.due * share * DEEP:
        yield _low_day(everything.key, replace(of_all, due=of_all.due * share, level=share), sight)
        return
    for one in sight.series:
        found = _so_far(one.key, sight)
        rest = of_all.due - found.due
        level = min(1.0, (of_all.count - found.count) / rest) if rest > 0 else share
        due = found.due * level
        if len(one.members) == 1 and found.count * 100 < due * (100 - under) and due >= 4 * LEAST_DUE:
            yield _low_day(one.key, replace(found, due=due, level=level), sight)


def _so_far(key: str, sight: Sight) -> Figures:
    today = sight.todays[key]
    counted, usual = (today.count(START, sight.end), today.expected(START, sight.end)) if today else (0.0, 0.0)
    return Figures(START, sight.end - START, counted, usual)


def _low_day(key: str, figures: Figures, sight: Sight) -> Fall:
    return Fall(key, FallKind.ALL_DAY, START, sight.now, figures)


def _back(fall: Fall, sight: Sight) -> Fall | None:
    """Return the fall as back, if it is."""
    key = _key(fall, sight)
    today = sight.todays.get(key)
    if today is None:
        return None
    if fall.kind is FallKind.NO_POINTS:
        return _has_points(fall, key, sight)
    end, found = _back_by(fall, today, sight.end)
    if found is None:
        return None
    since = next((at for at in range(found.since, end) if today.minutes[at]), found.since)
    missed = missed_since(fall, sight, since)
    return replace(fall, back_at=end + SETTLE, back_since=since, back=found, missed=missed)


def _has_points(fall: Fall, key: str, sight: Sight) -> Fall | None:
    """Return a gap as over; or as a later one, where points come but are late."""
    gap, points = sight.no_points_since(key), sight.points[key]
    if gap:
        return replace(fall, since=gap.since, figures=gap) if gap.since != fall.since else None
    if sight.has_points(key, fall.since) < GAP:
        return None
    since = bisect.bisect_right(points, points[fall.since]) - 1
    return replace(fall, back_at=sight.now, back_since=since)


def _back_by(fall: Fall, today: Today, last: int) -> tuple[int, Figures | None]:
    """Return the first minute by which a series had enough again, as if every minute since had been looked at."""
    length, part = BACK_AFTER_LOW, MOSTLY_BACK
    if fall.kind is FallKind.NONE:
        length, part = BACK_AFTER_NONE, HALF_BACK
    for end in range(max(fall.found_at - SETTLE, fall.since + length), last + 1):
        count, due = today.count(end - length, end), today.expected(end - length, end) * fall.figures.level
        if due >= LEAST_DUE and count >= part * due:
            return end, Figures(end - length, length, count, due, fall.figures.level)
    return last, None


def _key(fall: Fall, sight: Sight) -> str:
    return whole(sight.series).key if fall.series == NO_POINTS else fall.series
