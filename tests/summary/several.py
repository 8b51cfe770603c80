"""Evenings of several desks on one database, whose time and Slack's is the stage's: one post stands afterwards.

The desks live in one process, each with its own store, chat and clock. A desk is killed, or stopped for a while, before
one of its steps: a word to the database or a call to Slack.
"""

import random
import tempfile
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import psycopg

from opsdesk import process as desks
from opsdesk import settings
from opsdesk.chat.chat import Person, Place
from opsdesk.desk import Desk
from opsdesk.errors import UserError
from opsdesk.incidents.rules import Change
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.call_limit import SHORT_TIMEOUT
from opsdesk.slack.chat import SlackChat
from opsdesk.store.postgres import database, transactions
from opsdesk.store.postgres import desks as postgres_desks
from opsdesk.store.postgres.connections import Connections, Unanswered
from tests.patience import until
from tests.postgres import move_clock, server
from tests.slack.stage import serving
from tests.summary.campaign import Channels, Troubled, _environment, _key
from tests.summary.evenings import EIGHT, GO_LIVE
from tests.summary.lives import TrueClock

ALICE = Person("U0ALICE", "Alice")
START, END = EIGHT - 70, EIGHT + 100
EVENTS, ONLY_ONCE = 5, 0.7  # how many, and how likely one that was acknowledged is not delivered again
MARKED = " without the store"


class Killed(BaseException):
    """A desk ends in the middle of what it does."""


@dataclass(frozen=True)
class Misfortune:
    """What happens to the desk that has the lease at 7:59pm, to any one of them (`of_any`), or to all.

    `kill_at` and `stop_at` are the step, counted from `armed_at` on, before which it is killed or stopped, the latter
    until `until`. `no_database` and `no_slack` are from when to when it has none, `frozen` is from when to when the
    database answers it nothing; `everywhere`: none of the desks.
    """

    name: str
    kill_at: int | None = None
    stop_at: int | None = None
    armed_at: float = EIGHT
    until: float = EIGHT + 30
    of_any: bool = False
    no_database: tuple[float, float] = (0, 0)
    no_slack: tuple[float, float] = (0, 0)
    frozen: tuple[float, float] = (0, 0)
    everywhere: bool = False
    read_only: bool = False
    skew: float = 0
    within: float = 5


def misfortune(kind: int, chance: random.Random) -> Misfortune:
    """The misfortune of this kind; what is drawn by chance varies it."""
    before, after = EIGHT - chance.choice((20, 3, 1)), EIGHT + chance.choice((3, 12, 40, 80))
    step, long = chance.randint(0, 60), chance.choice((8, 25, 70))
    whenever = EIGHT - 60 + 90 * chance.random()
    return (
        Misfortune("none"),
        Misfortune("killed at 8pm", kill_at=step),
        Misfortune("stopped at 8pm", stop_at=step, until=EIGHT + long),
        Misfortune("cut from the database", no_database=(before, after)),
        Misfortune("cut from Slack", no_slack=(before, after)),
        Misfortune("no database", no_database=(before, after), everywhere=True),
        Misfortune("no database, and its last holder killed", kill_at=0, no_database=(before, EIGHT + 60),
                   everywhere=True, within=30),
        Misfortune("database restarted", no_database=(EIGHT - 1, EIGHT + 1), everywhere=True),
        Misfortune("database read-only for a while", no_database=(before, after), everywhere=True, read_only=True),
        Misfortune("clock behind", skew=-120.0),
        Misfortune("clock ahead", skew=120.0),
        Misfortune("stopped and cut", stop_at=step, until=EIGHT + long, no_database=(before, after)),
        Misfortune("killed whenever", kill_at=step, armed_at=whenever, of_any=True),
        Misfortune("stopped whenever", stop_at=step, armed_at=whenever, until=whenever + long, of_any=True),
        # Nobody reaches the database; and here what a desk does besides is played before its summary, not beside it.
        Misfortune("database frozen", frozen=(before, after), everywhere=True, within=20),
        Misfortune("database frozen for one", frozen=(before, after)),
    )[kind]  # fmt: skip


KINDS = 16


@dataclass
class Wait:
    """A call to a database that does not answer: by which connections, and until when it waits at most."""

    connections: Connections
    end: float
    over: threading.Event = field(default_factory=threading.Event)


@dataclass
class Seat:
    """A desk, its troubles, and how far it is."""

    true: TrueClock
    url: str
    bad: Misfortune | None = None
    skew: float = 0
    steps: int = 0
    gone: bool = False
    desk: Any = None
    token: str = ""
    thread: threading.Thread | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    still: threading.Event = field(default_factory=threading.Event)  # it has ticked, or stands in the middle of it
    go_on: threading.Event = field(default_factory=threading.Event)
    beating: threading.Thread | None = None
    frozen: list["Wait"] = field(default_factory=list)

    def now(self) -> datetime:
        """This machine's clock."""
        return datetime.fromtimestamp(self.true.value + self.skew, UTC)

    def step(self, one: Any, *, slack: bool) -> None:
        """Goes through what happens before this step; only where it ticks is it killed or stopped."""
        at, bad = self.true.value, self.bad
        if self.gone:
            raise Killed
        if bad is None:
            return
        if at >= bad.armed_at and threading.current_thread() is self.thread:
            self._count(bad)
        first, last = bad.no_slack if slack else bad.no_database
        if first <= at < last:
            if slack:
                raise urllib.error.URLError(ConnectionRefusedError())
            if bad.read_only:
                raise psycopg.errors.ReadOnlySqlTransaction("cannot write to a read-only transaction")
            raise psycopg.OperationalError("there is no server")
        if not slack and self.is_frozen():
            self._freeze(Wait(one, at + one.deadline))

    def is_frozen(self) -> bool:
        """Whether the database answers this desk nothing just now."""
        return self.bad is not None and self.bad.frozen[0] <= self.true.value < self.bad.frozen[1]

    def _freeze(self, call: Wait) -> None:
        """Waits until the database answers again, or for as long as the desk waits for it."""
        self.frozen.append(call)
        call.over.wait()
        if self.gone:
            raise Killed
        if self.is_frozen():
            raise Unanswered("the server does not answer")

    def go_on_without(self, connections: Connections) -> None:
        """Ends the calls that were made by these connections."""
        for call in [call for call in self.frozen if call.connections is connections]:
            self.frozen.remove(call)
            call.over.set()

    def _count(self, bad: Misfortune) -> None:
        self.steps += 1
        if bad.kill_at is not None and self.steps > bad.kill_at:
            self.gone = True
            raise Killed
        if bad.stop_at is not None and self.steps == bad.stop_at + 1:
            self.stopped.set()
            self.still.set()
            self.go_on.wait()
            self.stopped.clear()

    def tick(self) -> None:
        """Does what is due, in a thread of its own that may be stopped on the way."""
        self.beat()
        if self.gone or (self.thread and self.thread.is_alive()):
            return
        self.still.clear()
        self.thread = threading.Thread(target=self._tick, daemon=True)
        self.thread.start()

    def beat(self) -> None:
        """Keeps up with the others, in a thread of its own as well."""
        beating = self.beating
        if not self.gone and not self.stopped.is_set() and not (beating and beating.is_alive()):
            self.beating = beating = threading.Thread(target=self._beat, daemon=True)
            beating.start()
        until(lambda: self.frozen or not beating or not beating.is_alive(), "a desk's beat", every=0.001)

    def _beat(self) -> None:
        with suppress(psycopg.Error, Killed):
            self.desk.store.keep_up()

    def settle(self) -> None:
        """Waits until it has done what is due, or stands still."""
        until(lambda: self.frozen or not self.thread or self.still.is_set(), "a desk's tick", every=0.001)

    def wake(self) -> None:
        """Lets a desk that was stopped go on at its time, and one that waits for the database."""
        for call in [call for call in self.frozen if call.end <= self.true.value or not self.is_frozen()]:
            self.frozen.remove(call)
            call.over.set()
        if self.stopped.is_set() and self.bad and self.true.value >= self.bad.until:
            self.stopped.clear()
            self.still.clear()
            self.go_on.set()

    def end(self) -> None:
        """Closes what is left of it."""
        self.gone = True
        self.go_on.set()
        for call in self.frozen:
            call.over.set()
        if self.thread:
            self.thread.join()
        self.gone, self.bad = False, None
        self.desk.close()

    def _tick(self) -> None:
        try:
            with suppress(Killed):
                self.desk.ticker.tick_summary()
                self.desk.ticker.tick()
        finally:
            self.still.set()


def _before(do: Callable[..., Any], seat_of: Callable[[Any], Seat | None], *, slack: bool) -> Callable[..., Any]:
    def counted(one: Any, *args: Any, **named: Any) -> Any:
        seat = seat_of(one)
        try:
            if seat:
                seat.step(one, slack=slack)
        except Unanswered:
            args[0].close()
            raise
        done = do(one, *args, **named)
        if seat and slack:
            seat.step(one, slack=slack)
        return done

    return counted


@dataclass
class Remembering(Channels):
    """A Slack that knows what was ever posted, and that admits no second message at the very same moment."""

    ever: list[dict[str, Any]] = field(default_factory=list)

    def do(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        answer = super().do(method, asked)
        if method == "chat.postMessage":
            self.ever.append(self.messages[-1])
        return answer


@dataclass
class Ended:
    """How an evening ended: the posts that stand, the events that were acknowledged, how late the first post came."""

    posts: list[dict[str, Any]]
    acknowledged: set[str]
    late: float


def play(bad: Misfortune, many: int, seed: int) -> Ended:
    """Plays an evening of so many desks."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="several-")))
        true = TrueClock(folder / "clock", START - 3600)
        url = server().timed_schema(datetime.fromtimestamp(true.value, UTC))
        api = Remembering(true=true, now=lambda: true.value)
        stack.enter_context(serving(api))
        datadog = stack.enter_context(Troubled(None, true, EIGHT))
        seats = [Seat(true, url, token=f"xoxb-stand-in-{number}") for number in range(many)]
        stack.enter_context(_patched(true, seats))
        environment = _environment(folder) | datadog.environment | {"DESK_DATABASE_URL": url}
        for seat in seats:
            seat.desk = _desk(seat, environment, api.url)
        true.value = START
        clock = stack.enter_context(psycopg.connect(url, autocommit=True))
        acknowledged = _evening(bad, seats, clock, random.Random(seed))
        for seat in seats:
            seat.end()
        posts = [one for one in api.shown(GO_LIVE) if _key(one).startswith("summary:")]
        sent = [float(one["ts"]) for one in api.ever if _key(one).startswith("summary:")]
        return Ended(posts, acknowledged, min(sent, default=0) - EIGHT)


def faults_of(bad: Misfortune, ended: Ended) -> list[str]:
    """Everything that is wrong with how an evening ended."""
    wrong = []
    if len(ended.posts) != 1:
        return [f"{len(ended.posts)} posts stand"]
    text, payload = ended.posts[0]["text"], ended.posts[0]["metadata"]["event_payload"]
    if not -0.5 <= ended.late <= bad.within:
        wrong.append(f"the post came {ended.late} seconds after 8pm")
    wrong += [f"the post lacks {one}" for one in ended.acknowledged if one not in text]
    for what, at in (("a number was given out", 0), ("an event was run", 1)):
        told = [one.split(" ", 1)[at] for one in ended.acknowledged]
        if len(set(told)) != len(told):
            wrong.append(f"{what} twice")
    if any(text.count(f" Event {number}:") > 1 for number in range(EVENTS)):
        wrong.append("the post tells of an event twice")
    if str(payload["version"]).endswith(MARKED) or "cannot be reached" in text:
        wrong.append("the post was not brought up to date")
    return wrong


def _evening(bad: Misfortune, seats: list[Seat], clock: psycopg.Connection, chance: random.Random) -> set[str]:
    true, acknowledged = seats[0].true, set[str]()
    opens = sorted(START + chance.random() * 170 for _ in range(EVENTS))
    while true.value <= END:
        move_clock(clock, datetime.fromtimestamp(true.value, UTC))
        if true.value >= EIGHT - 60 and not any(seat.bad for seat in seats):
            _strike(bad, seats, chance)
        for seat in seats:
            seat.wake()
        if opens and opens[0] <= true.value:
            opens.pop(0)
            acknowledged |= _deliver(seats, len(opens), chance)
        for seat in seats:
            seat.tick()
        for seat in seats:
            seat.settle()
        _pass(seats, clock, _pace(true.value - EIGHT))
    return acknowledged


def _pass(seats: list[Seat], clock: psycopg.Connection, seconds: float) -> None:
    """Lets time go by, in which the desks renew the lease as often as they do in earnest."""
    true = seats[0].true
    end = true.value + seconds
    while end - true.value > 1:
        true.value += 1
        move_clock(clock, datetime.fromtimestamp(true.value, UTC))
        for seat in seats:
            seat.beat()
    true.value = end


def _pace(since: float) -> float:
    if -2 <= since < 6:
        return 0.5
    return 2.5 if -10 <= since < 10 else 5.0


def _strike(bad: Misfortune, seats: list[Seat], chance: random.Random) -> None:
    struck = chance.choice(seats) if bad.of_any else _leader(seats)
    struck.bad, struck.skew = bad, bad.skew
    if bad.everywhere:
        for seat in seats:
            if seat is not struck:
                seat.bad = Misfortune(bad.name, no_database=bad.no_database, read_only=bad.read_only, frozen=bad.frozen)


def _leader(seats: list[Seat]) -> Seat:
    return next(seat for seat in seats if any(one.leads and one.name == seat.desk.store.desks.name
                                                for one in seat.desk.store.desks.all()))  # fmt: skip


def _deliver(seats: list[Seat], number: int, chance: random.Random) -> set[str]:
    """Hands an event to a desk, to another where that does not acknowledge it, and now and then to another as well."""
    acknowledged = set[str]()
    for seat in chance.sample(seats, len(seats)):
        acknowledged |= _open(seat, number)
        if acknowledged and chance.random() < ONLY_ONCE:
            break
    return acknowledged


def _open(seat: Seat, number: int) -> set[str]:
    """Opens an incident at a desk, and returns it as the post has it, if that was acknowledged."""
    if seat.gone or seat.stopped.is_set() or seat.is_frozen():
        return set()
    change = Change(title=f"Event {number}", source=f"C0EVENTS/{START + number}")
    try:
        incident = seat.desk.incidents.log.open(change, at=seat.desk.now(), by=ALICE, place=Place())
    except (UserError, Killed):
        return set()
    return {f"#{incident.number} {incident.title}:"}


def _desk(seat: Seat, environment: dict[str, str], url: str) -> Desk:
    web = SlackWeb(seat.token, base_url=url, timeout=SHORT_TIMEOUT, now=seat.now)
    chat = SlackChat(web, tell_admins=lambda text: None)
    return desks.start_desk(settings.read(environment), chat, seat.now)


@contextmanager
def _patched(true: TrueClock, seats: list[Seat]) -> Iterator[None]:
    """Has every step counted, and the beats of the desks done by the stage."""

    def of_connections(one: Connections) -> Seat | None:
        stores = ((seat, seat.desk.store) for seat in seats if seat.desk)
        return next((seat for seat, store in stores if one in (store._connections, store._for_the_lease)), None)

    def of_slack(web: SlackWeb) -> Seat | None:
        return next((seat for seat in seats if seat.token == web.token), None)

    def cut(one: Connections) -> None:
        seat = of_connections(one)
        if seat:
            seat.go_on_without(one)

    def waiting(asked: Sequence[Future[None]], seconds: float) -> None:
        end = true.value + seconds
        until(lambda: asked[0].done() or true.value >= end, "an answer", every=0.001)

    with ExitStack() as stack:
        for place, name, put in (
            (Connections, "ask", _before(Connections.ask, of_connections, slack=False)),
            (Connections, "cut", cut),
            (SlackWeb, "api_call", _before(SlackWeb.api_call, of_slack, slack=True)),
            (database.PostgresStore, "_keep_up", lambda self: None),
            (database, "seconds", lambda: true.value),
            (postgres_desks, "wait", waiting),  # it is the stage's time that goes by
            (transactions, "time", SimpleNamespace(monotonic=lambda: true.value, sleep=time.sleep)),
        ):
            stack.enter_context(patch.object(place, name, put))
        yield
