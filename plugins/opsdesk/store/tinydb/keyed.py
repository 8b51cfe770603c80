"""KeyedTable records on the file of their day, or on the one for what belongs to no day."""

from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

import msgspec

from opsdesk.store.tinydb.files import DayFiles
from opsdesk.store.tinydb.records import Records
from opsdesk.store.tinydb.tables import TableFile

T = TypeVar("T", bound=msgspec.Struct)


class EmbeddedKeyedTable(Generic[T]):
    """The kept records called `table`."""

    def __init__(self, files: DayFiles, table: str, kind: type[T]) -> None:
        self._files, self._table, self._records = files, table, Records(table, kind)

    def get(self, day: date | None, key: str) -> T | None:
        """The record, or None."""
        with self._files.held():
            file = self._file(day)
            row = file.row(self._table, key) if file else None
            return self._records.record(key, row) if row else None

    def change(self, day: date | None, key: str, edit: Callable[[T | None], T]) -> T:
        """Stores `edit(record or None)`, under the store's lock."""
        with self._files.held():
            record = edit(self.get(day, key))
            raw = self._records.encoded(record, key)
            file = self._files.undated if day is None else self._files.made(day)
            file.put(self._table, key, {"record": raw})
            return record

    def all(self, day: date | None) -> dict[str, T]:
        """The records of a day (or of none) by key."""
        with self._files.held():
            return self._of(self._file(day))

    def _file(self, day: date | None) -> TableFile | None:
        return self._files.undated if day is None else self._files.day(day)

    def _of(self, file: TableFile | None) -> dict[str, T]:
        rows = file.rows(self._table) if file else {}
        return {key: self._records.record(key, row) for key, row in rows.items()}
