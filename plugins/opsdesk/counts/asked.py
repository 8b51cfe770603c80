"""Which counters are asked for, by their names and those of their flows."""

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from opsdesk.counts.file import CountsFile
from opsdesk.patterns import regex
from opsdesk.text import is_day, plain, read_day

BOARD = regex(r"^\s*board\b|\bboard\s*$", re.IGNORECASE)
MOST_WORDS = 3  # of a day: "November 20 2026"


class CounterQuery(msgspec.Struct, frozen=True):
    """Counters, and the day that is asked about: today where none is named."""

    counters: tuple[str, ...]
    day: date


def flows(file: CountsFile) -> dict[str, tuple[str, str]]:
    """Return two counters of which the second follows the first, by what they are called together: "Check-ins"."""
    labels = {key: counter.label for key, counter in file.counters.items()}
    pairs = [(line.of, line.percent) for line in file.lines if line.of]
    return {_shared(labels[one], labels[other]): (one, other) for one, other in pairs}


def find_counter(typed: str, file: CountsFile) -> str | None:
    """Return the counter with this label or key, whatever its case and punctuation; None if there is none."""
    wanted = plain(typed)
    return next((key for key, one in file.counters.items() if wanted in (plain(one.label), plain(key))), None)


def find_board(typed: str, file: CountsFile) -> str | None:
    """Return the board with this title or key, with or without "board" beside it; None if there is none."""
    wanted = {plain(typed), plain(BOARD.sub("", typed))}
    return next((key for key, board in file.boards.items() if wanted & {plain(key), plain(board.title)}), None)


def find_asked(typed: str, file: CountsFile, today: date) -> CounterQuery | None:
    """Return the counters named, one or those of a flow, with or without a day beside them; None if none is.

    Raises a UserError for what looks like a day but cannot be read.
    """
    for name, day in _apart(typed.split()):
        one = find_counter(name, file)
        counters = (one,) if one else next((pair for flow, pair in flows(file).items() if _is(flow, name)), ())
        if counters:
            return CounterQuery(counters, read_day(day, today) if day else today)
    return None


def _apart(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield how words may be taken apart into a name and a day behind or in front of it."""
    yield " ".join(words), ""
    for many in range(1, min(MOST_WORDS, len(words) - 1) + 1):
        for day, name in ((words[-many:], words[:-many]), (words[:many], words[many:])):
            if is_day(" ".join(day)):
                yield " ".join(name), " ".join(day)


def _is(flow: str, name: str) -> bool:
    return plain(flow) == plain(name)


def _shared(one: str, other: str) -> str:
    """Return the words with which two labels begin: "Check-ins" for "Check-ins clicked" and "Check-ins completed"."""
    same = []
    for first, second in zip(one.split(), other.split(), strict=False):
        if first != second:
            break
        same.append(first)
    return " ".join(same) or f"{one} and {other}"
