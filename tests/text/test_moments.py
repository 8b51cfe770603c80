"""Times, days and lengths, told and read."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.errors import UserError
from opsdesk.text import moments, tell

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)  # 1:12pm, a Monday
TODAY = date(2026, 11, 23)


def eastern(local: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZONE, fold=fold).astimezone(UTC)


def read(text: str, now: datetime = NOW) -> str:
    return f"{moments.read_moment(text, now, ZONE).astimezone(ZONE):%Y-%m-%d %H:%M}"


def refusal(read_one: Callable[..., Any], *given: Any) -> str:
    with pytest.raises(UserError) as refused:
        read_one(*given)
    return str(refused.value)


@pytest.mark.parametrize(
    ("local", "told", "hour"),
    [
        ("2026-11-23 00:00", "12:00am", "midnight"),
        ("2026-11-23 00:05", "12:05am", "12:05am"),
        ("2026-11-23 12:00", "12:00pm", "noon"),
        ("2026-11-23 13:12", "1:12pm", "1:12pm"),
        ("2026-11-23 20:00", "8:00pm", "8pm"),
    ],
)
def test_a_time_of_day_is_told_as_clocks_show_it(local: str, told: str, hour: str) -> None:
    assert tell.tell_time(eastern(local), ZONE) == told
    assert tell.tell_hour(eastern(local), ZONE) == hour


@pytest.mark.parametrize(
    ("local", "told", "stamp"),
    [
        ("2026-11-23 08:00", "8:00am", "8:00am"),
        ("2026-11-22 16:10", "yesterday 4:10pm", "Nov 22 4:10pm"),
        ("2026-11-24 09:00", "tomorrow 9:00am", "Nov 24 9:00am"),
        ("2026-11-19 16:10", "Nov 19 4:10pm", "Nov 19 4:10pm"),
        ("2025-11-19 16:10", "Nov 19 2025 4:10pm", "Nov 19 2025 4:10pm"),
    ],
)
def test_a_moment_is_told_from_where_one_stands_or_for_good(local: str, told: str, stamp: str) -> None:
    assert tell.tell_when(eastern(local), NOW, ZONE) == told
    assert tell.tell_stamp(eastern(local), NOW, ZONE) == stamp


@pytest.mark.parametrize(
    ("length", "told", "age"),
    [
        (timedelta(0), "less than a minute", "less than a minute"),
        (timedelta(seconds=59), "less than a minute", "less than a minute"),
        (timedelta(seconds=119), "1 minute", "1 minute"),
        (timedelta(minutes=41), "41 minutes", "41 minutes"),
        (timedelta(hours=1), "1 hour", "1 hour"),
        (timedelta(hours=2, minutes=28), "2 hours 28 minutes", "2 hours"),
        (timedelta(hours=23, minutes=59), "23 hours 59 minutes", "23 hours"),
        (timedelta(days=1), "1 day", "1 day"),
        (timedelta(days=3, hours=4, minutes=50), "3 days 4 hours", "3 days"),
        (timedelta(days=1200), "1200 days", "1200 days"),
    ],
)
def test_a_length_is_told_in_two_units_and_an_age_in_one(length: timedelta, told: str, age: str) -> None:
    assert tell.tell_length(length) == told
    assert tell.tell_age(length) == age


def test_days_are_told_with_what_they_need_of_the_year() -> None:
    assert tell.tell_day(TODAY) == "Monday, November 23, 2026"
    assert tell.tell_days(date(2026, 11, 1), TODAY) == "Nov 1 to Nov 23, 2026"
    assert tell.tell_days(date(2025, 12, 28), date(2026, 1, 3)) == "Dec 28, 2025 to Jan 3, 2026"
    assert tell.tell_days(TODAY, TODAY) == "Monday, November 23, 2026"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("12:50pm", "2026-11-23 12:50"),
        ("12:50 PM", "2026-11-23 12:50"),
        ("8 p.m.", "2026-11-23 20:00"),
        ("12am", "2026-11-23 00:00"),
        ("noon", "2026-11-23 12:00"),
        ("16:10", "2026-11-23 16:10"),
        ("yesterday 4:10pm", "2026-11-22 16:10"),
        ("Yesterday at 4:10pm", "2026-11-22 16:10"),
        ("4:10pm yesterday", "2026-11-22 16:10"),
        ("monday 9am", "2026-11-16 09:00"),
        ("friday 9am", "2026-11-20 09:00"),
        ("2026-11-20 16:10", "2026-11-20 16:10"),
        ("Nov 19 4:10pm", "2026-11-19 16:10"),
        ("november 19, 2025 4:10pm", "2025-11-19 16:10"),
        ("Jan 3 4:10pm", "2026-01-03 16:10"),
        ("Feb 29 noon", "2024-02-29 12:00"),
        ("20m ago", "2026-11-23 12:52"),
        ("1 hour 12 minutes ago", "2026-11-23 12:00"),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, moment: str) -> None:
    assert read(text) == moment


@pytest.mark.parametrize(
    ("typed", "today", "past", "coming"),
    [
        ("Dec 28", date(2026, 1, 3), date(2025, 12, 28), date(2026, 12, 28)),
        ("Jan 3", date(2026, 12, 28), date(2026, 1, 3), date(2027, 1, 3)),
        ("jan 5", date(2026, 12, 30), date(2026, 1, 5), date(2027, 1, 5)),
        ("Jul 1", date(2026, 1, 10), date(2025, 7, 1), date(2026, 7, 1)),
        ("Nov 23", TODAY, TODAY, TODAY),
        ("Feb 29", TODAY, date(2024, 2, 29), date(2028, 2, 29)),
        ("Feb 29", date(2097, 1, 1), date(2096, 2, 29), None),
        ("monday", TODAY, date(2026, 11, 16), TODAY),
        ("friday", TODAY, date(2026, 11, 20), date(2026, 11, 27)),
    ],
)
def test_a_day_without_a_year_is_the_nearest(typed: str, today: date, past: date, coming: date | None) -> None:
    assert moments.read_day(typed, today) == past
    if coming:
        assert moments.read_coming_day(typed, today) == coming
    else:
        assert "cannot" in refusal(moments.read_coming_day, typed, today) or "not a day" in refusal(
            moments.read_coming_day, typed, today
        )


@pytest.mark.parametrize("typed", ["jan 5", "on jan 5", "next 2027-01-05", "on Jan 5, 2027:", "Jan. 5"])
def test_a_day_stands_before_other_words(typed: str) -> None:
    assert moments.take_day(f"{typed} a drill", TODAY) == (date(2027, 1, 5), "a drill")
    assert moments.take_day("on the phone", TODAY) == (None, "on the phone")


@pytest.mark.parametrize(
    ("typed", "past", "coming"),
    [
        ("25th", date(2026, 10, 25), date(2026, 11, 25)),
        ("the 1st", date(2026, 11, 1), date(2026, 12, 1)),
        ("23rd", TODAY, TODAY),
        ("31st", date(2026, 10, 31), date(2026, 12, 31)),
    ],
)
def test_a_day_of_the_month_is_the_nearest_there_is(typed: str, past: date, coming: date) -> None:
    assert moments.read_day(typed, TODAY) == past
    assert moments.take_day(f"on {typed}, a drill", TODAY) == (coming, "a drill")
    assert "not a day" in refusal(moments.read_day, "32nd", TODAY)


def test_a_coming_moment_is_of_a_day_from_today_on() -> None:
    assert moments.read_moment("friday 1pm", NOW, ZONE, coming=True) == eastern("2026-11-27 13:00")
    assert moments.read_moment("friday 1pm", NOW, ZONE) == eastern("2026-11-20 13:00")


def test_spans_of_days_by_name() -> None:
    assert moments.read_days("last week", TODAY) == (date(2026, 11, 16), date(2026, 11, 22))
    assert moments.read_days("this week", TODAY) == (date(2026, 11, 23), TODAY)
    assert moments.read_days("last month", TODAY) == (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize("typed", ["Sep 3", "Sept 3", "Sept. 3", "September 3", "sep. 3", "SEPTEMBER 3"])
def test_a_month_is_written_out_or_by_its_first_letters(typed: str) -> None:
    assert moments.is_day(typed)
    assert moments.read_day(typed, TODAY) == date(2026, 9, 3)


@pytest.mark.parametrize("typed", ["decide 3", "mayor 5", "marching 4", "Novem 20", "junk 1", "septic 3", "octopus 8"])
def test_a_word_that_begins_like_a_month_is_none(typed: str) -> None:
    assert not moments.is_day(typed)
    assert moments.take_day(f"{typed} people are out", TODAY) == (None, f"{typed} people are out")


def test_the_desk_reads_the_moments_it_tells() -> None:
    for local in ("2026-11-23 08:00", "2026-11-22 16:10", "2026-11-19 16:10", "2025-11-19 16:10"):
        at = eastern(local)
        assert moments.read_moment(tell.tell_when(at, NOW, ZONE), NOW, ZONE) == at
        assert moments.read_moment(tell.tell_stamp(at, NOW, ZONE), NOW, ZONE) == at


def test_of_a_time_shown_twice_the_later_is_meant_once_it_has_passed() -> None:
    between, after = eastern("2026-11-01 01:40"), eastern("2026-11-01 03:00")
    assert moments.read_moment("1:30am", between, ZONE) == eastern("2026-11-01 01:30", fold=0)
    assert moments.read_moment("1:30am", after, ZONE) == eastern("2026-11-01 01:30", fold=1)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("soon", '"soon" is not a time I can read. Type it as 12:50pm or 20:15.'),
        ("25:00", '"25:00" is not a time of day. Type it as 12:50pm or 20:15.'),
        ("13pm", '"13pm" is not a time of day. Type it as 12:50pm or 20:15.'),
        ("someday 8pm", '"someday" is not a day I can read. Type today, yesterday or 2026-11-20.'),
        ("nov 31 8pm", '"nov 31" is not a day I can read. Type today, yesterday or 2026-11-20.'),
        ("9999-12-31 8pm", '"9999-12-31" is not a day I can count with. Type today, yesterday or 2026-11-20.'),
        ("Nov 19", '"Nov 19" needs a time of day too, such as "Nov 19 4:10pm".'),
    ],
)
def test_a_moment_that_cannot_be_read_is_refused_with_one_that_can(text: str, answer: str) -> None:
    assert refusal(moments.read_moment, text, NOW, ZONE) == answer


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("2h", timedelta(hours=2)),
        ("1h 30m", timedelta(minutes=90)),
        ("1h30m", timedelta(minutes=90)),
        ("2 days", timedelta(days=2)),
        ("1 week", timedelta(days=7)),
        ("1.5h", timedelta(minutes=90)),
        ("an hour", timedelta(hours=1)),
        ("half an hour", timedelta(minutes=30)),
        ("An hour and a half", timedelta(minutes=90)),
        ("two and a half hours", timedelta(minutes=150)),
        ("a couple of days", timedelta(days=2)),
        ("one hour and twenty minutes", timedelta(minutes=80)),
    ],
)
def test_a_length_is_read_as_people_write_it(text: str, length: timedelta) -> None:
    assert moments.read_length(text) == length


@pytest.mark.parametrize("text", ["", "soon", "2", "h", "2x", "1.5.5h", "half", "an", "9" * 5000 + "m", "2h and a bit"])
def test_a_length_that_cannot_be_read_is_refused(text: str) -> None:
    assert refusal(moments.read_length, text).endswith(
        "is not a length of time I can read. Type it as 30m, 2h or 1h30m."
    )


@pytest.mark.parametrize(
    ("typed", "day"), [("fri", 27), ("Thurs", 26), ("weds", 25), ("sun", 29), ("tmrw", 24), ("tonight", 23)]
)
def test_a_day_is_read_as_phones_write_it(typed: str, day: int) -> None:
    assert moments.is_day(typed)
    assert moments.read_coming_day(typed, TODAY) == date(2026, 11, day)


@pytest.mark.parametrize("typed", ["monitor", "sunlight", "wedding", "weeks", "satur"])
def test_a_word_that_begins_like_a_day_is_none(typed: str) -> None:
    assert not moments.is_day(typed)


def test_a_length_beyond_counting_is_refused() -> None:
    assert "is longer than I can count" in refusal(moments.read_length, "999999w" * 200)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("week", "2026-11-23", "2026-11-23"),
        ("month", "2026-11-01", "2026-11-23"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("october", "2026-10-01", "2026-10-31"),
        ("Oct 2025", "2025-10-01", "2025-10-31"),
        ("last february", "2026-02-01", "2026-02-28"),
        ("december", "2025-12-01", "2025-12-31"),
        ("november", "2026-11-01", "2026-11-23"),
        ("yesterday", "2026-11-22", "2026-11-22"),
        ("2026-11-02..2026-11-20", "2026-11-02", "2026-11-20"),
        ("2026-11-02..", "2026-11-02", "2026-11-23"),
        ("2026-11-02 .. today", "2026-11-02", "2026-11-23"),
    ],
)
def test_a_span_of_days_is_read(text: str, first: str, last: str) -> None:
    assert moments.read_days(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "..", "soon", "2026-13", "0000-01", "today..yesterday", "a..b", "..2026-11-02"])
def test_a_span_that_cannot_be_read_is_refused(text: str) -> None:
    assert "Type" in refusal(moments.read_days, text, TODAY)


@given(st.text(max_size=30))
def test_whatever_is_typed_as_a_time_is_read_or_refused(text: str) -> None:
    for read_one in (
        lambda: moments.read_moment(text, NOW, ZONE),
        lambda: moments.read_day(text, TODAY),
        lambda: moments.read_days(text, TODAY),
        lambda: moments.read_length(text),
        lambda: moments.read_time(text),
    ):
        with suppress(UserError):
            assert read_one() is not None


@given(st.datetimes(datetime(2001, 1, 1), datetime(2099, 12, 31)), st.integers(0, 700))  # noqa: DTZ001
def test_every_moment_that_is_told_is_read_as_itself(naive: datetime, days: int) -> None:
    at = naive.replace(second=0, microsecond=0, tzinfo=ZONE).astimezone(UTC)
    now = at + timedelta(days=days)
    told = moments.read_moment(tell.tell_when(at, now, ZONE), now, ZONE)
    assert abs(told - at) <= timedelta(hours=1)  # an hour where clocks show a time twice


@given(st.times())
def test_every_time_of_day_is_read_as_it_is_told(at: time) -> None:
    moment = datetime.combine(TODAY, at, ZONE)
    assert moments.read_time(tell.tell_time(moment, ZONE)) == at.replace(second=0, microsecond=0)
    assert moments.read_time(tell.tell_hour(moment, ZONE)) == at.replace(second=0, microsecond=0)


def test_a_time_may_name_its_zone() -> None:
    now = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    for text in ("12:50 PM ET", "12:50pm EST", "12:50 pm eastern time", "today 12:50pm ET", "11:50am CT", "17:50 UTC"):
        assert moments.read_moment(text, now, ZONE) == datetime(2026, 11, 23, 17, 50, tzinfo=UTC)
    assert refusal(moments.read_time, "12:50pm ET").startswith('"12:50pm ET" is not a time I can read.')
