"""The rows of a database, a day at a time: read for a move and for a backup, and written by a move."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import psycopg
from psycopg import Connection

from opsdesk.store.interface import NumberedKind, Unreadable
from opsdesk.store.json_records import JsonRecords
from opsdesk.store.postgres.connections import Row, network_of
from opsdesk.store.postgres.keys import NO_DAY, as_bytes, as_day, as_text
from opsdesk.store.rows import DayRows, KeptRow, NumberedRow, TouchedRow, compact, in_order

DAYS = (
    "select day from desk_numbered where day > %(no_day)s::date union select day from desk_touched "
    "union select day from desk_kept where day > %(no_day)s::date order by 1"
)
NUMBERED = "select tbl, number, key, record::text, is_open from desk_numbered where day = %s::date"
KEPT = "select tbl, key, record::text from desk_kept where day = %s::date order by seq"
TOUCHED = "select tbl, number from desk_touched where day = %s::date"


def days_of(connection: Connection[Row]) -> Sequence[date | None]:
    """Return every day that has rows, oldest first, and None. Raises psycopg.Error."""
    return [*(day for (day,) in connection.execute(DAYS, {"no_day": NO_DAY})), None]


def last_numbers(connection: Connection[Row]) -> Mapping[str, int]:
    """Return the highest number given out, by table. Raises psycopg.Error."""
    return {str(table): int(last) for table, last in connection.execute("select tbl, last from desk_counter")}


def read_day(connection: Connection[Row], day: date | None) -> DayRows:
    """Return the rows of a day, or those of no day. Raises psycopg.Error."""
    named = (as_day(day),)
    return in_order(
        (
            NumberedRow(table, number, bytes(key or b"").decode(), compact(text.encode()), is_open)
            for table, number, key, text, is_open in connection.execute(NUMBERED, named)
        ),
        (
            KeptRow(table, bytes(key).decode(), compact(text.encode()))
            for table, key, text in connection.execute(KEPT, named)
        ),
        (TouchedRow(table, number) for table, number in connection.execute(TOUCHED, named)),
    )


class DayWriter:
    """Writes days. Of the numbered tables in `kinds` it works out what is open and what is searched.

    Whatever cannot be read as its kind, and other tables, may be open, and are looked through at the first search.
    """

    def __init__(self, connection: Connection[Row], kinds: Iterable[NumberedKind[Any]]) -> None:
        self._connection = connection
        self._kinds = {kind.table: (kind, JsonRecords(kind.table, kind.kind)) for kind in kinds}

    def write(self, day: date | None, rows: DayRows) -> None:
        """Put these rows in the place of those of a day, in one transaction. Raises psycopg.Error."""
        with self._connection.transaction():
            for table in ("desk_numbered", "desk_kept", "desk_touched"):
                self._connection.execute(f"delete from {table} where day = %s::date".encode(), (as_day(day),))
            self._copy("desk_numbered", (self._numbered(row, day) for row in rows.numbered))
            kept = ((row.table, as_day(day), as_bytes(row.key), row.record.decode()) for row in rows.kept)
            self._copy("desk_kept (tbl, day, key, record)", kept)
            self._copy("desk_touched", ((row.table, as_day(day), row.number) for row in rows.touched))

    def _copy(self, into: str, rows: Iterable[tuple[object, ...]]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(f"copy {into} from stdin".encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def _numbered(self, row: NumberedRow, day: date | None) -> tuple[object, ...]:
        key = as_bytes(row.key) if row.key else None
        is_open, *searched = self._worked_out(row)
        return (row.table, row.number, as_day(day), is_open, key, row.record.decode(), *searched)

    def _worked_out(self, row: NumberedRow) -> tuple[bool, str, list[str], int]:
        """Return whether a record is open, its text and labels, and by which version of these."""
        if row.table not in self._kinds:
            return row.is_open, "", [], 0
        kind, records = self._kinds[row.table]
        search = kind.search
        try:
            record = records.read(str(row.number), row.record)
        except Unreadable:
            return True, "", [], search.version
        labels = list(map(as_text, search.labels(record)))
        return kind.is_open(record), as_text(search.text(record)), labels, search.version


def connect(url: str) -> Connection[Row]:
    """Return a connection of its own, outside any transaction, whose answers may take long. Raises psycopg.Error."""
    return psycopg.connect(url, autocommit=True, prepare_threshold=None, **network_of(url))
