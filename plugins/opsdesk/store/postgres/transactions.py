"""Changes as transactions: decided on under a lock, begun anew where that helps, in doubt only where nobody knows."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

import psycopg
from psycopg import Connection, errors
from psycopg_pool import PoolTimeout

from opsdesk.store.interface import NotStored, Unreadable
from opsdesk.store.postgres.connections import Connections, Row, Unanswered, is_closed

R = TypeVar("R")

TRIES = 3
ENOUGH = 5.0  # seconds of trying

# A desk that is stopped within a transaction holds the others up no longer than this. A server may be set to answer
# before a change is on its disk.
BEGIN = (
    "begin isolation level read committed; select pg_current_xact_id()::text, "
    "set_config('statement_timeout', '3s', true), set_config('lock_timeout', '2s', true), "
    "set_config('idle_in_transaction_session_timeout', '4s', true), set_config('synchronous_commit', "
    "coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), true)"
)

# What passes when it is tried again; so does whatever breaks the connection before the end was asked for.
PASSING = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.ReadOnlySqlTransaction,
    errors.IdleInTransactionSessionTimeout,
)
STOPPING = "Nothing was stored: the desk is stopping."

log = logging.getLogger(__name__)


class Statement(NamedTuple):
    """SQL with its parameters; several statements are joined by a semicolon."""

    query: str
    params: tuple[object, ...] = ()

    def then(self, other: "Statement") -> "Statement":
        """Return both, one after the other."""
        return Statement(f"{self.query}; {other.query}", self.params + other.params)


class SentChange(NamedTuple):
    """What a change is known by once its end was not answered: its transaction's number, and the row that ends it.

    A server that crashed gives out the numbers again that it had not yet written down: the row tells whose it was.
    """

    transaction: str
    token: str

    @property
    def row(self) -> Statement:
        """Return what stores the row, to be sent with the change."""
        return Statement("insert into desk_change values (%s::uuid, clock_timestamp())", (self.token,))

    @property
    def question(self) -> Statement:
        """Return what asks first what became of the transaction, and only then whether the row stands."""
        query = "select pg_xact_status(%s::text::xid8); select exists (select from desk_change where token = %s::uuid)"
        return Statement(query, (self.transaction, self.token))


Answers = list[list[Row]]
Decide = Callable[[Answers], tuple[R, Statement | None]]


class Transactions:
    """Reads and changes on one database, whose tables are in the PostgreSQL schema called `place`.

    `away` is why the database cannot be had just now, as far as is known: then nothing waits for it in vain.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._thread = threading.local()
        self.place = ""
        self.away: psycopg.Error | None = None

    def read(self, statement: Statement) -> list[Row]:
        """Return the rows that a statement finds, read from one connection without a lock. Raises Unreadable."""
        self._check(_unreadable)
        return self._again(lambda: self._read(statement), _unreadable)

    def change(self, table: str, lock: Statement, decide: Decide[R]) -> tuple[R, int | None]:
        """Lock and read by `lock`, store what `decide` makes of it, and return its result and the table's new version.

        `decide` is handed the rows of each statement of `lock`, and gives its result and what stores it; None where
        nothing is to be stored, and then there is no new version. Raises NotStored.
        """
        self._check(_not_stored)
        return self._again(lambda: self._changed(table, lock, decide), _not_stored)

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Call what decides on a change in here: if it calls the store, that raises a RuntimeError."""
        self._thread.deciding = True
        try:
            yield
        finally:
            self._thread.deciding = False

    def _check(self, refused: Callable[[psycopg.Error], Exception]) -> None:
        if getattr(self._thread, "deciding", False):
            raise RuntimeError("What decides on a change must not call the store.")
        if self._connections.foreign:
            raise NotStored("Nothing was stored: this process is a copy of the desk's.")
        if self._connections.closed:
            raise NotStored(STOPPING)
        if away := self.away:
            raise refused(away)

    def _again(self, attempt: Callable[[], R], refused: Callable[[psycopg.Error], Exception]) -> R:
        began = time.monotonic()
        for tried in range(1, TRIES + 1):
            try:
                return attempt()
            except psycopg.Error as error:
                if tried == TRIES or not _passes(error) or time.monotonic() - began > ENOUGH:
                    raise refused(error) from error
                log.info("The database is asked again: %s", reason_of(error))
        raise AssertionError("the last try returns or raises")

    def _read(self, statement: Statement) -> list[Row]:
        with self._connections.one() as connection:
            return self._connections.ask(connection, *statement)[-1]

    def _changed(self, table: str, lock: Statement, decide: Decide[R]) -> tuple[R, int | None]:
        with self._connections.one() as connection:
            (transaction,), *rows = self._connections.ask(connection, f"{BEGIN}; {lock.query}", lock.params)
            result, write = decide(rows)
            if write is None:
                self._connections.ask(connection, "rollback")
                return result, None
            sent = SentChange(transaction[0], uuid.uuid4().hex)
            counted = self._committed(connection, sent, write.then(sent.row).then(_counted(table)))
        return result, self._changes(table) if counted is None else counted

    def _committed(self, connection: Connection[Row], sent: SentChange, write: Statement) -> int | None:
        """Return the table's new version; None if the change stands and the answer was lost."""
        try:
            return int(self._connections.ask(connection, f"{write.query}; commit", write.params)[-1][0][0])
        except psycopg.Error as error:
            if not (connection.broken or connection.closed):
                raise
            self._raise_unless_committed(sent, reason_of(error))
            return None

    def _raise_unless_committed(self, sent: SentChange, reason: str) -> None:
        stands = self._stands(sent)
        if stands is None:
            raise NotStored(
                "Nobody knows whether this was stored: the database was lost just then. Look before you do it again."
            )
        if not stands:
            raise NotStored(f"Nothing was stored: the database was lost ({reason}). Try again.")

    def _changes(self, table: str) -> int | None:
        try:
            rows = self.read(Statement("select changes from desk_version where tbl = %s", (table,)))
        except (NotStored, Unreadable):
            return None
        return int(rows[0][0]) if rows else None

    def _stands(self, sent: SentChange) -> bool | None:
        """Return whether a change stands whose end was not answered; None where the database does not tell in time."""
        began = time.monotonic()
        while time.monotonic() - began < ENOUGH and not isinstance(self.away, Unanswered):
            try:
                with self._connections.one() as connection:
                    ((status,),), ((stands,),) = self._connections.ask(connection, *sent.question)
                if stands or status != "in progress":
                    return bool(stands)
            except errors.InvalidParameterValue:  # it is of the future: a server that crashed did not write it down
                return False
            except psycopg.Error as error:
                log.info("What became of a change cannot be asked yet: %s", reason_of(error))
            time.sleep(0.1)
        return None


def _counted(table: str) -> Statement:
    query = (
        "insert into desk_version (tbl, changes) values (%s, 1) "
        "on conflict (tbl) do update set changes = desk_version.changes + 1 returning changes"
    )
    return Statement(query, (table,))


def _passes(error: psycopg.Error) -> bool:
    if isinstance(error, PoolTimeout | Unanswered) or is_closed(error):
        return False
    broken = isinstance(error, errors.OperationalError) and not (error.sqlstate or "").startswith("53")
    return broken or isinstance(error, PASSING)


def _not_stored(error: psycopg.Error) -> Exception:
    if is_closed(error):
        return NotStored(STOPPING)
    return NotStored(f"Nothing was stored: the database {wrong_with(error)}. Try again in a minute.")


def _unreadable(error: psycopg.Error) -> Exception:
    if is_closed(error):
        return NotStored(STOPPING)
    return Unreadable(f"The database {wrong_with(error)}: what is stored cannot be read just now.")


def wrong_with(error: psycopg.Error) -> str:
    """Return what the database did, to go on with after its name: "cannot be reached"."""
    gone = isinstance(error, errors.OperationalError) and error.sqlstate is None
    return "cannot be reached" if gone else f"refused ({reason_of(error)})"


def reason_of(error: psycopg.Error) -> str:
    """Return the first line of what PostgreSQL says, without the address and user that a failed connection tells."""
    return (error.diag.message_primary or type(error).__name__).splitlines()[0]
