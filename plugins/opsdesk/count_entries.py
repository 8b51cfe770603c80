"""Counts typed by hand, read: "check-ins clicked 1,765" or the lines just as the desk tells them."""

import re
from collections.abc import Iterator
from datetime import date

from opsdesk.counts_file import CountsFile
from opsdesk.errors import Refusal, near, quoted
from opsdesk.lookup import plain
from opsdesk.moments import DAY, read_day

ENTRY = re.compile(r"(?P<label>\D*?)[\s:=]*(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?P<rest>\.\d+)?[ \t]*(?P<percent>%?)")
MOST = 10_000_000
EXAMPLE = "`!stats record check-ins clicked 1765`"


def read_entries(text: str, file: CountsFile, today: date) -> tuple[date, dict[str, int]]:
    """The day (today, if none stands first) and the numbers by counter. Percentages are passed over.

    Raises a Refusal for anything that is not a counter's label with a whole number behind it.
    """
    day, rest = _day(text.strip(), today)
    if day > today:
        raise Refusal(f"{day:%A, %B} {day.day} has not begun: there is nothing to record for it.")
    numbers: dict[str, int] = {}
    for label, number in _entries(rest):
        counter = _counter(label, file)
        if counter in numbers:
            raise Refusal(f"{file.counters[counter].label} is given twice. Give it once.")
        numbers[counter] = number
    if not numbers:
        raise Refusal(f"Type a counter and its number, such as {EXAMPLE}. {_known(file)}")
    return day, numbers


def find_counter(typed: str, file: CountsFile) -> str | None:
    """The counter with this label or key, however it is written; None if there is none."""
    wanted = plain(typed)
    return next((key for key, one in file.counters.items() if wanted in (plain(one.label), plain(key))), None)


def _day(text: str, today: date) -> tuple[date, str]:
    found = DAY.match(text)
    if found and not text[found.end() : found.end() + 1].strip():
        return read_day(found[0], today), text[found.end() :]
    return today, text


def _entries(text: str) -> Iterator[tuple[str, int]]:
    end = 0
    for found in ENTRY.finditer(text):
        end = found.end()
        if "%" in found["label"] or found["percent"]:
            continue
        number = int(found["number"].replace(",", ""))
        if found["rest"] or number > MOST:
            raise Refusal(f"{quoted(found[0].strip())} is not a count: type a whole number.")
        yield found["label"], number
    if plain(text[end:]):
        raise Refusal(f"{quoted(text[end:].strip())} has no number behind it. Type it as {EXAMPLE}.")


def _counter(label: str, file: CountsFile) -> str:
    if found := find_counter(label, file):
        return found
    labels = {one.label.casefold(): one.label for one in file.counters.values()}
    likely = near(label.strip(" ,;\n"), labels, 1)
    meant = f"Did you mean {labels[likely[0]]}?" if likely else _known(file)
    raise Refusal(f"There is no counter called {quoted(label.strip(' ,;'))}. {meant}")


def _known(file: CountsFile) -> str:
    return f"The counters are {', '.join(counter.label for counter in file.counters.values())}."
