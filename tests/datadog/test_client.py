"""Datadog asked through its own client: answers, and every way not to get one."""

import gc
import gzip
import logging
import os
import subprocess
import sys
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
from tests.datadog.asked import AT, END, QUERY, SHORT, START, Asked, values
from tests.datadog.stage import (
    API_KEY,
    APP_KEY,
    BROKEN,
    DROP,
    HANG,
    HTML,
    DatadogStandIn,
    Fault,
    rate_limited,
)
from tests.patience import LONG


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


SENTRY_BESIDE = """
import runpy, sentry_sdk
options = runpy.run_path("config.py")["SENTRY_OPTIONS"]
sentry_sdk.init(dsn="http://key@127.0.0.1:9/1", traces_sample_rate=1.0, transport=lambda event: None, **options)
from tests.datadog.asked import Asked, values
import os
with sentry_sdk.start_transaction(name="asked"):
    print(values(Asked(dict(os.environ))()))
"""


def test_sentry_adds_no_headers_to_what_datadog_is_asked(standin: DatadogStandIn, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        **standin.environment,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}",
        "SENTRY_DSN": "http://key@127.0.0.1:9/1",
        "DESK_STATE_DIR": str(tmp_path),
    }
    asked = [sys.executable, "-c", SENTRY_BESIDE]
    done = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["[1765.0]"], done.stderr
    assert standin.headers
    assert not [name for one in standin.headers for name in one if name in ("sentry-trace", "baggage")]


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
