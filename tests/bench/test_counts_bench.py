"""What `!stats today` costs beside one query of Datadog, what the client costs to import; `make bench` prints it."""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from count_stage import AT, CLICKED, MONDAY, CountStage
from datadog_standin import DatadogStandIn
from opsdesk.datadog import Datadog
from opsdesk.render import counts as words
from rota import eastern

ROUNDS = 7
ANSWER = 0.2  # seconds that Datadog takes
MOST_TIME, MOST_MEMORY = 1.3, 35.0  # times one query; MB
TUESDAY_AT = AT + timedelta(days=1)

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
def standin() -> Iterator[DatadogStandIn]:
    with EveryMinute() as standin:
        standin.delay = ANSWER
        yield standin


@pytest.fixture
def stage(tmp_path: Path, standin: DatadogStandIn) -> Iterator[CountStage]:
    stage = CountStage(tmp_path, standin)
    yield stage
    stage.store.close()


def tell(figures: str) -> None:
    print(f"\n{figures}", end="")  # noqa: T201  # what a bench is for


def timed(work, rounds: int = ROUNDS) -> float:  # type: ignore[no-untyped-def]
    """The median, in seconds; each round is handed its number."""
    took = []
    for number in range(rounds):
        began = time.perf_counter()
        work(number)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def test_todays_counts_take_little_longer_than_one_query(stage: CountStage, standin: DatadogStandIn) -> None:
    query = stage.source.file().bucketed(stage.source.file().counters["check-ins-clicked"].query, 60)
    midnight = eastern(f"{MONDAY + timedelta(days=1)} 00:00")
    alone = Datadog(standin.environment)
    alone.warm()
    one = timed(lambda n: alone.query("vagov", "ddog-gov.com", query, midnight, TUESDAY_AT, TUESDAY_AT))
    prepared = timed(lambda n: stage.source.prepare(TUESDAY_AT), 1)
    # Each round is two minutes after the last: nothing of today is remembered.
    today = timed(lambda n: words.so_far(*stage.source.so_far(TUESDAY_AT + timedelta(minutes=2 * n))))
    again = timed(lambda n: words.so_far(*stage.source.so_far(TUESDAY_AT + timedelta(minutes=2 * ROUNDS - 2))))
    tell(f"one query {one * 1e3:.0f} ms, `!stats today` {today / one:.2f} times that (goal {MOST_TIME})")
    assert today / one <= MOST_TIME
    tell(f"within the minute {again * 1e3:.1f} ms; the past, once a day in the background, {prepared:.1f} s")


def test_todays_counts_without_a_past_take_as_many_rounds_as_there_are_connections(
    tmp_path: Path, standin: DatadogStandIn
) -> None:
    stage = CountStage(tmp_path, standin)
    standin.asked.clear()
    took = timed(lambda n: stage.source.so_far(TUESDAY_AT), 1)
    tell(f"`!stats today` with nothing prepared: {len(standin.asked)} queries in {took * 1e3:.0f} ms")
    stage.store.close()


def test_the_client_costs_little_memory_and_nothing_at_the_start(standin: DatadogStandIn) -> None:
    standin.delay = 0
    query = f"sum:{CLICKED}{{environment:prod}}.as_count().rollup(sum, 60)"
    code = MEMORY.format(environment=standin.environment, query=query)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "plugins")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    memory, warmed, series = map(float, re.split(r"\s+", done.stdout.strip()))
    assert series == 1
    tell(
        f"the client and its first answers: {memory:.1f} MB (goal {MOST_MEMORY:.0f}), imported in {warmed * 1e3:.0f} ms"
    )
    assert memory <= MOST_MEMORY
