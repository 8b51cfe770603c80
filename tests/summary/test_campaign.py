"""Seeded evenings of kills, refusals, lost answers, stepping clocks and late starts: one post, or a reason told."""

import os
from collections.abc import Iterator

import pytest

from tests.forks import ForkServer
from tests.summary.campaign import Stage, evening, faults_of

SEEDS = int(os.environ.get("DESK_CAMPAIGN", "60"))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with ForkServer("tests.summary.lives", "datadog_api_client.v1.api.metrics_api") as forks:
        yield Stage(forks)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_day_is_posted_once_or_its_reason_told(stage, seed):
    misfortunes = evening(seed)
    outcome = stage.play(misfortunes)
    assert faults_of(misfortunes, outcome) == [], f"seed {seed}: {misfortunes}\n{outcome}"
