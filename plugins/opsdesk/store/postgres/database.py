"""The store in a PostgreSQL database."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
import psycopg

from opsdesk.errors import SettingsError
from opsdesk.store.interface import NO_FIELDS, KeyedTable, NumberedTable, SearchFields, Store
from opsdesk.store.postgres import schema
from opsdesk.store.postgres.connections import PATIENCE, Connections
from opsdesk.store.postgres.keyed import PostgresKeyedTable
from opsdesk.store.postgres.lease import LEASE, RENEWED, Lease, name_of_this_desk
from opsdesk.store.postgres.numbered import PostgresNumberedTable
from opsdesk.store.postgres.transactions import Transactions, reason_of, wrong_with
from opsdesk.store.postgres.versions import Versions

T = TypeVar("T", bound=msgspec.Struct)

log = logging.getLogger(__name__)


def open_database(url: str, lease: float = LEASE) -> Store:
    """Return the store in the database at `url`, whose tables are made if they are missing.

    Waits while another desk's lease, of that many seconds, runs out. Raises a SettingsError if that desk goes on, or
    the database cannot be reached or used.
    """
    try:
        connections = Connections(url)
    except psycopg.Error:  # whose text repeats the address, password and all
        raise SettingsError(["DESK_DATABASE_URL is no address of a database."]) from None
    connections.open()
    try:
        return PostgresStore(connections, lease)
    except psycopg.Error as error:
        connections.close()
        raise SettingsError([f"The database of DESK_DATABASE_URL {wrong_with(error)}."]) from None
    except BaseException:
        connections.close()
        raise


class PostgresStore:
    """The tables of one database, leased by this desk alone; see Store for what its methods promise."""

    def __init__(self, connections: Connections, lease: float) -> None:
        self._connections, self._versions = connections, Versions()
        self._place = schema.prepare(connections)
        holder = name_of_this_desk()
        self._lease = Lease(connections, holder, lease)
        self._take(time.monotonic() + 1.5 * lease)
        self._transactions = Transactions(connections, holder)
        self._look()
        self._stopping = threading.Event()
        self._every = min(RENEWED, lease / 4)
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

    def close(self) -> None:
        """Give the lease back, and let go of the database."""
        if self._connections.closed or self._connections.foreign:
            return
        self._stopping.set()
        self._lease.give_back()
        self._connections.close()

    def _take(self, until: float) -> None:
        while not self._lease.take():
            if time.monotonic() > until:
                raise self._lease.refused()
            time.sleep(min(0.2, PATIENCE))

    def _keep_up(self) -> None:
        while not self._stopping.wait(self._every):
            try:
                if not self._lease.take():
                    log.error("Another desk has taken over the database; this one stores nothing any more.")
                self._look()
            except psycopg.Error as error:
                log.warning("The database cannot be reached: %s", reason_of(error))

    def _look(self) -> None:
        with self._connections.one() as connection:
            rows = self._connections.ask(connection, "select tbl, changes from desk_version")[-1]
        self._versions.learn_all({str(table): int(changes) for table, changes in rows})
