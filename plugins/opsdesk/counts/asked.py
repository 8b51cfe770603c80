"""Which counters are asked for, by their names and those of their flows."""

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from opsdesk.counts.file import CountsFile
from opsdesk.patterns import regex
from opsdesk.remembered import Remembered
from opsdesk.text import is_day, plain, read_day

BOARD = regex(r"^\s*board\b|\bboard\s*$", re.IGNORECASE)
MOST_WORDS = 3  # of a day: "November 20 2026"


class CounterQuery(msgspec.Struct, frozen=True):
    """Counters, and the day that is asked about: today where none is named."""

    counters: tuple[str, ...]
    day: date


class CounterNames(msgspec.Struct, frozen=True):
    """The keys of counters and boards, and flows, by each of their names made plain; the first in the file has it."""

    counters: dict[str, str]
    flows: dict[str, tuple[str, str]]
    boards: dict[str, tuple[int, str]]  # with their places in the file


def _names_in(file: CountsFile) -> CounterNames:
    counters, boards = dict[str, str](), dict[str, tuple[int, str]]()
    for key, counter in file.counters.items():
        counters = {plain(counter.label): key, plain(key): key} | counters
    for place, (key, board) in enumerate(file.boards.items()):
        boards = {plain(key): (place, key), plain(board.title): (place, key)} | boards
    named = {plain(flow): pair for flow, pair in reversed(flows(file).items())}
    return CounterNames(counters, named, boards)


_names_of = Remembered(_names_in)


def flows(file: CountsFile) -> dict[str, tuple[str, str]]:
    """Return two counters of which the second follows the first, by what they are called together: "Check-ins"."""
    labels = {key: counter.label for key, counter in file.counters.items()}
    pairs = [(line.of, line.percent) for line in file.lines if line.of]
    return {_shared(labels[one], labels[other]): (one, other) for one, other in pairs}


def find_counter(typed: str, file: CountsFile) -> str | None:
    """Return the counter with this label or key, whatever its case and punctuation; None if there is none."""
    found: str | None = _names_of(file).counters.get(plain(typed))
    return found


def find_board(typed: str, file: CountsFile) -> str | None:
    """Return the board with this title or key, with or without "board" beside it; None if there is none."""
    boards = _names_of(file).boards
    wanted = (plain(typed), plain(BOARD.sub("", typed)))
    return min((boards[one] for one in wanted if one in boards), default=(0, None))[1]


def find_asked(typed: str, file: CountsFile, today: date) -> CounterQuery | None:
    """Return the counters named, one or those of a flow, with or without a day beside them; None if none is.

    Raises a UserError for what looks like a day but cannot be read.
    """
    known: CounterNames = _names_of(file)
    for name, day in _apart(typed.split()):
        called = plain(name)
        counters = (known.counters[called],) if called in known.counters else known.flows.get(called, ())
        if counters and (not day or is_day(day)):
            return CounterQuery(counters, read_day(day, today) if day else today)
    return None


def _apart(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield how words may be taken apart into a name, and what may be a day behind or in front of it."""
    yield " ".join(words), ""
    for many in range(1, min(MOST_WORDS, len(words) - 1) + 1):
        for day, name in ((words[-many:], words[:-many]), (words[:many], words[many:])):
            yield " ".join(name), " ".join(day)


def _shared(one: str, other: str) -> str:
    """Return the words with which two labels begin: "Check-ins" for "Check-ins clicked" and "Check-ins completed"."""
    same = []
    for first, second in zip(one.split(), other.split(), strict=False):
        if first != second:
            break
        same.append(first)
    return " ".join(same) or f"{one} and {other}"
