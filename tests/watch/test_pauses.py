"""What people type behind `!watch off`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from opsdesk.watch.pauses import read_pause

AT = datetime(2026, 11, 23, 19, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["until 4pm a load test", "until 4pm, a load test", "2h: a load test"])
def test_an_end_is_read_with_a_comma_behind_it(typed: str) -> None:
    assert read_pause(typed, AT, ZoneInfo("America/New_York")) == (AT.replace(hour=21), "a load test")
