"""Counts that are not known: the others are, and it is told why one is not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import ClassVar

import pytest

from opsdesk.counts import words
from opsdesk.counts.counts import Entered, KnownCount
from opsdesk.datadog import calls
from opsdesk.datadog.answers import Reason
from tests.counts.stage import (
    AT,
    MONDAY,
    PRE_CLICKED,
    CountStage,
    OpenStage,
    counts_of,
    fill,
)
from tests.datadog.stage import (
    BROKEN,
    DROP,
    FORBIDDEN,
    HANG,
    HTML,
    QUERY_ERROR,
    DatadogStandIn,
    Fault,
    rate_limited,
)
from tests.oncall.stage import eastern
from tests.patience import until


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (FORBIDDEN, Reason.REFUSED),
        (BROKEN, Reason.FAILED),
        (DROP, Reason.NO_ANSWER),
        (HTML, Reason.UNREADABLE),
        (QUERY_ERROR, Reason.QUERY_ERROR),
        (rate_limited(17), Reason.RATE_LIMITED),
        (Fault(200, '{"status": "ok", "series": []}'), Reason.NO_DATA),
    ],
)
def test_one_counter_failing_leaves_the_other_three(
    open_stage: OpenStage, datadog: DatadogStandIn, fault: Fault, reason: Reason
) -> None:
    stage = open_stage()
    fill(datadog, "2026-11-23")
    datadog.fails(fault, PRE_CLICKED)
    numbers = stage.numbers(MONDAY, AT)
    assert numbers.pop("pre-check-ins-clicked") is reason
    if reason is not Reason.RATE_LIMITED:  # that one is the organisation's: whoever was not first has it too
        assert list(numbers.values()) == [1765, 1121, 2602]


class TimeOut:
    """A threading.Timer that rings when a test has it ring."""

    running: ClassVar[list["TimeOut"]] = []

    def __init__(self, seconds: float, ring: Callable[[], None]) -> None:
        self.ring = ring
        self.running.append(self)

    def start(self) -> None:
        """Nothing: it runs already."""

    def cancel(self) -> None:
        self.running.remove(self)


def test_one_counter_that_is_not_answered_leaves_the_other_three(
    open_stage: OpenStage, datadog: DatadogStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = open_stage()
    fill(datadog, "2026-11-23")
    datadog.fails(HANG, PRE_CLICKED)
    monkeypatch.setattr(calls.threading, "Timer", TimeOut)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(stage.numbers, MONDAY, AT)
        for tries in (1, 2):
            until(
                lambda so_far=3 + tries: len(datadog.asked) == so_far and len(TimeOut.running) == 1, "the other three"
            )
            TimeOut.running[0].ring()
        numbers = asked.result()
    assert numbers.pop("pre-check-ins-clicked") is Reason.TIMEOUT
    assert list(numbers.values()) == [1765, 1121, 2602]


def test_a_command_waits_no_longer_than_its_budget(open_stage: OpenStage, datadog: DatadogStandIn) -> None:
    stage = open_stage(budget=0.2)
    datadog.fails(HANG)
    assert set(stage.numbers(MONDAY, AT).values()) == {Reason.TIMEOUT}
    assert len(datadog.asked) <= 4


def test_after_a_rate_limit_nothing_is_asked_until_it_is_over(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    datadog.fails(rate_limited(40))
    stage.source.day(MONDAY, AT)
    datadog.recovers()
    many = len(datadog.asked)
    counts = stage.source.day(MONDAY, AT + timedelta(seconds=20))
    assert len(datadog.asked) == many
    assert words.unavailable(counts) == "Datadog's rate limit is reached, try again in 20 s"
    assert stage.numbers(MONDAY, AT + timedelta(seconds=60))["check-ins-clicked"] == 1765


def test_without_keys_the_reason_is_told_alone_and_the_log_names_what_to_set(
    stage: CountStage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.environment.clear()
    stage.again()
    unset = "DESK_DATADOG_VAGOV_API_KEY and DESK_DATADOG_VAGOV_APP_KEY"
    assert words.unavailable(stage.source.day(MONDAY, AT)) == "not configured"
    assert caplog.messages == [f"Datadog, organisation vagov: not configured {unset} not set"]


def test_without_keys_the_console_shows_the_shipped_samples_and_says_so(
    open_stage: OpenStage, datadog: DatadogStandIn
) -> None:
    stage = open_stage(samples=True)
    stage.environment.clear()
    stage.again()
    counts, comparison = stage.source.compared(MONDAY, AT)
    assert words.report(counts, comparison) == (
        "Check-in counts, midnight to 3:42pm ET, Monday November 23 (sample counts: no Datadog keys configured)\n"
        + words.counter_lines(counts_of(1765, 1121, 6251, 2602))
    )
    stage.source.record(MONDAY, {"check-ins-clicked": 1700}, "alice", eastern("2026-11-23 19:58"))
    assert stage.source.day(MONDAY, AT).values["check-ins-clicked"] == KnownCount(
        1700, Entered(1700, "alice", eastern("2026-11-23 19:58"))
    )
    assert datadog.asked == []


def test_with_any_key_there_are_no_samples(open_stage: OpenStage) -> None:
    stage = open_stage(samples=True)
    del stage.environment["DESK_DATADOG_VAGOV_APP_KEY"]
    stage.again()
    assert set(stage.numbers(MONDAY, AT).values()) == {Reason.NOT_CONFIGURED}
