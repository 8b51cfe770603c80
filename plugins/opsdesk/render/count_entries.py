"""Counts typed by hand, in words: kept, taken back, doubted, shown or not."""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from opsdesk.count_entries import doubtful
from opsdesk.counts import Entered
from opsdesk.counts_file import CountsFile
from opsdesk.moments import tell_date
from opsdesk.render.counts import small


class Typed(msgspec.Struct, frozen=True):
    """What was typed for a day (None: to take it back), what is kept of it by now, and what Datadog says."""

    day: date
    numbers: Mapping[str, int | None]
    kept: Mapping[str, Entered]
    answered: Mapping[str, int]

    @property
    def recorded(self) -> dict[str, int]:
        """The numbers that were typed."""
        return {counter: number for counter, number in self.numbers.items() if number is not None}


def recorded(typed: Typed, file: CountsFile, today: date) -> str:
    """The answer to `!stats record ...`: what is kept and how long it stands, what is removed, what looks wrong."""
    return " ".join((*_recorded(typed, file, today), *_taken_back(typed, file, today), *_doubts(typed, file)))


def _recorded(typed: Typed, file: CountsFile, today: date) -> Iterator[str]:
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


def _taken_back(typed: Typed, file: CountsFile, today: date) -> Iterator[str]:
    removed = [small(file.counters[counter].label) for counter, number in typed.numbers.items() if number is None]
    if removed:
        yield f"Taken back for {tell_date(typed.day, today)}: {', '.join(removed)}. What was recorded is removed."


def _doubts(typed: Typed, file: CountsFile) -> Iterator[str]:
    kept = {counter: one.number for counter, one in typed.kept.items()}
    for part, of in doubtful(kept, file):
        if typed.recorded.keys() & {part, of}:
            more, fewer = _apart(file.counters[part].label, file.counters[of].label)
            yield f"More {more} ({kept[part]}) than {fewer} ({kept[of]}): is that right?"


def _apart(one: str, other: str) -> tuple[str, str]:
    """The two labels without the words with which both begin: "completed" and "clicked"."""
    first, second = one.split(), other.split()
    while len(first) > 1 and len(second) > 1 and first[0] == second[0]:
        del first[0], second[0]
    return small(" ".join(first)), small(" ".join(second))


def _listed(numbers: Mapping[str, int], file: CountsFile) -> str:
    return ", ".join(f"{small(file.counters[counter].label)} {number}" for counter, number in numbers.items())
