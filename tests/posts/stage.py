"""The stage of a scheduled post: one at 8pm, its channel, its records, and a desk that can be started again."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from opsdesk.posts.post import PostLine, PostRecord, State
from opsdesk.posts.rehearsal import Plan
from opsdesk.posts.scheduled import Scheduled
from opsdesk.posts.scheduler import PostScheduler
from opsdesk.posts.words import PostWords
from opsdesk.store import ALONE, Duty, MaySend, NotStored
from opsdesk.store.desks import Alone
from opsdesk.summary.heartbeat import Heartbeat
from tests.chat.stage import REFUSED, Channel

DAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Records:
    """KeyedTable records in memory; `full` makes every change fail as a full disk does."""

    def __init__(self) -> None:
        self.kept: dict[tuple[date | None, str], PostRecord] = {}
        self.full = False

    def get(self, day, key):
        return self.kept.get((day, key))

    def change(self, day, key, edit):
        if self.full:
            raise NotStored("The disk is full: nothing was stored.")
        self.kept[day, key] = edit(self.kept.get((day, key)))
        return self.kept[day, key]


class Lease(Alone):
    """One of several desks on a store: whether it `leads`, as it knows, and `has` the lease, as the store says."""

    shared = True

    def __init__(self, *, leads: bool = True) -> None:
        self.leads, self.has = leads, leads

    def duty(self) -> Duty:
        return Duty.LEADS if self.leads else Duty.WAITS

    def may_send(self) -> MaySend:
        return MaySend.YES if self.has else MaySend.NO


class TimedScheduler(PostScheduler):
    """A scheduler whose clock stands at the moment that it was last called with."""

    def __init__(self, kept, chat, wording, at, plans, told=lambda text: None, desks=ALONE, *, apart=False):
        self.at = at
        super().__init__(kept, chat, wording, self.now, plans, told, desks, apart=apart)

    def now(self):
        return self.at

    def tick(self, at):
        self.at = at
        return super().tick(at)

    def post_now(self, scheduled, at, check=lambda record: None):
        self.at = at
        return super().post_now(scheduled, at, check)


def read_lines(text):
    return [PostLine(line, line) for line in text.splitlines()]


def add_lines(standing, before, now):
    """What stands there, and each line that is new or has changed since."""
    known = {line.text for line in (*standing, *before)}
    return [*standing, *(line for line in now if line.text not in known)]


class Stage:
    """One post at 8pm, its channel, its records, and a desk that can be started again."""

    def __init__(self, channel: Channel | None = None, *, apart: bool = False) -> None:
        self.channel, self.apart = channel or Channel(), apart
        self.channel.now = lambda: self.chats_clock(self.posts.at)
        self.chats_clock: Callable[[datetime], datetime] = lambda at: at
        self.told: list[str] = []
        self.records, self.desks = Records(), ALONE
        self.words = "the day"
        self.beats = 0
        self.changed = False
        self.plans: list[Plan] = [lambda at: [self.scheduled]]
        self.notice = Scheduled(
            key="notice", day=DAY, due=EIGHT, until=EIGHT + 60 * MINUTE, lapse=EIGHT + 600 * MINUTE,
            compose=lambda at, record: [PostLine("notice", "it was not posted")], person="alice",
        )  # fmt: skip
        self.scheduled = Scheduled(
            key="summary:2026-11-23",
            day=DAY,
            due=EIGHT,
            until=EIGHT + 30 * MINUTE,
            lapse=EIGHT + 240 * MINUTE,
            compose=self.compose,
            room="go-live",
            edits_until=EIGHT + 1020 * MINUTE,
            stale=lambda record, at, looked: self.changed or looked is None,
            notices=lambda record: [self.notice] if record.state is State.GIVEN_UP else [],
            punctual=True,
            read=read_lines,
            join=add_lines,
        )
        self.start(EIGHT - 60 * MINUTE)

    def compose(self, at: datetime, record: PostRecord) -> Sequence[PostLine]:
        return [PostLine("head", "Summary"), PostLine("words", self.words, marked=True)]

    def start(self, at: datetime) -> None:
        words = PostWords(ZoneInfo("America/New_York"))
        more = self.told.append, self.desks
        self.posts = TimedScheduler(self.records, self.channel, words, at, self.plans, *more, apart=self.apart)
        self.heartbeat = Heartbeat(self.posts, lambda at: [self.scheduled], self.beat)

    def beat(self) -> None:
        self.beats += 1

    def run(self, first: datetime, last: datetime, step: timedelta = SECOND) -> None:
        at = first
        while at <= last:
            self.posts.tick(at)
            self.heartbeat.tick(at)
            at += step

    def refuse_until_given_up(self, call: str) -> None:
        if call == "post" and self.record.state is not State.GIVEN_UP:
            raise REFUSED

    @property
    def record(self) -> PostRecord:
        return self.posts.record(self.scheduled)


def mistaken(call: str) -> Callable[[str], None]:
    """Raises what no chat should, as often as `call` is made."""

    def fail(made: str) -> None:
        if made == call:
            raise KeyError("ts")

    return fail


class Hanging:
    """A chat in which calls of one kind are not answered until the test is over; `calls` is what was begun."""

    def __init__(self, call: str = "") -> None:
        self.call, self.calls, self.held = call, list[str](), 0
        self.begun, self.over = threading.Event(), threading.Event()

    def before(self, call: str) -> None:
        self.calls.append(call)
        if call == self.call:
            self.held += 1
            self.begun.set()
            self.over.wait()
