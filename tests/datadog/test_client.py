"""Datadog asked through its own client: answers, and every way not to get one."""

import gc
import gzip
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from opsdesk.datadog.answers import QueryAnswer, Reason, Unknown
from opsdesk.datadog.budget import MOST_AN_HOUR
from opsdesk.datadog.client import Datadog
from opsdesk.datadog.keys import Keys, read_keys
from opsdesk.datadog.searches import Search, SearchKind
from opsdesk.datadog.words import reason
from tests.conftest import ROOT
from tests.counts.stage import CLICKED, point
from tests.datadog.stage import (
    API_KEY,
    APP_KEY,
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
from tests.oncall.stage import eastern
from tests.patience import LONG, until

START, END = eastern("2026-11-23 00:00"), eastern("2026-11-23 15:42")
AT = eastern("2026-11-23 15:42:17")
SHORT = 0.3  # seconds, for what is not answered at all
QUERY = f"sum:{CLICKED}{{environment:prod}}.as_count().rollup(sum, 60)"


@pytest.fixture
def standin() -> Iterator[DatadogStandIn]:
    with DatadogStandIn() as standin:
        standin.add(CLICKED, point("2026-11-23 09:30:15", 1765))
        yield standin


class Asked:
    """A Datadog that waits without waiting: `pauses` has how long it would have."""

    def __init__(self, environment: dict[str, str], timeout: float = LONG) -> None:
        self.pauses: list[float] = []
        self.datadog = Datadog(environment, self.pauses.append, timeout=timeout)

    def __call__(self, at=AT, organisation: str = "vagov") -> QueryAnswer | Unknown:  # type: ignore[no-untyped-def]
        return self.datadog.query(organisation, "ddog-gov.com", QUERY, START, END, at)


@pytest.fixture
def ask(standin: DatadogStandIn) -> Asked:
    return Asked(standin.environment)


def values(answer: QueryAnswer | Unknown) -> list[float | None]:
    assert isinstance(answer, QueryAnswer)
    return [value for one in answer.series for _, value in one.pointlist]


def test_a_query_is_answered_with_its_points_and_the_queries_left(standin: DatadogStandIn, ask: Asked) -> None:
    answer = ask()
    assert values(answer) == [1765]
    assert isinstance(answer, QueryAnswer)
    assert answer.left == 1599
    assert standin.asked == [
        {
            "path": "/api/v1/query",
            "api_key": API_KEY,
            "from": str(int(START.timestamp())),
            "to": str(int(END.timestamp())),
            "query": QUERY,
        }
    ]


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


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "DESK_DATADOG_VAGOV_API_KEY and DESK_DATADOG_VAGOV_APP_KEY not set"),
        ({"DESK_DATADOG_VAGOV_API_KEY": "x"}, "DESK_DATADOG_VAGOV_APP_KEY not set"),
        (
            {"DESK_DATADOG_VAGOV_API_KEY": " \n", "DESK_DATADOG_VAGOV_APP_KEY": "x"},
            "DESK_DATADOG_VAGOV_API_KEY not set",
        ),
        (
            {"DESK_DATADOG_VAGOV_API_KEY": "a\nb"},
            "DESK_DATADOG_VAGOV_API_KEY with a blank or line end inside",
        ),
    ],
)
def test_an_organisation_without_both_keys_is_not_configured(environment: dict[str, str], said: str) -> None:
    assert Asked(environment)() == Unknown(Reason.NOT_CONFIGURED, said)


def test_keys_are_read_by_organisation_without_the_blanks_around_them() -> None:
    environment = {
        "DESK_DATADOG_VAGOV_API_KEY": " one\r\n",
        "DESK_DATADOG_VAGOV_APP_KEY": "two\n",
        "DESK_DATADOG_TEVI_API_KEY": "three",
        "DESK_DATADOG_URL": "http://127.0.0.1:9",
        "DD_API_KEY": "not ours",
    }
    assert read_keys(environment) == {"vagov": Keys("one", "two"), "tevi": Keys("three", "")}
    assert "one" not in repr(read_keys(environment))


def test_nothing_of_the_clients_own_variables_comes_in(
    standin: DatadogStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"DD_SITE": "datadoghq.eu", "DD_API_KEY": "theirs", "DD_APP_KEY": "theirs"}.items():
        monkeypatch.setenv(name, value)
    assert values(Asked(standin.environment)()) == [1765]
    assert [one["api_key"] for one in standin.asked] == [API_KEY]
    without_url = {name: value for name, value in standin.environment.items() if name != "DESK_DATADOG_URL"}
    client = Datadog(without_url)._client("vagov", "ddog-gov.com")
    assert client.configuration.host == "https://api.ddog-gov.com"
    assert client.configuration.api_key == {"apiKeyAuth": API_KEY, "appKeyAuth": APP_KEY}
    assert Asked({"DESK_DATADOG_URL": standin.url})().reason is Reason.NOT_CONFIGURED  # type: ignore[union-attr]


def test_a_client_is_made_once_for_each_organisation(ask: Asked) -> None:
    ask()
    first = ask.datadog._clients["vagov", "ddog-gov.com"]
    ask()
    assert list(ask.datadog._clients.values()) == [first]


SECRETS = ("planted0api0key", "planted0app0key")
PLANTED = {
    "DESK_DATADOG_VAGOV_API_KEY": f"{SECRETS[0]}\n",
    "DESK_DATADOG_VAGOV_APP_KEY": f"\t{SECRETS[1]}\r\n",
    "DESK_DATADOG_TEVI_API_KEY": f"{SECRETS[0]}\n{SECRETS[0]}",
    "DESK_DATADOG_TEVI_APP_KEY": SECRETS[1],
}
ECHOING = [
    Fault(400, '{"errors": ["no such key: planted0api0key"]}'),
    Fault(403, '{"errors": ["planted0app0key"]}'),
    Fault(200, '{"status": "error", "error": "planted0api0key is not allowed"}'),
    Fault(500, "planted0api0key"),
    rate_limited(5),
    HTML,
    DROP,
    HANG,
]


@pytest.mark.parametrize("fault", ECHOING)
def test_keys_are_in_no_answer_no_log_and_no_exception(
    standin: DatadogStandIn, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.fails(fault)
    ask = Asked({"DESK_DATADOG_URL": standin.url, **PLANTED}, SHORT if fault is HANG else LONG)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    told = [repr(ask()), repr(ask(organisation="tevi")), repr(ask.datadog), caplog.text]
    told += [f"{one!r} {one} {one.__context__!r}" for one in gc.get_objects() if _is_ours(one)]
    assert not [text for text in told for secret in SECRETS if secret in text]
    assert "Datadog, organisation vagov" in caplog.text


def _is_ours(one: object) -> bool:
    return isinstance(one, BaseException) and type(one).__module__.startswith("opsdesk")


def test_a_dashboards_definition_is_fetched_by_its_id(standin: DatadogStandIn, ask: Asked) -> None:
    standin.dashboards["zps-5fk-azw"] = {"title": "check-in vets-api", "widgets": []}
    known = ask.datadog.dashboard("vagov", "ddog-gov.com", "zps-5fk-azw", AT)
    assert known == {"title": "check-in vets-api", "widgets": []}
    unknown = ask.datadog.dashboard("vagov", "ddog-gov.com", "zps-5fk-xxx", AT)
    assert unknown == Unknown(Reason.NOT_FOUND, "Dashboard with ID zps-5fk-xxx not found")


def test_the_client_is_not_imported_before_it_is_asked(tmp_path: Path) -> None:
    code = "import sys; import opsdesk.desk; print([name for name in sys.modules if name.startswith('datadog_api')])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "plugins")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_packed_answer_is_unpacked(standin: DatadogStandIn, ask: Asked) -> None:
    packed = gzip.compress(b'{"status": "ok", "series": [{"pointlist": [[1, 3]]}]}')
    standin.fails(Fault(200, packed, {"Content-Encoding": "gzip"}), times=1)
    assert values(ask()) == [3]


def test_a_connection_is_kept_for_the_next_question(standin: DatadogStandIn, ask: Asked) -> None:
    for _ in range(3):
        assert values(ask()) == [1765]
    manager = ask.datadog._clients["vagov", "ddog-gov.com"].rest_client.pool_manager
    assert manager.connection_from_url(standin.url).num_connections == 1


def test_an_hour_has_so_many_questions_about_traces_and_logs_for_each_organisation(standin: DatadogStandIn) -> None:
    datadog, search = Datadog(standin.environment, lambda seconds: None), Search(SearchKind.LOGS, "*", START, AT)
    minutes = [AT + timedelta(seconds=20 * number) for number in range(MOST_AN_HOUR + 1)]
    found = [datadog.count("vagov", "ddog-gov.com", search, one) for one in minutes]
    assert [isinstance(one, tuple) for one in found] == [True] * MOST_AN_HOUR + [False]
    assert found[-1] == Unknown(Reason.SPENT, retry_at=AT + timedelta(hours=1))
    assert reason(found[-1], minutes[-1]) == "the hour's questions about logs and traces are spent, try again in 600 s"
    assert isinstance(datadog.query("vagov", "ddog-gov.com", QUERY, START, END, minutes[-1]), QueryAnswer)
    assert datadog.count("vagov", "ddog-gov.com", search, AT + timedelta(hours=1)) == ()


def test_every_try_of_a_question_about_logs_counts(standin: DatadogStandIn) -> None:
    datadog = Datadog(standin.environment, lambda seconds: None)
    standin.fails(BROKEN, "/api/v2/logs/analytics/aggregate")
    found = datadog.count("vagov", "ddog-gov.com", Search(SearchKind.LOGS, "*", START, AT), AT)
    assert isinstance(found, Unknown)
    assert found.reason is Reason.FAILED
    assert datadog.budget.left("vagov", AT) == MOST_AN_HOUR - len(standin.searched) == MOST_AN_HOUR - 3
