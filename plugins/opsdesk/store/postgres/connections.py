"""Connections to PostgreSQL: pooled, bounded in time, and back as soon as the server is.

Every call is one or two journeys to the server. Nothing rests on the session that a call gets, so that a pooler may
stand between (PgBouncer's transaction pooling): no prepared statements, no settings beyond a transaction.
"""

import os
import socket
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import ClientCursor, Connection, errors
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool, PoolClosed

Row = tuple[Any, ...]

MOST = 8  # connections of one desk; the server allows 100 by default
PATIENCE = 3.0  # seconds: for a connection, and for a server that nothing is heard from
SHORT_DEADLINE = 2.0  # seconds: where it must be known soon whether the server answers
FRESH = 1.0  # seconds after an answer in which a connection is taken to stand
DEADLINE = 6.0  # seconds: for one answer, whatever the server's own limits do (facts: a frozen server keeps none)

# Both are needed: keepalives notice a server that went away while it was waited for, the other one that went before.
NETWORK = {
    "connect_timeout": 3,
    "keepalives": 1,
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
    "target_session_attrs": "read-write",
    "application_name": "desk",
}


def network_of(url: str) -> dict[str, Any]:
    """Return what to add to the connection that `url` names: the settings that it leaves open.

    Raises psycopg.Error for what is no address.
    """
    given = conninfo_to_dict(url)
    return {name: value for name, value in NETWORK.items() if name not in given}


class Unanswered(psycopg.OperationalError):
    """Nothing was heard from the server for longer than the deadline, or it is known to answer nobody."""


class Connections:
    """A pool of up to `most` connections to the server that `url` names. The first is made when one is asked for.

    An answer is waited for until the `deadline`, in seconds.
    """

    def __init__(self, url: str, most: int = MOST) -> None:
        self._process, self.deadline = os.getpid(), DEADLINE
        self._deadlines, self._fresh = _Deadlines(), _Fresh()
        kwargs = {"autocommit": True, "cursor_factory": ClientCursor, "prepare_threshold": None}
        self._pool: ConnectionPool[Connection[Row]] = ConnectionPool(
            url,
            kwargs={**network_of(url), **kwargs},
            min_size=1,
            max_size=most,
            timeout=PATIENCE,
            reconnect_timeout=2,
            check=self._checked,
            open=False,
        )

    def open(self) -> None:
        """Begin to connect."""
        self._pool.open()

    def close(self) -> None:
        """Let go of all connections; none is to be had afterwards. In a fork of the process, do nothing."""
        if os.getpid() == self._process:
            self._pool.close(timeout=PATIENCE)

    @property
    def closed(self) -> bool:
        """Return whether `close` was called."""
        return self._pool.closed

    @property
    def foreign(self) -> bool:
        """Return whether this process is a fork of the one that made the connections."""
        return os.getpid() != self._process

    @contextmanager
    def one(self) -> Iterator[Connection[Row]]:
        """Lend a connection, outside any transaction. Raises psycopg.Error where there is none in time."""
        with self._pool.connection() as connection:
            try:
                yield connection
            except errors.ReadOnlySqlTransaction:
                connection.close()  # it leads to a server that could be written to before: another has taken over
                raise
            except BaseException as error:
                if isinstance(error, psycopg.Error):
                    self._fresh.doubt()
                self._cleared(connection)
                raise
            self._fresh.note(connection)

    def ask(self, connection: Connection[Row], query: str, params: tuple[object, ...] = ()) -> list[list[Row]]:
        """Send statements in one journey, and return the rows of each that has some. Raises psycopg.Error."""
        with self._deadlines.on(connection, self.deadline), connection.cursor() as cursor:
            cursor.execute(query.encode(), params or None)
            answers = _rows(cursor)
            while cursor.nextset():
                answers += _rows(cursor)
            return answers

    def cut(self) -> None:
        """Give up whatever is waited for: the server is known to answer nobody."""
        self._deadlines.cut_all()

    def _checked(self, connection: Connection[Row]) -> None:
        if self._fresh.stands(connection):
            return
        with self._deadlines.on(connection, self.deadline):
            ConnectionPool.check_connection(connection)

    def _cleared(self, connection: Connection[Row]) -> None:
        with suppress(psycopg.Error), self._deadlines.on(connection, self.deadline):
            connection.rollback()


def _rows(cursor: psycopg.Cursor[Row]) -> list[list[Row]]:
    """Return the rows that the statement a cursor stands at gave; nothing for one that gives none."""
    return [cursor.fetchall()] if cursor.pgresult and cursor.pgresult.nfields else []


class _Fresh:
    """Which connections have just answered: to ask whether they stand is a journey saved.

    After any trouble none is believed. Whoever is handed one that broke in between tries again with another.
    """

    def __init__(self) -> None:
        self._answered: weakref.WeakKeyDictionary[Connection[Row], float] = weakref.WeakKeyDictionary()
        self._doubted, self._lock = 0.0, threading.Lock()

    def note(self, connection: Connection[Row]) -> None:
        with self._lock:
            self._answered[connection] = time.monotonic()

    def doubt(self) -> None:
        self._doubted = time.monotonic()

    def stands(self, connection: Connection[Row]) -> bool:
        with self._lock:
            answered = self._answered.get(connection, 0.0)
        return answered > max(self._doubted, time.monotonic() - FRESH)


@dataclass
class _Wait:
    """Somebody waits for an answer until a moment, or until the connection is cut."""

    connection: Connection[Row]
    until: float
    cut: bool = False


class _Deadlines:
    """Cuts the connection of whoever has waited too long: a server that is frozen answers to nothing else."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Wait] = {}
        self._some = threading.Event()
        self._begun = False
        self._lock = threading.Lock()

    @contextmanager
    def on(self, connection: Connection[Row], seconds: float) -> Iterator[None]:
        """Cut the connection if what is done in here takes longer; that raises Unanswered."""
        self._begin()
        self._waiting[id(connection)] = one = _Wait(connection, time.monotonic() + seconds)
        self._some.set()
        try:
            yield
        except psycopg.Error as error:
            if one.cut:
                raise Unanswered("the server does not answer") from error
            raise
        finally:
            self._waiting.pop(id(connection), None)

    def _begin(self) -> None:
        with self._lock:
            if not self._begun:
                threading.Thread(target=self._watch, name="postgres-deadlines", daemon=True).start()
                self._begun = True

    def _watch(self) -> None:
        while True:
            self._some.wait()
            self._some.clear()
            time.sleep(SHORT_DEADLINE / 10)
            for one in list(self._waiting.values()):
                self._some.set()
                if one.until < time.monotonic():
                    _cut(one)

    def cut_all(self) -> None:
        """Cut all of them."""
        for one in list(self._waiting.values()):
            _cut(one)


def _cut(one: _Wait) -> None:
    one.cut = True
    with suppress(OSError, psycopg.Error), _socket_of(one.connection) as line:
        line.shutdown(socket.SHUT_RDWR)


def _socket_of(connection: Connection[Row]) -> socket.socket:
    return socket.socket(fileno=os.dup(connection.fileno()))


def is_closed(error: psycopg.Error) -> bool:
    """Return whether the desk itself let go of its connections."""
    return isinstance(error, PoolClosed)
