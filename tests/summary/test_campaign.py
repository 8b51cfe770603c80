"""Seeded evenings of kills, refusals, lost answers, stepping clocks and late starts: one post, or a reason told."""

import os
from collections.abc import Iterator

import pytest

from tests.forks import ForkServer
from tests.summary.campaign import ROUND, Stage, evening, faults_of, lateness
from tests.summary.kinds import KINDS

FIRST = int(os.environ.get("DESK_CAMPAIGN_FROM", "0"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("DESK_CAMPAIGN", str(ROUND))))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with ForkServer("tests.summary.lives", "datadog_api_client.v1.api.metrics_api", "tests.whole") as forks:
        yield Stage(forks)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_day_is_posted_once_or_its_reason_told(stage, seed, record_property):
    misfortunes = evening(seed)
    outcome = stage.play(misfortunes)
    if late := lateness(misfortunes, outcome):
        record_property("lateness", late)
    assert faults_of(misfortunes, outcome) == [], f"seed {seed}, {misfortunes.name}: {misfortunes}\n{outcome}"


def test_each_round_has_one_evening_of_each_kind():
    assert len({evening(seed).name for seed in range(ROUND)} - {"by chance"}) == len(KINDS)
