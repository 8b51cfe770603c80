"""What people type behind `!alerts mute`."""

from datetime import timedelta

import pytest

from opsdesk.alerts.typed import read_mute
from tests.oncall.stage import EASTERN, eastern


@pytest.mark.parametrize(
    "typed",
    [
        "3 2h a deploy",
        "3 2h, a deploy",
        "3 for 2 hrs: a deploy",
        "3 for two hours, a deploy",
        "3 an hour and 60 minutes a deploy",
        "3 until 3:12pm, a deploy",
        "3 til 3:12pm a deploy",
    ],
)
def test_a_length_or_an_end_ends_at_a_blank_or_a_comma(typed: str) -> None:
    assert read_mute(typed, eastern("2026-11-23 13:12"), EASTERN) == (3, timedelta(hours=2), "a deploy")


def test_an_end_that_is_past_today_is_tomorrows() -> None:
    length = timedelta(hours=17, minutes=48)
    assert read_mute("3 till 7am, a nightly job", eastern("2026-11-23 13:12"), EASTERN) == (3, length, "a nightly job")
