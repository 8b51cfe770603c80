"""The phrasings of real chat habits, each with what becomes of it: nobody has to type again."""

import pytest

from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read
from tests.conftest import ROOT

LINES = (ROOT / "tests" / "recordings" / "phrasings.txt").read_text().splitlines()
PHRASINGS = [tuple(line.split(" => ")) for line in LINES if not line.startswith("#")]


def outcome_of(meant: Reading | Question | None) -> str:
    """What becomes of a line, as it is recorded: the command that is done, or those that are offered."""
    if isinstance(meant, Question):
        return "? " + " || ".join(f"{one.name} | {one.text}".rstrip() for one in meant.offers)
    return f"{meant.name} | {meant.text}".rstrip() if meant else "nothing"


@pytest.mark.parametrize(("typed", "outcome"), PHRASINGS)
def test_a_phrasing_is_understood(typed: str, outcome: str) -> None:
    assert outcome_of(read(typed.removeprefix("!"))) == outcome
