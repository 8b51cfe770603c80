"""One counter over a span of time: its buckets, and sums that respect their edges.

A bucket without a point is not one with zero: Datadog has nothing there, which may be a gap in what it was sent.
"""

import itertools
import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from opsdesk.datadog import Points, QueryAnswer, Reason, Unknown

STEP = 60  # seconds: the finest of which a day, even of 25 hours, has no more than the 1500 points of one answer
LARGEST = 2**53  # of a bucket: above it, a number in Datadog's answers is not exact

Buckets = dict[int, float | None]  # by their start, milliseconds since 1970


class Series(msgspec.Struct, frozen=True):
    """The counts of consecutive buckets of `step` seconds from `start` (UTC); None where Datadog has no point."""

    start: datetime
    step: int
    values: tuple[int | float | None, ...]

    @property
    def end(self) -> datetime:
        """Return the end of the last bucket."""
        return self.start + timedelta(seconds=self.step * len(self.values))

    def edge(self, until: datetime) -> datetime:
        """Return the last end of a bucket that is not after `until`."""
        return self.start + timedelta(seconds=self.step * self._many(until))

    def total(self, until: datetime) -> float:
        """Return the sum of the buckets that end by `until`."""
        return math.fsum(value for value in self.values[: self._many(until)] if value is not None)

    def _many(self, until: datetime) -> int:
        return max(0, min(len(self.values), int((until - self.start).total_seconds()) // self.step))


def even(number: int, start: datetime, end: datetime) -> Series:
    """Return a series that grows evenly to `number`, a bucket a minute."""
    many = max(1, (end - start) // timedelta(seconds=STEP))
    return Series(start, STEP, (number / many,) * many)


class _Unreadable(Exception):
    """What keeps an answer from being counts, in words."""


def read(answer: QueryAnswer, start: datetime, end: datetime) -> Series | Unknown:
    """Sum the buckets of all series that lie wholly between `start` and `end`.

    Returns Unknown where there is no point at all, where no bucket begins at `start`, and where a sum could be wrong:
    the steps are not known, do not fit each other, or hold two values or one that is no exact number.
    """
    try:
        step, series = _step(answer.series), [_buckets(one) for one in answer.series]
    except _Unreadable as why:
        return Unknown(Reason.UNREADABLE, str(why))
    if int(start.timestamp()) % step:
        return Unknown(Reason.TOO_COARSE, f"steps of {step // 60} minutes")
    values: list[float | None] = [None] * (int((end - start).total_seconds()) // step)
    first = int(start.timestamp()) * 1000
    for at, value in _points(series):
        bucket = (at - first) // (step * 1000)
        if 0 <= bucket < len(values):
            values[bucket] = (values[bucket] or 0.0) + value
    seen = any(value is not None for value in values)
    return Series(start, step, tuple(map(_short, values))) if seen else Unknown(Reason.NO_DATA)


def whole_minutes(at: datetime) -> datetime:
    """Return the last whole minute, in UTC: no later bucket is complete."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _step(series: Iterable[Points]) -> int:
    """Return the length, in seconds, of buckets that those of each series fit into."""
    lengths = [_interval(one) for one in series if one.pointlist]
    step = max([STEP, *lengths])
    if any(step % length for length in lengths):
        raise _Unreadable("its steps do not fit each other")
    return step


def _interval(series: Points) -> int:
    """Return how many seconds a bucket lasts, where Datadog does not say at most as many as lie between any two."""
    seconds = series.interval or 0
    if seconds <= 0:
        starts = sorted({int(at) for at, _ in series.pointlist})
        seconds = math.gcd(*(later - at for at, later in itertools.pairwise(starts))) / 1000
    if seconds < 1 or not float(seconds).is_integer():
        raise _Unreadable("it does not say how long its steps are")
    if any(at % (seconds * 1000) for at, _ in series.pointlist):
        raise _Unreadable("its steps do not begin where they should")
    return int(seconds)


def _buckets(series: Points) -> Buckets:
    """Return the values by bucket: one told twice counts once."""
    buckets: Buckets = {}
    for start, value in series.pointlist:
        if value is not None and abs(value) > LARGEST:
            raise _Unreadable("a number in it is too large to be exact")
        at, before = int(start), buckets.get(int(start))
        if before is not None and value is not None and before != value:
            raise _Unreadable("it has two values for the same time")
        buckets[at] = before if value is None else value
    return buckets


def _points(series: Iterable[Buckets]) -> Iterator[tuple[int, float]]:
    return ((at, value) for one in series for at, value in one.items() if value is not None)


def _short(value: float | None) -> int | float | None:
    """Return a whole number as an int, which is shorter to store."""
    return int(value) if value is not None and value.is_integer() else value
