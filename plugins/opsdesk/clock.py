"""The time. The only module that reads it; everybody else is handed a moment as `at`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from time import monotonic

Now = Callable[[], datetime]


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def seconds() -> float:
    """Seconds since some moment, for pauses: they pass evenly, whatever is done to the clock."""
    return monotonic()


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """The moment, in UTC, at which clocks in `zone` show `at` on `day`.

    A time that is shown twice (clocks go back) is its first occurrence; one that is
    skipped (clocks go forward) is as long after midnight as if they had not.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def day_of(at: datetime, zone: tzinfo) -> date:
    """The calendar day that people in `zone` call `at`'s."""
    return at.astimezone(zone).date()


def day_bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first moment of `day` in `zone` and of the day after, in UTC: 23, 24 or 25 hours apart."""
    return moment(day, time(0), zone), moment(day + timedelta(days=1), time(0), zone)
