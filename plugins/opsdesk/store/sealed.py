"""A file's bytes: TinyDB's tables as JSON, with a first line that tells whether they are whole.

    {"_file":{"1":{"schema":1,"generation":17,"crc32":2838024587}}
    ,"incidents":{"12":{"key":"","record":{...}}}}

TinyDB reads such a file as it stands. The checksum covers everything after the first line.
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


def seal(tables: Tables, generation: int) -> bytes:
    """The file with these tables."""
    body = b"," + msgspec.json.encode(tables)[1:] if tables else b"}"
    header = _Header(schema.SCHEMA, generation, zlib.crc32(body))
    return msgspec.json.encode({"_file": {"1": header}})[:-1] + b"\n" + body


def unseal(data: bytes) -> Sealed:
    """What the file holds, in today's schema. Raises Broken, or NewerSchema."""
    if not data:
        raise Broken("empty")
    line, _, body = data.partition(b"\n")
    try:
        header = _headers.decode(line + b"}")["_file"]["1"]
        if schema.known(header.schema) and zlib.crc32(body) == header.crc32:
            return Sealed(header.generation, _read(body, header.schema))
    except (ValueError, KeyError, RecursionError):
        raise Broken("cut short or garbled") from None
    raise Broken("cut short or garbled")


def _read(body: bytes, written_as: int) -> Tables:
    whole = b"{" + body[1:] if body != b"}" else b"{}"
    if written_as != schema.SCHEMA:
        whole = msgspec.json.encode(schema.upgraded(msgspec.json.decode(whole), written_as))
    return _tables.decode(whole)
