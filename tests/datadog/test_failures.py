"""Every way not to get an answer of Datadog: its reason, its tries, and the limit it sets."""

import gzip
from datetime import timedelta

import pytest

from opsdesk.datadog.answers import Reason, Unknown
from tests.datadog.asked import AT, SHORT, Asked, values
from tests.datadog.stage import (
    API_KEY,
    BROKEN,
    CUT_SHORT,
    DROP,
    FORBIDDEN,
    HANG,
    HTML,
    QUERY_ERROR,
    DatadogStandIn,
    Fault,
    rate_limited,
)
from tests.patience import LONG, until

FAULTS = [
    (FORBIDDEN, Unknown(Reason.REFUSED, "403, organisation vagov"), 1),
    (Fault(401, "{}"), Unknown(Reason.REFUSED, "401, organisation vagov"), 1),
    (BROKEN, Unknown(Reason.FAILED, "500"), 3),
    (Fault(503, "<html>"), Unknown(Reason.FAILED, "503"), 3),
    (DROP, Unknown(Reason.NO_ANSWER, "connection dropped"), 3),
    (HANG, Unknown(Reason.TIMEOUT), 2),
    (HTML, Unknown(Reason.UNREADABLE), 1),
    (CUT_SHORT, Unknown(Reason.UNREADABLE), 1),
    (Fault(200, ""), Unknown(Reason.UNREADABLE), 1),
    (Fault(200, '{"status": "ok", "series": [{"pointlist": [["x", 1]]}]}'), Unknown(Reason.UNREADABLE), 1),
    (Fault(500, "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")), Unknown(Reason.FAILED, "500"), 3),
    (QUERY_ERROR, Unknown(Reason.QUERY_ERROR, "Rule 'scope_expr' didn't match at '}' (#1:90)."), 1),
    (Fault(200, '{"status": "ok", "error": "half of it"}'), Unknown(Reason.QUERY_ERROR, "half of it"), 1),
    (Fault(400, '{"errors": ["Invalid\\nquery"]}'), Unknown(Reason.QUERY_ERROR, "Invalid query"), 1),
    (Fault(400, "no JSON"), Unknown(Reason.QUERY_ERROR, "400"), 1),
    (Fault(408, "{}"), Unknown(Reason.FAILED, "408"), 3),
    (
        Fault(302, "", {"Location": "https://user@login.example.com/saml?key=1"}),
        Unknown(Reason.REDIRECTED, "302, to login.example.com"),
        1,
    ),
    (Fault(307, "", {"Location": "/api/v1/query"}), Unknown(Reason.REDIRECTED, "307"), 1),
    (Fault(200, '{"status": "ok"}'), Unknown(Reason.UNREADABLE, "it has no list of series"), 1),
    (Fault(200, '{"status": "ok", "series": null}'), Unknown(Reason.UNREADABLE, "it has no list of series"), 1),
    (Fault(200, "[" * 100_000), Unknown(Reason.UNREADABLE), 1),
    (Fault(trickle="body"), Unknown(Reason.TIMEOUT), 2),
    (Fault(trickle="head"), Unknown(Reason.TIMEOUT), 2),
    (Fault(500, trickle="body"), Unknown(Reason.TIMEOUT), 2),
    (Fault(200, b" " * 9_000_000), Unknown(Reason.UNREADABLE, "it is too large"), 1),
    (Fault(500, b" " * 9_000_000), Unknown(Reason.UNREADABLE, "it is too large"), 1),
    (
        Fault(200, gzip.compress(b" " * 9_000_000), {"Content-Encoding": "gzip"}),
        Unknown(Reason.UNREADABLE, "it is too large"),
        1,
    ),
    (Fault(200, "no gzip", {"Content-Encoding": "gzip"}), Unknown(Reason.NO_ANSWER, "connection dropped"), 3),
]


@pytest.mark.parametrize(("fault", "unknown", "tries"), FAULTS)
def test_each_failure_has_its_own_reason(standin: DatadogStandIn, fault: Fault, unknown: Unknown, tries: int) -> None:
    ask = Asked(standin.environment, SHORT if unknown.reason is Reason.TIMEOUT else LONG)
    standin.fails(fault)
    assert ask() == unknown
    until(lambda: len(standin.asked) >= tries, "the tries, of which Datadog reads the last after it was given up")
    assert len(standin.asked) == tries
    assert len(ask.pauses) == tries - 1


@pytest.mark.parametrize("fault", [BROKEN, DROP])
def test_what_fails_for_a_moment_is_tried_again(standin: DatadogStandIn, ask: Asked, fault: Fault) -> None:
    standin.fails(fault, times=2)
    assert values(ask()) == [1765]


def test_pauses_before_the_second_and_third_try_grow_and_vary(standin: DatadogStandIn, ask: Asked) -> None:
    standin.fails(DROP)
    firsts, seconds = set(), set()
    for _ in range(10):
        ask()
        firsts.add(ask.pauses[-2])
        seconds.add(ask.pauses[-1])
    assert all(0.25 <= pause <= 0.5 for pause in firsts)
    assert all(0.5 <= pause <= 1 for pause in seconds)
    assert len(firsts) > 1


def test_nobody_at_the_address_is_no_connection() -> None:
    with DatadogStandIn() as gone:
        environment = gone.environment
    assert Asked(environment)() == Unknown(Reason.NO_ANSWER, "no connection")


@pytest.mark.parametrize("name", ["X-RateLimit-Reset", "x-ratelimit-reset"])
def test_a_rate_limit_is_remembered_until_it_is_over(standin: DatadogStandIn, ask: Asked, name: str) -> None:
    standin.fails(rate_limited(17, name), times=1)
    limited = Unknown(Reason.RATE_LIMITED, retry_at=AT + timedelta(seconds=17))
    assert ask() == limited
    assert ask(AT + timedelta(seconds=16)) == limited
    assert len(standin.asked) == 1
    assert values(ask(AT + timedelta(seconds=17))) == [1765]


@pytest.mark.parametrize(
    "headers", [{}, {"X-RateLimit-Reset": "soon"}, {"Retry-After": "Mon, 23 Nov 2026 20:00:00 GMT"}]
)
def test_a_rate_limit_without_a_sensible_end_lasts_a_minute(
    standin: DatadogStandIn, ask: Asked, headers: dict[str, str]
) -> None:
    standin.fails(Fault(429, "{}", headers))
    assert ask() == Unknown(Reason.RATE_LIMITED, retry_at=AT + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "86400"}, 3600),
        ({"X-RateLimit-Reset": "9" * 400}, 3600),
        ({"X-RateLimit-Reset": "86400", "X-RateLimit-Period": "10"}, 10),
        ({"Retry-After": "90"}, 90),
        ({"Retry-After": "Mon, 23 Nov 2026 20:44:17 GMT"}, 120),
    ],
)
def test_a_rate_limit_lasts_as_long_as_it_says_and_never_longer_than_its_period(
    standin: DatadogStandIn, ask: Asked, headers: dict[str, str], seconds: int
) -> None:
    standin.fails(Fault(429, "{}", headers))
    assert ask() == Unknown(Reason.RATE_LIMITED, retry_at=AT + timedelta(seconds=seconds))


def test_a_server_that_asks_to_wait_is_waited_for_or_left_alone_until_then(standin: DatadogStandIn, ask: Asked) -> None:
    standin.fails(Fault(503, "", {"Retry-After": "2"}), times=1)
    assert values(ask()) == [1765]
    assert ask.pauses == [2]
    standin.fails(Fault(503, "", {"Retry-After": "30"}), times=1)
    busy = Unknown(Reason.FAILED, "503", AT + timedelta(seconds=30))
    assert (ask(), ask(AT + timedelta(seconds=29))) == (busy, busy)
    assert len(standin.asked) == 3
    assert values(ask(AT + timedelta(seconds=30))) == [1765]


def test_the_rate_limit_of_one_organisation_is_not_that_of_another(standin: DatadogStandIn) -> None:
    standin.keys.add(("t" * 32, "u" * 40))
    more = {"DESK_DATADOG_TEVI_API_KEY": "t" * 32, "DESK_DATADOG_TEVI_APP_KEY": "u" * 40}
    ask = Asked(standin.environment | more)
    standin.fails(rate_limited(17), times=1)
    assert ask().reason is Reason.RATE_LIMITED  # type: ignore[union-attr]
    assert values(ask(organisation="tevi")) == [1765]
    assert [one["api_key"] for one in standin.asked] == [API_KEY, "t" * 32]
