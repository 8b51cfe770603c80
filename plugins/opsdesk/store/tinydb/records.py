"""Records as rows: the one place where structs become JSON and come back."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Generic, TypeVar

import msgspec

from opsdesk.store.json_records import unreadable, unwritable, with_unknown
from opsdesk.store.tinydb.additions import LARGE, Additions, whole
from opsdesk.store.tinydb.sealed import Row
from opsdesk.store.tinydb.tables import TableFile

T = TypeVar("T", bound=msgspec.Struct)


class Records(Generic[T]):
    """The records of a table, all of one kind."""

    def __init__(self, table: str, kind: type[T]) -> None:
        self._table, self._kind = table, kind

    @cached_property
    def _decoder(self) -> msgspec.json.Decoder[T]:
        """What reads the records. Most of the tables have none to be read when the desk starts."""
        return msgspec.json.Decoder(self._kind)

    @cached_property
    def _additions(self) -> Additions[T]:
        return Additions(self._kind)

    def get(self, file: TableFile | None, name: str) -> T | None:
        """Return the record with this id; None without one. Raises Unreadable."""
        if file is None:
            return None
        rows, decoded = file.rows(self._table), file.decoded(self._table, self._kind)
        if name not in decoded.records:
            if name not in rows:
                return None
            decoded.records[name] = self.read(name, rows[name])
            decoded.complete = False
        record: T = decoded.records[name]
        return record

    def all(self, file: TableFile | None) -> dict[str, T]:
        """Return the records by id, in the order they were added; do not change the dict. Raises Unreadable."""
        if file is None:
            return {}
        rows, decoded = file.rows(self._table), file.decoded(self._table, self._kind)
        if not decoded.complete:
            known = decoded.records
            decoded.records = {name: known.get(name) or self.read(name, row) for name, row in rows.items()}
            decoded.complete = True
        return decoded.records

    def rows(self, file: TableFile) -> list[tuple[str, Callable[[], T]]]:
        """Return each id with what reads its record: later, when the store is not held any more. Raises Unreadable."""
        rows, known = file.rows(self._table), file.decoded(self._table, self._kind).records
        return [
            (name, partial(_given, known[name]) if name in known else partial(self.read, name, row.copy()))
            for name, row in rows.items()
        ]

    def row(self, record: T, key: str = "", before: T | None = None, stored: Row | None = None) -> Row:
        """Return the row that stores a record, or adds to `stored`, the row of `before`, what the record adds to it.

        What the stored record has beyond the fields of its kind is kept. Raises NotStored if the record, or the key
        that goes with it, could not be read again.
        """
        try:
            key.encode()
            if before is not None and stored and (added := self._added(record, before, stored)):
                return {"add": msgspec.Raw(added)}
            data = msgspec.json.encode(record)
            self._decoder.decode(data)
            return {"record": msgspec.Raw(self._with_unknown(data, stored, before) if stored else data)}
        except ValueError as wrong:
            raise unwritable(wrong) from wrong

    def read(self, name: str, row: Row) -> T:
        """Return the record in the row with this id. Raises Unreadable if it is none of this kind."""
        try:
            record = self._decoder.decode(row["record"])
            return self._additions.to(record, row["added"]) if "added" in row else record
        except (ValueError, KeyError) as wrong:
            raise unreadable(self._table, name, wrong) from wrong

    def _added(self, record: T, before: T, stored: Row) -> bytes | None:
        if len(stored["record"]) < LARGE and "added" not in stored:
            return None
        added = self._additions.between(before, record)
        if added:
            self._additions.check(added)
        return added

    def _with_unknown(self, data: bytes, stored: Row, before: T | None) -> bytes:
        text = whole(stored["record"], stored["added"]) if "added" in stored else bytes(stored["record"])
        return with_unknown(data, text, before or self._decoder.decode(text))


def _given(record: T) -> T:
    return record
