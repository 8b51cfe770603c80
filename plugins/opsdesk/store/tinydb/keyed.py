"""KeyedTable records in the file of their day, in the one for what belongs to no day, or in that of passing tables."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Generic, TypeVar

import msgspec

from opsdesk.store.tinydb.files import DayFiles
from opsdesk.store.tinydb.records import Records
from opsdesk.store.tinydb.tables import TableFile

T = TypeVar("T", bound=msgspec.Struct)


class EmbeddedKeyedTable(Generic[T]):
    """The keyed records called `table`; see KeyedTable for what its methods promise."""

    def __init__(self, files: DayFiles, table: str, kind: type[T], *, passing: bool) -> None:
        self._files, self._table, self._records = files, table, Records(table, kind)
        self._passing = passing

    def get(self, day: date | None, key: str) -> T | None:
        """Return the record, or None."""
        with self._files.held():
            return self._records.get(self._file(day), key)

    def all(self, day: date | None) -> Mapping[str, T]:
        """Return the records of a day, or those of no day, by key."""
        with self._files.held():
            return dict(self._records.all(self._file(day)))

    def change(self, day: date | None, key: str, edit: Callable[[T | None], T]) -> T:
        """Store `edit(record or None)`, and return it."""
        with self._files.changing():
            before = self.get(day, key)
            with self._files.deciding():
                record = edit(before)
            return self._put(day, key, record, before)

    def decide(self, day: date | None, choose: Callable[[Mapping[str, T]], tuple[str, T]]) -> T:
        """Store the record that `choose` makes of all records of the day, under the key it gives."""
        with self._files.changing():
            before = self.all(day)
            with self._files.deciding():
                key, record = choose(before)
            return self._put(day, key, record, before.get(key))

    def forget(self, day: date | None, is_old: Callable[[T], bool]) -> None:
        """Remove the records that are old."""
        with self._files.changing():
            records, file = self.all(day), self._file(day)
            with self._files.deciding():
                old = [key for key, record in records.items() if is_old(record)]
            if file and old:
                with self._counted():
                    file.remove(self._table, old)

    def version(self) -> int:
        """Return how many changes were tried since the start."""
        return self._files.versions[self._table]

    def _put(self, day: date | None, key: str, record: T, before: T | None) -> T:
        file = self._file(day)
        if file and record is before:
            file.settle()
            return record
        row = self._records.row(record, key, before, file.rows(self._table).get(key) if file else None)
        file = self._files.made(day) if day else file
        assert file  # what belongs to no day has one from the start
        with self._counted():
            file.put(self._table, key, row, record)
        return record

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count a change, also one of which nobody knows whether it was stored."""
        try:
            yield
        finally:
            self._files.versions[self._table] += 1

    def _file(self, day: date | None) -> TableFile | None:
        if day:
            return self._files.day(day)
        return self._files.passing() if self._passing else self._files.undated
