"""What a line was read as is known again, and no word of it is kept."""

import pytest

from opsdesk.commands import SPOKEN, known, reading
from opsdesk.commands.known import KnownLines
from opsdesk.commands.meanings import Reading

LINES = [
    *(one.typed[1:] for one in SPOKEN.values()),
    *("runbook vista-api", "incident show 12", "incident list today", "whois vista", "what is open?", "close 12"),
    *("show me the check-ins, please", "runbok vista", "who is on call tomorrow", "", "  ", "incident list ملف"),
]


@pytest.mark.parametrize("called", [True, False])
@pytest.mark.parametrize("line", LINES)
def test_a_line_is_read_the_second_time_as_it_was_the_first(line: str, called: bool) -> None:
    first = reading._anew(line, called=called)
    assert [reading.read(line, called=called) for _ in range(3)] == [first] * 3


def test_what_is_kept_of_a_line_is_no_word_of_it() -> None:
    lines = KnownLines()
    lines.keep("whois Jane Roe", Reading("whois", "Jane Roe"), called=True)
    assert lines.meant("whois Jane Roe", called=True) == Reading("whois", "Jane Roe")
    assert lines.meant("whois Jane Roe", called=False) is None
    kept = repr(vars(vars(lines)["_read"])["_values"])
    assert "whois" in kept
    assert "Jane" not in kept


def test_what_changes_something_or_is_misspelt_or_long_is_not_kept() -> None:
    lines, long = KnownLines(), f"whois {'vista ' * 20}"
    lines.keep("close 12", Reading("incident_resolve", "12"), called=True)
    lines.keep("runbok vista", Reading("runbook", "vista", "runbook"), called=True)
    lines.keep(long, Reading("whois", long[6:]), called=True)
    lines.keep("hello", None, called=True)
    typed = ("close 12", "runbok vista", long, "hello")
    assert [lines.meant(line, called=True) for line in typed] == [None] * 4


def test_there_is_an_end_to_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MOST", 3)
    lines = KnownLines()
    for number in range(10):
        lines.keep(f"incident {number}", Reading("incident", f"{number}"), called=True)
    known_still = [number for number in range(10) if lines.meant(f"incident {number}", called=True)]
    assert known_still == [7, 8, 9]
