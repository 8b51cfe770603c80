"""What composing the day's post costs, and what it reads, with 100,000 incidents of history behind it."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.bench.test_incidents_bench import incident
from tests.bench.test_store_bench import TODAY, furnish
from tests.oncall.stage import eastern
from tests.summary.stage import ALICE, Team

HISTORY, DAY, ROUNDS, GOAL = 100_000, 200, 40, 50.0  # the last in milliseconds

Tell = Callable[..., None]


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("summary")
    furnish(folder, HISTORY, "incidents", incident)
    os.sync()
    team = Team(folder, f"{TODAY} 12:00")
    while len(team.log.opened(TODAY, TODAY)) < DAY:
        team.opened("VistA timeouts", f"{TODAY} 14:00", by=ALICE)
    yield team
    team.store.close()


def composed(team: Team) -> str:
    lines = team.day_post.shown(TODAY, eastern(f"{TODAY} 20:00")).lines
    return "\n".join(line.text for line in lines)


def test_a_day_of_200_incidents_and_more_is_composed_in_50_ms(team: Team, tell: Tell):
    opened = len(team.log.opened(TODAY - timedelta(days=2), TODAY))  # a Monday's post tells of the weekend as well
    assert opened >= DAY
    assert f"{opened} opened" in composed(team)
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        composed(team)
        taken.append((time.perf_counter() - start) * 1000)
    tell("composing the post", f"{statistics.median(taken):.1f} ms", f"{opened} incidents", f"of {HISTORY:,} in all")
    assert statistics.median(taken) <= GOAL


def test_composing_reads_the_day_and_the_open_ones_alone(team: Team, monkeypatch: pytest.MonkeyPatch):
    team.restart(f"{TODAY} 19:59")
    read: list[Path] = []
    as_it_is = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path)
        return as_it_is(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    composed(team)
    days = {date.fromisoformat(path.stem) for path in read if path.parent.name == "days"}
    assert TODAY in days
    assert all(TODAY - day <= timedelta(days=5) for day in days), days
