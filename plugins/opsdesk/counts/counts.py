"""The numbers of a day as values: what is known, what is missing and why, percentages."""

import math
from collections.abc import Mapping
from datetime import date, datetime, tzinfo

import msgspec

from opsdesk.datadog import Unknown


class Entered(msgspec.Struct, frozen=True):
    """A number typed by hand: the count from midnight to `at`, as `by` read it somewhere."""

    number: int
    by: str
    at: datetime


class Known(msgspec.Struct, frozen=True):
    """A count. `entered` where it was typed by hand for want of Datadog's."""

    number: int
    entered: Entered | None = None


Value = Known | Unknown


class CounterLine(msgspec.Struct, frozen=True):
    """A line as it is told: a counter, or, where it is `of` another one, the percentage it is of that."""

    label: str
    counter: str
    of: str = ""


class Counts(msgspec.Struct, frozen=True):
    """The counts from `start` until just before `end` (both UTC), as they were known at `at`.

    `day` is the day they belong to, the last one where they are of several; `values` and `labels` are
    by counter. `sample`: they are examples, shown for want of keys. `gaps` are the days of several on
    which Datadog has no point of some counter. `dashboard` is where to look. `trouble` is why there is no
    counter at all, "" else.
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
    gaps: tuple[date, ...] = ()
    dashboard: str = ""
    trouble: str = ""

    @property
    def known(self) -> bool:
        """Whether any of the numbers is known."""
        return any(isinstance(value, Known) for value in self.values.values())

    @property
    def complete(self) -> bool:
        """Whether all of them are, from Datadog itself."""
        values = self.values.values()
        return bool(values) and all(isinstance(value, Known) and not value.entered for value in values)

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """Why numbers are missing: each reason once, in the order of the counters."""
        return tuple(dict.fromkeys(value for value in self.values.values() if isinstance(value, Unknown)))


def half_up(number: float) -> int:
    """The nearest whole number; a half is rounded up."""
    return math.floor(number + 0.5)


def tenths_of_percent(part: int, whole: int) -> int | None:
    """The percentage in tenths, a half rounded up: 635 for 1121 of 1765. None of nothing."""
    return (part * 2000 + whole) // (whole * 2) if whole else None
