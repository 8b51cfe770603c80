"""The store in a PostgreSQL database."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
import psycopg

from opsdesk.errors import SettingsError
from opsdesk.store.desks import Desks
from opsdesk.store.interface import NO_FIELDS, Backup, KeyedTable, NumberedTable, SearchFields, Store
from opsdesk.store.json_records import JsonRecords
from opsdesk.store.postgres import schema
from opsdesk.store.postgres.connections import Connections, Unanswered
from opsdesk.store.postgres.desks import PostgresDesks, name_of_this_desk, seconds
from opsdesk.store.postgres.keyed import PostgresKeyedTable
from opsdesk.store.postgres.numbered import PostgresNumberedTable
from opsdesk.store.postgres.transactions import Transactions, wrong_with
from opsdesk.store.postgres.turns import PostgresTurns
from opsdesk.store.postgres.versions import Versions
from opsdesk.store.postgres.vocabulary import Vocabulary
from opsdesk.store.postgres.words_index import WordsIndex
from opsdesk.store.rows import check_named

T = TypeVar("T", bound=msgspec.Struct)

STATE_DIR = Path("data/state")
AGAIN = 0.5  # seconds after which a database that cannot be had is tried again

log = logging.getLogger(__name__)


def open_database(url: str, lost: Callable[[str], object] = log.critical, state_dir: Path = STATE_DIR) -> Store:
    """Return the store in the database at `url`, whose tables are made if they are missing.

    A database that cannot be reached yet is tried until it can be; `lost` is called, with why, if this desk cannot
    work with it then. Backups are written below `state_dir`. Raises a SettingsError for what is no address, and for a
    database it cannot work with.
    """
    try:
        connections, for_the_lease = Connections(url), Connections(url, 2)
    except psycopg.Error:  # whose text repeats the address, password and all
        raise SettingsError(["DESK_DATABASE_URL is no address of a database."]) from None
    store = PostgresStore(connections, for_the_lease, lost, (url, state_dir))
    try:
        store.begin()
    except BaseException:
        store.close()
        raise
    return store


class PostgresStore:
    """The tables of one database; see Store for what its methods promise."""

    def __init__(
        self,
        connections: Connections,
        for_the_lease: Connections,
        lost: Callable[[str], object],
        backed_up: tuple[str, Path],
    ) -> None:
        """Keep records behind these connections; backed up is what this address leads to, below this folder."""
        self._connections, self._for_the_lease, self._lost = connections, for_the_lease, lost
        self._backed_up = backed_up
        self._versions, self._transactions = Versions(), Transactions(connections)
        self._words_index = WordsIndex(backed_up[0])
        name = name_of_this_desk()
        self._turns = PostgresTurns(connections, self._transactions, name)
        self._vocabulary = Vocabulary()
        self._desks = PostgresDesks(for_the_lease, self._versions, name, self._turns, seconds, self._vocabulary)
        self.desks: Desks = self._desks
        self._stopping, self._thread = threading.Event(), threading.Thread(target=self._keep_up, daemon=True)

    def begin(self) -> None:
        """Connect, and keep up with the other desks from then on. Raises a SettingsError."""
        self._connections.open()
        self._for_the_lease.open()
        self.keep_up()
        self._thread.start()

    def numbered(
        self, table: str, kind: type[T], is_open: Callable[[T], bool], search: SearchFields[T] = NO_FIELDS
    ) -> NumberedTable[T]:
        """Return the numbered records called `table`, found by `search`."""
        return PostgresNumberedTable(
            self._transactions, self._versions, table, self._records(table, kind), is_open, search
        )

    def keyed(self, table: str, kind: type[T], *, passing: bool = False) -> KeyedTable[T]:
        """Return the keyed records called `table`; passing ones are kept as all others are."""
        if passing:
            check_named(table)
            self._versions.passing.add(table)
        return PostgresKeyedTable(self._transactions, self._versions, table, self._records(table, kind))

    def _records(self, table: str, kind: type[T]) -> JsonRecords[T]:
        return JsonRecords(table, kind, self._vocabulary.of(table, kind))

    def warnings(self) -> Sequence[str]:
        """Return nothing: what is damaged in a database, its own server tells."""
        return ()

    def away(self) -> str:
        """Return why nothing can be stored or read just now, or "": found out every few seconds."""
        away = self._transactions.away
        return f"The database {wrong_with(away)}: the records are unavailable." if away else ""

    def back_up(self, at: datetime) -> Backup:
        """Write a copy of everything into `backups/` of the state folder, dated `at`: the newest seven are kept."""
        from opsdesk.store.postgres.backup import back_up  # who makes none never loads the embedded store's files

        return back_up(*self._backed_up, at)

    def close(self) -> None:
        """Let another desk do what is scheduled, and let go of the database."""
        if self._connections.closed or self._connections.foreign:
            return
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(AGAIN)
        self._words_index.close()
        if self._transactions.place and not self._transactions.away:
            self._desks.leave()
        self._for_the_lease.close()
        self._connections.close()

    def keep_up(self) -> None:
        """Make the tables where that is still to be done, and hear of the other desks. Raises a SettingsError."""
        try:
            if not self._transactions.place:
                self._transactions.place, to_index = schema.prepare(self._for_the_lease)
                if to_index:
                    self._words_index.begin()
            self._beat()
        except psycopg.Error as error:
            if not self._transactions.away:
                log.warning("The database %s.", wrong_with(error))
            self._transactions.away = error
            if isinstance(error, Unanswered):  # nor will it answer what was asked meanwhile
                self._connections.cut()
        else:
            self._transactions.away = None
            self._turns.catch_up()

    def _beat(self) -> None:
        try:
            self._desks.beat()
        except Unanswered:
            raise
        except psycopg.OperationalError:  # a connection may just have ended; another is tried before that is believed
            self._desks.beat()

    def _keep_up(self) -> None:
        while not self._stopping.wait(AGAIN if self._transactions.away else self._desks.pause):
            try:
                self.keep_up()
            except SettingsError as wrong:
                log.critical("%s", wrong)
                self._lost(str(wrong))
                return
            except Exception:  # whatever it was: without this thread the desk never has the lease again
                log.exception("The desk could not keep up with its database")
