"""One counter over a span of time: its buckets, and sums that respect their edges."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from opsdesk.datadog import Points, QueryAnswer, Reason, Unknown

STEP = 60  # seconds: the finest of which a day, even of 25 hours, has no more than the 1500 points of one answer


class Series(msgspec.Struct, frozen=True):
    """The counts of consecutive buckets of `step` seconds from `start` (UTC)."""

    start: datetime
    step: int
    values: tuple[int | float, ...]

    @property
    def end(self) -> datetime:
        """Return the end of the last bucket."""
        return self.start + timedelta(seconds=self.step * len(self.values))

    def edge(self, until: datetime) -> datetime:
        """Return the last end of a bucket that is not after `until`."""
        return self.start + timedelta(seconds=self.step * self._many(until))

    def total(self, until: datetime) -> float:
        """Return the sum of the buckets that end by `until`."""
        return math.fsum(self.values[: self._many(until)])

    def _many(self, until: datetime) -> int:
        return max(0, min(len(self.values), int((until - self.start).total_seconds()) // self.step))


def read(answer: QueryAnswer, start: datetime, end: datetime) -> Series | Unknown:
    """Sum the buckets of all series that lie wholly between `start` and `end`.

    Returns Unknown where there is no point at all, or where no bucket begins at `start`.
    """
    step = max([STEP, *(int(one.interval or STEP) for one in answer.series)])
    if int(start.timestamp()) % step:
        return Unknown(Reason.TOO_COARSE, f"steps of {step // 60} minutes")
    first, many = start.timestamp(), int((end - start).total_seconds()) // step
    values = [0.0] * many
    seen = False
    for moment, value in _points(answer.series):
        at = int((moment / 1000 - first) // step)
        if 0 <= at < many:
            values[at] += value
            seen = True
    return Series(start, step, tuple(map(_short, values))) if seen else Unknown(Reason.NO_DATA)


def whole_minutes(at: datetime) -> datetime:
    """Return the last whole minute, in UTC: no later bucket is complete."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _points(series: Iterable[Points]) -> Iterable[tuple[float, float]]:
    return ((moment, value) for one in series for moment, value in one.pointlist if value is not None)


def _short(value: float) -> int | float:
    """Return a whole number as an int, which is shorter to store."""
    return int(value) if value.is_integer() else value
