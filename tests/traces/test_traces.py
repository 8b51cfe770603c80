"""Error traces: searched as the guide says, grouped, told noisiest first, and nothing in them names a person."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from opsdesk.datadog import Bucket, Datadog, QueryPool, Reason, Span, Unknown
from opsdesk.errors import SettingsError, UserError
from opsdesk.traces import file, words
from opsdesk.traces.groups import Traces, grouped, resource
from opsdesk.traces.source import TraceSource
from opsdesk.traces.typed import read_traces
from tests.conftest import ROOT
from tests.datadog.stage import API_KEY, APP_KEY, FORBIDDEN, DatadogStandIn, Fault, RawSpan
from tests.oncall.stage import EASTERN, eastern

AT = eastern("2026-11-23 15:42:17")
QUARTER = timedelta(minutes=15)
JOB = "PreCacheAppointmentsByClinicJob"
COUNTED = "/api/v2/spans/analytics/aggregate"
FOUND = "/api/v2/spans/events/search"


@pytest.fixture
def datadog() -> Iterator[DatadogStandIn]:
    with DatadogStandIn() as datadog:
        yield datadog


@pytest.fixture
def source(datadog: DatadogStandIn) -> TraceSource:
    keys = {"DESK_DATADOG_TEVI_API_KEY": API_KEY, "DESK_DATADOG_TEVI_APP_KEY": APP_KEY}
    queries = QueryPool(Datadog({"DESK_DATADOG_URL": datadog.url, **keys}, lambda seconds: None))
    kept = file.read(ROOT / "data" / "traces.toml")
    return TraceSource(lambda: kept, queries, lambda: "ddog-gov.com")


def told(source: TraceSource, *names: str, back: timedelta = QUARTER) -> str:
    return words.listing(source.read(AT - back, AT, AT, names), names[0] if names else "", back, AT, EASTERN)


def failing(datadog: DatadogStandIn, many: int, service: str, named: str, **more: str) -> None:
    for number in range(many):
        datadog.spans.append(RawSpan(AT.timestamp() - 60 - number, service, named, **more))


def test_the_noisiest_come_first_each_with_its_latest_example(source: TraceSource, datadog: DatadogStandIn) -> None:
    failing(datadog, 2, "vista-api", "POST /rpc", error="Errno::ECONNREFUSED")
    failing(datadog, 5, "clinician-workflow-api", JOB, error="Net::ReadTimeout", status="504", trace="77")
    assert told(source) == (
        "Error traces, 3:27pm to 3:42pm ET: 7 in 2 groups\n"
        f"• clinician-workflow-api · {JOB}: 5 · Net::ReadTimeout, 504, latest 3:41pm · "
        "https://tevi.ddog-gov.com/apm/trace/77\n"
        "• vista-api · POST /rpc: 2 · Errno::ECONNREFUSED, latest 3:41pm · "
        "https://tevi.ddog-gov.com/apm/trace/8174885344805365765\n"
        "Datadog keeps a part of all traces: there are at least so many. `!links error-traces`"
    )


def test_a_group_that_a_noisy_one_hides_has_its_example_all_the_same(
    source: TraceSource, datadog: DatadogStandIn
) -> None:
    failing(datadog, 150, "clinician-workflow-api", JOB)
    datadog.spans.append(RawSpan(AT.timestamp() - 600, "vista-api", 'POST "rpc"', "Refused", trace="42"))
    lines = told(source).splitlines()
    assert "• vista-api · POST …: 1" in lines[2]
    query = datadog.searched[-1][1]["data"]["attributes"]["filter"]["query"]
    assert query.endswith(r'((service:"vista-api" resource_name:"POST \"rpc\""))')
    assert len(datadog.searched) == 3


def test_the_query_is_the_guides(source: TraceSource, datadog: DatadogStandIn) -> None:
    told(source)
    asked = {path: body["data"]["attributes"] for path, body in datadog.searched}
    assert set(asked) == {COUNTED, FOUND}
    assert asked[COUNTED]["filter"] == {
        "query": "env:prod -service:(clinician-workflow-defaultdb OR clinician-workflow-cache) -status:ok "
        '-@http.path_group:("/lambda/flush" OR "/lambda/hello") -service:project-chipapi-cwsacrificiallambda-prod',
        "from": "2026-11-23T20:27:17Z",
        "to": "2026-11-23T20:42:17Z",
    }
    assert [one["facet"] for one in asked[COUNTED]["group_by"]] == ["service", "resource_name"]


def test_quiet_is_said(source: TraceSource) -> None:
    assert told(source) == "It is quiet: no error trace in the last 15 minutes. `!links error-traces`"
    assert told(source, "vista", back=timedelta(hours=2)) == (
        'It is quiet: no error trace with "vista" in the last 2 hours. `!links error-traces`'
    )


def test_words_narrow_the_search_and_what_is_told(source: TraceSource, datadog: DatadogStandIn) -> None:
    failing(datadog, 2, "vista-api", "POST /rpc")
    failing(datadog, 5, "clinician-workflow-api", JOB)
    assert "clinician" not in told(source, "vista", 'x" OR service:*')
    query = datadog.searched[0][1]["data"]["attributes"]["filter"]["query"]
    assert query.endswith(
        "(service:*vista* OR resource_name:*vista* OR service:*x?OR?service?* OR resource_name:*x?OR?service?*)"
    )


def test_nothing_of_a_span_that_could_name_a_person_is_told(source: TraceSource, datadog: DatadogStandIn) -> None:
    failing(datadog, 1, "vista-api", "GET /patients/1012345678V123456/jane.doe@example.com?name=Jane", error="Refused")
    failing(datadog, 1, "vista-api", "GET /patients/1012345678V654321/jane%20doe?name=Joe", error="Refused")
    assert "• vista-api · GET /patients/…/…: 2 · Refused, latest 3:41pm" in told(source)
    assert "ane" not in told(source)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("GET /v0/sessions/5bcd636c-d4d3-4349-9058-03b2f6b38ced", "GET /v0/sessions/…"),
        ("POST /clinics/442/12", "POST /clinics/…/…"),
        ("SELECT * FROM visits WHERE name = 'Doe'", "SELECT * FROM visits WHERE name = …"),
        (JOB, JOB),
        ("Api::V2::CheckInController#show", "Api::V2::CheckInController#show"),
        ("", "(none)"),
    ],
)
def test_a_resource_is_told_without_ids(raw: str, shown: str) -> None:
    assert resource(raw) == shown


def test_a_failure_is_told_as_what_it_is_and_a_missing_example_costs_no_count(
    source: TraceSource, datadog: DatadogStandIn
) -> None:
    failing(datadog, 1, "vista-api", "POST /rpc")
    datadog.fails(FORBIDDEN, FOUND)
    assert "• vista-api · POST /rpc: 1\n" in told(source)
    datadog.fails(FORBIDDEN, COUNTED)
    assert told(source) == (
        "Error traces unavailable: Datadog refused the keys (403, organisation tevi). `!links error-traces` "
        "leads to them."
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"data": [{"attributes": {"by": {"service": null}, "compute": {"c0": 3}}}]}', None),
        ('{"data": [{"attributes": {"by": {"service": "x"}, "compute": {"c0": "3"}}}]}', Reason.UNREADABLE),
        ('{"data": [{"attributes": {"by": [], "computes": {"c0": -1}}}]}', Reason.UNREADABLE),
        ('{"data": [{"attributes": [1]}]}', Reason.UNREADABLE),
        ('{"data": null}', Reason.UNREADABLE),
        ('{"data": [], "meta": {"status": "timeout"}}', Reason.TIMEOUT),
        ("[]", Reason.UNREADABLE),
        ("<html>", Reason.UNREADABLE),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_number(
    source: TraceSource, datadog: DatadogStandIn, body: str, reason: Reason | None
) -> None:
    datadog.fails(Fault(200, body), COUNTED)
    found = source.read(AT - QUARTER, AT, AT, examples=False)
    assert isinstance(found, Traces) if reason is None else isinstance(found, Unknown) and found.reason is reason


def test_groups_that_differ_by_an_id_alone_are_one() -> None:
    buckets = [Bucket(2, {"service": "a", "resource_name": f"GET /x/{one}00"}) for one in (1, 2)]
    assert [(one.key, one.count) for one in grouped(buckets, [Span("a", "GET /x/300")])] == [("a · GET /x/…", 4)]


def test_what_is_typed_is_read_in_any_order() -> None:
    assert read_traces("") == ("", QUARTER)
    assert read_traces("2h") == ("", timedelta(hours=2))
    assert read_traces("vista in the last 30 min") == ("vista", timedelta(minutes=30))
    assert read_traces("1h 30m clinician workflow") == ("clinician workflow", timedelta(minutes=90))
    assert read_traces("chip errors last 30 min") == ("chip", timedelta(minutes=30))
    assert read_traces("chip in the last hour") == ("chip", timedelta(hours=1))
    with pytest.raises(UserError, match="for a day at most"):
        read_traces("3 days")


def test_the_file_is_checked_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "traces.toml"
    path.write_text('organisation = ""\nquery = "*"\nleave_out = ["-a:b"]\n[watch]\nevery = "2 weeks"\nwithin = "x"\n')
    with pytest.raises(SettingsError) as wrong:
        file.read(path)
    assert [one.partition(": ")[0] for one in wrong.value.complaints] == [
        "traces.toml organisation",
        "traces.toml leave_out",
        "traces.toml [watch] every",
        "traces.toml [watch] within",
    ]
    assert file.read(tmp_path / "none.toml") is file.NOTHING


def test_each_threshold_is_for_what_it_fits() -> None:
    kept = file.read(ROOT / "data" / "traces.toml")
    assert kept.most("clinician-workflow-api", f"Sidekiq {JOB}") == 3
    assert kept.most("clinician-workflow-api", "GET /") == 10
