"""The order of events across desks: what is about one thing is done one after another, whichever desk has it."""

import logging
import threading
from collections.abc import Sequence

import psycopg

from opsdesk.store.desks import Turn
from opsdesk.store.postgres.connections import Connections
from opsdesk.store.postgres.keys import as_bytes, as_text
from opsdesk.store.postgres.transactions import Answers, Transactions

GONE = 10  # seconds of silence after which a desk's events hold nobody up

ADD = "insert into desk_turn (key, desk, lanes, at) values (%s, %s, %s::text[], %s) on conflict (key) do nothing"

# This desk's own keep their order by themselves, but for those begun. Looked at once the lock is there, not before.
BEGIN = f"""
    select pg_advisory_xact_lock(hashtextextended(current_schema() || ' turns', 0));
    update desk_turn t set begun = true where key = %s and desk = %s and (%s or not exists (
        select from desk_turn o where o.key <> t.key and o.lanes && t.lanes
        and (o.begun or (o.desk <> t.desk and (o.at, o.key) < (t.at, t.key)))
        and o.desk in (select name from desk_desk where seen > clock_timestamp() - interval '{GONE} s')));
    select begun from desk_turn where key = %s and desk = %s
"""
DONE = "delete from desk_turn where key = any(%s::bytea[]) and desk = %s"
SWEEP = f"""
    delete from desk_turn where desk not in
        (select name from desk_desk where seen > clock_timestamp() - interval '{GONE} s')
"""

log = logging.getLogger(__name__)


class PostgresTurns:
    """The turns of the desk called `desk`; see Turns for what its methods promise."""

    def __init__(self, connections: Connections, transactions: Transactions, desk: str) -> None:
        self._connections, self._transactions, self._desk = connections, transactions, desk
        self._over, self._lock = set[bytes](), threading.Lock()  # what may still stand, and holds others up

    def add(self, key: str, lanes: Sequence[str], at: float) -> bool:
        """Have an event wait its turn."""
        if self._ask(ADD, (as_bytes(key), self._desk, list(map(as_text, lanes)), at)) is not None:
            return True
        self._note_over(key)  # only its answer may have been lost
        return False

    def begin(self, key: str) -> Turn:
        """Begin an event if it is its turn."""
        return self._begin(key, forced=False)

    def force(self, key: str) -> None:
        """Begin an event out of turn."""
        self._begin(key, forced=True)

    def done(self, key: str) -> None:
        """Let those behind an event begin; where the database cannot be asked, once `catch_up` is called."""
        self._note_over(key)
        self.catch_up()

    def catch_up(self) -> None:
        """Let go of what is over. To be called when the database is there again."""
        with self._lock:
            over = list(self._over)
        if over and self._ask(DONE, (over, self._desk)) is not None:
            with self._lock:
                self._over.difference_update(over)

    def sweep(self) -> None:
        """Take away what desks that are gone have left: if they come back, they begin it no more."""
        self._ask(SWEEP, ())

    def _note_over(self, key: str) -> None:
        with self._lock:
            self._over.add(as_bytes(key))

    def _begin(self, key: str, *, forced: bool) -> Turn:
        name = as_bytes(key)
        answers = self._ask(BEGIN, (name, self._desk, forced, name, self._desk))
        if not answers:
            return Turn.BEGUN
        if not answers[-1]:
            return Turn.TAKEN_AWAY
        return Turn.BEGUN if answers[-1][0][0] else Turn.NOT_YET

    def _ask(self, query: str, params: tuple[object, ...]) -> Answers | None:
        """Return the answers; None where the database cannot be asked, which then keeps nobody from answering."""
        if self._transactions.away or not self._transactions.place:
            return None
        try:
            with self._connections.one() as connection:
                return self._connections.ask(connection, query, params)
        except psycopg.Error as error:
            log.info("The order of events is not kept: %s", type(error).__name__)
            return None
