"""The open records of a table: listed in the index, and in memory once they were read."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import date
from typing import Generic, TypeVar

import msgspec

from opsdesk.files import Stamp
from opsdesk.store.interface import Lost
from opsdesk.store.tinydb.copies import BothDamaged
from opsdesk.store.tinydb.files import DayFiles
from opsdesk.store.tinydb.index import Filed
from opsdesk.store.tinydb.records import Records
from opsdesk.store.tinydb.tables import TableFile

T = TypeVar("T", bound=msgspec.Struct)


class OpenRecords(Generic[T]):
    """What is open. A day is read once, and again if somebody else has replaced its file."""

    def __init__(self, files: DayFiles, table: str, records: Records[T], is_open: Callable[[T], bool]) -> None:
        self._files, self._table, self._records, self.is_open = files, table, records, is_open
        self._found: dict[date, dict[int, T]] = {}
        self._stamps: dict[date, Stamp | None] = {}
        self._numbers: list[int] = []
        self._sorted: tuple[T, ...] | None = None
        self._filed = Filed()
        self._days = self._filed.may_be_open()

    def all(self, filed: Filed, lost: Lost | None) -> tuple[T, ...]:
        """Return the open records, lowest number first: the very same tuple as before while nothing changed."""
        if filed is not self._filed:
            self._file(filed)
        unread = []
        for day, numbers in self._days.items():
            try:
                self._read_again(day, numbers, filed)
            except BothDamaged:
                if lost is None:
                    raise
                lost(day)
                unread.append(day)
        return self._in_order(unread) if self._sorted is None else self._sorted

    def note(self, day: date, file: TableFile, number: int, record: T) -> None:
        """Take note of a record that was stored in the file of its day."""
        if day not in self._found:
            return
        self._found[day].pop(number, None)
        if is_open := self.is_open(record):
            self._found[day][number] = record
        self._stamps[day] = file.stamp()
        if self._sorted is not None:
            self._place(number, *([record] if is_open else []))
        if not is_open:
            self._close(day, number)

    def _in_order(self, unread: list[date]) -> tuple[T, ...]:
        """Put in order what was found, and have the index know which records that are: all but of `unread` days."""
        self._found = {day: self._found[day] for day in self._days if day in self._found}
        found = {number: record for of_day in self._found.values() for number, record in of_day.items()}
        self._numbers = sorted(found)
        self._sorted = tuple(map(found.__getitem__, self._numbers))
        filed = self._filed.knowing(found, unread)
        self._files.index.learn(self._table, filed)
        self._file(filed)
        return self._sorted

    def _place(self, number: int, *record: T) -> None:
        """Have the record with this number be that among the others; none where it is not open."""
        assert self._sorted is not None
        at = bisect_left(self._numbers, number)
        end = at + (self._numbers[at : at + 1] == [number])
        self._numbers[at:end] = [number] * len(record)
        self._sorted = (*self._sorted[:at], *record, *self._sorted[end:])

    def _close(self, day: date, number: int) -> None:
        """Have the index know that this record is not open; a day with no other is not looked at any more."""
        filed, numbers = self._files.index.filed(self._table), self._days.get(day)
        if filed is not self._filed or not numbers or number not in numbers:
            return
        self._filed = filed.closing(number)
        self._files.index.learn(self._table, self._filed)
        numbers.remove(number)
        if not numbers:
            del self._days[day], self._found[day]

    def _file(self, filed: Filed) -> None:
        self._filed, self._days = filed, filed.may_be_open()

    def _read_again(self, day: date, numbers: set[int] | None, filed: Filed) -> None:
        """Read the records with these numbers, or all (None), unless they were read from the same file before."""
        if day in self._found and self._stamps[day] == self._files.stamp(day):
            return
        self._found.pop(day, None)
        self._sorted = None
        file = self._files.day(day) if day == filed.newest else self._files.glance(day)
        self._found[day] = {
            int(name): record for name, record in self._of(file, numbers).items() if self.is_open(record)
        }
        self._stamps[day] = file.stamp() if file else None

    def _of(self, file: TableFile | None, numbers: set[int] | None) -> Mapping[str, T]:
        if numbers is None:
            return self._records.all(file)
        found = {str(number): self._records.get(file, str(number)) for number in sorted(numbers)}
        return {name: record for name, record in found.items() if record is not None}
