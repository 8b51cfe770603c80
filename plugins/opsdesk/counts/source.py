"""Where counts come from: Datadog, else numbers typed by hand, else, in the console, the shipped examples."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import chain, islice

import msgspec

from opsdesk.clock import day_bounds, day_of
from opsdesk.counts import baselines
from opsdesk.counts.counts import CounterLine, Counts, Entered, KnownCount, Value, half_up
from opsdesk.counts.days import DaySeries, DaySeriesReader
from opsdesk.counts.file import CountsFile, LineSpec, trouble
from opsdesk.counts.series import Series, even, whole_minutes
from opsdesk.datadog import QueryPool, Reason, Unknown
from opsdesk.errors import UserError
from opsdesk.settings import QuietDay
from opsdesk.store import Store
from opsdesk.undo import made

log = logging.getLogger(__name__)

ONE_DAY = timedelta(days=1)
PREPARE_AGAIN = timedelta(minutes=10)
PATIENCE = 3  # seconds that whoever types a number waits for Datadog's, which is probably out of reach


class EnteredDay(msgspec.Struct, frozen=True):
    """The numbers of a day that were typed by hand, by counter, each as it was typed last."""

    counts: dict[str, Entered] = {}


class _Prepared(msgspec.Struct, frozen=True):
    day: date
    file: CountsFile
    at: datetime
    whole: bool


class CountSource:
    """The counts of days and weeks. `at` is the present moment; days are those of `zone`.

    `holiday` gives the name of a day off, "" for other days; `quiet` what is said of a quiet one. `samples` says
    whether examples may be shown without keys.
    Each function in `changed` is called after numbers typed by hand were stored. No failure of Datadog's is raised.
    """

    def __init__(
        self,
        file: Callable[[], CountsFile],
        queries: QueryPool,
        store: Store,
        zone: tzinfo,
        *,
        holiday: Callable[[date], str],
        quiet: Callable[[date], QuietDay | None] = lambda day: None,
        samples: bool,
        changed: Sequence[Callable[[], None]] = (),
    ) -> None:
        self.file, self.zone = file, zone
        self._queries, self.holiday, self._quiet, self._samples = queries, holiday, quiet, samples
        self._days = DaySeriesReader(queries, store, zone)
        self._entered = store.keyed("entered counts", EnteredDay)
        self._prepared: _Prepared | None = None
        self._changed = changed

    def day(self, day: date, at: datetime) -> Counts:
        """Return the counts of a day from midnight; those of today end at the last whole minute or slightly before."""
        file = self.file()
        return self._counts(file, day, at, None, self._read(file, [day], at))

    def window(self, day: date, until: datetime, at: datetime) -> Counts:
        """Return the counts of a day from midnight to `until` or the last whole minute, whichever is earlier."""
        file = self.file()
        return self._counts(file, day, at, until, self._read(file, [day], at, until))

    def compared(self, day: date, at: datetime, until: datetime | None = None) -> "tuple[Counts, baselines.Comparison]":
        """Return the counts of a day, to `until` if given, and how they compare. Both are asked for together."""
        file, before = self.file(), self._compared_with(day, at)
        found = self._read(file, [day, *before], at, until)
        return self._compared(file, self._counts(file, day, at, until, found), before, found)

    def so_far(self, at: datetime) -> "tuple[Counts, baselines.Comparison, Counts, baselines.Comparison]":
        """Return today's counts, how they compare, the week's counts, and how those compare. All are asked for
        together.
        """
        file, today = self.file(), day_of(at, self.zone)
        before, week = self._compared_with(today, at), self._week_days(today)
        found = self._read(file, [today, *before, *_all_days(week)], at)
        counts = self._counts(file, today, at, None, found)
        return *self._compared(file, counts, before, found), *self._week(file, week, at, found)

    def week(self, day: date, at: datetime) -> "tuple[Counts, baselines.Comparison]":
        """Return the counts from the Monday of `day`'s week to `day`, and how they compare with the weeks before."""
        file, week = self.file(), self._week_days(day)
        return self._week(file, week, at, self._read(file, _all_days(week), at))

    def each_day(self, days: Sequence[date], at: datetime) -> list[Counts]:
        """Return the counts of each of these days."""
        file = self.file()
        found = self._read(file, days, at)
        return [self._counts(file, day, at, None, found) for day in days]

    def shape(self, day: date, at: datetime) -> tuple[Counts, DaySeries, list[DaySeries]]:
        """Return a day's counts, their series, and the series of the past same weekdays."""
        file, before = self.file(), self._same_weekdays(day)
        found = self._read(file, [day, *before], at)
        counts = self._counts(file, day, at, None, found)
        if self.shows_samples:
            known = {key: one.number for key, one in counts.values.items() if isinstance(one, KnownCount)}
            return counts, {key: even(number, counts.start, counts.end) for key, number in known.items()}, []
        return counts, found.get(day, {}), [found[one] for one in before if one in found]

    def past(self, day: date, at: datetime, most: int, weeks: int) -> list[DaySeries]:
        """Return the series of up to `most` past same weekdays, latest first, from as many weeks back."""
        days = self._same_weekdays(day, most, weeks)
        found = self._read(self.file(), days, at)
        return [found[one] for one in days if one in found]

    def record(
        self,
        day: date,
        numbers: Mapping[str, int | None],
        by: str,
        at: datetime,
        refuse: Callable[[Mapping[str, Entered]], None] | None = None,
    ) -> Mapping[str, Entered]:
        """Store numbers typed by hand, by counter; None removes one. Return all that are stored for the day then.

        Raises NotStored, a UserError where there is none to remove, and what `refuse` raises at what would be stored.
        """

        def edit(kept: EnteredDay | None) -> EnteredDay:
            edited = _edited(kept, day, numbers, by, at, self.file())
            if refuse:
                refuse(edited.counts)
            return edited

        stored = self._entered.change(day, "by hand", edit)
        made("counts", day)
        for tell in self._changed:
            tell()
        return stored.counts

    def answered(self, day: date, at: datetime) -> Mapping[str, int]:
        """Return Datadog's own numbers of a day by counter, those that it gives within PATIENCE."""
        if self.shows_samples:
            return {}
        file = self.file()
        values = self._counts(file, day, at, None, self._days.read(file, [day], at, patience=PATIENCE)).values
        return {key: one.number for key, one in values.items() if isinstance(one, KnownCount) and not one.entered}

    def entered(self, day: date) -> Mapping[str, Entered]:
        """Return the numbers of a day that were typed by hand, by counter."""
        try:
            kept = self._entered.get(day, "by hand")
        except UserError as damaged:  # Datadog's numbers do without
            log.warning("The counts typed by hand of %s cannot be read: %s", day, damaged)
            return {}
        return kept.counts if kept else {}

    def prepare(self, at: datetime) -> None:
        """Import what the day's first question needs, and read the past days that it is compared with."""
        file, today, before = self.file(), day_of(at, self.zone), self._prepared
        if not self._queries.datadog.configured or not file.counters:
            return
        if before and (before.day, before.file) == (today, file) and (before.whole or at - before.at < PREPARE_AGAIN):
            return
        self._queries.datadog.warm()
        self._prepared = _Prepared(today, file, at, whole=self._prepare_past(file, today, at))

    def _prepare_past(self, file: CountsFile, today: date, at: datetime) -> bool:
        """Read the past days one by one, so that nobody waits behind them; return False as soon as Datadog fails."""
        for day in dict.fromkeys((*_all_days(self._week_days(today)), *self._compared_with(today, at))):
            if day == today or self._days.is_kept(file, day):
                continue
            unknown = [one for one in self._read(file, [day], at)[day].values() if isinstance(one, Unknown)]
            if any(one.reason is not Reason.NO_DATA for one in unknown):
                return False
        return True

    @property
    def shows_samples(self) -> bool:
        """Return whether the counts are the shipped examples."""
        return self._samples and not self._queries.datadog.named

    def _read(
        self, file: CountsFile, days: Sequence[date], at: datetime, until: datetime | None = None
    ) -> dict[date, DaySeries]:
        return {} if self.shows_samples else self._days.read(file, days, at, until)

    def _compared(
        self, file: CountsFile, counts: Counts, before: Sequence[date], found: Mapping[date, DaySeries]
    ) -> "tuple[Counts, baselines.Comparison]":
        past, day = [found[one] for one in before if one in found], counts.day
        return counts, baselines.compare(counts, past, file.band, self.holiday(day), self._quiet(day))

    def _week(
        self, file: CountsFile, week: Mapping[date, list[date]], at: datetime, found: Mapping[date, DaySeries]
    ) -> "tuple[Counts, baselines.Comparison]":
        days = [self._counts(file, day, at, None, found) for day in week]
        past = [[found[one] for one in before if one in found] for before in week.values()]
        summed, quiet = baselines.summed(days), [self._quiet(one.day) for one in days]
        holidays = list(filter(None, (self.holiday(one.day) for one in days)))
        return summed, baselines.compare_week(summed, days, past, file.band, quiet, holidays)

    def _counts(
        self, file: CountsFile, day: date, at: datetime, until: datetime | None, found: Mapping[date, DaySeries]
    ) -> Counts:
        series = found.get(day, {})
        start, end = self._bounds(day, at, until, series)
        values = self._values(file, day, end, series)
        return Counts(
            title=file.title,
            day=day,
            start=start,
            end=end,
            at=at,
            zone=self.zone,
            values=values,
            labels={key: counter.label for key, counter in file.counters.items()},
            lines=tuple(_line(file, line) for line in file.lines),
            sample=self.shows_samples
            and not all(isinstance(one, KnownCount) and one.entered for one in values.values()),
            dashboard=file.dashboard,
            trouble=trouble(file),
        )

    def _bounds(self, day: date, at: datetime, until: datetime | None, series: DaySeries) -> tuple[datetime, datetime]:
        """Return midnight, and the latest moment up to which every known series can be summed."""
        start, day_end = day_bounds(day, self.zone)
        end = max(start, min(day_end, whole_minutes(at), whole_minutes(until or day_end)))
        return start, min([end, *(one.edge(end) for one in series.values() if isinstance(one, Series))])

    def _values(self, file: CountsFile, day: date, end: datetime, series: DaySeries) -> dict[str, Value]:
        if self.shows_samples:
            found = {key: _sample(counter.sample) for key, counter in file.counters.items()}
        else:
            found = {key: _value(one, end) for key, one in series.items()}
        if not self.shows_samples and all(isinstance(value, KnownCount) for value in found.values()):
            return found
        by_hand = {key: KnownCount(one.number, one) for key, one in self.entered(day).items()}
        gives_way = {key for key, value in found.items() if self.shows_samples or isinstance(value, Unknown)}
        return {key: by_hand.get(key, value) if key in gives_way else value for key, value in found.items()}

    def _week_days(self, day: date) -> dict[date, list[date]]:
        """Return the days of `day`'s week up to it, with the past days that each is compared with."""
        return {one: self._same_weekdays(one) for one in _week_to(day)}

    def _compared_with(self, day: date, at: datetime) -> list[date]:
        """Return the past days that a day is compared with: more of them for today."""
        if day != day_of(at, self.zone):
            return self._same_weekdays(day)
        return self._same_weekdays(day, baselines.DAYS_TODAY, baselines.WEEKS_TODAY)

    def _same_weekdays(self, day: date, most: int = 0, weeks: int = 0) -> list[date]:
        """Return the last `most` same weekdays before `day` that were neither holidays nor quiet, latest first."""
        most, weeks = most or baselines.DAYS, weeks or baselines.FARTHEST_WEEKS
        days = (day - 7 * back * ONE_DAY for back in range(1, weeks + 1))
        return list(islice((one for one in days if not self.holiday(one) and not self._quiet(one)), most))


def _edited(
    kept: EnteredDay | None, day: date, numbers: Mapping[str, int | None], by: str, at: datetime, file: CountsFile
) -> EnteredDay:
    counts = dict(kept.counts) if kept else {}
    for counter, number in numbers.items():
        if number is not None:
            counts[counter] = Entered(number, by, at)
        elif not counts.pop(counter, None):
            nothing = f"Nothing is recorded as {file.counters[counter].label} for {day:%A, %B} {day.day}"
            raise UserError(f"{nothing}: there is nothing to take back.")
    return EnteredDay(counts)


def _week_to(day: date) -> list[date]:
    return [day - ONE_DAY * back for back in range(day.weekday(), -1, -1)]


def _all_days(week: Mapping[date, list[date]]) -> list[date]:
    return list(dict.fromkeys((*week, *chain.from_iterable(week.values()))))


def _value(series: Series | Unknown, end: datetime) -> Value:
    return KnownCount(half_up(series.total(end))) if isinstance(series, Series) else series


def _sample(number: int | None) -> Value:
    return Unknown(Reason.NOT_CONFIGURED) if number is None else KnownCount(number)


def _line(file: CountsFile, line: LineSpec) -> CounterLine:
    if line.count:
        return CounterLine(line.label or file.counters[line.count].label, line.count)
    return CounterLine(line.label, line.percent, line.of)
