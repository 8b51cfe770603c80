"""The open records of a table: listed in the index, and in memory once they were read."""

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
        self._sorted: tuple[T, ...] | None = None
        self._filed = Filed()
        self._days = self._filed.may_be_open()

    def all(self, filed: Filed, lost: Lost | None) -> tuple[T, ...]:
        """Return the open records, lowest number first: the very same tuple as before while nothing changed."""
        if filed is not self._filed:
            self._filed, self._days = filed, filed.may_be_open()
        unread = []
        for day, numbers in self._days.items():
            try:
                self._read_again(day, numbers, filed)
            except BothDamaged:
                if lost is None:
                    raise
                lost(day)
                unread.append(day)
        if self._sorted is None:
            self._found = {day: self._found[day] for day in self._days if day in self._found}
            found = {number: record for of_day in self._found.values() for number, record in of_day.items()}
            self._sorted = tuple(record for _, record in sorted(found.items(), key=lambda pair: pair[0]))
            self._files.index.learn(self._table, filed.knowing(found, unread))
        return self._sorted

    def note(self, day: date, file: TableFile, number: int, record: T) -> None:
        """Take note of a record that was stored in the file of its day."""
        if day in self._found:
            self._found[day].pop(number, None)
            if self.is_open(record):
                self._found[day][number] = record
            self._stamps[day], self._sorted = file.stamp(), None

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
