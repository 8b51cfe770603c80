"""Conversations about who is told elsewhere than in the chat."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.talk import Conversation
from tests.targets.stage import Workflow, workflow

NAMED = '\n[[targets]]\nname = "VISN leads"\nkind = "teams"\naddress = "DESK_TARGET_VISN"\nsends = ["summary"]\n'


@pytest.fixture
def teams(environment: dict[str, str]) -> Iterator[Workflow]:
    """A workflow that the desk knows."""
    file = Path(environment["DESK_DATA_DIR"]) / "desk.toml"
    file.write_text(file.read_text() + NAMED)
    with workflow() as (taking, address):
        environment["DESK_TARGET_VISN"] = address
        yield taking


def test_targets_are_listed_and_tried(teams: Workflow, start: Callable[[], Conversation]) -> None:
    talk = start()
    assert talk("!desk targets") == "VISN leads (Microsoft Teams): summary\n`!desk try <name>` sends one a trial."
    assert talk("!desk try visn leads") == "Sent to VISN leads (Microsoft Teams): ask there whether it arrived."
    assert len(teams.texts) == 1
    assert talk("!desk try") == 'No target is called "": `!desk try VISN leads`.'
    assert talk("!summary status").splitlines()[-1] == "VISN leads (Microsoft Teams): not yet sent"


def test_what_is_not_set_is_told(
    teams: Workflow, start: Callable[[], Conversation], environment: dict[str, str]
) -> None:
    environment["DESK_TARGET_VISN"] = ""
    talk = start()
    assert '⚠ desk.toml, target "VISN leads": DESK_TARGET_VISN is not set' in talk("!desk status").splitlines()
    assert talk("!desk try VISN leads") == (
        "It was not sent to VISN leads (Microsoft Teams): DESK_TARGET_VISN is not set. "
        "`DESK_TARGET_VISN` is where the address stands."
    )


def test_without_any_it_says_where_they_are_named(talk: Conversation) -> None:
    told = "Nobody is told elsewhere than here: `[[targets]]` in data/desk.toml names who should be."
    assert (talk("!desk targets"), talk("!desk try VISN leads")) == (told, told)
