"""Several desks on one database: each has its own socket, all of them answer, and one of them posts."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.datadog.stage import DatadogStandIn
from tests.e2e.harness import GENERAL, DeskProcess, Workspace, until
from tests.e2e.pressing import open_home
from tests.e2e.test_day import EASTERN, Day
from tests.patience import MILDLY
from tests.postgres import server, set_clock

pytestmark = pytest.mark.e2e


class SharedDay(Day):
    """A day of desks that share a database, whose clock goes with theirs."""

    def __init__(self, slack: Workspace, folder: Path, datadog: DatadogStandIn) -> None:
        self.url = server().timed_schema(datetime(2026, 11, 9, 17, 30, tzinfo=UTC))
        super().__init__(slack, folder, datadog, DESK_DATABASE_URL=self.url)
        self.second = DeskProcess(slack, folder)
        self.second.command, self.second.environment = self.desk.command, dict(self.desk.environment)
        self.second.environment.pop("DESK_WEB", None)

    def _set(self, local: datetime) -> None:
        super()._set(local)
        set_clock(self.url, local.replace(tzinfo=EASTERN))


@contextmanager
def closing_down(desk: DeskProcess) -> Iterator[None]:
    """Ends a desk that the test starts by itself, and shows its log where the test failed."""
    try:
        yield
    except BaseException:
        sys.stderr.write(desk.log)
        raise
    finally:
        desk.kill()


def test_two_desks_answer_once_each_in_order_and_the_post_outlives_the_one_that_would_have_sent_it(
    tmp_path: Path,
) -> None:
    with Workspace("socket") as slack, DatadogStandIn() as datadog:
        day = SharedDay(slack, tmp_path, datadog)
        day.at("2026-11-09 13:12")
        with day.desk, closing_down(day.second):
            day.second.start()
            slack.front.to_all = True
            assert slack.ask("alice", "!incident open VistA timeouts on pre-check-in --on vista").startswith("🔴 #1")
            slack.front.to_all, slack.front.to_any = False, True
            for number in range(8):
                said = slack.say("alice", f"!incident update 1 step {number}")
                until(lambda said=said: said in slack.front.taken_at, "a desk to take it")
            until(lambda: len(slack.desk_messages(GENERAL)) == 9, "the answers")
            slack.read_all()
            timeline = slack.ask("bob", "!incident timeline 1")
            assert [timeline.index(f"step {number}") for number in range(8)] == sorted(
                timeline.index(f"step {number}") for number in range(8)
            )
            until(lambda: "Desks on this database: 2" in slack.ask("bob", "!desk status"), "both", every=MILDLY)
            until(lambda: "#1 VistA timeouts" in str(open_home(slack, "bob")), "it in the Home tab", every=MILDLY)
            day.at("2026-11-09 19:59")
            day.desk.kill()
            day.at("2026-11-09 20:00")
            post = day.post("*Production events*")
            assert "• #1 VistA timeouts on pre-check-in: *investigating*" in post
            assert slack.ask("bob", "!incident resolve 1 vista-api restarted").startswith("✅ #1 resolved")
            day.post("*resolved*")
            until(
                lambda: "#1 VistA timeouts" not in str(open_home(slack, "bob")), "the other desk to know", every=MILDLY
            )
            day.desk.start()
            assert len(day.posts()) == 1
            assert day.second.stop() == 0
            assert day.desk.stop() == 0
