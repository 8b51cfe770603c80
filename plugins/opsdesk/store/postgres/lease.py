"""Whose the database is: one desk at a time, until it lets go or has been silent for long enough."""

import os
import socket
import uuid

import psycopg

from opsdesk.store.postgres.connections import Connections

# Longer than what a desk that is stopped can still store: see BEGIN of transactions.
LEASE = 8.0  # seconds
RENEWED = 2.0  # seconds between two renewals

TAKE = """
    insert into desk_lease (holder, until) values (%s, clock_timestamp() + make_interval(secs => %s))
    on conflict (one) do update set holder = excluded.holder, until = excluded.until
    where desk_lease.holder = excluded.holder or desk_lease.until <= clock_timestamp()
    returning holder
"""


def name_of_this_desk() -> str:
    """Return a name for this process that no other desk has and people can read."""
    return f"{socket.gethostname()}, process {os.getpid()}, {uuid.uuid4().hex[:8]}"


class Lease:
    """The lease of the desk called `holder`, of `seconds`, on the database behind `connections`."""

    def __init__(self, connections: Connections, holder: str, seconds: float = LEASE) -> None:
        self._connections, self._holder, self._seconds = connections, holder, seconds

    def take(self) -> bool:
        """Take or renew the lease, and return whether it is this desk's. Raises psycopg.Error."""
        with self._connections.one() as connection:
            return bool(self._connections.ask(connection, TAKE, (self._holder, self._seconds))[-1])

    def whose(self) -> str:
        """Return in a sentence who has the database. Raises psycopg.Error."""
        with self._connections.one() as connection:
            rows = self._connections.ask(connection, "select holder from desk_lease")[-1]
        whose = f"Another desk ({rows[0][0]})" if rows else "Another desk"
        return f"{whose} works with the database of DESK_DATABASE_URL."

    def give_back(self) -> None:
        """Let another desk have the database at once; where that cannot be said, it has it when the lease is over."""
        query = "update desk_lease set until = clock_timestamp() where holder = %s"
        try:
            with self._connections.one() as connection:
                self._connections.ask(connection, query, (self._holder,))
        except psycopg.Error:
            return
