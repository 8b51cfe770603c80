"""What `!stats today` costs beside one query of Datadog, what the client costs to import; `make bench` prints it."""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from opsdesk.counts import words
from opsdesk.datadog.client import Datadog
from tests.conftest import ROOT
from tests.counts.stage import AT, CLICKED, MONDAY, CountStage
from tests.datadog.stage import DatadogStandIn
from tests.oncall.stage import eastern

ROUNDS = 7
ANSWER = 0.2  # seconds that Datadog takes
MOST_TIME, MOST_MEMORY = 1.3, 35.0  # times one query; MB
TUESDAY_AT = AT + timedelta(days=1)

Tell = Callable[..., None]

MEMORY = """
import sys, time, re, pathlib
def used(): return int(re.search(r"VmRSS:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1024
import errbot.backends.base, opsdesk.desk, opsdesk.plugin
from datetime import datetime, timedelta, UTC
from opsdesk.datadog import Datadog
before, began = used(), time.perf_counter()
datadog = Datadog({environment!r})
datadog.warm()
warmed = time.perf_counter() - began
end = datetime(2026, 11, 23, 20, 42, tzinfo=UTC)
for _ in range(8):
    answer = datadog.query("vagov", "ddog-gov.com", {query!r}, end - timedelta(hours=15), end, end)
print(used() - before, warmed, len(answer.series))
"""


class EveryMinute(DatadogStandIn):
    """Datadog with a point in every minute there ever was, which takes next to no time to find."""

    def answer(self, asked: dict[str, str]) -> dict[str, Any]:
        minutes = range(int(asked["from"]), int(asked["to"]), 60)
        pointlist = [[at * 1000, at // 60 % 5] for at in minutes]
        return {"status": "ok", "series": [{"interval": 60, "pointlist": pointlist}]}


@pytest.fixture
def datadog() -> Iterator[DatadogStandIn]:
    with EveryMinute() as standin:
        standin.delay = ANSWER
        yield standin


def timed(work, rounds: int = ROUNDS) -> float:  # type: ignore[no-untyped-def]
    """The median, in seconds; each round is handed its number."""
    took = []
    for number in range(rounds):
        began = time.perf_counter()
        work(number)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def test_todays_counts_take_little_longer_than_one_query(
    stage: CountStage, datadog: DatadogStandIn, tell: Tell
) -> None:
    query = stage.source.file().bucketed(stage.source.file().counters["check-ins-clicked"].query, 60)
    midnight = eastern(f"{MONDAY + timedelta(days=1)} 00:00")
    alone = Datadog(datadog.environment)
    alone.warm()
    one = timed(lambda n: alone.query("vagov", "ddog-gov.com", query, midnight, TUESDAY_AT, TUESDAY_AT))
    prepared = timed(lambda n: stage.source.prepare(TUESDAY_AT), 1)
    # Each round is two minutes after the last: nothing of today is remembered.
    today = timed(lambda n: words.so_far(*stage.source.so_far(TUESDAY_AT + timedelta(minutes=2 * n))))
    again = timed(lambda n: words.so_far(*stage.source.so_far(TUESDAY_AT + timedelta(minutes=2 * ROUNDS - 2))))
    tell("!stats today", f"{today * 1e3:.0f} ms", f"{today / one:.2f} times one query", f"goal {MOST_TIME}")
    assert today / one <= MOST_TIME
    tell("!stats today, once more", f"{again * 1e3:.1f} ms")
    tell("its past, once a day", f"{prepared:.1f} s")


def test_todays_counts_without_a_past_take_as_many_rounds_as_there_are_connections(
    stage: CountStage, datadog: DatadogStandIn, tell: Tell
) -> None:
    took = timed(lambda n: stage.source.so_far(TUESDAY_AT), 1)
    tell("!stats today, unprepared", f"{took * 1e3:.0f} ms", f"{len(datadog.asked)} queries")


def test_the_client_costs_little_memory_and_nothing_at_the_start(datadog: DatadogStandIn, tell: Tell) -> None:
    datadog.delay = 0
    query = f"sum:{CLICKED}{{environment:prod}}.as_count().rollup(sum, 60)"
    code = MEMORY.format(environment=datadog.environment, query=query)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "plugins")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    memory, warmed, series = map(float, re.split(r"\s+", done.stdout.strip()))
    assert series == 1
    tell("the client, imported", f"{warmed * 1e3:.0f} ms", f"{memory:.1f} MB", f"goal {MOST_MEMORY:.0f} MB")
    assert memory <= MOST_MEMORY
