"""What fell on a day, came back, and was told: stored values, and the step from one minute to the next.

The state is what was found; what it comes to (which message, which words) is read off it.
"""

import enum
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from opsdesk.watch.rule import GAP, START, WINDOWS, Verdict
from opsdesk.watch.sight import Figures, Sight, whole

NO_POINTS = "no points"  # the key of what falls where Datadog has nothing at all
TOGETHER = 10  # minutes between falls that are told in one message
BACK_FOR = 30  # minutes that a series was back before it can fall again
BACK_AFTER_NONE, HALF_BACK = 15, 0.5  # minutes that must hold so much of what is due
BACK_AFTER_LOW, MOSTLY_BACK = WINDOWS[0], 0.6
LEAST_DUE = 5  # events, for less says nothing


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


def opened(day: WatchDay, sight: Sight, *, under: int, share: float) -> WatchDay:
    """Return the day as a shift begins: a counter `under` percent below `share` of a usual day so far has fallen too.

    The rule learns a day's level, and takes one that was low from the start for a quiet day.
    """
    if day.opened:
        return day
    fallen = {fall.series for fall in day.open_falls}
    low = [fall for fall in _low_days(sight, under, share) if fall.series not in fallen]
    return replace(day, opened=True, falls=(*day.falls, *low))


def missing(fall: Fall, sight: Sight, until: int) -> float:
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

    gap = sight.no_points_since(whole(sight.series).key)
    if gap and may_fall(NO_POINTS):
        yield Fall(NO_POINTS, FallKind.NO_POINTS, gap.since, sight.now, gap)
    for key, judged in sight.judged.items():
        if judged.verdict.is_fall and may_fall(key):
            figures = sight.figures(key)
            if not figures.silent:
                figures = sight.window(key, judged.since)
            kind = FallKind.NONE if figures.silent or judged.verdict is Verdict.NONE else FallKind.LOW
            yield Fall(key, kind, figures.since, sight.now, figures)


def _low_days(sight: Sight, under: int, share: float) -> Iterator[Fall]:
    for one in sight.series:
        today = sight.todays[one.key]
        if len(one.members) > 1 or today is None:
            continue
        figures = Figures(START, sight.end - START, today.count(START, sight.end), today.expected(START, sight.end))
        if figures.count * 100 < figures.due * share * (100 - under) and figures.due * share >= 4 * LEAST_DUE:
            due, level = figures.due * share, share
            yield Fall(one.key, FallKind.ALL_DAY, START, sight.now, replace(figures, due=due, level=level))


def _back(fall: Fall, sight: Sight) -> Fall | None:
    """Return the fall as back, if it is."""
    key = _key(fall, sight)
    today = sight.todays.get(key)
    if today is None:
        return None
    if fall.kind is FallKind.NO_POINTS:
        are_back = today.known(max(0, sight.end - GAP), sight.end) >= GAP
        since = next((at for at in range(fall.since, sight.end) if today.minutes[at] is not None), sight.end)
        return replace(fall, back_at=sight.now, back_since=since) if are_back else None
    length, part = BACK_AFTER_LOW, MOSTLY_BACK
    if fall.kind is FallKind.NONE:
        length, part = BACK_AFTER_NONE, HALF_BACK
    found = sight.window(key, max(0, sight.end - length), fall.figures.level)
    if found.due < LEAST_DUE or found.count < part * found.due:
        return None
    since = next((at for at in range(found.since, sight.end) if today.minutes[at]), found.since)
    missed = missing(fall, sight, since)
    return replace(fall, back_at=sight.now, back_since=since, back=found, missed=missed)


def _key(fall: Fall, sight: Sight) -> str:
    return whole(sight.series).key if fall.series == NO_POINTS else fall.series
