"""What people type behind `!alerts mute`."""

from datetime import timedelta

import pytest

from opsdesk.alerts.typed import read_mute


@pytest.mark.parametrize("typed", ["3 2h a deploy", "3 2h, a deploy", "3 for 2 hrs: a deploy"])
def test_a_length_ends_at_a_blank_or_a_comma(typed: str) -> None:
    assert read_mute(typed) == (3, timedelta(hours=2), "a deploy")
