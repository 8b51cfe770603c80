"""Counts typed by hand: read as people type them, marked, giving way to those of Datadog."""

from datetime import date
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from opsdesk.chat import Person
from opsdesk.counts import source as count_source
from opsdesk.counts import words
from opsdesk.counts.counts import Entered
from opsdesk.counts.entries import read_entries
from opsdesk.counts.file import CountsFile, read
from opsdesk.counts.undo import last_typed
from opsdesk.datadog.client import CONNECTIONS
from opsdesk.errors import UserError
from tests.conftest import ROOT
from tests.counts.stage import (
    AT,
    CLICKED,
    MONDAY,
    CountStage,
    fill,
)
from tests.datadog.stage import (
    BROKEN,
    FORBIDDEN,
    DatadogStandIn,
)
from tests.oncall.stage import EASTERN, eastern
from tests.patience import LONG


def entered(stage: CountStage) -> None:
    stage.source.record(MONDAY, {"check-ins-clicked": 1700}, "alice", eastern("2026-11-23 19:58"))


def test_a_number_by_hand_stands_marked_while_datadog_does_not_answer(
    stage: CountStage, datadog: DatadogStandIn
) -> None:
    fill(datadog, "2026-11-23")
    datadog.fails(BROKEN, CLICKED)
    entered(stage)
    eight = eastern("2026-11-23 20:00")
    counts = stage.source.window(MONDAY, eight, eight)
    assert words.counter_lines(counts).splitlines() == [
        "Completed check-ins % : 65.9% (entered by alice 7:58pm)",
        "Completed pre-check-ins % : 41.6%",
        "Check-ins clicked: 1700 (entered by alice 7:58pm)",
        "Check-ins completed: 1121",
        "Pre-check-ins clicked: 6251",
        "Pre-check-ins completed: 2602",
    ]
    assert counts.known
    assert not counts.complete


def test_a_number_by_hand_gives_way_to_datadogs(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    entered(stage)
    assert stage.numbers(MONDAY, AT)["check-ins-clicked"] == 1765


def test_a_number_by_hand_outlives_a_restart_and_says_its_day(stage: CountStage, datadog: DatadogStandIn) -> None:
    datadog.fails(FORBIDDEN)
    entered(stage)
    stage.again()
    counts = stage.source.day(MONDAY, eastern("2026-11-25 09:00"))
    assert words.counter_lines(counts).splitlines()[2] == "Check-ins clicked: 1700 (entered by alice Nov 23 7:58pm)"


def test_typing_a_number_tells_whoever_shows_it(stage: CountStage) -> None:
    told: list[str] = []
    stage.listeners.append(lambda: told.append("changed"))
    entered(stage)
    assert told == ["changed"]


def test_whoever_types_a_number_does_not_wait_for_a_datadog_that_hangs(
    stage: CountStage, datadog: DatadogStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(datadog, "2026-11-23")
    datadog.free.clear()
    monkeypatch.setattr(count_source, "PATIENCE", 0)
    assert stage.source.answered(MONDAY, AT) == {}
    datadog.free.set()
    monkeypatch.undo()
    assert stage.source.answered(MONDAY, AT)["check-ins-clicked"] == 1765


def test_whoever_types_a_number_hears_of_datadogs_through_the_last_free_connection(
    stage: CountStage, datadog: DatadogStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(datadog, "2026-11-23")
    monkeypatch.setattr(count_source, "PATIENCE", LONG)
    free = Event()
    for _ in range(CONNECTIONS - 1):
        stage.queries.do("vagov", free.wait)
    assert stage.source.answered(MONDAY, AT)["check-ins-clicked"] == 1765
    free.set()


@pytest.fixture
def shipped() -> CountsFile:
    return read(ROOT / "data" / "counts.toml")


@pytest.mark.parametrize(
    ("typed", "day", "numbers"),
    [
        ("check-ins clicked 1765", MONDAY, {"check-ins-clicked": 1765}),
        ("Check-ins clicked: 1,765", MONDAY, {"check-ins-clicked": 1765}),
        ("check ins clicked=0", MONDAY, {"check-ins-clicked": 0}),
        ("check-ins clicked - 1765", MONDAY, {"check-ins-clicked": 1765}),
        ("check-ins-clicked-1765", MONDAY, {"check-ins-clicked": 1765}),
        (
            "check-ins clicked none, check-ins completed 5",
            MONDAY,
            {"check-ins-clicked": None, "check-ins-completed": 5},
        ),
        (
            "check-ins clicked 1765, check-ins completed 1121",
            MONDAY,
            {"check-ins-clicked": 1765, "check-ins-completed": 1121},
        ),
        ("yesterday pre-check-ins clicked 6", date(2026, 11, 22), {"pre-check-ins-clicked": 6}),
        ("2026-11-20 pre-check-ins completed 6", date(2026, 11, 20), {"pre-check-ins-completed": 6}),
        (
            "Completed check-ins % : 63.5%\nCheck-ins clicked: 1765\nCheck-ins completed: 1121",
            MONDAY,
            {"check-ins-clicked": 1765, "check-ins-completed": 1121},
        ),
    ],
)
def test_numbers_are_read_as_people_type_them(
    shipped: CountsFile, typed: str, day: date, numbers: dict[str, int | None]
) -> None:
    assert read_entries(typed, shipped, MONDAY) == (day, numbers)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", "Type a counter and its number, such as `!stats record check-ins clicked 1765`. The counters are"),
        ("check-ins clicked", '"check-ins clicked" has no number behind it.'),
        ("1765", "Which counter? `!stats record check-ins clicked 1765`."),
        ("check-ins clicked -5", "-5 is not a count: type a whole number."),
        ("check-ins clicked: +5", "+5 is not a count: type a whole number."),
        ("check-ins clicked \u22125", "\u22125 is not a count: type a whole number."),
        ("check-ins clicked 5, check-ins completed -3", "-3 is not a count: type a whole number."),
        ("check-ins clickd 5", 'There is no counter called "check-ins clickd". Did you mean Check-ins clicked?'),
        ("check-ins clicked 5 check-ins clicked 6", "Check-ins clicked is given twice."),
        ("check-ins clicked 17.5", "17.5 is not a count: type a whole number."),
        ("check-ins clicked 99999999999", "99999999999 is not a count"),
        (f"check-ins clicked {'9' * 5000}", f"{'9' * 20} is not a count"),
        ("check-ins clicked 5 and so on", '"and so on" has no number behind it.'),
        ("tomorrow check-ins clicked 5", "Tuesday, November 24 has not begun"),
    ],
)
def test_what_cannot_be_a_number_is_refused(shipped: CountsFile, typed: str, refusal: str) -> None:
    with pytest.raises(UserError) as refused:
        read_entries(typed, shipped, MONDAY)
    assert refusal in str(refused.value)


def test_a_counter_that_the_file_has_lost_since_is_named_by_its_key() -> None:
    typed = {"gone": Entered(1765, "alice", AT)}
    source: Any = SimpleNamespace(
        zone=EASTERN, file=lambda: SimpleNamespace(counters={}), entered=lambda day: typed if day == MONDAY else {}
    )
    last = last_typed(source, Person("@alice", "alice"), AT)
    assert last
    with pytest.raises(UserError, match="`!stats record 2026-11-23 gone none` does it"):
        last.undo()
