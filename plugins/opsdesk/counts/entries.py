"""Counts typed by hand: "check-ins clicked 1,765", or the lines just as the desk words them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from opsdesk.counts.asked import find_counter
from opsdesk.counts.counts import Entered
from opsdesk.counts.file import CountsFile
from opsdesk.counts.words import small
from opsdesk.errors import UserError, near, quoted
from opsdesk.patterns import regex
from opsdesk.text import DAY, Misspelt, Offer, Offering, Unsure, literal, plain, read_day, tell_date

# What may stand before and behind them is not part of the pattern: under `finditer`, a message of blanks would take
# minutes, during which nothing else of the desk goes on.
NUMBER = regex(
    r"(?P<none>\bnone\b)|(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?P<rest>\.\d+)?[ \t]*(?P<percent>%?)", re.IGNORECASE
)
LABEL = regex(r".*[^\s:=]", re.DOTALL)
SIGN = regex(r"(?<![^\s:=,])[-+\u2212\u2013]\Z")  # in front of a number; the hyphen of a label has a letter before it
SURE = regex(r"(?<=[\s,;])sure[.!]?\s*\Z", re.IGNORECASE)
MOST = 10_000_000
LONGEST = 20  # characters of a number that are read, or repeated
EXAMPLE = "`!stats record check-ins clicked 1765`"


def read_entries(text: str, file: CountsFile, today: date) -> tuple[date, dict[str, int | None]]:
    """Return the day (today if none comes first) and the numbers by counter, None for "none". Percentages are skipped.

    Raises a UserError for anything but a counter's label followed by a whole number.
    """
    day, rest = _day(text.strip(), today)
    if day > today:
        raise UserError(f"{day:%A, %B} {day.day} has not begun: there is nothing to record for it.")
    numbers: dict[str, int | None] = {}
    for label, number in _entries(rest):
        counter = _counter(label, number, file)
        if counter in numbers:
            raise UserError(f"{file.counters[counter].label} is given twice. Give it once.")
        numbers[counter] = number
    if not numbers:
        raise UserError(f"Type a counter and its number, such as {EXAMPLE}. {_known(file)}")
    return day, numbers


def doubtful(numbers: Mapping[str, int], file: CountsFile) -> list[tuple[str, str]]:
    """Return pairs of counters where the first is a percentage of the second and yet larger."""
    pairs = ((line.percent, line.of) for line in file.lines if line.of)
    return [(part, of) for part, of in pairs if part in numbers and of in numbers and numbers[part] > numbers[of]]


def _day(text: str, today: date) -> tuple[date, str]:
    found = re.match(DAY, text)
    if found and not text[found.end() : found.end() + 1].strip():
        return read_day(found[0], today), text[found.end() :]
    return today, text


def _entries(text: str) -> Iterator[tuple[str, int | None]]:
    end = 0
    for found in NUMBER.finditer(text):
        label, end = LABEL.match(text[end : found.start()]), found.end()
        if not found["percent"] and "%" not in (named := label[0] if label else ""):
            yield named, _number(found)
    if plain(text[end:]):
        raise UserError(f"{quoted(text[end:].strip())} has no number behind it. Type it as {EXAMPLE}.")


def _number(found: re.Match[str]) -> int | None:
    if found["none"]:
        return None
    start = found.start("number")
    sign = SIGN.search(found.string[max(0, start - 2) : start])
    digits = found["number"].replace(",", "")
    if sign or found["rest"] or len(digits) > LONGEST or int(digits) > MOST:
        typed = (sign[0] if sign else "") + found["number"] + (found["rest"] or "")
        raise UserError(f"{typed[:LONGEST]} is not a count: type a whole number.")
    return int(digits)


def _counter(label: str, number: int | None, file: CountsFile) -> str:
    if not plain(label):
        first = next(iter(file.counters.values())).label
        typed = "none" if number is None else number
        raise UserError(f"Which counter? `!stats record {first[:1].lower()}{first[1:]} {typed}`.")
    if found := find_counter(label, file):
        return found
    labels = {one.label.casefold(): one.label for one in file.counters.values()}
    likely = near(label.strip(" ,;\n"), labels, 1)
    wrong = f"There is no counter called {quoted(label.strip(' ,;'))}."
    if likely:
        raise Misspelt(wrong, label.strip(" ,;\n"), labels[likely[0]])
    raise UserError(f"{wrong} {_known(file)}")


def _known(file: CountsFile) -> str:
    return f"The counters are {', '.join(counter.label for counter in file.counters.values())}."


class TypedCounts(msgspec.Struct, frozen=True):
    """The numbers typed for a day (None takes one back), and those that Datadog gives."""

    day: date
    numbers: Mapping[str, int | None]
    answered: Mapping[str, int]

    @property
    def recorded(self) -> dict[str, int]:
        """Return the numbers that were typed."""
        return {counter: number for counter, number in self.numbers.items() if number is not None}


def recorded(typed: TypedCounts, file: CountsFile, today: date) -> str:
    """Return the answer to `!stats record ...`: what is stored and for how long, what is removed."""
    return " ".join((*_recorded(typed, file, today), *_taken_back(typed, file, today)))


def _recorded(typed: TypedCounts, file: CountsFile, today: date) -> Iterator[str]:
    if not typed.recorded:
        return
    yield f"Recorded for {tell_date(typed.day, today)}: {_listed(typed.recorded, file)}."
    hidden = {counter: typed.answered[counter] for counter in typed.recorded if counter in typed.answered}
    if not hidden:
        stand = "It stands" if len(typed.recorded) == 1 else "They stand"
        yield f"{stand}, marked as yours, until Datadog answers."
        return
    told = _listed(hidden, file) if len(typed.recorded) > 1 else str(*hidden.values())
    yield f"Kept, but not shown while Datadog answers ({told})."
    if len(hidden) < len(typed.recorded):
        yield "The others stand, marked as yours, until Datadog answers."


def _taken_back(typed: TypedCounts, file: CountsFile, today: date) -> Iterator[str]:
    removed = [small(file.counters[counter].label) for counter, number in typed.numbers.items() if number is None]
    if removed:
        yield f"Taken back for {tell_date(typed.day, today)}: {', '.join(removed)}. What was recorded is removed."


def refuse_doubtful(
    kept: Mapping[str, Entered],
    numbers: Mapping[str, int | None],
    answered: Mapping[str, int],
    file: CountsFile,
    typed: str,
) -> None:
    """Raise a UserError where a typed number makes more completed than clicked: that is asked back, not kept.

    `answered` are Datadog's own numbers, where nothing was typed.
    """
    entered = {**answered, **{counter: one.number for counter, one in kept.items()}}
    for part, of in doubtful(entered, file):
        if any(numbers.get(counter) is not None for counter in (part, of)):
            more, fewer = _apart(file.counters[part].label, file.counters[of].label)
            asked = (
                f"More {more} ({entered[part]}) than {fewer} ({entered[of]})? Nothing was kept. Type it anew, or, if "
            )
            sure = Offer("stats_record", f"{typed.strip()} sure")
            raise Unsure(Offering(f"{literal(asked)}that is right, {{}}.", (sure,)))


def read_sure(text: str) -> tuple[str, bool]:
    """Return what was typed without the "sure" behind it, and whether that stood there."""
    found = SURE.search(text)
    return (text[: found.start()], True) if found else (text, False)


def _apart(one: str, other: str) -> tuple[str, str]:
    """Return the two labels without the words that both begin with: "completed" and "clicked"."""
    first, second = one.split(), other.split()
    while len(first) > 1 and len(second) > 1 and first[0] == second[0]:
        del first[0], second[0]
    return small(" ".join(first)), small(" ".join(second))


def _listed(numbers: Mapping[str, int], file: CountsFile) -> str:
    return ", ".join(f"{small(file.counters[counter].label)} {number}" for counter, number in numbers.items())
