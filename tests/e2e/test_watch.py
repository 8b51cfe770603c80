"""The watch on Slack and Datadog as they are spoken to in earnest: a stop is told, once, and that it is over."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.datadog.stage import DatadogStandIn
from tests.e2e.harness import ALERTS, ALICE, GO_LIVE, HERE, ROOT, DeskProcess, Workspace, until
from tests.oncall.stage import eastern
from tests.watch.simulated import CLICKED, COMPLETED, at
from tests.watch.test_rule import CASES
from tests.watch.world import fill

FELL = "⚠ Check-ins clicked: none since 1:20pm; usually"
BACK = "✅ Check-ins: back since 2:05pm, "


class Afternoon:
    """The desk on a Monday whose check-ins stop, on a clock that the test moves."""

    def __init__(self, slack: Workspace, folder: Path, datadog: DatadogStandIn) -> None:
        self.slack, self.datadog, self._clock = slack, datadog, folder / "moment"
        self.at("13:00")
        shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("state"))
        rotation = folder / "data" / "rotation.toml"
        first = 'id = ""\nname = "First Engineer"'
        rotation.write_text(rotation.read_text().replace(first, f'id = "{ALICE}"\nname = "Alice"'))
        file = folder / "data" / "desk.toml"
        file.write_text(file.read_text().replace("C02U11L00TF", ALERTS))
        told = {"MOMENT": str(self._clock), "DESK_DATA_DIR": str(folder / "data"), **datadog.environment}
        self.desk = DeskProcess(slack, folder, config=HERE / "moved_config.py", **told)

    def at(self, time: str) -> None:
        """Moves the clock, in one step so that the desk reads all of it or none, and what Datadog has with it."""
        moment = eastern(f"2026-11-23 {time}:05")
        self.datadog.now = moment.timestamp()
        after = self._clock.with_suffix(".after")
        after.write_text(moment.astimezone(UTC).isoformat())
        after.replace(self._clock)

    def looked(self, time: str) -> None:
        """Moves the clock, and waits until Datadog has been asked for the minutes up to then."""
        self.at(time)
        until_then = str(int(datetime.fromtimestamp(self.datadog.now, UTC).replace(second=0).timestamp()))
        until(
            lambda: any(one.get("to") == until_then and one["query"].count("sum:") > 1 for one in self.datadog.asked),
            f"a look at {time}",
        )

    def channel(self) -> list[str]:
        """The watch's messages in the alert channel."""
        texts = [str(message["text"]) for message in self.slack.desk_messages(ALERTS)]
        return [text for text in texts if text.startswith(("⚠", "✅"))]

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
