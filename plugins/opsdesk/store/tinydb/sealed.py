"""A file's bytes: TinyDB's tables as JSON in sealed parts, each with a first line that tells whether it is whole.

    {"_file":{"1":{"schema":3,"generation":17,"crc32":2838024587}}
    ,"incidents":{"12":{"key":"","record":{...}}}}
    {"_file":{"1":{"schema":3,"generation":18,"crc32":1190235301}}
    ,"incidents":{"13":{"record":{...}}}}
    {"_file":{"1":{"schema":3,"generation":19,"crc32":3301875523}}
    ,"incidents":{"12":{"add":{"+entries":[{...}]}}}}

The first part holds every table. Each later one was added by a change and holds the row which that change left, or
what it added to the row's record; before they outgrow the first, or 64 KiB where that is more, the file is written
anew, as one part. Each part is JSON as TinyDB writes it. The checksum is of the file's name, too, so that a file in
the place of another is none. The form of the first lines stays the same in every schema.
"""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypedDict

import msgspec

from opsdesk.store.tinydb import schema


class Row(TypedDict, total=False):
    """A row of a table: the record as it was stored last, `added` what changes have added to it since, in order.

    `key` is the one it was added with, if any. `add` stands for one more of `added`, in the part of its change alone.
    """

    record: msgspec.Raw
    key: str
    added: list[msgspec.Raw]
    add: msgspec.Raw


Tables = dict[str, dict[str, Row]]

# Bytes that changes may add before the file is written anew, however short it was then.
LEAST_ADDED = 65_536

BEGINNING = b'{"_file"'  # of each part, and nowhere else: within a text the quotes are escaped


class Sealed(NamedTuple):
    """A file's content."""

    schema: int  # it was written as
    generation: int
    tables: Tables
    first: int  # bytes of the first part
    size: int  # bytes of all whole parts; whatever follows them is none

    def has_room(self, more: int) -> bool:
        """Return whether a part of so many bytes may be added before the file is written anew."""
        return self.size + more - self.first <= max(self.first, LEAST_ADDED)


class Broken(Exception):
    """Bytes are not a whole file of the store; the text says why."""


class _Header(msgspec.Struct):
    schema: int
    generation: int
    crc32: int


class _Part(NamedTuple):
    header: _Header
    tables: bytes
    size: int  # with both line feeds


_headers = msgspec.json.Decoder(dict[str, dict[str, _Header]])
_tables = msgspec.json.Decoder(Tables)


def seal(tables: Tables, generation: int, name: str) -> tuple[bytes, memoryview, bytes]:
    """Return a part of the file `name` with these tables, in pieces: joining a whole file would copy it once more."""
    whole = msgspec.json.encode(tables)
    header = _Header(schema.SCHEMA, generation, _checksum(schema.SCHEMA, generation, name, whole))
    return _line(header) + (b"\n," if tables else b"\n"), memoryview(whole)[1:], b"\n"


def unseal(data: bytes, name: str) -> Sealed:
    """Return what the file `name` holds, in today's schema, up to its last whole part. Raises Broken and NewerSchema.

    Only the last part may be broken: that is what a change looks like which the desk did not live to acknowledge.
    """
    if not data:
        raise Broken("empty")
    parts = list(_whole_parts(data.split(b"\n"), name))
    size = min(sum(part.size for part in parts), len(data))
    if not parts or data.find(BEGINNING, size + 1) >= 0:
        raise Broken("cut short or garbled")
    first, last = parts[0], parts[-1]
    try:
        tables = _read([part.tables for part in parts], first.header.schema)
    except (ValueError, KeyError, RecursionError):
        raise Broken("cut short or garbled") from None
    return Sealed(last.header.schema, last.header.generation, tables, first.size, size)


def _whole_parts(lines: Sequence[bytes], name: str) -> Iterable[_Part]:
    """Yield the parts up to the first that is broken or does not continue the one before it."""
    before: _Header | None = None
    for line, rest in zip(lines[::2], lines[1::2], strict=False):
        part = _part(line, rest, name)
        if part is None or (before and not _continues(before, part.header)):
            return
        yield part
        before = part.header


def _part(line: bytes, rest: bytes, name: str) -> _Part | None:
    tables = b"{" + rest[rest.startswith(b",") :]
    try:
        header = _headers.decode(line + b"}")["_file"]["1"]
    except (ValueError, KeyError, RecursionError):
        return None
    whole = line == _line(header) and header.crc32 == _checksum(header.schema, header.generation, name, tables)
    return _Part(header, tables, len(line) + len(rest) + 2) if whole else None


def _line(header: _Header) -> bytes:
    return msgspec.json.encode({"_file": {"1": header}})[:-1]


def _continues(before: _Header, header: _Header) -> bool:
    return (header.schema, header.generation) == (before.schema, before.generation + 1)


def _read(parts: Iterable[bytes], written_as: int) -> Tables:
    if schema.is_todays(written_as):
        return _merged(map(_tables.decode, parts))
    plain: schema.Plain = _merged(map(msgspec.json.decode, parts))
    return _tables.decode(msgspec.json.encode(schema.upgraded(plain, written_as)))


def _merged(parts: Iterable[dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for tables in parts:
        for table, rows in tables.items():
            known = merged.setdefault(table, {})
            for name, row in rows.items():
                if "add" in row:
                    known[name].setdefault("added", []).append(row["add"])
                else:
                    known[name] = row
    return merged


def _checksum(written_as: int, generation: int, name: str, whole: bytes) -> int:
    begun = b"%d %d" % (written_as, generation)
    named = begun + b" " + name.encode() if written_as >= schema.NAMED else begun
    return zlib.crc32(whole, zlib.crc32(named))
