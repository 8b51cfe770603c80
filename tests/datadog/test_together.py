"""Queries asked together: one request for all, and one that Datadog cannot run costs the others nothing for long."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from opsdesk.datadog import Datadog, Reason, Together, Unknown
from opsdesk.datadog.answers import QueryAnswer
from tests.counts.stage import CLICKED, COMPLETED, point
from tests.datadog.stage import FORBIDDEN, QUERY_ERROR, DatadogStandIn
from tests.oncall.stage import eastern

START, END = eastern("2026-11-23 14:42"), eastern("2026-11-23 15:42")
AT = eastern("2026-11-23 15:42:17")
QUERIES = [f"sum:{metric}{{*}}.as_count()" for metric in (CLICKED, COMPLETED)]


@pytest.fixture
def standin() -> Iterator[DatadogStandIn]:
    with DatadogStandIn() as standin:
        for metric in (CLICKED, COMPLETED):
            standin.add(metric, point("2026-11-23 15:30:15", 7))
        yield standin


def asked(together: Together, minutes: int = 0, queries: list[str] = QUERIES) -> list[Reason | None]:
    """Why there is no answer to each query; None where there is one."""
    at = AT + timedelta(minutes=minutes)
    found = together.ask("vagov", "ddog-gov.com", queries, START, END, at)
    return [one.reason if isinstance(one, Unknown) else None for one in found]


def test_all_are_asked_in_one_request(standin: DatadogStandIn) -> None:
    together = Together(Datadog(standin.environment))
    found = together.ask("vagov", "ddog-gov.com", QUERIES, START, END, AT)
    assert [one.series[0].pointlist[0][1] for one in found if isinstance(one, QueryAnswer)] == [7, 7]
    assert len(standin.asked) == 1


def test_one_that_cannot_be_run_is_left_out_for_a_while(standin: DatadogStandIn) -> None:
    together = Together(Datadog(standin.environment))
    standin.fails(QUERY_ERROR, CLICKED)
    assert asked(together) == [Reason.QUERY_ERROR, None]
    assert len(standin.asked) == 3
    assert asked(together, 1) == [Reason.QUERY_ERROR, None]
    assert len(standin.asked) == 4
    standin.recovers()
    assert asked(together, 16) == [None, None]


def test_what_keeps_all_from_being_asked_is_not_asked_again_for_each(standin: DatadogStandIn) -> None:
    standin.fails(FORBIDDEN)
    assert asked(Together(Datadog(standin.environment))) == [Reason.REFUSED] * 2
    assert len(standin.asked) == 1


def test_a_request_is_no_longer_than_servers_take(standin: DatadogStandIn) -> None:
    queries = [f"sum:{CLICKED}{{host:{'x' * 500}{number}}}.as_count()" for number in range(25)]
    assert asked(Together(Datadog(standin.environment)), queries=queries) == [None] * 25
    assert 1 < len(standin.asked) < 5
