"""The time. The only module that reads it; everybody else is handed a moment as `at`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from time import monotonic

import msgspec

Now = Callable[[], datetime]


class Backoff(msgspec.Struct, frozen=True):
    """How long to pause between tries: `first` after the first that failed, then twice as long each time.

    No pause is longer than `longest`, unless the other side asks for more.
    """

    first: timedelta
    longest: timedelta

    def after(self, tries: int, asked: timedelta | None = None) -> timedelta:
        """Return the pause after `tries` failed tries; at least what the other side `asked` for."""
        pause: timedelta = min(self.first * 2 ** min(max(tries, 1) - 1, 20), self.longest)
        return max(pause, asked or timedelta())


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def seconds() -> float:
    """Return seconds since an arbitrary moment, for pauses: setting the clock does not change them."""
    return monotonic()


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """Return the moment, in UTC, at which clocks in `zone` show `at` on `day`.

    A time that is shown twice (clocks go back) is its first occurrence; one that is
    skipped (clocks go forward) is as long after midnight as if they had not.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def day_of(at: datetime, zone: tzinfo) -> date:
    """Return the calendar day that clocks in `zone` show at `at`."""
    return at.astimezone(zone).date()


def day_bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the first moments of `day` in `zone` and of the day after, in UTC: 23, 24 or 25 hours apart."""
    return moment(day, time(0), zone), moment(day + timedelta(days=1), time(0), zone)
