"""Talking about error traces: all of them, those of a subsystem, those behind an alert."""

import pytest

from tests.conftest import Conversation, MovedClock
from tests.datadog.stage import API_KEY, APP_KEY, DatadogStandIn, RawSpan
from tests.dialogs.conftest import Talk
from tests.dialogs.test_alerts import came

JOB = "PreCacheAppointmentsByClinicJob"


@pytest.fixture
def failing(environment: dict[str, str], datadog: DatadogStandIn, clock: MovedClock, start: Talk) -> Conversation:
    """A desk with keys of TEVI's, at 1:12pm: in the last minutes a job failed four times, and vista-api once."""
    keys = {"DESK_DATADOG_TEVI_API_KEY": API_KEY, "DESK_DATADOG_TEVI_APP_KEY": APP_KEY}
    environment |= {"DESK_DATADOG_URL": datadog.url, **keys}
    now = clock.at.timestamp()
    datadog.spans += [RawSpan(now - 60 * one, "clinician-workflow-api", JOB, "Net::ReadTimeout") for one in range(1, 5)]
    datadog.spans.append(RawSpan(now - 90, "vista-api", "POST /rpc", "Errno::ECONNREFUSED", trace="42"))
    return start()


def test_traces_are_asked_for_as_people_type(failing: Conversation) -> None:
    told = failing("!traces")
    assert told.splitlines()[0] == "Error traces, 12:57pm to 1:12pm ET: 5 in 2 groups"
    assert failing("!error traces 15m") == failing("!trace") == told
    assert failing("!traces vista 2h").splitlines()[:2] == [
        'Error traces with "vista", 11:12am to 1:12pm ET: 1',
        "• vista-api · POST /rpc: 1 · Errno::ECONNREFUSED, latest 1:10pm · https://tevi.ddog-gov.com/apm/trace/42",
    ]
    assert failing("!traces lorota").startswith('It is quiet: no error trace with "lorota" in the last 15 minutes.')


def test_traces_without_keys_lead_to_where_they_are(talk: Conversation) -> None:
    assert talk("!traces") == "Error traces unavailable: not configured. `!links error-traces` leads to them."


def test_the_traces_of_an_alerts_minutes_stand_below_it(failing: Conversation) -> None:
    came(failing, "datadog_legacy_attachment")
    assert (
        f"Error traces 1:00pm to 1:12pm: clinician-workflow-api · {JOB}: 4 (Net::ReadTimeout); "
        "vista-api · POST /rpc: 1 (Errno::ECONNREFUSED)"
    ) in failing("!alerts 1").splitlines()
