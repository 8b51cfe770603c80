"""Two desks on one database: one works, the other stands by, and takes over where the first ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.datadog.stage import DatadogStandIn
from tests.e2e.harness import DeskProcess, Workspace
from tests.e2e.test_day import Day
from tests.postgres import server

pytestmark = pytest.mark.e2e


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


def test_a_desk_that_dies_before_8pm_costs_neither_the_post_nor_what_was_typed(tmp_path: Path) -> None:
    url = server().schema()
    with Workspace("socket") as slack, DatadogStandIn() as datadog:
        day = Day(slack, tmp_path, datadog, DESK_DATABASE_URL=url)
        day.at("2026-11-09 13:12")
        second = DeskProcess(slack, tmp_path)
        second.command, second.environment = day.desk.command, day.desk.environment
        with day.desk, closing_down(second):
            slack.ask("alice", "!incident open VistA timeouts on pre-check-in --on vista")
            second.start(ready=False)
            second.wait_for("works with the database of DESK_DATABASE_URL. This one stands by.")
            day.at("2026-11-09 19:59")
            day.desk.kill()
            with psycopg.connect(url, autocommit=True) as clock:
                clock.execute("update desk_lease set until = clock_timestamp()")  # as if its seconds had gone by
            second.wait_for(second.ready)
            day.at("2026-11-09 20:00")
            assert "• #1 VistA timeouts on pre-check-in: *investigating*" in day.post("*Production events*")
            assert slack.ask("bob", "!incident resolve 1 vista-api restarted").startswith("✅ #1 resolved")
            day.post("*resolved*")
            day.desk.start(ready=False)
            day.desk.wait_for("This one stands by.")
            assert len(day.posts()) == 1
            assert second.stop() == 0
            assert day.desk.stop() == 0
