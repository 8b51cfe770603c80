"""A database as a place that records are moved from, or to."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import msgspec
import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict

from opsdesk.errors import SettingsError, UserError
from opsdesk.store.interface import NumberedKind
from opsdesk.store.marks import Mark
from opsdesk.store.postgres import schema, words_index
from opsdesk.store.postgres.connections import Connections, Row
from opsdesk.store.postgres.days import DayWriter, connect, days_of, last_numbers, read_day
from opsdesk.store.postgres.desks import GONE
from opsdesk.store.postgres.transactions import wrong_with
from opsdesk.store.rows import DayRows

RECORDS = ("desk_numbered", "desk_kept", "desk_counter")
CHANGES = "select tbl, changes from desk_version order by tbl"
HERE = f"select name from desk_desk where seen > clock_timestamp() - interval '{GONE} s' order by name"

# Every change of a record counts its table's changes in the same transaction, so that none is made any more.
NO_MORE_CHANGES = """
    create or replace function desk_moved() returns trigger language plpgsql as
        $$ begin raise exception 'what was kept here was moved to %', (select record->>'other' from desk_mark); end $$;
    drop trigger if exists desk_moved on desk_version;
    create trigger desk_moved before insert or update or delete on desk_version
        for each statement execute function desk_moved()
"""


@contextmanager
def opened(url: str) -> Iterator[tuple[Connection[Row], str]]:
    """Connect to the database at `url`, whose tables are made, and yield that with what people call it.

    Whatever goes wrong with it is raised in words: a SettingsError or a UserError.
    """
    try:
        connections = Connections(url, 1)
    except psycopg.Error:  # whose text repeats the address, password and all
        raise SettingsError(["DESK_DATABASE_URL is no address of a database."]) from None
    try:
        connections.open()
        try:
            place = schema.made(connections)
        finally:
            connections.close()
        with connect(url) as connection:
            yield connection, _called(url, place)
    except psycopg.Error as error:
        raise UserError(
            f"The database {wrong_with(error)}. Nothing is lost: run it again once that is mended."
        ) from error


@contextmanager
def source(url: str) -> Iterator["DatabaseSource"]:
    """Connect to a database that records are moved from. Raises a SettingsError, and a UserError if desks run on it."""
    with opened(url) as (connection, name):
        yield DatabaseSource(connection, name)


@contextmanager
def destination(url: str, kinds: Iterable[NumberedKind[Any]]) -> Iterator["DatabaseDestination"]:
    """Connect to a database that records are moved to. Raises a SettingsError, and a UserError if desks run on it."""
    with opened(url) as (connection, name):
        yield DatabaseDestination(connection, name, kinds)


class DatabasePlace:
    """What both ends have in common."""

    def __init__(self, connection: Connection[Row], name: str) -> None:
        self._connection, self.name = connection, name
        if desks := [str(name) for (name,) in self._rows(HERE)]:
            raise UserError(f"Desks are running on {name}: {'; '.join(desks)}. Stop them first, then wait {GONE} s.")

    def mark(self) -> Mark | None:
        """Return the mark on the database."""
        return schema.mark_in(self._rows(schema.MARK))

    def days(self) -> Sequence[date | None]:
        """Return every day that has rows, and None."""
        return days_of(self._connection)

    def read(self, day: date | None) -> DayRows:
        """Return the rows of a day."""
        return read_day(self._connection, day)

    def _rows(self, query: str) -> list[Row]:
        return self._connection.execute(query.encode()).fetchall()

    def _write_mark(self, mark: Mark) -> None:
        self._connection.execute(
            "insert into desk_mark (record) values (%s::json) on conflict (one) do update set record = excluded.record",
            (msgspec.json.encode(mark).decode(),),
        )
        self._admit(schema.KNOWS_MOVES)

    def _admit(self, oldest: int) -> None:
        """Keep out desks that know no version of the tables as new as this."""
        self._connection.execute("update desk_schema set oldest_reader = %s", (oldest,))


class DatabaseSource(DatabasePlace):
    """A database that records are moved from."""

    def __init__(self, connection: Connection[Row], name: str) -> None:
        super().__init__(connection, name)
        self._changes = self._rows(CHANGES)

    def last_numbers(self) -> Mapping[str, int]:
        """Return the highest number given out, by table."""
        return last_numbers(self._connection)

    def leave(self, mark: Mark) -> None:
        """Mark the database, and let nobody change anything in it: not a desk either that has just started."""
        with self._connection.transaction():
            self._connection.execute("lock table desk_version in exclusive mode")
            if self._rows(CHANGES) != self._changes:
                raise UserError(f"A desk changed something in {self.name} meanwhile. Stop it, and run it again.")
            self._write_mark(mark)
            self._connection.execute(NO_MORE_CHANGES.encode())


class DatabaseDestination(DatabasePlace):
    """A database that records are moved to; `kinds` tells what of them is open and searched."""

    def __init__(self, connection: Connection[Row], name: str, kinds: Iterable[NumberedKind[Any]]) -> None:
        super().__init__(connection, name)
        self._writer = DayWriter(connection, kinds)

    def is_empty(self) -> bool:
        """Return whether no desk has kept anything there."""
        return not any(self._rows(f"select from {table} limit 1") for table in RECORDS)

    def expect(self, mark: Mark, numbered: Collection[str]) -> None:
        """Mark the database, and leave its texts unindexed until all are there, which is many times quicker."""
        with self._connection.transaction():
            self._write_mark(mark)
            self._connection.execute("drop index if exists desk_numbered_words")

    def write(self, day: date | None, rows: DayRows) -> None:
        """Put these rows in the place of those of a day."""
        self._writer.write(day, rows)

    def arrived(self, day: date | None, rows: DayRows) -> None:
        """Do nothing: a database counts by itself."""

    def finish(self, last_numbers: Mapping[str, int]) -> None:
        """Store where numbers go on, and index the texts."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            query = "insert into desk_counter values (%s, %s) on conflict (tbl) do update set last = excluded.last"
            cursor.executemany(query, list(last_numbers.items()))
        self._connection.execute("analyze desk_numbered, desk_kept, desk_touched")
        words_index.make(lambda query: self._connection.execute(query.encode()))

    def arrive(self) -> None:
        """Take the mark away."""
        with self._connection.transaction():
            self._connection.execute("delete from desk_mark")
            self._admit(schema.OLDEST_READER)


def _called(url: str, place: str) -> str:
    """Return what people know a database by: without the user and the password."""
    given = conninfo_to_dict(url)
    where = [str(given[name]) for name in ("host", "port", "dbname") if given.get(name)]
    return f"the database {'/'.join(where)} (its schema {place})"
