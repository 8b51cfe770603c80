"""What a store holds of a day, whatever it is kept in: rows as they are stored, to be moved, compared and backed up."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

import msgspec

# The tables of no day that matter for minutes, which the embedded store keeps in a file of their own.
PASSING = frozenset(
    {
        "failed commands",
        "home",
        "listened to slack",
        "open questions",
        "seen events",
        "sent twice",
        "summaries asked for",
    }
)


def check_named(table: str) -> None:
    """Raise a ValueError for a passing table that is none of these: a move would not know it as one."""
    if table not in PASSING:
        raise ValueError(f'Name "{table}" in opsdesk.store.rows, where passing tables are.')


class NumberedRow(NamedTuple):
    """A numbered record as JSON, and the key it was added with ("" for none). `is_open`: it may be open."""

    table: str
    number: int
    key: str
    record: bytes
    is_open: bool = True


class KeptRow(NamedTuple):
    """A keyed record as JSON."""

    table: str
    key: str
    record: bytes


class TouchedRow(NamedTuple):
    """The number of a record of an older day that was changed on this one."""

    table: str
    number: int


class DayRows(msgspec.Struct, frozen=True, dict=True):
    """The rows of a day, or those of no day: numbered ones by number, kept ones as they were added, table by table."""

    numbered: Sequence[NumberedRow] = ()
    kept: Sequence[KeptRow] = ()
    touched: Sequence[TouchedRow] = ()

    @property
    def many(self) -> int:
        """Return how many records there are."""
        return len(self.numbered) + len(self.kept)

    def lasting(self) -> "DayRows":
        """Return these without those of passing tables."""
        return DayRows(self.numbered, [row for row in self.kept if row.table not in PASSING], self.touched)

    @cached_property
    def digest(self) -> str:
        """Return what stands for all of it, wherever it is kept: every number, key and record, byte for byte."""
        digest = blake2b(digest_size=16)
        for part in self._parts():
            digest.update(b"%d:" % len(part))
            digest.update(part)
        return digest.hexdigest()

    def _parts(self) -> Iterable[bytes]:
        for one in self.numbered:
            yield from (b"numbered", one.table.encode(), b"%d" % one.number, one.key.encode(), one.record)
        for row in self.kept:
            yield from (b"kept", row.table.encode(), row.key.encode(), row.record)
        for touched in self.touched:
            yield from (b"touched", touched.table.encode(), b"%d" % touched.number)


def in_order(numbered: Iterable[NumberedRow], kept: Iterable[KeptRow], touched: Iterable[TouchedRow] = ()) -> DayRows:
    """Return rows in the order that every store gives them in; kept ones of a table in that in which they come."""
    return DayRows(
        sorted(numbered, key=lambda row: (row.table, row.number)),
        sorted(kept, key=lambda row: row.table),
        sorted(touched),
    )


def compact(record: bytes) -> bytes:
    """Return JSON on one line, without blanks between its parts; nothing else of it is changed."""
    return msgspec.json.format(record, indent=-1)
