"""Working days and shifts. Who is on call in them is for `rotation`."""

import functools
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

import msgspec

from opsdesk.clock import day_of, moment
from opsdesk.oncall.federal import federal_holiday

FARTHEST = 400  # days looked ahead or back for a shift: a year of nothing but days off has none
ONE_DAY = timedelta(days=1)


class ShiftTimes(msgspec.Struct, frozen=True):
    """The times of a shift: wall-clock times of one day in the calendar's zone. Monday is weekday 0."""

    name: str
    start: time
    end: time
    weekdays: frozenset[int]


class Shift(msgspec.Struct, frozen=True, order=True):
    """A shift from `start` until just before `end`, both in UTC, on the calendar day `day`."""

    start: datetime
    end: datetime
    day: date
    name: str

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


class Calendar(msgspec.Struct, frozen=True):
    """Which days are worked, and when. `own_holidays` are the team's, in addition to the federal ones."""

    zone: tzinfo
    times: tuple[ShiftTimes, ...]
    own_holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Return whether a day has a shift."""
        return any(day.weekday() in times.weekdays for times in self.times) and not self.holiday(day)

    def holiday(self, day: date) -> str:
        """Return the name of the day off that `day` is; "" for any other day."""
        return federal_holiday(day) or ("a day off of the team" if day in self.own_holidays else "")

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """Return the shifts of a day, earliest first; none on a day off.

        A shift that lies wholly in the hour skipped when clocks go forward does not take place.
        """
        return _shifts_on(self, day)

    def shift_at(self, at: datetime) -> Shift | None:
        """Return the shift that is on at `at`; None if none is."""
        day = day_of(at, self.zone)
        found = next((shift for shift in _planned_on(self, day) if at in shift), None)
        return found if found and not self.holiday(day) else None

    def next_shift(self, at: datetime) -> Shift | None:
        """Return the first shift that starts after `at`; None if there is none for more than a year."""
        return next(self.shifts_from(at), None)

    def shifts_from(self, at: datetime) -> Iterator[Shift]:
        """Yield the shifts that start after `at`, in order, for more than a year."""
        first = day_of(at, self.zone)
        for ahead in range(FARTHEST):
            yield from (shift for shift in self.shifts_on(first + ahead * ONE_DAY) if shift.start > at)

    def last_shift(self, at: datetime) -> Shift | None:
        """Return the latest shift that has ended at `at`; None if there was none for more than a year."""
        today = day_of(at, self.zone)
        for back in range(FARTHEST):
            ended = [shift for shift in self.shifts_on(today - back * ONE_DAY) if shift.end <= at]
            if ended:
                return ended[-1]
        return None

    def previous_working_day(self, day: date) -> date | None:
        """Return the latest working day before `day`; None if there was none for more than a year."""
        return self._working_day(day, -ONE_DAY)

    def next_working_day(self, day: date) -> date | None:
        """Return the first working day after `day`; None if there is none for more than a year."""
        return self._working_day(day, ONE_DAY)

    def holiday_ahead(self, day: date) -> tuple[date, str] | None:
        """Return the first federal holiday between working day `day` and the next one, with its name; None if there is
        none.
        """
        following = self.next_working_day(day) or day
        days_off = (day + ahead * ONE_DAY for ahead in range(1, (following - day).days))
        return next(((off, name) for off in days_off if (name := federal_holiday(off))), None)

    def _working_day(self, day: date, step: timedelta) -> date | None:
        days = (day + away * step for away in range(1, FARTHEST))
        return next((day for day in days if self.is_working_day(day)), None)


@functools.lru_cache(maxsize=200)  # every tick asks for the same few days
def _shifts_on(calendar: Calendar, day: date) -> tuple[Shift, ...]:
    return _planned_on(calendar, day) if calendar.is_working_day(day) else ()


@functools.lru_cache(maxsize=200)
def _planned_on(calendar: Calendar, day: date) -> tuple[Shift, ...]:
    """Return the shifts of a day of the week, be it a day off or not: few moments need the library of holidays."""
    shifts = [_shift(calendar, day, times) for times in calendar.times if day.weekday() in times.weekdays]
    return tuple(sorted(shift for shift in shifts if shift.start < shift.end))


def _shift(calendar: Calendar, day: date, times: ShiftTimes) -> Shift:
    start, end = (moment(day, wall, calendar.zone) for wall in (times.start, times.end))
    return Shift(start, end, day, times.name)
