"""The rule that counts are watched by: a fall is told when a day like the past ones hardly ever shows it.

A series is told of when it has had no event for GAP minutes in which DUE were due, unless the half hour before was so
slow that this may be chance, or when its last 30 or 45 minutes hold so few that a day like its past same weekdays shows
that less than once in 30,000 looks.

Minutes are counted from midnight as clocks show them. A minute is unknown (None) where Datadog has no point: it counts
neither as an event nor as one that is due, and does not let the silence grow. The last SETTLE minutes may still be
coming in: what they hold counts against silence, and never for it.
"""

import enum
import itertools
import math
import operator
from array import array
from collections.abc import Iterable, Sequence

import msgspec

DAY = 24 * 60
SETTLE = 3  # minutes
START = 5 * 60  # 5am: before it too little happens to learn a day's level from
SMOOTH = 30  # minutes to both sides, over which a usual minute is the mean
FEWEST, MOST_DAYS = 4, 8  # past days
GAP, DUE = 10, 11  # minutes without an event, and the events due in them
LACKING = 30  # minutes of a past day without a point
BEFORE, CHANCE = 30, 0.001  # minutes before a silence that it is judged by, and how likely it may be by them
WINDOWS = (30, 45)  # minutes
RARELY = 10**-4.5
EARLY = 50  # events usual since START, before which a day is not judged
PRIOR = 10  # events by which a day's level is held back towards the usual one
LEAST, MOST = 0.25, 1.5  # levels of a day, as shares of a usual one
SHAPE = 0.1  # by which an hour strays at least
HOURS = range(8, 20)  # that the straying is learned from

Minutes = Sequence[float | None]  # events by minute since midnight


class Verdict(enum.Enum):
    """What the rule says of a series at a minute."""

    NO_PAST = "not enough past"
    TOO_FEW = "too few to judge: hardly any are usual"
    TOO_EARLY = "too early to judge"
    UNKNOWN = "no points in the last 30 minutes"
    USUAL = "as usual"
    NONE = "none"
    LOW = "low"

    @property
    def is_fall(self) -> bool:
        """Return whether it is to be told."""
        return self in (Verdict.NONE, Verdict.LOW)

    @property
    def is_judged(self) -> bool:
        """Return whether it says more than why nothing is said."""
        return self in (Verdict.USUAL, Verdict.NONE, Verdict.LOW)


class Usual(msgspec.Struct, frozen=True):
    """What a series usually has in each minute of a weekday, and by how much, as a share, an hour of it strays.

    `minutes` has for each minute the mean of the hour around it, of the past days without their highest and lowest
    quarter; `plain` that of the minute alone, of all of them. What ends every day at 11 has some until 11:30 in
    `minutes` and none in `plain`, and what few use has less in `plain`.
    """

    minutes: Sequence[float]
    spread: float
    plain: Sequence[float]


class Judgement(msgspec.Struct, frozen=True):
    """What a series has in the settled minutes from `since` until just before `end`: `count` where `due` are due.

    `level` is that of the day, as a share of a usual one, learned from before `since`. `rate` is how many are due in
    a minute by now.
    """

    verdict: Verdict
    end: int
    since: int = 0
    count: float = 0
    due: float = 0
    level: float = 1
    rate: float = 0

    @property
    def stop_shows_after(self) -> float:
        """Return after how many minutes a stop shows."""
        return SETTLE + max(GAP, DUE / self.rate if self.rate else math.inf)


class Today:
    """A day so far: its minutes and the usual ones added up, so that a look is a subtraction."""

    def __init__(self, usual: Usual, minutes: Minutes) -> None:
        known = [value is not None for value in minutes]
        self.minutes, self.usual = minutes, usual
        self._counted = _sums(value or 0 for value in minutes)
        self._usual = _sums(map(operator.mul, usual.minutes, known))
        self._plain = _sums(map(operator.mul, usual.plain, known))
        self._known = _sums(known)
        ends = (at if value else 0 for at, value in enumerate(minutes, 1))
        self._last = array("i", itertools.accumulate(ends, max, initial=0))

    def count(self, since: int, end: int) -> float:
        """Return the events from `since` until just before `end`."""
        return self._between(self._counted, since, end)

    def expected(self, since: int, end: int) -> float:
        """Return the events that are usual in the known minutes from `since` until just before `end`."""
        return self._between(self._usual, since, end)

    def plainly_expected(self, since: int, end: int) -> float:
        """Return the events that the past days had between the very minutes, on average, of those known."""
        return self._between(self._plain, since, end)

    def known(self, since: int, end: int) -> float:
        """Return how many minutes are known from `since` until just before `end`."""
        return self._between(self._known, since, end)

    def level(self, until: int) -> float:
        """Return the level of the day by `until`, as a share of a usual one."""
        counted, usual = self.count(START, until), self.expected(START, until)
        return min(MOST, max(LEAST, (counted + PRIOR) / (usual + PRIOR)))

    def last_event(self, now: int) -> int:
        """Return the minute after the last event before minute `now`; 0 where there is none."""
        return self._last[min(now, len(self.minutes))]

    @staticmethod
    def _between(sums: Sequence[float], since: int, end: int) -> float:
        return sums[min(end, len(sums) - 1)] - sums[since] if since < end and since < len(sums) else 0.0


def usual_of(past: Sequence[Minutes]) -> Usual | None:
    """Return what is usual by the past days, latest first; None for fewer than FEWEST."""
    days = past[:MOST_DAYS]
    if len(days) < FEWEST:
        return None
    minutes = _kept(map(_trimmed_mean, zip(*map(_smoothed, days), strict=True)))
    return Usual(minutes, _spread(days, minutes), _kept(map(_mean, zip(*map(without_gaps, days), strict=True))))


def judge(today: Today | None, now: int) -> Judgement:
    """Return what the rule says as minute `now` begins. Without `today` there is not enough past."""
    end = now - SETTLE
    if today is None:
        return Judgement(Verdict.NO_PAST, end)
    if why := _unjudged(today, end):
        return Judgement(why, end)
    found = _silent(today, now) or _low(today, end)
    if found:
        return found
    since = max(0, end - WINDOWS[0])
    level = today.level(since)
    due, rate = today.expected(since, end) * level, today.usual.minutes[min(end, DAY - 1)] * level
    return Judgement(Verdict.USUAL, end, since, today.count(since, end), due, level, rate)


def _unjudged(today: Today, end: int) -> Verdict | None:
    """Return why nothing can be said of a series, if so."""
    if not today.known(max(0, end - WINDOWS[0]), end):
        return Verdict.UNKNOWN
    if today.expected(START, end) >= EARLY:
        return None
    return Verdict.TOO_EARLY if sum(today.usual.minutes[START:]) >= EARLY else Verdict.TOO_FEW


def chance(count: float, due: float, spread: float) -> float:
    """Return how often at most `count` events come where `due` are due: a negative binomial distribution.

    Its spread is the events' own and that of the hours: `spread` is a standard deviation as a share of `due`.
    """
    shape = 1 / spread**2
    ratio = due / (due + shape)
    term: float = (1 - ratio) ** shape
    terms = [term]
    for number in range(int(count)):
        term *= (number + shape) / (number + 1) * ratio
        terms.append(term)
    return sum(terms)


def chance_of_none(due: float, spread: float, before: float = 0, usual: float = 0) -> float:
    """Return how often no event comes where `due` are due, after `before` of them where `usual` were.

    Hours stray from what is due by `spread`, a standard deviation as a share of it: one that was slow before stays so.
    """
    shape = 1 / spread**2
    ratio = due / (usual + due + shape)
    return float((1 - ratio) ** (shape + before))


def _silent(today: Today, now: int) -> Judgement | None:
    """Return that there was no event for long enough, if so."""
    end, last = now - SETTLE, today.last_event(now)
    level = today.level(last)
    due = today.expected(last, end) * level
    if end - last < GAP or today.known(last, end) < GAP or due < DUE:
        return None
    if today.plainly_expected(last, end) * level < DUE / 2:
        return None
    begin = max(0, last - BEFORE)
    before, usual = today.count(begin, last), today.expected(begin, last) * level
    if chance_of_none(due, today.usual.spread, before, usual) >= CHANCE:
        return None
    return Judgement(Verdict.NONE, end, last, 0, due, level, due / (end - last))


def _low(today: Today, end: int) -> Judgement | None:
    """Return that one of the windows holds too few, if so."""
    for length in WINDOWS:
        since = max(0, end - length)
        level, count = today.level(since), today.count(since, end)
        due = today.expected(since, end) * level
        if chance(count, due, today.usual.spread) < RARELY:
            return Judgement(Verdict.LOW, end, since, count, due, level, due / length)
    return None


def _smoothed(day: Minutes) -> list[float | None]:
    """Return for each minute the mean of the known ones around it, cut at the day's ends; None where none is."""
    counted, known = _sums(value or 0 for value in day), _sums(0 if value is None else 1 for value in day)
    means: list[float | None] = []
    for at in range(DAY):
        first, last = max(0, at - SMOOTH), min(DAY, at + SMOOTH + 1)
        many = known[last] - known[first]
        means.append((counted[last] - counted[first]) / many if many else None)
    return means


def _trimmed_mean(values: Iterable[float | None]) -> float:
    """Return the mean without the lowest and the highest quarter; 0 where nothing is known."""
    known = sorted(value for value in values if value is not None)
    cut = len(known) // 4
    kept = known[cut : len(known) - cut]
    return sum(kept) / len(kept) if kept else 0.0


def without_gaps(day: Minutes) -> list[float | None]:
    """Return a past day whose minutes without a point are zeros, but for LACKING of them and more in a row, where data
    are lacking.
    """
    found = list(day)
    for is_known, run in itertools.groupby(range(len(found)), lambda at: found[at] is not None):
        minutes = list(run)
        if not is_known and len(minutes) < LACKING:
            found[minutes[0] : minutes[-1] + 1] = [0.0] * len(minutes)
    return found


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else 0.0


def _spread(days: Sequence[Minutes], usual: Sequence[float]) -> float:
    """Return by how much, as a share, hours stray from the usual ones at the level of their day."""
    strayed = squares = 0.0
    for day in days:
        hours = [_hour(day, usual, hour) for hour in HOURS]
        whole = sum(expected for _, expected in hours)
        level = sum(got for got, _ in hours) / whole if whole else 0.0
        strayed += sum((got - expected * level) ** 2 - expected * level for got, expected in hours)
        squares += sum((expected * level) ** 2 for _, expected in hours)
    return math.sqrt(max(0.0, strayed / squares if squares else 0.0) + SHAPE**2)


def _hour(day: Minutes, usual: Sequence[float], hour: int) -> tuple[float, float]:
    known = [(day[at], usual[at]) for at in range(hour * 60, hour * 60 + 60)]
    return sum(got or 0 for got, _ in known), sum(expected for got, expected in known if got is not None)


def _sums(values: Iterable[float]) -> Sequence[float]:
    return _kept(itertools.accumulate(values, initial=0.0))


def _kept(numbers: Iterable[float]) -> Sequence[float]:
    """Return numbers that are kept for a day, in a quarter of the room of a tuple of them."""
    return array("d", numbers)
