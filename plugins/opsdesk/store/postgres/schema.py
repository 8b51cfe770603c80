"""The tables in PostgreSQL: made and upgraded when a desk starts, one desk at a time."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from psycopg import Connection

from opsdesk.errors import SettingsError
from opsdesk.store.marks import Mark
from opsdesk.store.postgres import words_index
from opsdesk.store.postgres.connections import Connections, Row
from opsdesk.store.postgres.keys import lock_of

OLDEST_SERVER = 130000  # PostgreSQL 13, as its server_version_num has it
SCHEMA, OLDEST_READER = 4, 2  # a desk of version 1 takes the database for its own
KNOWS_MOVES = 3  # the oldest version that looks for the mark of a move

# `json` and `bytea` keep every character, NUL among them, where `jsonb` and `text` refuse some.
# What belongs to no day is filed under '-infinity'.
STEPS: dict[int, str] = {
    1: """
    create table desk_counter (tbl text primary key, last bigint not null);
    create table desk_numbered (
        tbl text not null, number bigint not null, day date not null, is_open boolean not null, key bytea,
        record json not null, words text not null, labels text[] not null, searched integer not null,
        primary key (tbl, number)
    );
    create index desk_numbered_open on desk_numbered (tbl, number) where is_open;
    create index desk_numbered_key on desk_numbered (tbl, key, day) where key is not null;
    create index desk_numbered_day on desk_numbered (tbl, day);
    create index desk_numbered_searched on desk_numbered (tbl, searched);
    create index desk_numbered_labels on desk_numbered using gin (labels);
    create table desk_touched (tbl text not null, day date not null, number bigint not null,
        primary key (tbl, day, number));
    create table desk_kept (
        tbl text not null, day date not null, key bytea not null, seq bigint generated always as identity,
        record json not null, primary key (tbl, day, key)
    );
    create table desk_version (tbl text primary key, changes bigint not null);
    create table desk_lease (one boolean primary key default true check (one), holder text not null,
        until timestamptz not null);
    """,
    2: """
    alter table desk_lease add column fence bigint not null default 0;
    create table desk_desk (name text primary key, since timestamptz not null, seen timestamptz not null,
        version text not null default '', files text not null default '');
    create table desk_turn (key bytea primary key, desk text not null, lanes text[] not null,
        at double precision not null, begun boolean not null default false);
    """,
    3: """
    create table desk_mark (one boolean primary key default true check (one), record json not null);
    alter table desk_desk add column knows text[];
    """,
    4: """
    create table desk_change (token uuid primary key, at timestamptz not null);
    """,
}
MARK = "select record::text from desk_mark"


class Prepared(NamedTuple):
    """Tables that a desk can work with: the PostgreSQL schema they are in, and whether their words are still to be
    indexed, which takes too long for a desk to wait for it.
    """

    place: str
    to_index: bool


def prepare(connections: Connections) -> Prepared:
    """Make the tables, or bring them up to date, with the index of words where it is soon made.

    Raises a SettingsError for a server, or tables, that this desk cannot work with, and psycopg.Error.
    """
    place = made(connections)
    with connections.one() as connection:
        refuse_marked(connections.ask(connection, MARK)[-1])
        index = words_index.state(lambda query: connections.ask(connection, query)[-1])
        if index.is_lacking and index.is_quick:
            words_index.make(lambda query: connections.ask(connection, query))
    return Prepared(place, index.is_lacking and not index.is_quick)


def refuse_marked(rows: Sequence[Row]) -> None:
    """Raise a SettingsError if these rows of the mark's table say that the records are not, or not all, here."""
    if mark := mark_in(rows):
        raise mark.refused("the database", "leave DESK_DATABASE_URL out")


def mark_in(rows: Sequence[Row]) -> Mark | None:
    """Return the mark in the rows of its table; None without one."""
    return msgspec.json.decode(str(rows[0][0]), type=Mark) if rows else None


def made(connections: Connections) -> str:
    """Make the tables, or bring them up to date, but for the index by which texts are searched; raise as `prepare`."""
    with connections.one() as connection:
        place = _checked(connections, connection)
        connections.ask(connection, "begin; select pg_advisory_xact_lock(%s)", (lock_of(place, "schema"),))
        connections.ask(connection, "create table if not exists desk_schema (version integer, oldest_reader integer)")
        _upgrade(connections, connection)
        connections.ask(connection, "commit")
    return place


def _checked(connections: Connections, connection: Connection[Row]) -> str:
    query = (
        "select current_setting('server_version_num')::int, current_setting('server_encoding'), "
        "current_schema(), current_setting('server_version')"
    )
    ((version, encoding, place, name),) = connections.ask(connection, query)[-1]
    complaints = []
    if version < OLDEST_SERVER:
        complaints.append(f"DESK_DATABASE_URL: PostgreSQL {name} is too old; the desk needs 13 or newer.")
    if encoding != "UTF8":
        complaints.append(f"DESK_DATABASE_URL: the database keeps texts as {encoding}; make one with encoding 'UTF8'.")
    if place is None:
        complaints.append("DESK_DATABASE_URL: no schema of the search_path is there for this user.")
    if complaints:
        raise SettingsError(complaints)
    return str(place)


def _upgrade(connections: Connections, connection: Connection[Row]) -> None:
    rows = connections.ask(connection, "select version, oldest_reader from desk_schema")[-1]
    version, oldest_reader = rows[0] if rows else (0, 0)
    if oldest_reader > SCHEMA:
        raise SettingsError([f"The database was last used by a newer desk (its tables are version {version})."])
    for step in range(version + 1, SCHEMA + 1):
        connections.ask(connection, STEPS[step])
    if version < SCHEMA:
        write = "delete from desk_schema; insert into desk_schema values (%s, %s)"
        connections.ask(connection, write, (SCHEMA, OLDEST_READER))
