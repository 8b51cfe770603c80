"""The watch on Slack and Datadog as they are spoken to in earnest: a stop is told, once, and that it is over."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.datadog.stage import API_KEY, APP_KEY, DatadogStandIn, RawPoint, RawSpan
from tests.e2e.harness import ALERTS, ALICE, GO_LIVE, HERE, ROOT, DeskProcess, Workspace, until
from tests.oncall.stage import eastern
from tests.watch.simulated import CLICKED, COMPLETED, at
from tests.watch.test_rule import CASES
from tests.watch.world import fill

FELL = "⚠ Check-ins clicked: none since 1:20pm; usually"
BACK = "✅ Check-ins: back since 2:05pm, "
COUNTERS = ",sum:vets_api"  # in a question about several counters
PANEL = "max:puma.backlog"
SIGNS = ("⚠", "🔴", "✅")
BOARD = """
[boards.vista-api]
title = "vista-api"
organisation = "vagov"

[[boards.vista-api.panels]]
label = "Puma backlog"
query = "max:puma.backlog{$environment}"
warn = 10
alert = 50
"""
JOB = "PreCacheAppointmentsByClinicJob"
TEVI = {"DESK_DATADOG_TEVI_API_KEY": API_KEY, "DESK_DATADOG_TEVI_APP_KEY": APP_KEY}


class Afternoon:
    """The desk on a Monday whose check-ins stop, on a clock that the test moves."""

    def __init__(self, slack: Workspace, folder: Path, datadog: DatadogStandIn, board: str = "") -> None:
        self.slack, self.datadog, self._clock = slack, datadog, folder / "moment"
        self.at("13:00")
        shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("state"))
        rotation = folder / "data" / "rotation.toml"
        first = 'id = ""\nname = "First Engineer"'
        rotation.write_text(rotation.read_text().replace(first, f'id = "{ALICE}"\nname = "Alice"'))
        file = folder / "data" / "desk.toml"
        file.write_text(file.read_text().replace("C02U11L00TF", ALERTS))
        counts = folder / "data" / "counts.toml"
        counts.write_text(counts.read_text() + board)
        told = {"MOMENT": str(self._clock), "DESK_DATA_DIR": str(folder / "data"), **datadog.environment, **TEVI}
        self.desk = DeskProcess(slack, folder, config=HERE / "moved_config.py", **told)

    def at(self, time: str) -> None:
        """Moves the clock, in one step so that the desk reads all of it or none, and what Datadog has with it."""
        moment = eastern(f"2026-11-23 {time}:05")
        self.datadog.now = moment.timestamp()
        after = self._clock.with_suffix(".after")
        after.write_text(moment.astimezone(UTC).isoformat())
        after.replace(self._clock)

    def looked(self, time: str, asked: str = COUNTERS) -> None:
        """Moves the clock, and waits until Datadog has been asked for the minutes up to then."""
        self.at(time)
        until_then = str(int(datetime.fromtimestamp(self.datadog.now, UTC).replace(second=0).timestamp()))
        until(
            lambda: any(one.get("to") == until_then and asked in one["query"] for one in self.datadog.asked),
            f"a look at {time}",
        )

    def searched(self, time: str) -> None:
        """Moves the clock, and waits until the error traces up to then have been searched for, and boards asked."""
        self.looked(time, PANEL)
        until(lambda: max(self._ends(), default=0) > self.datadog.now - 60, f"a search at {time}")

    def _ends(self) -> list[float]:
        """Up to when searches went, in seconds since 1970."""
        ends = [body["data"]["attributes"]["filter"]["to"] for _, body in self.datadog.searched]
        return [datetime.fromisoformat(end).timestamp() for end in ends]

    def channel(self) -> list[str]:
        """The watch's messages in the alert channel."""
        texts = [str(message["text"]) for message in self.slack.desk_messages(ALERTS)]
        return [text for text in texts if text.startswith(SIGNS)]

    def summary(self) -> str:
        """The 8pm post; "" before."""
        texts = (str(message["text"]) for message in self.slack.desk_messages(GO_LIVE))
        return next((text for text in texts if text.startswith("*Production support summary")), "")

    def waits_for(self, beginning: str) -> str:
        """The one message, once it begins like this."""
        until(lambda: any(text.startswith(beginning) for text in self.channel()), f"{beginning} in {self.channel()}")
        (text,) = self.channel()
        return text


@pytest.fixture
def afternoon(tmp_path: Path) -> Iterator[Afternoon]:
    with Workspace("socket") as slack, DatadogStandIn() as datadog:
        fill(datadog, CASES[2], back=dict.fromkeys((CLICKED, COMPLETED), at("2:05pm")))
        afternoon = Afternoon(slack, tmp_path, datadog)
        with afternoon.desk:
            yield afternoon


def test_a_stop_at_1_20_is_told_by_1_35_once_with_its_recovery_and_in_the_summary(afternoon: Afternoon) -> None:
    afternoon.looked("13:25")
    assert afternoon.channel() == []
    afternoon.looked("13:33")
    told = afternoon.waits_for(FELL)
    assert "Completed: none since 1:20pm (usually 17). Pre-check-ins are as usual." in told
    afternoon.desk.kill()
    afternoon.desk.start()
    afternoon.looked("13:36")
    afternoon.looked("13:40")
    assert afternoon.waits_for(FELL) == told
    afternoon.looked("14:25")
    assert "None from 1:20pm to 2:05pm: about 250 fewer than usual." in afternoon.waits_for(BACK)
    afternoon.at("20:00")
    line = "*Watch* Check-ins: none from 1:20pm to 2:05pm, about 250 fewer than usual"
    until(
        lambda: any(line in str(message["text"]) for message in afternoon.slack.desk_messages(GO_LIVE)),
        "the summary's line",
    )
    assert afternoon.waits_for(BACK)


def backlog(datadog: DatadogStandIn, value: float, first: str, last: str) -> None:
    start, end = (int(eastern(f"2026-11-23 {one}").timestamp()) for one in (first, last))
    datadog.add("puma.backlog", *(RawPoint(at, value, arrives=at + 30) for at in range(start, end, 60)))


@pytest.fixture
def crossing(tmp_path: Path) -> Iterator[Afternoon]:
    """A board whose Puma has a backlog from 1:20pm to 1:30pm, and a job that fails at 1:20pm."""
    with Workspace("socket") as slack, DatadogStandIn() as datadog:
        for value, first, last in ((2, "12:00", "13:20"), (60, "13:20", "13:30"), (2, "13:30", "20:00")):
            backlog(datadog, value, first, last)
        failed = eastern("2026-11-23 13:20").timestamp()
        datadog.spans += [RawSpan(failed + one, "cw-api", JOB, "Net::ReadTimeout", arrives=failed) for one in range(5)]
        afternoon = Afternoon(slack, tmp_path, datadog, BOARD)
        with afternoon.desk:
            yield afternoon


def test_a_panel_and_traces_that_cross_are_told_once_with_their_recovery_and_in_the_summary(
    crossing: Afternoon,
) -> None:
    panel = "Puma backlog (vista-api): "
    traces = f"Error traces, cw-api · {JOB}: "

    def stand(sign: str, *texts: str) -> list[str]:
        """The two messages, once both begin with the sign."""
        until(lambda: [one[:1] for one in crossing.channel()] == [sign] * 2, f"{sign} of {crossing.channel()}")
        told = crossing.channel()
        assert all(any(one.startswith(f"{sign} {text}") for one in told) for text in texts)
        return sorted(told)

    crossing.searched("13:21")
    told = stand("🔴", f"{panel}60 at 1:20pm (alert from 50)", f"{traces}5 in 10 minutes (told from more than 3)")
    crossing.desk.kill()
    crossing.desk.start()
    crossing.searched("13:26")
    crossing.looked("13:27", PANEL)
    assert stand("🔴") == told
    crossing.searched("13:32")
    crossing.searched("13:38")
    stand("✅", f"{panel}well again since 1:32pm", f"{traces}well again since 1:32pm: none in 10 minutes")
    answer = crossing.slack.ask("alice", "!alerts").splitlines()
    assert sorted(line[:4] for line in answer if line[:2] in ("1.", "2.")) == ["1. ✅", "2. ✅"]
    crossing.at("20:00")
    post = until(crossing.summary, "the summary")
    (line,) = [one for one in post.splitlines() if one.startswith("*Watch* ")]
    assert sorted(line.removeprefix("*Watch* ").split("; ")) == [
        f"{traces}from 1:21pm to 1:32pm, at worst 5 in 10 minutes",
        f"{panel}from 1:21pm to 1:32pm, at worst 60 at 1:20pm",
    ]
    assert "*Alerts* 2: 2 recovered, none untouched" in post
