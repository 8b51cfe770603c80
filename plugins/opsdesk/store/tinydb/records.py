"""Records as rows: the one place where structs become JSON and come back."""

from typing import Generic, TypeVar

import msgspec

from opsdesk.store.interface import NotStored, Unreadable
from opsdesk.store.tinydb.sealed import Row

T = TypeVar("T", bound=msgspec.Struct)


class Records(Generic[T]):
    """The records of a table, all of one kind."""

    def __init__(self, table: str, kind: type[T]) -> None:
        self._table, self._decoder = table, msgspec.json.Decoder(kind)

    def encoded(self, record: T, key: str = "") -> msgspec.Raw:
        """The record as it is stored. Raises NotStored if it, or its key, could not be read again."""
        try:
            key.encode()
            data = msgspec.json.encode(record)
            self._decoder.decode(data)
        except ValueError as wrong:
            raise NotStored(f"Nothing was stored: this cannot be written down ({wrong}).") from wrong
        return msgspec.Raw(data)

    def record(self, name: str, row: Row) -> T:
        """The record in the row with this id. Raises Unreadable if it is none of this kind."""
        try:
            return self._decoder.decode(row["record"])
        except (ValueError, KeyError) as wrong:
            raise Unreadable(f"{self._table} {name} cannot be read: {wrong}. Nothing was touched.") from wrong
