"""20 people who type at three desks on one database, of which one is killed each ten seconds, against one desk.

Nothing is lost or doubled, and each thread keeps its order. The desks, Slack and the database share this machine's
processors, so that three desks are three times the work for them, and no more than that many processors' worth.
"""

import os
from collections.abc import Callable
from pathlib import Path

STEPS = int(os.environ.get("DESK_BENCH_CROWD", "2000"))
EVERY, ALL_THE_TIME = 10.0, 10_000


def test_three_desks_of_which_one_is_killed_each_ten_seconds(tmp_path: Path, tell: Callable[..., None]) -> None:
    from tests.e2e.crowd import PEOPLE, typed_at

    alone = STEPS / typed_at(tmp_path / "one", 1, STEPS)
    three = STEPS / typed_at(tmp_path / "three", 3, STEPS, EVERY, ALL_THE_TIME)
    tell(
        f"{STEPS:,} commands of {PEOPLE} people",
        f"one desk {alone:.1f} a second",
        f"three, killed {three:.1f}",
        f"{three / alone:.2f}x",
    )
