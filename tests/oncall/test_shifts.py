"""Working days and shifts, against a table written by hand and a walk through every minute of a year."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.oncall.shifts import Calendar, Shift, ShiftTimes, federal_holiday
from tests.conftest import ROOT

EASTERN = ZoneInfo("America/New_York")
WEEK = frozenset(range(5))
SUPPORT = ShiftTimes("support", time(13), time(20), WEEK)
CALENDAR = Calendar(EASTERN, (SUPPORT,), frozenset({date(2026, 11, 27)}))
TWO_A_DAY = Calendar(
    EASTERN, (ShiftTimes("morning", time(7), time(13), WEEK), ShiftTimes("afternoon", time(13), time(20), WEEK))
)
MINUTE = timedelta(minutes=1)

# As the Office of Personnel Management publishes them: a Saturday's on the Friday, a Sunday's on the Monday.
FEDERAL = {
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
}
# When clocks in New York changed: from each of these moments on they are so many hours behind UTC.
OFFSETS = [
    (datetime(2025, 11, 2, 6, tzinfo=UTC), 5),
    (datetime(2026, 3, 8, 7, tzinfo=UTC), 4),
    (datetime(2026, 11, 1, 6, tzinfo=UTC), 5),
]


def minutes_of_2026() -> Iterator[datetime]:
    start = datetime(2026, 1, 1, 5, tzinfo=UTC)
    return (start + n * MINUTE for n in range(365 * 24 * 60))


def wall_clock(at: datetime) -> datetime:
    """What clocks in New York show, by the table alone."""
    return at - timedelta(hours=next(hours for since, hours in reversed(OFFSETS) if since <= at))


@pytest.mark.parametrize("year", FEDERAL)
def test_the_federal_holidays_on_weekdays_are_those_published(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    found = [f"{day:%m-%d}" for day in days if day.year == year and day.weekday() < 5 and federal_holiday(day)]
    assert " ".join(found) == FEDERAL[year]


def test_every_minute_of_a_year_is_in_a_shift_just_when_the_wall_clock_says_so() -> None:
    off = {date.fromisoformat(f"2026-{day}") for day in FEDERAL[2026].split()} | {date(2026, 11, 27)}
    on_shift = 0
    for at in minutes_of_2026():
        wall = wall_clock(at)
        expected = wall.weekday() < 5 and 13 <= wall.hour < 20 and wall.date() not in off
        shift = CALENDAR.shift_at(at)
        assert (shift is not None) == expected, at
        assert shift is None or shift.day == wall.date(), at
        on_shift += expected
    assert on_shift == (261 - 11 - 1) * 7 * 60


def test_every_day_of_a_year_names_its_neighbours() -> None:
    off = {date.fromisoformat(f"2026-{day}") for day in FEDERAL[2026].split()} | {date(2026, 11, 27)}
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    working = [day for day in days if day.weekday() < 5 and day not in off]
    for day in days[10:350]:
        assert CALENDAR.is_working_day(day) == (day in working)
        assert CALENDAR.previous_working_day(day) == max(other for other in working if other < day)
        assert CALENDAR.next_working_day(day) == min(other for other in working if other > day)


def test_shifts_follow_one_another_over_a_year() -> None:
    at, ended = datetime(2025, 12, 31, 23, 0, tzinfo=UTC), None
    for _ in range(400):
        shift = TWO_A_DAY.next_shift(at)
        assert shift
        assert shift.start > at
        assert TWO_A_DAY.shift_at(shift.start) == shift
        assert TWO_A_DAY.shift_at(shift.end - MINUTE) == shift
        assert TWO_A_DAY.last_shift(shift.start) == ended or ended is None
        at, ended = shift.start, shift


def test_a_shift_is_seven_hours_on_the_days_around_both_clock_changes() -> None:
    every_day = Calendar(EASTERN, (ShiftTimes("support", time(13), time(20), frozenset(range(7))),))
    for day in (date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9), date(2026, 10, 31), date(2026, 11, 1)):
        (shift,) = every_day.shifts_on(day)
        assert shift.end - shift.start == timedelta(hours=7)


@pytest.mark.parametrize(
    ("start", "end", "day", "hours"),
    [
        (time(0), time(4), date(2026, 3, 8), 3),
        (time(0), time(4), date(2026, 11, 1), 5),
        (time(1, 30), time(1, 45), date(2026, 11, 1), 0.25),
    ],
)
def test_a_night_shift_is_as_long_as_the_clocks_make_it(start: time, end: time, day: date, hours: float) -> None:
    (shift,) = Calendar(EASTERN, (ShiftTimes("night", start, end, frozenset(range(7))),)).shifts_on(day)
    assert shift.end - shift.start == timedelta(hours=hours)


def test_a_shift_within_the_skipped_hour_does_not_take_place() -> None:
    night = Calendar(EASTERN, (ShiftTimes("night", time(2, 30), time(3), frozenset(range(7))),))
    assert night.shifts_on(date(2026, 3, 8)) == ()
    assert len(night.shifts_on(date(2026, 3, 9))) == 1


def test_a_day_off_has_no_shift_and_a_name() -> None:
    assert CALENDAR.shifts_on(date(2026, 11, 26)) == ()
    assert CALENDAR.holiday(date(2026, 11, 26)) == "Thanksgiving Day"
    assert CALENDAR.holiday(date(2026, 11, 27)) == "a day off of the team"
    assert CALENDAR.holiday(date(2026, 11, 28)) == ""
    assert federal_holiday(date(2026, 7, 3)) == "Independence Day (observed)"


def test_the_shifts_of_a_day_come_in_order() -> None:
    morning, afternoon = TWO_A_DAY.shifts_on(date(2026, 11, 23))
    assert (morning.name, morning.end) == ("morning", afternoon.start)
    ends = datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert afternoon == Shift(datetime(2026, 11, 23, 18, tzinfo=UTC), ends, date(2026, 11, 23), "afternoon")


@pytest.mark.parametrize(
    ("day", "ahead"),
    [
        (date(2026, 11, 25), (date(2026, 11, 26), "Thanksgiving Day")),
        (date(2026, 7, 2), (date(2026, 7, 3), "Independence Day (observed)")),
        (date(2026, 5, 22), (date(2026, 5, 25), "Memorial Day")),
        (date(2026, 11, 24), None),
        (date(2026, 11, 20), None),
    ],
)
def test_the_last_working_day_before_a_federal_holiday_knows_it(day: date, ahead: tuple[date, str] | None) -> None:
    assert CALENDAR.holiday_ahead(day) == ahead


def test_a_calendar_of_nothing_but_days_off_has_no_next_shift() -> None:
    never = Calendar(EASTERN, (ShiftTimes("support", time(13), time(20), frozenset()),))
    at = datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert never.next_shift(at) is None
    assert never.last_shift(at) is None
    assert never.next_working_day(date(2026, 11, 23)) is None


@given(st.integers(min_value=0, max_value=6 * 365 * 24 * 60))
def test_a_moment_lies_in_a_shift_or_between_two(minutes: int) -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC) + minutes * MINUTE
    shift, before, after = TWO_A_DAY.shift_at(at), TWO_A_DAY.last_shift(at), TWO_A_DAY.next_shift(at)
    assert before
    assert after
    assert before.end <= at < after.start
    assert shift is None or (before.end <= shift.start <= at < shift.end <= after.start)


def test_outside_the_times_of_shifts_no_holiday_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []
    monkeypatch.setattr("opsdesk.oncall.shifts.federal_holiday", lambda day: asked.append(day) or "")
    calendar = Calendar(EASTERN, (SUPPORT,))
    saturday, evening = datetime(2026, 12, 5, 14, tzinfo=EASTERN), datetime(2026, 12, 7, 20, tzinfo=EASTERN)
    assert [calendar.shift_at(at) for at in (saturday, evening)] == [None, None]
    assert not calendar.is_working_day(saturday.date())
    assert not asked
    assert calendar.shift_at(evening - MINUTE)
    assert asked == [evening.date()]


def test_threads_that_ask_for_the_first_holiday_at_once_all_learn_it() -> None:
    asked = "from concurrent.futures import ThreadPoolExecutor as Threads\nfrom datetime import date\n"
    asked += "from opsdesk.oncall.shifts import federal_holiday\n"
    asked += "with Threads(8) as threads:\n"
    asked += "    print(*set(threads.map(federal_holiday, [date(2026, 11, 26)] * 8)))"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT / "plugins"
    )
    assert told.stdout == "Thanksgiving Day\n"
