"""Days and hours as people type them behind `!oncall swap` and `!oncall cover`."""

from datetime import date, time

import pytest

from opsdesk.clock import moment
from opsdesk.errors import UserError
from opsdesk.oncall.typed import read_cover, read_swap
from tests.oncall.stage import EASTERN, eastern

AT = eastern("2026-11-23 10:00")
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "day", "start", "end"),
    [
        ("from 3pm to 5pm", TODAY, 15, 17),
        ("3-5pm", TODAY, 15, 17),
        ("me 3-5pm", TODAY, 15, 17),
        ("my shift 3-5pm", TODAY, 15, 17),
        ("11-1pm", TODAY, 11, 13),
        ("tomorrow 2 to 4pm", TOMORROW, 14, 16),
        ("for me from 9 to 11am tomorrow", TOMORROW, 9, 11),
        ("15:00-17:00", TODAY, 15, 17),
    ],
)
def test_a_span_of_hours_is_read_as_it_is_said(typed: str, day: date, start: int, end: int) -> None:
    hours = tuple(moment(day, time(hour), EASTERN) for hour in (start, end))
    assert read_cover(typed, AT, EASTERN) == hours


@pytest.mark.parametrize("typed", ["3-5", "25-5pm", "9-17:00"])
def test_hours_of_no_half_of_the_day_are_refused(typed: str) -> None:
    with pytest.raises(UserError):
        read_cover(typed, AT, EASTERN)


@pytest.mark.parametrize("typed", ["bob 2026-12-01", "w/ bob on 12/1", "w/bob 12/01", "with bob dec 1"])
def test_a_swap_is_read_as_it_is_said(typed: str) -> None:
    assert read_swap(typed, AT, EASTERN) == ("bob", date(2026, 12, 1), date(2026, 12, 1))


@pytest.mark.parametrize("typed", ["bob 13/1", "bob 2/31"])
def test_a_day_that_there_is_not_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        read_swap(typed, AT, EASTERN)
