"""Two and three desks on one database around 8pm, one of them killed, stopped or cut off: one post, true, on time."""

import os
import random
from collections.abc import Callable

import pytest

from tests.summary.several import KINDS, faults_of, misfortune, play

SEEDS = int(os.environ.get("DESK_CAMPAIGN_POSTGRES", "0"))
FROM = int(os.environ.get("DESK_CAMPAIGN_POSTGRES_FROM", "0"))
OF_THREE = (1, 2, 4, 5, 6, 11)  # kinds
EVENINGS = [(kind, 2, kind) for kind in range(KINDS)] + [(kind, 3, kind) for kind in OF_THREE]
EVENINGS += [(seed % KINDS, 2 + seed % 2, seed) for seed in range(max(KINDS, FROM), FROM + SEEDS)]


@pytest.mark.parametrize(("kind", "many", "seed"), EVENINGS)
def test_the_day_is_posted_once_by_one_of_the_desks(
    kind: int, many: int, seed: int, record_property: Callable[[str, object], None]
) -> None:
    bad = misfortune(kind, random.Random(f"{seed} of {many}"))
    ended = play(bad, many, seed)
    record_property("lateness", (f"{bad.name} of several", ended.late))
    assert faults_of(bad, ended) == [], f"seed {seed}, {many} desks, {bad}:\n{ended}"
