"""Numbered records on day files."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Generic, TypeVar

import msgspec

from opsdesk.store.files import DayFiles
from opsdesk.store.index import Filed, filed_by
from opsdesk.store.interface import Unreadable
from opsdesk.store.records import Records
from opsdesk.store.sealed import Row
from opsdesk.store.tables import TableFile

T = TypeVar("T", bound=msgspec.Struct)

TOUCHED = "_touched"  # in a day's file: the numbers filed under older days that were changed on it, by table


class NumberedTable(Generic[T]):
    """The numbered records called `table`, each in the file of the day it was added on."""

    def __init__(self, files: DayFiles, table: str, kind: type[T], is_open: Callable[[T], bool]) -> None:
        self._files, self._index, self._table = files, files.index, table
        self._records, self._is_open = Records(table, kind), is_open
        with files.held():
            if self._index.filed(table) is None:
                self._scan_days()

    def add(self, day: date, make: Callable[[int], T], *, key: str = "") -> T:
        """Stores `make(number)` under the next number, or returns the record added with this key around `day`."""
        with self._files.held():
            found = self._with_key(day, key) if key else None
            if found is not None:
                return found
            number = self._next()
            record = make(number)
            raw = self._records.encoded(record)
            file = self._files.made(day)
            filed = self._filed().adding(number, day)
            self._index.file(self._table, filed.opening(day) if self._is_open(record) else filed)
            file.put(self._table, str(number), {"key": key, "record": raw} if key else {"record": raw})
            return record

    def change(self, number: int, day: date, edit: Callable[[T], T]) -> T:
        """Stores `edit(record)`, noting that it was changed on `day`. KeyError where there is no such number."""
        with self._files.held():
            before = self.get(number)
            filed_on = self._filed().day(number)
            if before is None or filed_on is None:
                raise KeyError(number)
            record = edit(before)
            raw = self._records.encoded(record)
            if filed_on != day:
                self._touch(number, day)
            if self._is_open(record):
                self._index.file(self._table, self._filed().opening(filed_on))
            self._files.made(filed_on).put(self._table, str(number), {"record": raw})
            return record

    def get(self, number: int) -> T | None:
        """The record with this number."""
        with self._files.held():
            day = self._filed().day(number)
            file = self._files.day(day) if day else None
            row = file.row(self._table, str(number)) if file else None
            return self._records.record(str(number), row) if row else None

    def latest(self) -> int:
        """The highest number given out; 0 before the first."""
        with self._files.held():
            # A run may be listed whose first record was never stored.
            for run in reversed(self._filed().runs):
                last = next(reversed(self._rows(self._files.day(run.day))), "0")
                if int(last) >= run.first:
                    return int(last)
            return 0

    def _next(self) -> int:
        try:
            return self.latest() + 1
        except Unreadable:
            # What was given out that day is unknown, but not how far it may have gone.
            return self._filed().reserved + 1

    def open(self) -> Sequence[T]:
        """The records that are open, lowest number first."""
        with self._files.held():
            found: list[tuple[int, T]] = []
            closed: list[date] = []
            for day in sorted(self._filed().open):
                records = [pair for pair in self._of(self._files.day(day)) if self._is_open(pair[1])]
                found += records
                closed += [] if records else [day]
            if closed:
                self._index.prune(self._table, closed)
            return _by_number(dict(found))

    def touched(self, first: date, last: date) -> Sequence[T]:
        """The records added or changed on the days from `first` to `last`, lowest number first."""
        with self._files.held():
            found: dict[int, T] = {}
            changed: set[int] = set()
            for day in self._index.days(first, last):
                file = self._files.day(day)
                found.update(self._of(file))
                changed.update(self._touched_on(file))
            older = {number: record for number in changed - found.keys() if (record := self.get(number)) is not None}
            return _by_number(found | older)

    def scan(self) -> Iterator[T]:
        """All records, newest first, a day's file in memory at a time."""
        with self._files.held():
            runs = self._filed().runs
        bounds = list(zip(runs, (*(run.first for run in runs[1:]), math.inf), strict=False))
        for run, end in reversed(bounds):
            with self._files.held():
                pairs = list(self._of(self._files.passing(run.day)))
            for number, record in reversed(pairs):
                if run.first <= number < end:
                    yield record

    def _filed(self) -> Filed:
        return self._index.filed(self._table) or Filed()

    def _rows(self, file: TableFile | None) -> dict[str, Row]:
        return file.rows(self._table) if file else {}

    def _of(self, file: TableFile | None) -> Iterator[tuple[int, T]]:
        return ((int(name), self._records.record(name, row)) for name, row in self._rows(file).items())

    def _with_key(self, day: date, key: str) -> T | None:
        for near in (day, day - timedelta(days=1), day + timedelta(days=1)):
            try:
                rows = self._rows(self._files.day(near))
            except Unreadable:
                continue
            for name, row in rows.items():
                if row.get("key") == key:
                    return self._records.record(name, row)
        return None

    def _touch(self, number: int, day: date) -> None:
        file = self._files.made(day)
        numbers = self._touched_on(file)
        if number not in numbers:
            file.put(TOUCHED, self._table, {"record": msgspec.Raw(msgspec.json.encode([*numbers, number]))})

    def _touched_on(self, file: TableFile | None) -> list[int]:
        row = file.row(TOUCHED, self._table) if file else None
        return msgspec.json.decode(row["record"], type=list[int]) if row else []

    def _scan_days(self) -> None:
        """Finds in the day files what the index does not tell: a table that is new, or an index that was lost."""
        numbers: dict[date, list[int] | None] = {}
        maybe_open: list[date] = []
        for day in self._index.all_days():
            try:
                pairs = list(self._of(self._files.passing(day)))
            except Unreadable:
                numbers[day] = None
                maybe_open.append(day)
                continue
            numbers[day] = [number for number, _ in pairs]
            maybe_open += [day] if any(self._is_open(record) for _, record in pairs) else []
        self._index.learn(self._table, filed_by(numbers, maybe_open))


def _by_number(records: Mapping[int, T]) -> list[T]:
    return [record for _, record in sorted(records.items(), key=lambda pair: pair[0])]
