"""What is to come, a duty, denied, another's, quoted, asked or a mistake changes nothing, whoever it is typed by."""

import pytest

from opsdesk.commands import Risk
from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read
from tests.conftest import ROOT

LINES = (ROOT / "tests" / "recordings" / "sentences" / "not_so.txt").read_text().splitlines()
NOT_SO = [tuple(line.split(" => ")) for line in LINES if not line.startswith("#")]


def answered(meant: Reading | Question | None) -> str:
    """How a line is answered: "read", "-", "changed", or with a question, as it is told."""
    if isinstance(meant, Question):
        return meant.text
    if meant is None:
        return "-"
    return "read" if meant.spoken.risk is Risk.READS else "changed"


@pytest.mark.parametrize(("typed", "expected"), NOT_SO, ids=[typed for typed, _ in NOT_SO])
def test_what_is_not_so_changes_nothing(typed: str, expected: str) -> None:
    for line in (typed, f"{typed}.", typed.upper()):
        assert answered(read(line)) != "changed"
        assert answered(read(line, called=False)) != "changed"
    told = answered(read(typed))
    if expected == "?":
        assert told.startswith(("Did you mean", "I do nothing later"))
    else:
        assert told == (f"Did you mean {expected}? Type it like that." if "`" in expected else expected)


@pytest.mark.parametrize(
    "typed",
    [
        "pods restarted, closing 12",
        "vendor confirmed: close 12",
        "ok, close 12",
        "please, close 12",
        "can you close 12?",
        "12 can be closed",
        "close 12 opened by mistake",
        "resolve 12 deployed by mistake, rolled back",
        "oops, reopen 12",
        "bob has 12",
    ],
)
def test_what_is_so_is_done(typed: str) -> None:
    assert answered(read(typed)) == "changed"
