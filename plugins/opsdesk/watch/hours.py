"""When the watch looks, and when it tells unasked."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo

import msgspec

from opsdesk.clock import day_of, moment
from opsdesk.oncall import Calendar
from opsdesk.watch.pauses import Pauses

FROM = time(7)  # of the desk's zone
LAST_CALL = timedelta(minutes=3)  # before the last shift ends nothing new is told: the summary carries it


class DayHours(msgspec.Struct, frozen=True):
    """From when until just before when a day is watched."""

    start: datetime
    end: datetime

    def hold(self, at: datetime) -> bool:
        """Return whether `at` is among them."""
        return self.start <= at < self.end


class WatchHours:
    """The hours of the working days of `calendar`, in `zone`."""

    def __init__(self, calendar: Callable[[], Calendar], pauses: Pauses, zone: tzinfo) -> None:
        self._calendar, self._pauses, self._zone = calendar, pauses, zone

    def of(self, day: date) -> DayHours | None:
        """Return the hours of a day; None on a day off."""
        shifts = self._calendar().shifts_on(day)
        return DayHours(moment(day, FROM, self._zone), max(one.end for one in shifts)) if shifts else None

    def hold(self, at: datetime) -> bool:
        """Return whether the watch looks at `at`."""
        hours = self.of(day_of(at, self._zone))
        return hours is not None and hours.hold(at)

    def tells(self, at: datetime) -> bool:
        """Return whether what is found at `at` is told unasked: in a shift, but for its end, and not in a pause."""
        calendar = self._calendar()
        hours = self.of(day_of(at, self._zone))
        in_shift = calendar.shift_at(at) is not None and hours is not None and at < hours.end - LAST_CALL
        return in_shift and self._pauses.at(at) is None
