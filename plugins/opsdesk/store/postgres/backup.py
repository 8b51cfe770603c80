"""A copy of all that a database keeps, in the files of the embedded store: made of one moment, while desks go on."""

import tarfile
import threading
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import psycopg
from psycopg import Connection, IsolationLevel

from opsdesk.errors import UserError
from opsdesk.store.interface import Backup
from opsdesk.store.postgres.connections import Row
from opsdesk.store.postgres.days import connect, days_of, last_numbers, read_day
from opsdesk.store.postgres.transactions import wrong_with
from opsdesk.store.tinydb.backup import add, archived
from opsdesk.store.tinydb.files import INDEX, UNDATED, name_of
from opsdesk.store.tinydb.sealed import Tables, seal
from opsdesk.store.tinydb.whole_days import GatheredDays, tables_of

_making = threading.Lock()


def back_up(url: str, state_dir: Path, at: datetime) -> Backup:
    """Write a copy of the database at `url` below the state folder, dated `at`. Raises a UserError."""
    if not _making.acquire(blocking=False):
        raise UserError("A backup is being made. Ask again once it is done.")
    try:
        with connect(url) as connection:
            connection.isolation_level, connection.read_only = IsolationLevel.REPEATABLE_READ, True
            with connection.transaction():
                return archived(state_dir, at, partial(_write, connection))
    except psycopg.Error as error:
        raise UserError(f"No backup was made: the database {wrong_with(error)}. Try again in a minute.") from error
    finally:
        _making.release()


def _write(connection: Connection[Row], archive: tarfile.TarFile) -> Sequence[str]:
    """Write the files; return that none is lacking."""
    listing = GatheredDays()
    for day in days_of(connection):
        rows = read_day(connection, day).lasting()
        if day:
            listing.add(day, rows)
        _add(archive, name_of(day) if day else UNDATED, tables_of(rows))
    _add(archive, INDEX, listing.tables(last_numbers(connection)))
    return ()


def _add(archive: tarfile.TarFile, name: str, tables: Tables) -> None:
    add(archive, name, b"".join(seal(tables, 1, name)))
