"""Many questions at once: nobody who has given up keeps anybody else waiting."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import timedelta

import pytest

from opsdesk.datadog.answers import QueryAnswer, Reason, Unknown
from opsdesk.datadog.client import CONNECTIONS, Datadog
from opsdesk.datadog.gathering import QueryPool
from tests.counts.stage import CLICKED, point
from tests.datadog.stage import API_KEY, APP_KEY, DatadogStandIn, Fault
from tests.oncall.stage import eastern
from tests.patience import LONG, until

START, END = eastern("2026-11-23 00:00"), eastern("2026-11-23 15:42")
TRICKLE = Fault(trickle="body")
TEVI = {"DESK_DATADOG_TEVI_API_KEY": API_KEY, "DESK_DATADOG_TEVI_APP_KEY": APP_KEY}


@pytest.fixture
def standin() -> Iterator[DatadogStandIn]:
    with DatadogStandIn() as standin:
        standin.add(CLICKED, point("2026-11-23 09:30:15", 1765))
        yield standin


@pytest.fixture
def pool(standin: DatadogStandIn) -> QueryPool:
    return QueryPool(Datadog(standin.environment | TEVI, timeout=LONG), budget=LONG)


def asking(pool: QueryPool, organisation: str = "vagov") -> Future[QueryAnswer | Unknown]:
    query = f"sum:{CLICKED}{{environment:prod}}.as_count().rollup(sum, 60)"
    return pool.ask(organisation, "ddog-gov.com", query, START, END, END + timedelta(seconds=17))


def test_a_question_that_everybody_left_ends_and_frees_its_place(standin: DatadogStandIn, pool: QueryPool) -> None:
    standin.fails(TRICKLE, times=CONNECTIONS)
    left = [asking(pool) for _ in range(CONNECTIONS)]
    until(lambda: len(standin.asked) == CONNECTIONS, "all to be asked")
    assert set(pool.gather(dict(enumerate(left)), patience=0.2).values()) == {Unknown(Reason.TIMEOUT)}
    assert [future.result(LONG) for future in left] == [Unknown(Reason.TIMEOUT)] * CONNECTIONS
    assert len(standin.asked) == CONNECTIONS  # none was tried again
    assert isinstance(pool.gather({0: asking(pool)})[0], QueryAnswer)


def test_a_question_that_one_of_two_left_goes_on(standin: DatadogStandIn, pool: QueryPool) -> None:
    standin.free.clear()
    future = asking(pool)
    assert pool.join(future)
    pool.leave(future)
    standin.free.set()
    assert isinstance(pool.gather({0: future})[0], QueryAnswer)


def test_a_question_that_was_left_cannot_be_joined(standin: DatadogStandIn, pool: QueryPool) -> None:
    standin.fails(TRICKLE, times=1)
    future = asking(pool)
    assert standin.left_alone.wait(0) is False
    pool.leave(future)
    assert not pool.join(future)


def test_no_organisation_takes_the_places_of_another(standin: DatadogStandIn, pool: QueryPool) -> None:
    begun, free = threading.Barrier(CONNECTIONS + 1), threading.Event()
    for _ in range(CONNECTIONS):
        pool.do("tevi", lambda: (begun.wait(LONG), free.wait(LONG)))
    begun.wait(LONG)
    assert isinstance(pool.gather({0: asking(pool)})[0], QueryAnswer)
    free.set()
