"""20 people who type at three desks on one database, then with one of them killed each ten seconds, against one desk.

Nothing is lost or doubled, and each thread keeps its order. The desks, Slack and the database share this machine's
processors, so that three desks are three times the work for them, and no more than that many processors' worth.
"""

import os
from collections.abc import Callable
from pathlib import Path

from tests.e2e.crowd import PEOPLE, typed_at

STEPS = int(os.environ.get("DESK_BENCH_CROWD", "2000"))
EVERY, ALL_THE_TIME = 10.0, 10_000


def test_three_desks_against_one(tmp_path: Path, tell: Callable[..., None]) -> None:
    alone = STEPS / typed_at(tmp_path / "one", 1, STEPS)
    three = STEPS / typed_at(tmp_path / "three", 3, STEPS)
    killed = STEPS / typed_at(tmp_path / "killed", 3, STEPS, EVERY, ALL_THE_TIME)
    tell(
        f"{STEPS:,} of {PEOPLE} people, a second",
        f"one desk {alone:.1f}",
        f"three {three:.1f} ({three / alone:.2f}x)",
        f"killed {killed:.1f} ({killed / alone:.2f}x)",
    )
