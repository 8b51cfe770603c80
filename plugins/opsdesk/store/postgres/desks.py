"""The desks on one database: each says every few seconds that it is there, and one of them has the lease.

All moments are the database's own. Whoever has the lease does what is scheduled; everybody stores and reads.
"""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from contextlib import suppress
from datetime import datetime, timedelta

import psycopg

from opsdesk import clock
from opsdesk.store.desks import DeskSeen, Duty, MaySend, Turns
from opsdesk.store.postgres.connections import DEADLINE, SHORT_DEADLINE, Connections
from opsdesk.store.postgres.schema import MARK, refuse_marked
from opsdesk.store.postgres.transactions import Answers
from opsdesk.store.postgres.versions import Versions
from opsdesk.store.postgres.vocabulary import Vocabulary
from opsdesk.workers import Workers

LEASE, SHORT_LEASE = 8.0, 4.0  # seconds; both longer than a call to the chat may take
BEAT, SHORT_BEAT = 2.0, 0.5  # seconds between two renewals
GONE = 10  # seconds of silence after which a desk counts as gone
ASIDE = 10.0  # seconds that a desk which cannot reach the chat leaves the lease to others
LAST = 1.5  # seconds for which nobody has had the lease before a desk that left it takes it again
ASKED = 1.0  # seconds that the question right before a call may take
CLOCKS_AGREE = timedelta(seconds=1)

HERE = """
    insert into desk_desk (name, since, seen, version, files, knows)
        values (%s, clock_timestamp(), clock_timestamp(), %s, %s, %s::text[])
    on conflict (name) do update set seen = excluded.seen, version = excluded.version, files = excluded.files,
        knows = excluded.knows
"""
TAKE = """
    insert into desk_lease (holder, until, fence) values (%s, clock_timestamp() + make_interval(secs => %s), 1)
    on conflict (one) do update set holder = excluded.holder, until = excluded.until,
        fence = desk_lease.fence + (desk_lease.holder <> excluded.holder)::int
    where (desk_lease.holder = excluded.holder and desk_lease.until > clock_timestamp())
        or desk_lease.until <= clock_timestamp() - make_interval(secs => %s)
"""
LOOK = f"""
    select clock_timestamp(), (select holder from desk_lease where until > clock_timestamp());
    select tbl, changes from desk_version;
    {MARK};
    select name, since, seen, version, files, seen > clock_timestamp() - interval '{GONE} s', knows from desk_desk
        where seen > clock_timestamp() - interval '1 hour' order by since, name
"""
LET_GO = "update desk_lease set until = clock_timestamp() where holder = %s"
FORGET = """
    delete from desk_desk where seen < clock_timestamp() - interval '1 day';
    delete from desk_change where at < clock_timestamp() - interval '1 hour'
"""

log = logging.getLogger(__name__)


def name_of_this_desk() -> str:
    """Return a name for this process that no other desk has and people can read."""
    return f"{socket.gethostname()}, process {os.getpid()}, {uuid.uuid4().hex[:8]}"


class PostgresDesks:
    """The desks on the database behind `connections`, which nobody else uses; this one is called `name`.

    See Desks for what its methods promise. `beat` is to be called all the time, and does what the others go by.
    """

    shared = True

    def __init__(
        self,
        connections: Connections,
        versions: Versions,
        name: str,
        turns: Turns,
        seconds: Callable[[], float],
        vocabulary: Vocabulary,
    ) -> None:
        self.name, self.turns, self._vocabulary = name, turns, vocabulary
        self._connections, self._versions, self._seconds = connections, versions, seconds
        self._lock, self._asking = threading.Lock(), Workers(2, "postgres-lease")
        self._hurried, self._aside_until = False, 0.0
        self._holds, self._holds_until, self._away = False, 0.0, False
        self._about, self._seen = ("", ""), tuple[DeskSeen, ...]()
        self._machine, self._ahead = clock.now, timedelta()

    @property
    def pause(self) -> float:
        """Return in how many seconds the next beat is due."""
        return SHORT_BEAT if self._hurried or self._away else BEAT

    def beat(self) -> None:
        """Say that this desk is there, take or renew the lease, and hear of the others.

        Raises psycopg.Error, and a SettingsError once what is kept was moved elsewhere.
        """
        with self._lock:
            begun = self._seconds()
            lease = SHORT_LEASE if self._hurried else LEASE
            try:
                answers = self._asked(lease)
            except psycopg.Error:
                self._away = True
                raise
            self._away = False
            self._learn(answers, begun + lease)

    def duty(self) -> Duty:
        """Return what this desk has to do with what is scheduled: from the last beat, and the time since."""
        if self._holds and self._seconds() < self._holds_until:
            return Duty.LEADS
        return Duty.LEFT_ALONE if self._holds and self._away else Duty.WAITS

    def away(self) -> bool:
        """Return whether the database did not answer last time."""
        return self._away

    def may_send(self) -> MaySend:
        """Return whether the lease is this desk's, renewed just now; unknown if the database does not say so soon."""
        asked = self._asking.do(self.beat)
        wait([asked], ASKED)
        if not asked.done() or asked.exception():
            self._away = True
            return MaySend.UNKNOWN
        return MaySend.YES if self._holds else MaySend.NO

    def hurry(self, on: bool) -> None:
        """Keep the lease short, or as long as usual, and the time to find out whether the database answers."""
        self._hurried = on
        self._connections.deadline = SHORT_DEADLINE if on else DEADLINE

    def step_aside(self) -> None:
        """Leave the lease to another desk for some seconds, if there is one: this one cannot reach the chat."""
        if not self._others():
            return
        self._aside_until, self._holds = self._seconds() + ASIDE, False
        self.let_go()

    def rank(self) -> int:
        """Return how many desks without the lease come before this one, by name, as last heard of."""
        waiting = sorted(one.name for one in self._seen if one.here and not one.leads)
        return waiting.index(self.name) if self.name in waiting else 0

    def introduce(self, version: str, files: str) -> None:
        """Tell the others with the next beat."""
        self._about = version, files

    def all(self) -> Sequence[DeskSeen]:
        """Return the desks heard of in the last hour, by how long they are there."""
        return self._seen

    def is_here(self, name: str) -> bool:
        """Return whether a desk was heard of within seconds, as of the last beat."""
        return any(one.name == name and one.here for one in self._seen)

    def changes(self) -> int:
        """Return how many changes are known of."""
        return self._versions.total()

    def clock(self, now: clock.Now) -> clock.Now:
        """Return the machine's clock; where it is off by more than a second, the database's."""
        self._machine, self._ahead = now, timedelta()
        with suppress(psycopg.Error):  # once the database is there, the next beat tells
            self.beat()
        return lambda: now() + self._ahead

    def let_go(self) -> None:
        """Let another desk have the lease at once; where that cannot be said, it has it when the lease is over."""
        try:
            with self._connections.one() as connection:
                self._connections.ask(connection, LET_GO, (self.name,))
        except psycopg.Error as error:
            log.info("The lease is not given back: %s", type(error).__name__)

    def leave(self) -> None:
        """Let go of the lease, and be on the list of desks no more."""
        self.let_go()
        try:
            with self._connections.one() as connection:
                self._connections.ask(connection, "delete from desk_desk where name = %s", (self.name,))
        except psycopg.Error as error:
            log.info("That this desk leaves is not noted: %s", type(error).__name__)

    def _asked(self, lease: float) -> Answers:
        aside = self._seconds() < self._aside_until and self._others()
        params = (self.name, *self._about, self._vocabulary.own(), self.name, lease, LAST if aside else 0.0)
        with self._connections.one() as connection:
            before = self._machine()
            answers = self._connections.ask(connection, f"{FORGET}; {HERE}; {TAKE}; {LOOK}", params)
            after = self._machine()
        self._compare(answers[0][0][0], before, after)
        return answers

    def _learn(self, answers: Answers, until: float) -> None:
        ((_, holder),), versions, marks, desks = answers
        refuse_marked(marks)
        held = self._holds
        self._holds, self._holds_until = holder == self.name, until
        if held != self._holds:
            log.info("What is scheduled is done by %s.", "this desk" if self._holds else holder or "nobody")
        self._versions.learn_all({str(table): int(changes) for table, changes in versions})
        self._vocabulary.learn(knows for *_, here, knows in desks if here)
        self._seen = tuple(
            DeskSeen(name, since, seen, version, files, here, leads=name == holder)
            for name, since, seen, version, files, here, _ in desks
        )

    def _compare(self, databases: datetime, before: datetime, after: datetime) -> None:
        """Follow the database's clock where this machine's is off; an answer that took long says little."""
        if after - before > CLOCKS_AGREE:
            return
        ahead = databases - (before + (after - before) / 2)
        wanted = ahead if abs(ahead) > CLOCKS_AGREE else timedelta()
        if abs(wanted - self._ahead) > CLOCKS_AGREE / 4:
            log.warning("The database's clock is %s ahead of this machine's: the desk goes by that.", ahead)
            self._ahead = wanted

    def _others(self) -> bool:
        return any(one.here and one.name != self.name for one in self._seen)


def seconds() -> float:
    """Return seconds that no clock change touches, and that go on while the process is stopped."""
    return time.monotonic()
