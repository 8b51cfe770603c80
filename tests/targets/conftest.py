"""The stage of those who are told elsewhere, as tests share it."""

from collections.abc import Iterator

import pytest

from tests.summary.stage import Team
from tests.targets.stage import LEADS, SITES, Post, ToldElsewhere, Workflow, mail_server, workflow


@pytest.fixture
def teams() -> Iterator[tuple[Workflow, str]]:
    with workflow() as served:
        yield served


@pytest.fixture
def mail() -> Iterator[tuple[Post, str]]:
    with mail_server() as served:
        yield served


@pytest.fixture
def elsewhere(team: Team, teams: tuple[Workflow, str], mail: tuple[Post, str]) -> ToldElsewhere:
    """A team whose leads are on Teams, and whose sites have mail."""
    told = {
        LEADS.address: teams[1],
        SITES.address: "first@example.gov; Second <second@example.gov>",
        "DESK_SMTP": mail[1],
    }
    return ToldElsewhere(team, LEADS, SITES, environment=told)
