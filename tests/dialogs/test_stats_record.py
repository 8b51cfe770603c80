"""What people type of counts by hand, and what the desk answers: whole conversations."""

from collections.abc import Callable

import pytest

from tests.conftest import Conversation, MovedClock
from tests.counts.stage import LINES, PRE_COMPLETED
from tests.datadog.stage import BROKEN, FORBIDDEN, DatadogStandIn

Talk = Callable[[], Conversation]


def test_numbers_typed_by_hand_stand_until_datadog_answers(
    asking: Talk, datadog: DatadogStandIn, clock: MovedClock
) -> None:
    datadog.fails(FORBIDDEN)
    talk = asking()
    clock.to("2026-11-23 19:58")
    assert talk("!stats record check-ins clicked 1765, check-ins completed 1,121") == (
        "Recorded for today: check-ins clicked 1765, check-ins completed 1121. "
        "They stand, marked as yours, until Datadog answers."
    )
    clock.to("2026-11-23 20:01")
    assert talk("!stats today", by="bob").splitlines()[1:5] == [
        "Completed check-ins % : 63.5% (entered by alice 7:58pm)",
        "Completed pre-check-ins % : unavailable: Datadog refused the keys (403, organisation vagov)",
        "Check-ins clicked: 1765 (entered by alice 7:58pm)",
        "Check-ins completed: 1121 (entered by alice 7:58pm)",
    ]
    datadog.recovers()
    clock.to("2026-11-23 20:02")
    assert "\n".join(talk("!stats today").splitlines()[1:7]) == LINES


def test_a_number_that_datadog_knows_better_is_kept_and_said_not_to_be_shown(
    asking: Talk, datadog: DatadogStandIn
) -> None:
    talk = asking()
    assert talk("!stats record check-ins clicked 1700") == (
        "Recorded for today: check-ins clicked 1700. Kept, but not shown while Datadog answers (1765)."
    )
    datadog.fails(BROKEN, PRE_COMPLETED)
    assert talk("!stats record yesterday check-ins clicked 1700") == (
        "Recorded for yesterday: check-ins clicked 1700. It stands, marked as yours, until Datadog answers."
    )


def test_of_several_numbers_those_that_datadog_knows_are_named(asking: Talk, datadog: DatadogStandIn) -> None:
    datadog.fails(BROKEN, PRE_COMPLETED)
    assert asking()("!stats record pre-check-ins clicked 6000, pre-check-ins completed 2500") == (
        "Recorded for today: pre-check-ins clicked 6000, pre-check-ins completed 2500. "
        "Kept, but not shown while Datadog answers (pre-check-ins clicked 6251). "
        "The others stand, marked as yours, until Datadog answers."
    )


def test_more_completed_than_clicked_is_asked_back_before_it_is_kept(asking: Talk, datadog: DatadogStandIn) -> None:
    datadog.fails(FORBIDDEN)
    talk = asking()
    stand = "It stands, marked as yours, until Datadog answers."
    assert talk("!stats record check-ins clicked 5") == f"Recorded for today: check-ins clicked 5. {stand}"
    assert talk("!stats record check-ins completed 2000") == (
        "More completed (2000) than clicked (5)? Nothing was kept. Type it anew, or, if that is right, "
        "`!stats record check-ins completed 2000 sure`. `!yes` does it."
    )
    assert not any("entered" in line for line in talk("!stats today").splitlines() if "completed:" in line)
    assert talk("!yes") == (f"Recorded for today: check-ins completed 2000. {stand}")
    assert talk("!stats record check-ins clicked 375, check-ins completed 5999") == (  # 1599.7%
        "More completed (5999) than clicked (375)? Nothing was kept. Type it anew, or, if that is right, "
        "`!stats record check-ins clicked 375, check-ins completed 5999 sure`. `!yes` does it."
    )
    assert talk("!stats record pre-check-ins clicked 7") == f"Recorded for today: pre-check-ins clicked 7. {stand}"
    assert "Check-ins completed: 2000 (entered by alice 3:42pm)" in talk("!stats today").splitlines()


def test_a_number_that_cannot_be_beside_those_of_datadog_is_asked_back(asking: Talk, datadog: DatadogStandIn) -> None:
    assert asking()("!stats record check-ins clicked 5") == (
        "More completed (1121) than clicked (5)? Nothing was kept. Type it anew, or, if that is right, "
        "`!stats record check-ins clicked 5 sure`. `!yes` does it."
    )


def test_a_number_by_hand_can_be_taken_back(asking: Talk, datadog: DatadogStandIn) -> None:
    datadog.fails(FORBIDDEN)
    talk = asking()
    talk("!stats record check-ins clicked 5, check-ins completed 3")
    assert talk("!stats record check-ins clicked none") == (
        "Taken back for today: check-ins clicked. What was recorded is removed."
    )
    assert talk("!stats today").splitlines()[3:5] == [
        "Check-ins clicked: unavailable: Datadog refused the keys (403, organisation vagov)",
        "Check-ins completed: 3 (entered by alice 3:42pm)",
    ]
    assert talk("!stats record check-ins completed 4, check-ins clicked none") == (
        "Nothing is recorded as Check-ins clicked for Monday, November 23: there is nothing to take back."
    )
    assert talk("!stats record check-ins clicked 6, check-ins completed None") == (
        "Recorded for today: check-ins clicked 6. It stands, marked as yours, until Datadog answers. "
        "Taken back for today: check-ins completed. What was recorded is removed."
    )


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("check-ins clicked -5", "-5 is not a count: type a whole number."),
        ("1765", "Which counter? `!stats record check-ins clicked 1765`."),
        ("none", "Which counter? `!stats record check-ins clicked none`."),
    ],
)
def test_what_is_no_count_is_not_recorded(asking: Talk, datadog: DatadogStandIn, typed: str, refusal: str) -> None:
    datadog.fails(FORBIDDEN)
    talk = asking()
    assert talk(f"!stats record {typed}") == refusal
    assert "entered by" not in talk("!stats today")


def test_undo_after_counts_says_how_they_are_taken_back_and_leaves_what_was_done_before(
    talk: Conversation, clock: MovedClock
) -> None:
    talk("!incident open VistA timeouts")
    clock.forward(minutes=1)
    talk("!stats record check-ins clicked 1765")
    assert talk("!undo") == (
        "You typed counts last, which `!undo` leaves alone: `!stats record 2026-11-23 check-ins clicked none` does it."
    )
    assert talk("!incident list").startswith("1 open")
    assert talk("!stats record 2026-11-23 check-ins clicked none").startswith("Taken back for today: check-ins")
    assert talk("!undo") == (
        "Your last change is `!stats record`, which `!undo` leaves alone: `!stats record` with the number keeps it "
        "again. Nothing was changed."
    )
    assert talk("!incident list").startswith("1 open")
