"""Whatever is pasted into a command, it is read or refused at once: until then, nothing else of the desk goes on."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest

from opsdesk.commands.reading import read
from opsdesk.contacts import file as team_files
from opsdesk.counts import dashboards
from opsdesk.counts import file as counts_file
from opsdesk.counts.entries import read_entries
from opsdesk.errors import UserError
from opsdesk.oncall.typed import read_cover, read_swap
from opsdesk.text import moments
from tests.conftest import ROOT
from tests.desk.patterns import MOST_GROWTH
from tests.oncall.stage import EASTERN

AT = datetime(2026, 11, 23, 20, 42, tzinfo=UTC)
TODAY = date(2026, 11, 23)
COUNTS = counts_file.read(ROOT / "data" / "counts.toml")
DIRECTORY = team_files.follow(ROOT / "data", print)()

READERS: dict[str, Callable[[str], object]] = {
    "stats record": lambda typed: read_entries(typed, COUNTS, TODAY),
    "stats discover": dashboards.named,
    "oncall swap": lambda typed: read_swap(typed, AT, EASTERN),
    "oncall cover": lambda typed: read_cover(typed, AT, EASTERN),
    "whois": DIRECTORY.find,
    "runbook": DIRECTORY.find_runbooks,
    "links": DIRECTORY.find_links,
    "a day": lambda typed: moments.take_day(typed, TODAY),
    "days": lambda typed: moments.read_days(typed, TODAY),
    "a moment": lambda typed: moments.read_moment(typed, AT, EASTERN),
    "a length": moments.read_length,
}
PIECES = (
    " ",
    "\t",
    "\n",
    "a",
    "1",
    "-",
    "—",
    '"',
    "<",
    "<@U1|",
    "[",
    "nov",
    "jan 1 ",
    "1 ",
    "1,234",
    "none ",
    "a% 1 ",
    "\u0301\u0316",
)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("reader", READERS)
def test_a_message_of_one_piece_over_and_over_is_read_or_refused(reader: str, piece: str) -> None:
    # That this ends is the test: reading that tries every part of a run of blanks takes minutes to weeks for it.
    for before, behind in (("", ""), ("bob", "x"), ("check-ins clicked 5", " x"), ("3pm", "x")):
        with suppress(UserError):
            READERS[reader](before + piece * (100_000 // len(piece)) + behind)


@pytest.mark.parametrize("piece", ["one fixed ", "ten to one ", "to 1 ", "12 in 5 "])
def test_a_line_of_numbers_takes_ten_times_longer_for_ten_times_the_text(piece: str) -> None:
    def spent(characters: int) -> float:
        begun = time.process_time()
        read(piece * (characters // len(piece)))
        return time.process_time() - begun

    spent(200)  # compiles what is needed
    assert spent(20_000) < MOST_GROWTH * max(spent(2_000), 0.001)
