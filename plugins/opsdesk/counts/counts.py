"""The counts of a day as values: known numbers, reasons for missing ones, percentages."""

import math
from collections.abc import Mapping
from datetime import date, datetime, tzinfo

import msgspec

from opsdesk.datadog import Unknown


class Entered(msgspec.Struct, frozen=True):
    """A number typed by hand: the count from midnight to `at`, as `by` read it elsewhere."""

    number: int
    by: str
    at: datetime


class KnownCount(msgspec.Struct, frozen=True):
    """A count. `entered` is set if it was typed by hand because Datadog did not answer.

    The count of several days `lacks` those on which Datadog has no data of it.
    """

    number: int
    entered: Entered | None = None
    lacks: tuple[date, ...] = ()


Value = KnownCount | Unknown


class CounterLine(msgspec.Struct, frozen=True):
    """A line of the counts: one counter, or the percentage that `counter` is `of` another one."""

    label: str
    counter: str
    of: str = ""


class Counts(msgspec.Struct, frozen=True):
    """Counts from `start` until just before `end` (both UTC), as they were known at `at`.

    `day` is the day they are of; of several days, the last. `values` and `labels` are by counter. `sample` marks
    example numbers, shown for want of keys. `dashboard` is a link. `trouble` says why there is no counter at all, and
    is "" otherwise.
    """

    title: str
    day: date
    start: datetime
    end: datetime
    at: datetime
    zone: tzinfo
    values: Mapping[str, Value]
    labels: Mapping[str, str]
    lines: tuple[CounterLine, ...]
    sample: bool = False
    dashboard: str = ""
    trouble: str = ""

    @property
    def known(self) -> bool:
        """Return whether any number is known."""
        return any(isinstance(value, KnownCount) for value in self.values.values())

    @property
    def complete(self) -> bool:
        """Return whether every number is known, and from Datadog."""
        values = self.values.values()
        return bool(values) and all(isinstance(value, KnownCount) and not value.entered for value in values)

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """Return why numbers are missing: each reason once, in the order of the counters."""
        return tuple(dict.fromkeys(value for value in self.values.values() if isinstance(value, Unknown)))


def half_up(number: float) -> int:
    """Return the nearest whole number; halves are rounded away from zero: 3 for 2.5, -3 for -2.5.

    Everything the desk rounds is rounded like this.
    """
    size = abs(number)
    nearest = math.floor(size) + (size - math.floor(size) >= 0.5)  # with size + 0.5, 0.49999999999999994 would be 1
    return nearest if number >= 0 else -nearest


def percentage(part: int, whole: int, *, tenths: bool = False) -> int | None:
    """Return what percentage `part` is of `whole`, in tenths if asked for: 635 for 1121 of 1765. None if it is of 0."""
    if not whole:
        return None
    size = (abs(part) * (2000 if tenths else 200) + abs(whole)) // (abs(whole) * 2)
    return size if (part < 0) == (whole < 0) else -size
