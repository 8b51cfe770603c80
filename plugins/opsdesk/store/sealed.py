"""A file's bytes: TinyDB's tables as JSON, with a first line that tells whether they are whole.

    {"_file":{"1":{"schema":1,"generation":17,"crc32":2838024587}}
    ,"incidents":{"12":{"key":"","record":{...}}}}

TinyDB reads such a file as it stands. The form of the first line stays the same in every schema.
"""

import zlib
from typing import NamedTuple, TypedDict

import msgspec

from opsdesk.store import schema


class Row(TypedDict, total=False):
    """A row of a table: the record as it is stored, and the key it was added with, if any."""

    record: msgspec.Raw
    key: str


Tables = dict[str, dict[str, Row]]


class Sealed(NamedTuple):
    """A file's content. Of two copies the one with the higher generation is newer."""

    generation: int
    tables: Tables


class Broken(Exception):
    """These bytes are not a whole file of the store; the text says in what way."""


class _Header(msgspec.Struct):
    schema: int
    generation: int
    crc32: int


_headers = msgspec.json.Decoder(dict[str, dict[str, _Header]])
_tables = msgspec.json.Decoder(Tables)


def seal(tables: Tables, generation: int) -> tuple[bytes, memoryview]:
    """The file with these tables, in two pieces: put together, they would be copied once more with every change."""
    whole = msgspec.json.encode(tables)
    header = _Header(schema.SCHEMA, generation, _checksum(schema.SCHEMA, generation, whole))
    line = msgspec.json.encode({"_file": {"1": header}})[:-1] + (b"\n," if tables else b"\n")
    return line, memoryview(whole)[1:]


def unseal(data: bytes) -> Sealed:
    """What the file holds, in today's schema. Raises Broken, or NewerSchema."""
    if not data:
        raise Broken("empty")
    line, _, rest = data.partition(b"\n")
    try:
        header = _headers.decode(line + b"}")["_file"]["1"]
        whole = b"{" + rest[rest.startswith(b",") :]
        if _checksum(header.schema, header.generation, whole) == header.crc32:
            return Sealed(header.generation, _read(whole, header.schema))
    except (ValueError, KeyError, RecursionError):
        raise Broken("cut short or garbled") from None
    raise Broken("cut short or garbled")


def _read(whole: bytes, written_as: int) -> Tables:
    if written_as != schema.SCHEMA:
        whole = msgspec.json.encode(schema.upgraded(msgspec.json.decode(whole), written_as))
    return _tables.decode(whole)


def _checksum(written_as: int, generation: int, whole: bytes) -> int:
    return zlib.crc32(whole, zlib.crc32(b"%d %d" % (written_as, generation)))
