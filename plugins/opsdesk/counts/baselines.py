"""Counts compared with those of past same weekdays at the same time of day."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from opsdesk.clock import day_bounds, day_of, moment
from opsdesk.counts.counts import Counts, KnownCount, Value, half_up
from opsdesk.counts.days import DaySeries
from opsdesk.counts.file import Band
from opsdesk.counts.series import Series
from opsdesk.datadog import Reason, Unknown
from opsdesk.settings import QuietDay
from opsdesk.text import tell_list

DAYS = 4  # past days that a day is compared with
FARTHEST_WEEKS = 8  # back, for as many that were no holidays
DAYS_TODAY, WEEKS_TODAY = 8, 12  # of today, which the watch knows as many of
FEWEST = 2  # past days that say anything


class Comparability(enum.Enum):
    """How a count compares with its median."""

    NOT_COMPARED = "one of the two is not known"
    NOT_JUDGED = "a holiday, or the median is too small"
    USUAL = "within the band"
    UNDER = "under the band"
    OVER = "over the band"
    ZERO = "none where there usually are some"
    MISSING = "no data where there usually are some"


FLAGGED = (Comparability.UNDER, Comparability.OVER, Comparability.ZERO, Comparability.MISSING)


class Compared(msgspec.Struct, frozen=True):
    """A counter beside the median of `days` past days. `median` is None where there are fewer than two."""

    counter: str
    label: str
    value: Value
    median: float | None
    days: int
    verdict: Comparability

    @property
    def percent(self) -> int | None:
        """Return by how many percent the count is above its median; negative below it, None where either is missing."""
        if not isinstance(self.value, KnownCount) or not self.median:
            return None
        away = abs(self.value.number - self.median) * 100 / self.median
        return half_up(away) * (1 if self.value.number >= self.median else -1)


class Comparison(msgspec.Struct, frozen=True):
    """The counters of a day or week, compared.

    `holiday` is the name of the day off, or of those in the week. On a `quiet` day medians are its share of the usual
    ones. `trouble` says why past days are missing.
    """

    each: tuple[Compared, ...] = ()
    holiday: str = ""
    quiet: QuietDay | None = None
    trouble: Unknown | None = None

    @property
    def days(self) -> int:
        """Return the largest number of past days that any counter is compared with."""
        return max((one.days for one in self.each), default=0)

    @property
    def flagged(self) -> tuple[Compared, ...]:
        """Return the counters that stand out."""
        return tuple(one for one in self.each if one.verdict in FLAGGED)


def compare(
    counts: Counts, past: Sequence[DaySeries], band: Band, holiday: str, quiet: QuietDay | None = None
) -> Comparison:
    """Compare each counter with the median of `past` at the same time: `counts.end`, or when a number was typed."""
    share = _share(quiet)
    each = [_compared(counts, key, _past_numbers(counts, key, past), band, holiday, share) for key in counts.values]
    return Comparison(tuple(each), holiday, quiet, _trouble(past))


def compare_week(
    week: Counts,
    days: Sequence[Counts],
    past: Sequence[Sequence[DaySeries]],
    band: Band,
    quiet: Sequence[QuietDay | None],
    holidays: Sequence[str],
) -> Comparison:
    """Compare each counter of the week with the sum of its days' medians.

    `past` are the days before each, `quiet` what is said of those that are quiet ones, `holidays` the names of the
    days off among them.
    """
    shares, off = [_share(one) for one in quiet], tell_list(list(dict.fromkeys(holidays)))
    each = [_compared_sum(week, key, days, past, band, shares, off) for key in week.values]
    return Comparison(tuple(each), off, trouble=_trouble([series for one in past for series in one]))


def summed(days: Sequence[Counts]) -> Counts:
    """Return the counts of several days as one. A day without data is named in what each number `lacks`."""
    values = {key: _sum({one.day: one.values[key] for one in days}) for key in days[-1].values}
    return replace(days[-1], start=days[0].start, values=values)


def _sum(values: Mapping[date, Value]) -> Value:
    known = [value for value in values.values() if isinstance(value, KnownCount)]
    unknown = [value for value in values.values() if isinstance(value, Unknown)]
    missing = [value for value in unknown if value.reason not in (Reason.NO_DATA, Reason.NOT_BEGUN)]
    if missing or not known:
        return (missing or unknown)[0]
    entered = [value.entered for value in known if value.entered]
    lacks = tuple(day for day, value in values.items() if value == Unknown(Reason.NO_DATA))
    return KnownCount(sum(value.number for value in known), entered[-1] if entered else None, lacks)


def _share(quiet: QuietDay | None) -> float:
    return quiet.share if quiet else 1


def _compared(counts: Counts, key: str, numbers: Sequence[int], band: Band, holiday: str, share: float) -> Compared:
    value = counts.values[key]
    usual = _median(numbers) * share if len(numbers) >= FEWEST else None
    return Compared(key, counts.labels[key], value, usual, len(numbers), _verdict(value, usual, band, holiday))


def _compared_sum(
    week: Counts,
    key: str,
    days: Sequence[Counts],
    past: Sequence[Sequence[DaySeries]],
    band: Band,
    shares: Sequence[float],
    holidays: str,
) -> Compared:
    numbers, value = [_past_numbers(day, key, before) for day, before in zip(days, past, strict=True)], week.values[key]
    fewest, lacks = min(map(len, numbers)), isinstance(value, KnownCount) and value.lacks
    usual = None
    if fewest >= FEWEST and not lacks:
        usual = sum(_median(each) * share for each, share in zip(numbers, shares, strict=True))
    return Compared(key, week.labels[key], value, usual, fewest, _verdict(value, usual, band, holidays))


def _median(numbers: Iterable[int]) -> float:
    from statistics import median  # not at the start: it takes a millisecond to load

    return median(numbers)


def _past_numbers(counts: Counts, key: str, past: Iterable[DaySeries]) -> list[int]:
    value = counts.values[key]
    until = value.entered.at if isinstance(value, KnownCount) and value.entered else counts.end
    found = (one[key] for one in past if key in one)
    return [
        half_up(series.total(same_time(until, counts, series.start))) for series in found if isinstance(series, Series)
    ]


def same_time(until: datetime, counts: Counts, past: datetime) -> datetime:
    """Return the moment on the day of `past` with the clock time of `until`; the end of that day if `until` ends its
    own.
    """
    past_day = day_of(past, counts.zone)
    if until >= day_bounds(counts.day, counts.zone)[1]:
        return day_bounds(past_day, counts.zone)[1]
    return moment(past_day, until.astimezone(counts.zone).time(), counts.zone)


def _verdict(value: Value, usual: float | None, band: Band, holiday: str) -> Comparability:
    number = value.number if isinstance(value, KnownCount) else None
    if usual is None or (isinstance(value, Unknown) and value.reason is not Reason.NO_DATA):
        return Comparability.NOT_COMPARED
    if holiday or usual <= band.from_median:
        return Comparability.NOT_JUDGED
    if not number:
        return Comparability.MISSING if number is None else Comparability.ZERO
    if number * 100 < usual * (100 - band.under):
        return Comparability.UNDER
    return Comparability.OVER if number * 100 > usual * (100 + band.over) else Comparability.USUAL


def _trouble(past: Iterable[DaySeries]) -> Unknown | None:
    """Return the first failure among the past days; None if nothing failed. A day without data is no failure."""
    unknown = (value for one in past for value in one.values() if isinstance(value, Unknown))
    return next((value for value in unknown if value.reason is not Reason.NO_DATA), None)
