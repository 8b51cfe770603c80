"""Records as JSON: what every store writes down and reads again, whatever it keeps the text in."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from opsdesk.store.interface import NotStored, Unreadable

T = TypeVar("T", bound=msgspec.Struct)


class JsonRecords(Generic[T]):
    """The records of a table, all of one kind, as JSON."""

    def __init__(
        self,
        table: str,
        kind: type[T],
        check: Callable[[T, Callable[[], T | None]], None] = lambda record, before: None,
    ) -> None:
        """Write records of this kind. `check` may refuse one, seeing what gives the one in whose place it is."""
        self._table, self._decoder, self._check = table, msgspec.json.Decoder(kind), check

    def written(self, record: T, key: str = "", stored: bytes = b"", before: T | None = None) -> bytes:
        """Return the text that stores a record in the place of `stored`, with what that has beyond the record's fields.

        `before` is the record in `stored`, where it was read already. Raises NotStored if the record, or the key that
        goes with it, could not be read again.
        """
        try:
            key.encode()
            data = msgspec.json.encode(record)
            self._decoder.decode(data)
        except ValueError as wrong:
            raise unwritable(wrong) from wrong
        if not stored:
            self._check(record, lambda: None)
            return data
        known = before or self._decoder.decode(stored)
        self._check(record, lambda: known)
        return with_unknown(data, stored, known)

    def read(self, name: str, data: bytes | str) -> T:
        """Return the record in this text, stored under `name`. Raises Unreadable if it is none of this kind."""
        try:
            return self._decoder.decode(data)
        except ValueError as wrong:
            raise unreadable(self._table, name, wrong) from wrong


def unwritable(wrong: ValueError) -> NotStored:
    """Return the refusal of what could not be read again once it was stored."""
    return NotStored(f"Nothing was stored: this cannot be written down ({wrong}).")


def unreadable(table: str, name: str, wrong: Exception) -> Unreadable:
    """Return the complaint about a stored record that is none of its table's kind."""
    return Unreadable(f"{table} {name} cannot be read: {wrong}. Nothing was touched.")


def with_unknown(data: bytes, stored: bytes, before: msgspec.Struct) -> bytes:
    """Return `data`, which replaces the text `stored`, with those fields of it that `before`, read from it, has not."""
    known = msgspec.json.encode(before)
    if known == stored:  # as nearly always: a record that this desk wrote
        return data
    return msgspec.json.encode(merged(*map(msgspec.json.decode, (data, stored, known))))


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
