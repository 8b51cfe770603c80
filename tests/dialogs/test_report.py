"""Conversations about what a week came to."""

from pathlib import Path

import pytest

from tests.conftest import Conversation, MovedClock

pytestmark = pytest.mark.usefixtures("team")


def test_the_week_so_far_is_told_with_how_it_is_reckoned(
    talk: Conversation, clock: MovedClock, environment: dict[str, str]
) -> None:
    talk("!incident open VistA timeouts --sev 2 --on vista", by="charlie")
    clock.forward(minutes=10)
    talk("!incident ack 1", by="bob")
    talk("!incident action 1 Add a health check @bob by friday")
    clock.forward(minutes=20)
    talk("!incident resolve 1 restarted")
    *told, picture = talk("!report week").splitlines()
    assert told == [
        "*Report of the week so far, Monday, November 23, 2026*",
        "*Incidents* 1 opened (0 in the four weeks before), 0 still open",
        "sev 2: 1 (0)",
        "vista: 1 (0)",
        "Taken: median 10 minutes, 90th percentile 10 minutes, 1 of 1",
        "Resolved: median 30 minutes, 90th percentile 30 minutes, 1 of 1",
        "(By the day they were opened, without void and merged ones; in brackets the four weeks before, for as many "
        "days. From the start until somebody had it, until it was last over.)",
        "*Carried over* nothing for 3 days or more",
        "*Action items* 1 to be done now, none of them late",
        "• #1 item 1: Add a health check · bob · by Nov 27 · VistA timeouts",
        "*Alerts* none",
        "*Outside hours* no pages (what the desk asked of people while no shift was on)",
        "*Posts* none was due",
        "*Shifts* Alice 1 (7 hours) (with covers and swaps, as the rotation stands)",
        "*Counts* (sample counts: no Datadog keys configured)",
        "Completed check-ins % : 63.5%",
        "Completed pre-check-ins % : 41.6%",
        "Check-ins clicked: 1765",
        "Check-ins completed: 1121",
        "Pre-check-ins clicked: 6251",
        "Pre-check-ins completed: 2602",
    ]
    assert Path(picture).parent == Path(environment["DESK_STATE_DIR"]) / "charts"
    assert Path(picture).read_bytes().startswith(b"\x89PNG")
    assert talk("!report soon").startswith("I cannot tell which days you mean. Type `!report week`,")
    assert talk("!weekly report").splitlines()[0] == told[0]
