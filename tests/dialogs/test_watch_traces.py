"""The watch on error traces: told once, also through a restart, as an alert that recovers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Conversation, MovedClock
from tests.datadog.stage import API_KEY, APP_KEY, BROKEN, DatadogStandIn, RawSpan
from tests.dialogs.test_watch import MINUTES, Watching

JOB = "PreCacheAppointmentsByClinicJob"


class WatchingTraces(Watching):
    """Error traces looked at every five minutes."""

    def look(self) -> list[str]:
        self.talk.tick()
        assert self.talk.plugin("watch").desk.watch.traces.wait(MINUTES)
        self.talk.tick()
        return self.said()

    def watched(self, lines: list[str]) -> list[str]:  # type: ignore[override]
        return [line.partition("] ")[2] for line in lines if line.partition("] ")[2][:1] in ("🔴", "✅")]

    def fails(self, many: int, service: str, named: str) -> None:
        now = self.clock.at.timestamp()
        self.datadog.spans += [
            RawSpan(now - 20 * number - 1, service, named, "Net::ReadTimeout") for number in range(many)
        ]


@pytest.fixture
def watching(
    environment: dict[str, str], datadog: DatadogStandIn, clock: MovedClock, start: Callable[[], Conversation]
) -> WatchingTraces:
    """Monday, November 23, with keys of TEVI's alone."""
    clock.to("2026-11-23 12:30:00")
    keys = {"DESK_DATADOG_TEVI_API_KEY": API_KEY, "DESK_DATADOG_TEVI_APP_KEY": APP_KEY}
    environment |= {"DESK_DATADOG_URL": datadog.url, **keys}
    return WatchingTraces(start, clock, datadog, Path(environment["DESK_DATA_DIR"]))


def test_more_than_a_few_failures_of_a_job_are_told_once_and_that_they_are_over(watching: WatchingTraces) -> None:
    watching.to("1:30pm")
    watching.fails(3, "clinician-workflow-api", JOB)
    assert watching.run("1:30pm", "1:31pm") == []
    watching.to("1:35pm")
    watching.fails(4, "clinician-workflow-api", JOB)
    told = (
        f"🔴 Error traces, clinician-workflow-api · {JOB}: 7 in 10 minutes (told from more than 3) · "
        "Net::ReadTimeout, latest 1:35pm · https://tevi.ddog-gov.com/apm/trace/8174885344805365765"
    )
    assert watching.run("1:35pm", "1:36pm") == [f"1:35pm {told}"] * 2  # in the channel and to the person on call
    watching.again()
    assert watching.run("1:40pm", "1:44pm") == []
    (line,) = [one for one in watching.talk("!alerts").splitlines() if JOB in one]
    assert line.startswith(
        f"1. 🔴 Error traces, clinician-workflow-api · {JOB}: 7 in 10 minutes · clinician-workflow-api"
    )
    assert watching.run("1:50pm", "1:58pm") == [
        f"1:55pm ✅ Error traces, clinician-workflow-api · {JOB}: well again since 1:50pm: none in 10 minutes. "
        "From 1:35pm to 1:50pm, at worst 7 in 10 minutes."
    ]
    assert "✅ Recovered" in watching.talk("!alerts 1")
    line = f"*Watch* Error traces, clinician-workflow-api · {JOB}: from 1:35pm to 1:50pm, at worst 7 in 10 minutes"
    assert line in watching.talk("!summary").splitlines()


def test_many_at_once_are_one_message(watching: WatchingTraces) -> None:
    watching.to("1:30pm")
    for number in range(20):
        watching.fails(11 + number, "vista-api", f"POST /rpc/{chr(97 + number)}")
    assert (
        watching.run("1:30pm", "1:31pm")
        == [
            "1:30pm 🔴 Error traces: 410 in 10 minutes, of 20 services and resources · vista-api · POST /rpc/t: 30; "
            "vista-api · POST /rpc/s: 29; vista-api · POST /rpc/r: 28. `!traces`"
        ]
        * 2
    )


def test_the_watch_shows_how_traces_stand_and_what_keeps_it_from_seeing_them(watching: WatchingTraces) -> None:
    watching.look()
    assert watching.talk("!watch").splitlines()[-1] == "• Error traces: none in 10 minutes"
    watching.datadog.fails(BROKEN, "/api/v2/spans/analytics/aggregate")
    watching.run("1:30pm", "1:30pm")
    assert watching.talk("!watch").splitlines()[-1] == "• Error traces: unavailable: Datadog failed (500)"
