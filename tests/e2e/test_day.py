"""A whole day on Slack and Datadog as they are spoken to in earnest, and its post, to the byte."""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.datadog.stage import FORBIDDEN, DatadogStandIn, RawPoint
from tests.e2e.harness import ALICE, GENERAL, GO_LIVE, HERE, ROOT, DeskProcess, Workspace, until

EASTERN = ZoneInfo("America/New_York")
COUNTS = {
    "api_check_in_v2_sessions_show_count_success": 1765,
    "api_check_in_v2_checkins_create_count_success": 1121,
    "api_pre_check_in_v2_sessions_show_count_success": 6251,
    "api_check_in_v2_pre_checkins_create_count_success": 2602,
}
SIX_LINES = """\
Completed check-ins % : 63.5%
Completed pre-check-ins % : 41.6%
Check-ins clicked: 1765
Check-ins completed: 1121
Pre-check-ins clicked: 6251
Pre-check-ins completed: 2602"""

OTHER_CLOCK = "(late: due 8:00pm, the desk's clock was slow)\n"  # Slack's clock is the machine's, and is not moved
FASTER = 5


class Day:
    """The desk on a day of its own: Slack, Datadog, and the clock that the test moves."""

    def __init__(
        self,
        slack: Workspace,
        folder: Path,
        datadog: DatadogStandIn,
        config: Path = HERE / "moved_config.py",
        **more: str,
    ) -> None:
        self.slack, self.datadog, self._clock = slack, datadog, folder / "moment"
        self.at("2026-11-09 12:30")
        shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("state"))
        rotation = folder / "data" / "rotation.toml"
        first = 'id = ""\nname = "First Engineer"'
        assert first in rotation.read_text()
        rotation.write_text(rotation.read_text().replace(first, f'id = "{ALICE}"\nname = "Alice"'))
        told = {"MOMENT": str(self._clock), "DESK_DATA_DIR": str(folder / "data"), **datadog.environment, **more}
        self.desk = DeskProcess(slack, folder, config=config, **told)

    def at(self, local: str) -> None:
        """Moves the clock, in one step so that the desk reads all of it or none."""
        self._set(datetime.fromisoformat(local))

    def runs(self, since: str, condition: Callable[[], Any], what: str) -> Any:
        """Lets the clock run from a moment, faster than the machine's, until `condition` gives something true.

        What failed is tried again some seconds later, counted from when it failed.
        """
        first, begun = datetime.fromisoformat(since), time.monotonic()

        def later() -> Any:
            self._set(first + timedelta(seconds=FASTER * (time.monotonic() - begun)))
            return condition()

        return until(later, what)

    def _set(self, local: datetime) -> None:
        moment = local.replace(tzinfo=EASTERN).astimezone(UTC)
        after = self._clock.with_suffix(".after")
        after.write_text(moment.isoformat())
        after.replace(self._clock)

    def posts(self) -> list[str]:
        """The day's posts in the go-live channel."""
        texts = (str(message["text"]) for message in self.slack.desk_messages(GO_LIVE))
        return [text.removeprefix(OTHER_CLOCK) for text in texts if "*Production support summary, " in text]

    def post(self, holding: str) -> str:
        """The one post, once `holding` stands in it."""
        try:
            until(lambda: any(holding in text for text in self.posts()), "the post")
        except AssertionError:
            raise AssertionError(f"no post holds {holding!r}, but there is {self.posts()}\n{self.desk.log}") from None
        (text,) = self.posts()
        return text


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with Workspace("socket") as slack, DatadogStandIn() as datadog:
        for metric, number in COUNTS.items():
            noon = datetime(2026, 11, 9, 12, tzinfo=EASTERN).timestamp()
            datadog.add(f"vets_api.statsd.{metric}", RawPoint(noon, number))
        day = Day(slack, tmp_path, datadog)
        with day.desk:
            yield day


def test_a_day_is_told_to_the_byte(day: Day):
    day.at("2026-11-09 13:12")
    day.slack.ask("alice", "!incident open VistA timeouts on pre-check-in --sev 2 --on vista")
    day.at("2026-11-09 15:40")
    day.slack.ask("bob", "!incident resolve 1 vista-api restarted, errors < 1% & gone since 3:35pm")
    day.at("2026-11-09 18:05")
    day.slack.ask("bob", "!incident open VEText reminders late --on vetext")
    day.at("2026-11-09 19:45")
    day.slack.ask("alice", "!summary note Watch the VEText backlog, tell <!here> nothing")
    day.at("2026-11-09 20:00")
    assert day.post("*Counts*") == (
        "*Production support summary, Monday, November 9, 2026* (1pm to 8pm ET, on call: Alice)\n"
        "\n"
        "*Production events*\n"
        "• #1 VistA timeouts on pre-check-in: *resolved* (sev 2, vista, 1:12pm to 3:40pm, 2 hours 28 minutes). "
        "vista-api restarted, errors &lt; 1% &amp; gone since 3:35pm\n"
        "• #2 VEText reminders late: *investigating* (sev 3, vetext, since 6:05pm, owner bob)\n"
        "\n"
        "*Counts* (midnight to 8pm ET)\n"
        f"{SIX_LINES}\n"
        "\n"
        "*Incidents* 2 opened, 1 resolved, 0 carried over, 1 still open\n"
        "*Handing over* Watch the VEText backlog, tell &lt;!here&gt; nothing"
    )
    day.at("2026-11-09 20:07")
    day.slack.ask("bob", "!incident resolve 2 backlog empty")
    assert "• #2 VEText reminders late: *resolved* (sev 3, vetext, 6:05pm to 8:07pm, 2 hours 2 minutes). " in (
        day.post("backlog empty (updated 8:07pm)")
    )


def test_killed_and_started_again_around_8pm_it_is_posted_once(day: Day):
    day.slack.ask("alice", "!incident open VistA timeouts on pre-check-in")
    day.at("2026-11-09 20:00")
    day.post("VistA timeouts")
    day.desk.kill()
    day.at("2026-11-09 20:09")
    day.desk.start()
    day.slack.ask("bob", "!incident resolve 1 it is over", GENERAL)
    day.post("it is over (updated 8:09pm)")


def test_while_datadog_is_silent_the_post_says_so_and_has_the_counts_later(day: Day):
    day.datadog.fails(FORBIDDEN)
    day.at("2026-11-09 20:00")
    day.post("Counts unavailable: Datadog refused the keys (403, organisation vagov). Trying until 8:30pm.")
    day.datadog.recovers()
    day.at("2026-11-09 20:05")
    assert f"*Counts* (midnight to 8pm ET) (updated 8:05pm)\n{SIX_LINES}\n" in day.post("63.5%")
