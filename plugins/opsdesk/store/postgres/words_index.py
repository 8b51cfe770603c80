"""The index by which parts of words are searched: without it, or without pg_trgm, a search reads through all texts."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

import psycopg
from psycopg import Connection, errors

from opsdesk import clock
from opsdesk.store.postgres.connections import Row
from opsdesk.store.postgres.days import connect

MANY = 5_000  # records; of more, no desk waits until they are indexed
PATIENCE = 5.0  # seconds that a desk that ends waits until no index is made any more

STATE = """
    select exists (select from desk_numbered offset {}), count(*) > 0, coalesce(bool_or(i.indisvalid), false),
        coalesce(bool_or(exists (select from pg_stat_progress_create_index p where p.index_relid = c.oid)), false)
    from pg_class c join pg_index i on i.indexrelid = c.oid join pg_namespace n on n.oid = c.relnamespace
    where c.relname = 'desk_numbered_words' and n.nspname = current_schema()
"""
LOCK = "select pg_try_advisory_xact_lock(hashtextextended(current_schema() || ' words index', 0))"
CREATE = "if not exists desk_numbered_words on desk_numbered using gin (words gin_trgm_ops)"
WITHOUT = (errors.UndefinedFile, errors.FeatureNotSupported, errors.InsufficientPrivilege, errors.UndefinedObject)

Read = Callable[[str], Sequence[Row]]

log = logging.getLogger(__name__)


class IndexState(NamedTuple):
    """Whether there are many records, whether the index was begun, is whole, and is just made by some desk."""

    many: bool
    is_begun: bool
    is_whole: bool
    is_in_hand: bool

    @property
    def is_lacking(self) -> bool:
        """Return whether the index is still to be made."""
        return not (self.is_whole or self.is_in_hand)

    @property
    def is_quick(self) -> bool:
        """Return whether it is made in a moment."""
        return not (self.many or self.is_begun)


def state(read: Read) -> IndexState:
    """Return how it stands with the index, by what returns the rows of a query. Raises psycopg.Error."""
    return IndexState(*read(STATE.format(MANY))[0])


def make(ask: Callable[[str], object], how: str = "") -> None:
    """Make the index where the server can. Nobody can write meanwhile, unless `how` is "concurrently"."""
    try:
        ask("create extension if not exists pg_trgm")
        ask(f"create index {how} {CREATE}")
    except WITHOUT as without:
        log.info("Searches go without an index: %s", without.diag.message_primary)
    except errors.UniqueViolation:
        pass  # another desk is just making it


class WordsIndex:
    """Makes the index beside a desk's work, on connections of its own to the database at `url`.

    Of several desks one looks and makes it: a transaction beside it holds a lock until it is made, since what is made
    concurrently is made outside any.
    """

    def __init__(self, url: str) -> None:
        self._url, self._stopping = url, threading.Event()
        self._thread = threading.Thread(target=self._make, name="words index", daemon=True)
        self._connections: list[Connection[Row]] = []

    def begin(self) -> None:
        """Begin to make it. Waits for nothing."""
        self._thread.start()

    def close(self) -> None:
        """Make it no more: what is begun is given up, and begun anew at the next start."""
        self._stopping.set()
        if self._thread.ident is None:
            return
        until = clock.seconds() + PATIENCE
        while self._thread.is_alive() and clock.seconds() < until:
            with suppress(psycopg.Error):
                for connection in self._connections:
                    connection.cancel_safe(timeout=PATIENCE)  # a server that is frozen answers no cancel either
            self._thread.join(0.1)

    def _make(self) -> None:
        try:
            with connect(self._url) as beside, beside.transaction(), connect(self._url) as connection:
                self._connections.append(connection)
                if beside.execute(LOCK).fetchone() == (True,):
                    self._make_on(connection)
        except psycopg.Error as error:
            log.warning("The index of words is not made: %s. It is tried again at the next start.", _first(error))

    def _make_on(self, connection: Connection[Row]) -> None:
        def ask(query: str) -> None:
            if not self._stopping.is_set():
                connection.execute(query.encode())

        known = state(lambda query: connection.execute(query.encode()).fetchall())
        if known.is_lacking and known.is_begun:
            ask("drop index concurrently if exists desk_numbered_words")  # which was not brought to its end
        if known.is_lacking:
            make(ask, "concurrently")


def _first(error: psycopg.Error) -> str:
    return error.diag.message_primary or type(error).__name__  # its text may repeat the address
