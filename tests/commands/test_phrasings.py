"""The phrasings of real chat habits, each with what becomes of it: nobody has to type again."""

import pytest

from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read
from tests.conftest import ROOT

LINES = (ROOT / "tests" / "recordings" / "phrasings.txt").read_text().splitlines()
PHRASINGS = [tuple(line.split(" => ")) for line in LINES if not line.startswith("#")]


@pytest.mark.parametrize(("typed", "outcome"), PHRASINGS)
def test_a_phrasing_is_understood(typed: str, outcome: str) -> None:
    meant = read(typed.removeprefix("!"))
    name, _, text = outcome.partition(" | ")
    expected = Question if name == "?" else Reading
    assert isinstance(meant, expected)
    if isinstance(meant, Reading):
        assert (meant.name, meant.text) == (name.removesuffix(" |"), text)
