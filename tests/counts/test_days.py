"""Days of counts: asked once by however many people, and never again once they are finished."""

from collections.abc import Collection
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event, Thread, current_thread

import pytest

from opsdesk.datadog import gathering as queries
from opsdesk.datadog.answers import Reason
from opsdesk.datadog.client import CONNECTIONS
from tests.counts.stage import (
    AT,
    CLICKED,
    EXAMPLE,
    METRICS,
    MONDAY,
    CountStage,
    fill,
    point,
)
from tests.datadog.stage import (
    FORBIDDEN,
    DatadogStandIn,
    RawPoint,
)
from tests.oncall.stage import eastern


def test_ten_people_asking_cost_four_queries(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    datadog.delay = 0.05
    found: list[object] = []
    people = [
        Thread(target=lambda n=n: found.append(stage.numbers(MONDAY, AT + timedelta(seconds=n)))) for n in range(10)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert found == [dict(zip(stage.source.file().counters, EXAMPLE.values(), strict=True))] * 10
    assert sorted(datadog.metrics()) == sorted(METRICS)


def test_whoever_gives_up_takes_no_answer_from_others_who_wait_for_it(
    stage: CountStage, datadog: DatadogStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(datadog, "2026-11-23")
    bob_waits, free = Event(), Event()
    alice = current_thread()

    def impatiently(asked: Collection[Future[object]], timeout: float) -> None:
        if current_thread() is alice:
            futures.wait(asked, timeout=0)
        else:
            bob_waits.set()
            futures.wait(asked, timeout)

    monkeypatch.setattr(queries, "wait", impatiently)
    for _ in range(CONNECTIONS):
        stage.queries.do("vagov", free.wait)
    with ThreadPoolExecutor(1) as bob:
        found = bob.submit(stage.numbers, MONDAY, AT)
        bob_waits.wait()
        assert set(stage.numbers(MONDAY, AT).values()) == {Reason.TIMEOUT}
        free.set()
        assert list(found.result().values()) == list(EXAMPLE.values())


def test_what_nobody_waits_for_any_more_is_not_asked(
    stage: CountStage, datadog: DatadogStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(datadog, "2026-11-23")
    free = Event()
    for _ in range(CONNECTIONS):
        stage.queries.do("vagov", free.wait)
    monkeypatch.setattr(queries, "wait", lambda asked, timeout: futures.wait(asked, timeout=0))
    for _ in range(2):
        assert set(stage.numbers(MONDAY, AT).values()) == {Reason.TIMEOUT}
    monkeypatch.undo()
    free.set()
    assert stage.numbers(MONDAY, AT)["check-ins-clicked"] == 1765
    assert len(datadog.asked) == 4


def test_an_answer_is_a_minute_old_at_most(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    stage.source.day(MONDAY, AT)
    later = stage.source.day(MONDAY, AT + timedelta(seconds=59))
    assert len(datadog.asked) == 4
    assert later.end == eastern("2026-11-23 15:42")
    assert stage.source.day(MONDAY, AT + timedelta(seconds=60)).end == eastern("2026-11-23 15:43")
    assert len(datadog.asked) == 8


def test_a_clock_set_back_asks_anew(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    stage.source.day(MONDAY, AT)
    assert stage.source.day(MONDAY, AT - timedelta(hours=1)).end == eastern("2026-11-23 14:42")


def test_a_window_that_has_ended_is_not_answered_from_before_its_end(
    stage: CountStage, datadog: DatadogStandIn
) -> None:
    datadog.add(CLICKED, point("2026-11-23 09:30", 5), point("2026-11-23 19:59:40", 7))
    stage.source.day(MONDAY, eastern("2026-11-23 19:59:30"))
    eight = eastern("2026-11-23 20:00")
    assert stage.numbers(MONDAY, eastern("2026-11-23 20:00:05"), eight)["check-ins-clicked"] == 12


def test_late_points_are_in_the_next_answer(stage: CountStage, datadog: DatadogStandIn) -> None:
    eight = eastern("2026-11-23 20:00")
    late = eastern("2026-11-23 20:05").timestamp()
    datadog.add(CLICKED, point("2026-11-23 09:30", 5))
    datadog.add(CLICKED, RawPoint(eight.timestamp() - 20, 7, arrives=late))
    datadog.now = eight.timestamp()
    assert stage.numbers(MONDAY, eight, eight)["check-ins-clicked"] == 5
    datadog.now = late
    assert stage.numbers(MONDAY, eastern("2026-11-23 20:10"), eight)["check-ins-clicked"] == 12


def test_a_failure_is_not_repeated_for_a_whole_minute(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    datadog.fails(FORBIDDEN)
    stage.source.day(MONDAY, AT)
    datadog.recovers()
    assert stage.numbers(MONDAY, AT + timedelta(seconds=5))["check-ins-clicked"] is Reason.REFUSED
    assert stage.numbers(MONDAY, AT + timedelta(seconds=10))["check-ins-clicked"] == 1765


def test_a_finished_day_is_asked_for_once_and_never_again(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-20")
    before = stage.numbers(date(2026, 11, 20), AT)
    assert len(datadog.asked) == 4
    stage.again()
    assert stage.numbers(date(2026, 11, 20), AT + timedelta(days=300)) == before
    assert len(datadog.asked) == 4


def test_a_day_is_not_kept_while_late_points_may_come(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    stage.source.day(MONDAY, eastern("2026-11-24 00:30"))
    fill(datadog, "2026-11-23")
    assert stage.numbers(MONDAY, eastern("2026-11-24 01:00"))["check-ins-clicked"] == 2 * 1765
    fill(datadog, "2026-11-23")
    assert stage.numbers(MONDAY, eastern("2026-11-24 02:00"))["check-ins-clicked"] == 2 * 1765


def test_another_environment_asks_anew_for_days_that_are_kept(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-20")
    stage.source.day(date(2026, 11, 20), AT)
    stage.text = stage.text.replace('"environment:prod"', '"env:eks-prod"')
    stage.again()
    stage.source.day(date(2026, 11, 20), AT)
    assert len(datadog.asked) == 8
    assert datadog.asked[-1]["query"].partition("{")[2] == "env:eks-prod}.as_count().rollup(sum, 60)"


def test_a_finished_day_without_data_is_asked_for_once_an_hour(stage: CountStage, datadog: DatadogStandIn) -> None:
    day = date(2026, 11, 20)
    assert set(stage.numbers(day, AT).values()) == {Reason.NO_DATA}
    stage.source.day(day, AT + timedelta(minutes=59))
    assert len(datadog.asked) == 4
    fill(datadog, "2026-11-20")
    assert stage.numbers(day, AT + timedelta(minutes=60))["check-ins-clicked"] == 1765


def test_a_damaged_store_costs_a_question_and_no_more(
    stage: CountStage, datadog: DatadogStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    fill(datadog, "2026-11-20")
    stage.source.day(date(2026, 11, 20), AT)
    stage.store.close()
    for path in (stage.folder / "state").rglob("*2026-11-20.json"):
        path.write_text("{")
    stage.open()
    assert stage.numbers(date(2026, 11, 20), AT)["check-ins-clicked"] == 1765
    assert "of 2026-11-20" in caplog.text


def test_the_past_is_fetched_before_the_first_question(stage: CountStage, datadog: DatadogStandIn) -> None:
    for weeks in range(5):
        for weekday in range(7):
            fill(datadog, str(MONDAY + timedelta(days=2 + weekday - 7 * (weeks + 1))))
    wednesday = eastern("2026-11-25 09:00")
    stage.source.prepare(wednesday)
    many = len(datadog.asked)
    stage.source.prepare(wednesday)
    stage.source.compared(date(2026, 11, 25), wednesday)
    stage.source.week(date(2026, 11, 25), wednesday)
    assert len(datadog.asked) == many + 4


def test_preparing_stops_where_datadog_does_not_answer_and_goes_on_later(
    stage: CountStage, datadog: DatadogStandIn
) -> None:
    datadog.fails(FORBIDDEN)
    stage.source.prepare(AT)
    stage.source.prepare(AT + timedelta(minutes=9))
    assert len(datadog.asked) == 4
    datadog.recovers()
    stage.source.prepare(AT + timedelta(minutes=10))
    assert len(datadog.asked) == 4 + 4 * 8
