"""The index: which days there are, which day a number is filed under, which records may be open.

It is written before the record it speaks of, so that it may list too much, but not too little, unless somebody puts
an older one in its place. All of it but `reserved` and `given_out` can be read off the day files again.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from opsdesk.store.tinydb.tables import TableFile

TABLE, ROW = "index", "1"
RESERVE = 100


class Run(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A run of numbers filed under `day`: from `first` on, up to the first of the next run."""

    first: int
    day: date


class Filed(msgspec.Struct, frozen=True):
    """Where a table's records are: its runs, lowest number first, and which of them may be open.

    Those are the records with `open_numbers`, and all on the `open` days. No number above `reserved` was given out, so
    that numbers go on even if the last day cannot be read. Those up to `given_out` were given out elsewhere.
    """

    runs: tuple[Run, ...] = ()
    open: frozenset[date] = frozenset()
    reserved: int = 0
    open_numbers: frozenset[int] = frozenset()
    given_out: int = 0

    def day(self, number: int) -> date | None:
        """Return the day under which this number is filed, if it was given out."""
        at = bisect_right(self.runs, number, key=lambda run: run.first)
        return self.runs[at - 1].day if at else None

    @property
    def newest(self) -> date | None:
        """Return the day under which the last number is filed; None before the first."""
        return self.runs[-1].day if self.runs else None

    def may_be_open(self) -> dict[date, set[int] | None]:
        """Return the days that may hold open records, oldest first, each with the numbers of those, or None for any."""
        numbers: dict[date, set[int]] = {}
        for number in self.open_numbers:
            if day := self.day(number):
                numbers.setdefault(day, set()).add(number)
        return {day: None if day in self.open else numbers[day] for day in sorted({*numbers, *self.open})}

    def adding(self, number: int, day: date) -> "Filed":
        """Return this with `number`, the next one, filed under `day`."""
        if number > self.reserved:
            return msgspec.structs.replace(self, reserved=number + RESERVE - 1).adding(number, day)
        # The last run's first record may never have been stored; then its number is the next one still.
        runs = self.runs[:-1] if self.runs and self.runs[-1].first == number else self.runs
        if not runs or runs[-1].day != day:
            runs = (*runs, Run(number, day))
        return self if runs is self.runs else msgspec.structs.replace(self, runs=runs)

    def opening(self, number: int) -> "Filed":
        """Return this with `number`, which was given out, as one that may be open.

        Of the newest day, on which records are still added, that is said of the day: it need not be said again.
        """
        day = self.day(number)
        if day is None or day in self.open or number in self.open_numbers:
            return self
        if day == self.newest:
            return msgspec.structs.replace(self, open=self.open | {day})
        return msgspec.structs.replace(self, open_numbers=self.open_numbers | {number})

    def closing(self, number: int) -> "Filed":
        """Return this where the record with this number is not open."""
        return msgspec.structs.replace(self, open_numbers=self.open_numbers - {number})

    def knowing(self, numbers: Iterable[int], unread: Iterable[date]) -> "Filed":
        """Return this where exactly these numbers are open, as far as is known: not of the `unread` days."""
        unknown = frozenset(unread)
        kept = {number for number in self.open_numbers if self.day(number) in unknown}
        days = {day for day in self.open if day in unknown or day == self.newest}
        return msgspec.structs.replace(
            self,
            open=frozenset(days),
            open_numbers=frozenset(kept | {number for number in numbers if self.day(number) not in days}),
        )


class Content(msgspec.Struct, frozen=True):
    """The index as it is stored: every day that has a file, in order, and what is filed, by table."""

    days: tuple[date, ...] = ()
    tables: dict[str, Filed] = {}


class Index:
    """The index in memory, and its file."""

    def __init__(self, file: TableFile, content: Content) -> None:
        self._file, self._content = file, content
        self._sure = True  # that the disk has no other index than memory but for what it learned and pruned since

    def filed(self, table: str) -> Filed | None:
        """Return where the table's records are; None for a table the index does not know."""
        return self._content.tables.get(table)

    def tables(self) -> Iterable[str]:
        """Return the names of the numbered tables that the index knows."""
        return self._content.tables

    def has(self, day: date) -> bool:
        """Return whether there is a file for this day."""
        at = bisect_left(self._content.days, day)
        return at < len(self._content.days) and self._content.days[at] == day

    def days(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days with a file from `first` to `last`, oldest first."""
        days = self._content.days
        return days[bisect_left(days, first) : bisect_right(days, last)]

    def all_days(self) -> tuple[date, ...]:
        """Return every day with a file, oldest first."""
        return self._content.days

    def list_day(self, day: date) -> None:
        """List a day whose file has just been made. Raises NotStored."""
        days = list(self._content.days)
        insort(days, day)
        self._store(msgspec.structs.replace(self._content, days=tuple(days)))

    def file(self, table: str, filed: Filed) -> None:
        """Store where the table's records are, unless that is stored already. Raises NotStored."""
        known = self.filed(table)
        if not self._sure or (known is not filed and known != filed):
            self._store(self._with(table, filed))

    def learn(self, table: str, filed: Filed) -> None:
        """Note where the table's records are: in memory now, on disk with the next change."""
        self._content = self._with(table, filed)

    def _with(self, table: str, filed: Filed) -> Content:
        return msgspec.structs.replace(self._content, tables={**self._content.tables, table: filed})

    def store(self) -> None:
        """Store the index as it is in memory. Raises NotStored."""
        self._store(self._content)

    def _store(self, content: Content) -> None:
        self._sure = False
        self._file.make()
        self._file.put(TABLE, ROW, {"record": msgspec.Raw(msgspec.json.encode(content))})
        self._content, self._sure = content, True


def read(file: TableFile) -> Content:
    """Return the index as it is stored, empty if it was never written. Raises Unreadable."""
    row = file.row(TABLE, ROW)
    return msgspec.json.decode(row["record"], type=Content) if row else Content()


def filed_by(days: Mapping[date, Iterable[int] | None], open_numbers: Iterable[int]) -> Filed:
    """Return where records are, by the numbers found on each day, oldest day first; None for a day that is damaged.

    The numbers of a damaged day are taken to follow those of the days before it, and all of them may be open.
    """
    runs: list[Run] = []
    highest = 0
    for day, numbers in days.items():
        starts = [highest + 1] if numbers is None else list(_starts(numbers))
        runs += [Run(start, day) for start in starts]
        highest = max([highest, *starts, *(numbers or ())])
    reserved = highest + RESERVE if None in days.values() else highest
    damaged = frozenset(day for day, numbers in days.items() if numbers is None)
    return Filed(tuple(sorted(runs)), damaged, reserved, frozenset(open_numbers))


def _starts(numbers: Iterable[int]) -> Iterable[int]:
    """Yield the numbers that do not follow the one before."""
    before = None
    for number in numbers:
        if before is None or number != before + 1:
            yield number
        before = number
