"""A file's bytes: TinyDB's tables as JSON in sealed parts, each with a first line that tells whether it is whole.

    {"_file":{"1":{"schema":1,"generation":17,"crc32":2838024587}}
    ,"incidents":{"12":{"key":"","record":{...}}}}
    {"_file":{"1":{"schema":1,"generation":18,"crc32":1190235301}}
    ,"incidents":{"13":{"record":{...}}}}

The first part holds every table. Each later one was added by a change and holds the row which that change
left; once they have grown as long as the first, the file is written anew, as one part. Each part is JSON as
TinyDB writes it. The form of the first lines stays the same in every schema.
"""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypedDict

import msgspec

from opsdesk.store import schema


class Row(TypedDict, total=False):
    """A row of a table: the record as it is stored, and the key it was added with, if any."""

    record: msgspec.Raw
    key: str


Tables = dict[str, dict[str, Row]]
Pieces = Sequence[bytes | memoryview]

# Bytes that changes may add before the file is written anew, however short it was then.
LEAST_ADDED = 65_536


class Sealed(NamedTuple):
    """A file's content. Of two copies the one with the higher generation is newer."""

    generation: int
    tables: Tables
    first: int  # bytes of the first part
    size: int  # bytes of all whole parts; whatever follows them is the beginning of one that never came to its end
    ended: bool  # whether the last whole part ends with its line feed, behind which another one may begin
    written_as: int  # the schema

    def has_room(self, more: int) -> bool:
        """Whether a part of so many bytes may be added before the file is written anew."""
        may_grow = self.ended and self.written_as == schema.SCHEMA
        return may_grow and self.size + more - self.first <= max(self.first, LEAST_ADDED)


class Broken(Exception):
    """These bytes are not a whole file of the store; the text says in what way."""


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


def seal(tables: Tables, generation: int) -> tuple[bytes, memoryview, bytes]:
    """A part with these tables, in pieces: put together, a whole file would be copied once more."""
    whole = msgspec.json.encode(tables)
    header = _Header(schema.SCHEMA, generation, _checksum(schema.SCHEMA, generation, whole))
    line = msgspec.json.encode({"_file": {"1": header}})[:-1] + (b"\n," if tables else b"\n")
    return line, memoryview(whole)[1:], b"\n"


def unseal(data: bytes) -> Sealed:
    """What the file holds, in today's schema, up to its last whole part. Raises Broken, or NewerSchema.

    Only the last part may be cut short: that is how a change looks which the desk did not live to acknowledge.
    """
    if not data:
        raise Broken("empty")
    lines = data.split(b"\n")
    parts = list(_whole_parts(lines))
    behind = lines[2 * len(parts) :]
    if not parts or len(behind) > 3 or any(behind[2:]):
        raise Broken("cut short or garbled")
    first, last = parts[0], parts[-1]
    try:
        tables = _read([part.tables for part in parts], first.header.schema)
    except (ValueError, KeyError, RecursionError):
        raise Broken("cut short or garbled") from None
    size = sum(part.size for part in parts) - (not behind)
    return Sealed(last.header.generation, tables, first.size, size, bool(behind), first.header.schema)


def _whole_parts(lines: Sequence[bytes]) -> Iterable[_Part]:
    """The parts up to the first that is not whole, or does not continue the one before it."""
    before: _Header | None = None
    for line, rest in zip(lines[::2], lines[1::2], strict=False):
        part = _part(line, rest)
        if part is None or (before and not _continues(before, part.header)):
            return
        yield part
        before = part.header


def _part(line: bytes, rest: bytes) -> _Part | None:
    tables = b"{" + rest[rest.startswith(b",") :]
    try:
        header = _headers.decode(line + b"}")["_file"]["1"]
    except (ValueError, KeyError, RecursionError):
        return None
    whole = _checksum(header.schema, header.generation, tables) == header.crc32
    return _Part(header, tables, len(line) + len(rest) + 2) if whole else None


def _continues(before: _Header, header: _Header) -> bool:
    return (header.schema, header.generation) == (before.schema, before.generation + 1)


def _read(parts: Iterable[bytes], written_as: int) -> Tables:
    if written_as == schema.SCHEMA:
        return _merged(map(_tables.decode, parts))
    plain: schema.Plain = _merged(map(msgspec.json.decode, parts))
    return _tables.decode(msgspec.json.encode(schema.upgraded(plain, written_as)))


def _merged(parts: Iterable[dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for tables in parts:
        for table, rows in tables.items():
            merged.setdefault(table, {}).update(rows)
    return merged


def _checksum(written_as: int, generation: int, whole: bytes) -> int:
    return zlib.crc32(whole, zlib.crc32(b"%d %d" % (written_as, generation)))
