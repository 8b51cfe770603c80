"""What alerts cost: read, grouped and stored, repeats of known groups and new ones, and how a day's list grows."""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from opsdesk.alerts import words
from opsdesk.alerts.notification import Notification
from opsdesk.alerts.sources import read_message
from opsdesk.clock import day_of
from tests.alerts.stage import APM, AT, MINUTE, Stage
from tests.oncall.stage import EASTERN

MANY, KNOWN, NEW = 10_000, 50, 1_000
REPEATS_GOAL, NEW_GOAL, FLAT = 2_000, 300, 1.5  # a second; times

Tell = Callable[..., None]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path / "state")
    yield stage
    stage.store.close()


def rate(many: int, do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return many / (time.perf_counter() - begun)


def test_alerts_a_second(stage: Stage, tell: Tell) -> None:
    def new() -> None:
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda n: stage.intake.message(stage.message(f"Triggered: {n}", n / 1e3)), range(NEW)))

    def repeats() -> None:
        read = [stage.message(f"Triggered: {n % KNOWN}", 5 + n / 1e3) for n in range(MANY)]
        alerts = [read_message(one, AT) for one in read]
        notices = [
            Notification(alert, f"{APM}/{one['ts']}", "message", AT)
            for one, alert in zip(read, alerts, strict=True)
            if alert
        ]
        for start in range(0, MANY, 500):
            stage.ledger.take_all(notices[start : start + 500])

    fresh, again = rate(NEW, new), rate(MANY, repeats)
    tell("new groups", f"{fresh:,.0f} a second", f"goal {NEW_GOAL:,}")
    tell(f"repeats of {KNOWN} groups", f"{again:,.0f} a second", f"goal {REPEATS_GOAL:,}")
    assert sum(group.count for group in stage.groups) == NEW + MANY
    assert fresh >= NEW_GOAL
    assert again >= REPEATS_GOAL


def test_a_month_of_alerts_leaves_the_list_of_today_and_memory_flat(stage: Stage, tell: Tell) -> None:
    def listed() -> float:
        day = day_of(stage.at, EASTERN)
        return 1 / rate(20, lambda: [words.listing(stage.ledger.day(day), day, stage.at, EASTERN) for _ in range(20)])

    def fill() -> None:
        for number in range(100):
            minutes = (stage.at - AT) / MINUTE + number / 100
            stage.intake.message(stage.message(f"Triggered: {number}", minutes))

    fill()
    before = listed()
    tracemalloc.start()
    held: list[int] = []
    for _ in range(30):
        stage.at += 24 * 60 * MINUTE
        fill()
        held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    grown = (held[-1] - held[9]) / 1e6
    tell("today, after a month", f"{listed() / before:.2f}x", f"goal {FLAT}x")
    tell("memory, day 10 to 30", f"{grown:+.1f} MB")
    assert grown < 2
