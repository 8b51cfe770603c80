"""The store in a PostgreSQL database."""

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec
import psycopg

from opsdesk.errors import SettingsError, UserError
from opsdesk.store.interface import NO_FIELDS, Backup, KeyedTable, NumberedTable, SearchFields, Store
from opsdesk.store.postgres import schema
from opsdesk.store.postgres.connections import Connections
from opsdesk.store.postgres.keyed import PostgresKeyedTable
from opsdesk.store.postgres.lease import LEASE, RENEWED, Lease, name_of_this_desk
from opsdesk.store.postgres.numbered import PostgresNumberedTable
from opsdesk.store.postgres.transactions import Transactions, wrong_with
from opsdesk.store.postgres.versions import Versions

T = TypeVar("T", bound=msgspec.Struct)

log = logging.getLogger(__name__)


def open_database(
    url: str, lease: float = LEASE, *, stand_by: bool = False, lost: Callable[[], object] = lambda: None
) -> Store:
    """Return the store in the database at `url`, whose tables are made if they are missing.

    Waits while another desk has the database: until its lease, of that many seconds, can have run out, or however
    long it goes on if this one is to `stand_by`. `lost` is called if another desk takes the database over later.
    Raises a SettingsError if the database cannot be had, reached or used.
    """
    try:
        connections = Connections(url)
    except psycopg.Error:  # whose text repeats the address, password and all
        raise SettingsError(["DESK_DATABASE_URL is no address of a database."]) from None
    connections.open()
    try:
        store = PostgresStore(connections, lease, lost)
        store.begin(math.inf if stand_by else 1.5 * lease)
        return store
    except psycopg.Error as error:
        connections.close()
        raise SettingsError([f"The database of DESK_DATABASE_URL {wrong_with(error)}."]) from None
    except BaseException:
        connections.close()
        raise


class PostgresStore:
    """The tables of one database, leased by this desk alone; see Store for what its methods promise."""

    def __init__(self, connections: Connections, lease: float, lost: Callable[[], object]) -> None:
        self._connections, self._versions, self._lost = connections, Versions(), lost
        self._place = schema.prepare(connections)
        holder = name_of_this_desk()
        self._lease = Lease(connections, holder, lease)
        self._transactions = Transactions(connections, holder)
        self._every = min(RENEWED, lease / 4)
        self._stopping, self._away = threading.Event(), ""

    def begin(self, patience: float) -> None:
        """Take the lease, waiting so many seconds for it, and keep it from then on. Raises a SettingsError."""
        self._wait(patience)
        self._look()
        threading.Thread(target=self._keep_up, name="postgres-lease", daemon=True).start()

    def numbered(
        self, table: str, kind: type[T], is_open: Callable[[T], bool], search: SearchFields[T] = NO_FIELDS
    ) -> NumberedTable[T]:
        """Return the numbered records called `table`, found by `search`."""
        return PostgresNumberedTable(self._transactions, self._versions, table, kind, is_open, search)

    def keyed(self, table: str, kind: type[T], *, passing: bool = False) -> KeyedTable[T]:
        """Return the keyed records called `table`; passing ones are kept as all others are."""
        return PostgresKeyedTable(self._transactions, self._versions, self._place, table, kind)

    def warnings(self) -> Sequence[str]:
        """Return nothing: what is damaged in a database, its own server tells."""
        return ()

    def away(self) -> str:
        """Return why nothing can be stored or read just now, or "": found out every few seconds."""
        return self._away

    def back_up(self, at: datetime) -> Backup:
        """Raise a UserError: a database is copied by its own tools."""
        raise UserError(
            "What the desk keeps is in PostgreSQL, which has its own backups: `pg_dump` makes one while the desk goes "
            "on, `pg_restore` puts it back while the desk is stopped."
        )

    def close(self) -> None:
        """Give the lease back, and let go of the database."""
        if self._connections.closed or self._connections.foreign:
            return
        self._stopping.set()
        self._lease.give_back()
        self._connections.close()

    def _wait(self, patience: float) -> None:
        until, told = time.monotonic() + patience, False
        while not self._lease.take():
            if time.monotonic() > until:
                raise SettingsError([f"{self._lease.whose()} Stop it first, or give this one another database."])
            if not told:
                log.warning("%s This one stands by.", self._lease.whose())
                told = True
            time.sleep(self._every / 10)

    def _keep_up(self) -> None:
        while not self._stopping.wait(self._every):
            try:
                kept = self._lease.take()
                self._look()
                self._away = ""
            except psycopg.Error as error:
                self._away = f"The database {wrong_with(error)}."
                log.warning("%s", self._away)
            else:
                if not kept:
                    self._away = self._lease.whose()
                    log.critical("%s This one stores nothing any more.", self._away)
                    self._lost()
                    return

    def _look(self) -> None:
        with self._connections.one() as connection:
            rows = self._connections.ask(connection, "select tbl, changes from desk_version")[-1]
        self._versions.learn_all({str(table): int(changes) for table, changes in rows})
