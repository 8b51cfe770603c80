"""Lengths and ends in words, wherever one is taken: for how long, and until when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from opsdesk.alerts.typed import read_mute
from opsdesk.errors import UserError
from opsdesk.incidents.reminders import read_until
from opsdesk.oncall.typed import read_cover
from opsdesk.text import named_end, read_length, take_until
from opsdesk.traces.typed import read_traces
from opsdesk.watch.pauses import read_pause

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)  # 1:12pm, a Monday


def told(until: datetime | None) -> str:
    return f"{until.astimezone(ZONE):%a %H:%M}" if until else ""


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ("an hour", "1:00:00"),
        ("another hour", "1:00:00"),
        ("half an hour", "0:30:00"),
        ("a half hour", "0:30:00"),
        ("a quarter of an hour", "0:15:00"),
        ("an hour and a half", "1:30:00"),
        ("one and a half hours", "1:30:00"),
        ("two and a half hours", "2:30:00"),
        ("2 and a half hours", "2:30:00"),
        ("a couple of hours", "2:00:00"),
        ("a couple hours", "2:00:00"),
        ("Twenty minutes", "0:20:00"),
        ("forty-five min", "0:45:00"),
        ("two days", "2 days, 0:00:00"),
        ("a week", "7 days, 0:00:00"),
        ("1 hour and 30 minutes", "1:30:00"),
        ("1.5h", "1:30:00"),
        ("2 hours", "2:00:00"),
        ("forty five minutes", "0:45:00"),
    ],
)
def test_a_length_is_read_in_words(typed: str, length: str) -> None:
    assert str(read_length(typed)) == length


@pytest.mark.parametrize("typed", ["a d", "9 am", "a few hours", "a while", "an", "half", "hour", "2 morons", "a.5h"])
def test_what_is_no_length_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        read_length(typed)


@pytest.mark.parametrize(
    ("typed", "until", "rest"),
    [
        ("2h a deploy", "Mon 15:12", "a deploy"),
        ("for an hour, a deploy", "Mon 14:12", "a deploy"),
        ("half an hour deploy", "Mon 13:42", "deploy"),
        ("in 20 minutes", "Mon 13:32", ""),
        ("for the next two hours", "Mon 15:12", ""),
        ("1h 30m deploy", "Mon 14:42", "deploy"),
        ("until 3pm a load test", "Mon 15:00", "a load test"),
        ("till 3pm", "Mon 15:00", ""),
        ("at 5pm", "Mon 17:00", ""),
        ("until 12 PM PT", "Mon 15:00", ""),
        ("until tomorrow 9am deploy", "Tue 09:00", "deploy"),
        ("5pm tomorrow", "Tue 17:00", ""),
        ("5pm on friday", "Fri 17:00", ""),
        ("till tomorrow morning", "Tue 09:00", ""),
        ("until tomorrow", "Tue 09:00", ""),
        ("tomorrow", "Tue 09:00", ""),
        ("tomorrow afternoon", "Tue 13:00", ""),
        ("until the morning, a deploy", "Tue 09:00", "a deploy"),
        ("this evening", "Mon 18:00", ""),
        ("tonight", "Mon 20:00", ""),
        ("until midnight", "Tue 00:00", ""),
        ("until friday the vendor deploys", "Fri 09:00", "the vendor deploys"),
        ("until monday", "Mon 09:00", ""),
        ("fri", "Fri 09:00", ""),
        ("til 7am, a job", "Tue 07:00", "a job"),
        ("an hour and twenty minutes", "Mon 14:32", ""),
        ("til 3, a load test", "Mon 15:00", "a load test"),
        ("until 12 - a load test", "Tue 00:00", "a load test"),
        ("until 1", "Tue 01:00", ""),
        ("until 3 sites are back", "", "until 3 sites are back"),
        ("monday's deploy", "", "monday's deploy"),
        ("tomorrow a deploy", "", "tomorrow a deploy"),
        ("a deploy", "", "a deploy"),
        ("until tomorrow morning at 7am nightly job", "Tue 07:00", "nightly job"),
        ("until this evening at 6:30pm x", "Mon 18:30", "x"),
        ("until this evening at 6:30 x", "Mon 18:30", "x"),
        ("until tomorrow evening 7:30 PT x", "Tue 22:30", "x"),
        ("till 7am tomorrow morning", "Tue 07:00", ""),
        ("till 7am in the morning", "Tue 07:00", ""),
        ("until tomorrow at 7 nightly", "", "until tomorrow at 7 nightly"),
        ("until tomorrow  7 nightly", "", "until tomorrow  7 nightly"),
        ("until tonight noon", "Mon 12:00", ""),
        ("until midnight tonight x", "Tue 00:00", "x"),
        ("until 2am tonight", "Tue 02:00", ""),
        ("until friday midnight", "Sat 00:00", ""),
        ("for the next week a deploy", "Mon 13:12", "a deploy"),
        ("in a day or so", "Tue 13:12", "or so"),
        ("until eod deploy", "Mon 20:00", "deploy"),
        ("for the rest of the day", "Mon 20:00", ""),
        ("till the end of my shift, a deploy", "Mon 20:00", "a deploy"),
        ("until tomorrow eod", "Tue 20:00", ""),
        ("until the end of the day on friday x", "Fri 20:00", "x"),
        ("", "", ""),
    ],
)
def test_an_end_is_taken_from_the_begin_of_what_is_typed(typed: str, until: str, rest: str) -> None:
    end, behind = take_until(typed, NOW, ZONE)
    assert (told(end), behind) == (until, rest)


def test_next_monday_is_meant_on_a_monday() -> None:
    assert take_until("until monday", NOW, ZONE)[0] == datetime(2026, 11, 30, 14, tzinfo=UTC)


def test_every_command_that_takes_a_length_or_an_end_reads_it_in_words() -> None:
    hour = NOW + timedelta(hours=1)
    assert read_mute("3 for an hour, a deploy", NOW, ZONE) == (3, timedelta(hours=1), "a deploy")
    assert read_until("for an hour", 12, NOW, ZONE) == hour
    assert read_until("in an hour", 12, NOW, ZONE) == hour
    assert told(read_until("till tomorrow morning", 12, NOW, ZONE)) == "Tue 09:00"
    assert read_pause("for an hour a load test", NOW, ZONE) == (hour, "a load test")
    assert read_cover("me for the next hour", NOW, ZONE) == read_cover("for an hour", NOW, ZONE) == (NOW, hour)
    assert read_traces("vista in the last half an hour") == ("vista", timedelta(minutes=30))


@pytest.mark.parametrize("typed", ["me tomorrow", "in an hour", "for a while", "until yesterday"])
def test_a_cover_from_now_on_needs_an_end_to_come(typed: str) -> None:
    with pytest.raises(UserError):
        read_cover(typed, NOW, ZONE)


def test_an_end_that_is_over_is_refused() -> None:
    with pytest.raises(UserError, match="over already"):
        read_mute("3 until today noon a deploy", NOW, ZONE)


LATER = (
    "at 5pm",
    "in 30 minutes",
    "in 2h",
    "tomorrow 7am",
    "on friday",
    "from 5pm",
    "by 5pm",
    "tonight",
    "this evening",
)


@pytest.mark.parametrize("when", LATER)
def test_what_is_to_begin_later_is_not_begun_at_once(when: str) -> None:
    with pytest.raises(UserError, match="has no end"):
        read_pause(f"{when} a deploy", NOW, ZONE)
    with pytest.raises(UserError, match="For how long"):
        read_mute(f"3 {when}", NOW, ZONE)


@pytest.mark.parametrize(
    ("at", "typed", "until"),
    [
        (datetime(2026, 11, 24, 5, 30, tzinfo=UTC), "until 10pm PT", datetime(2026, 11, 24, 6, tzinfo=UTC)),
        (datetime(2026, 11, 1, 5, 45, tzinfo=UTC), "until 1:30am", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        (datetime(2026, 11, 1, 6, 45, tzinfo=UTC), "until 1:30am", datetime(2026, 11, 2, 6, 30, tzinfo=UTC)),
        (datetime(2026, 3, 8, 6, 45, tzinfo=UTC), "until 2:30am", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        (datetime(2026, 3, 8, 7, 15, tzinfo=UTC), "until 2:30am", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        (datetime(2026, 11, 24, 6, tzinfo=UTC), "until 2am tonight", datetime(2026, 11, 24, 7, tzinfo=UTC)),
        (datetime(2026, 11, 23, 13, tzinfo=UTC), "until monday", datetime(2026, 11, 30, 14, tzinfo=UTC)),
        (datetime(2026, 11, 23, 13, tzinfo=UTC), "until monday morning", datetime(2026, 11, 23, 14, tzinfo=UTC)),
    ],
)
def test_the_next_such_time_is_meant(at: datetime, typed: str, until: datetime) -> None:
    assert take_until(typed, at, ZONE) == (until, "")


@pytest.mark.parametrize(
    ("typed", "end"),
    [
        ("for the next week a deploy", "for the next week"),
        ("the next hour, a deploy", "the next hour,"),
        ("until 7am, a job", "until 7am,"),
        ("tomorrow a deploy", ""),
        ("until friday x", "until friday"),
    ],
)
def test_the_end_is_named_as_it_is_typed(typed: str, end: str) -> None:
    assert named_end(typed) == end
