"""Records as rows: the one place where structs become JSON and come back."""

from typing import Any, Generic, TypeVar

import msgspec

from opsdesk.store.interface import NotStored, Unreadable
from opsdesk.store.tinydb.sealed import Row

T = TypeVar("T", bound=msgspec.Struct)


class Records(Generic[T]):
    """The records of a table, all of one kind."""

    def __init__(self, table: str, kind: type[T]) -> None:
        self._table, self._decoder = table, msgspec.json.Decoder(kind)

    def encoded(self, record: T, key: str = "", before: Row | None = None) -> msgspec.Raw:
        """Return the record as it is stored, with what `before`, the row it changes, has beyond the known fields.

        Raises NotStored if it, or its key, could not be read again.
        """
        try:
            key.encode()
            data = msgspec.json.encode(record)
            self._decoder.decode(data)
            return msgspec.Raw(self._with_unknown(data, before["record"]) if before else data)
        except ValueError as wrong:
            raise NotStored(f"Nothing was stored: this cannot be written down ({wrong}).") from wrong

    def record(self, name: str, row: Row) -> T:
        """Return the record in the row with this id. Raises Unreadable if it is none of this kind."""
        try:
            return self._decoder.decode(row["record"])
        except (ValueError, KeyError) as wrong:
            raise Unreadable(f"{self._table} {name} cannot be read: {wrong}. Nothing was touched.") from wrong

    def _with_unknown(self, data: bytes, stored: msgspec.Raw) -> bytes:
        known = msgspec.json.encode(self._decoder.decode(stored))
        if known == bytes(stored):  # as nearly always: a record that this desk wrote
            return data
        plain = map(msgspec.json.decode, (data, stored, known))
        return msgspec.json.encode(merged(*plain))


def merged(new: Any, stored: Any, known: Any) -> Any:
    """Return `new` with what `stored` has and `known`, all that the desk understood of it, has not.

    Lists are compared item by item from their beginning: records add to them at the end.
    """
    if isinstance(new, dict) and isinstance(stored, dict) and isinstance(known, dict):
        unknown = {name: value for name, value in stored.items() if name not in known and name not in new}
        return {name: merged(value, stored.get(name), known.get(name)) for name, value in new.items()} | unknown
    if isinstance(new, list) and isinstance(stored, list) and isinstance(known, list):
        pairs = zip(new, stored, known, strict=False)
        return [merged(*three) for three in pairs] + new[min(len(new), len(stored)) :]
    return new
