"""The stage of the day's post: a desk with an incident log, counts, a room to post to and Alice on call."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from opsdesk.chat.chat import Person, Place
from opsdesk.chat.trouble import Addressees, Trouble
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.rules import Change
from opsdesk.oncall.shifts import Calendar, Shift, ShiftTimes
from opsdesk.posts.post import PostLine, PostRecord, State
from opsdesk.posts.words import PostWords
from opsdesk.settings.settings import Channel as Room
from opsdesk.settings.settings import Channels, DeskFile, Settings
from opsdesk.store import open_store
from opsdesk.summary.asked import SummaryRequest
from opsdesk.summary.commands import SummaryCommands
from opsdesk.summary.notices import SummaryNotices
from opsdesk.summary.plan import SummaryPlan
from tests.chat.stage import REFUSED, Channel
from tests.oncall.stage import EASTERN, eastern
from tests.posts.stage import TimedScheduler

ALICE, BOB = Person("U0ALICE", "Alice"), Person("U0BOB", "Bob")
WEEKDAYS = frozenset(range(5))
CALENDAR = Calendar(EASTERN, (ShiftTimes("support", time(13), time(20), WEEKDAYS),))
MINUTE = timedelta(minutes=1)


class Counts:
    """Counts as the post asks for them; `answer` is what Datadog would say."""

    def __init__(self) -> None:
        self.answer = "Check-ins clicked: 1765"
        self.changed = False
        self.asked: list[datetime] = []

    def lines(self, day, until, at, before):
        self.asked.append(at)
        return [PostLine("counts", f"*Counts*\n{self.answer}", marked=True)]

    def stale(self, day, before, at, looked):
        return self.changed


class Team:
    """A desk with a day's post, an incident log, a room to post to and Alice on call; it can be started again."""

    admins: Sequence[str] = ()

    def __init__(self, folder: Path, started: str, channel: Channel | None = None, **told: object) -> None:
        self.folder, self.told = folder, told
        self.channel, self.counts = channel or Channel(now=lambda: self.posts.at), Counts()
        self.since = eastern(started)
        self.open(self.since)

    def open(self, at: datetime) -> None:
        room = Room(id="C0LIVE", name="#go-live")
        file = DeskFile(zone="America/New_York", channels=Channels(go_live=room, rehearsal=Room(id="C0TRIAL")))
        told = self.settings = Settings(data_dir=self.folder, state_dir=self.folder, file=file, **self.told)
        self.store = open_store(self.folder)
        kept = self.store.keyed("posts", PostRecord)
        words = PostWords(EASTERN)
        self.posts = TimedScheduler(kept, self.channel, words, at, (lambda at: plan.plan(at),))
        self.others = TimedScheduler(kept, self.channel, words, at, (lambda at: notices.plan(at),))
        self.followed: list[Callable[[Incident], None]] = [lambda incident: self.posts.look_again()]
        self.log = IncidentLog(self.store, EASTERN, changed=(lambda i: [follow(i) for follow in self.followed],))
        self.complaints: list[str] = []
        complain = self.complaints.append
        had = lambda shift: self.who_had(shift)  # noqa: E731  # as a test has it then
        plan = self.plan = SummaryPlan(
            told, lambda: CALENDAR, self.posts, self.log, self.counts, had, self.since, complain
        )
        asked = self.store.keyed("summaries asked for", SummaryRequest, passing=True)
        self.day_post = SummaryCommands(plan, self.posts, lambda: CALENDAR, asked)
        trouble = Trouble(self.channel, self.admins, lambda at: self.to_tell(at))
        notices = SummaryNotices(plan, self.posts, trouble, timedelta(hours=4))

    def who_had(self, shift: Shift) -> tuple[str, datetime | None]:
        return "Alice", None

    def to_tell(self, at: datetime) -> Addressees:
        return Addressees((ALICE.id,))

    def restart(self, at: str) -> None:
        self.store.close()
        self.open(eastern(at))

    def run(self, first: str, last: str, step: timedelta = MINUTE) -> None:
        at = eastern(first)
        while at <= eastern(last):
            self.tick(at)
            at += step

    def tick(self, at: datetime) -> None:
        self.posts.tick(at)
        self.others.tick(at)

    def opened(self, title: str, at: str, by: Person = ALICE, **told: object) -> int:
        return self.log.open(Change(title=title, **told), at=eastern(at), by=by, place=Place()).number

    @property
    def posted(self) -> list[str]:
        return self.channel.texts("C0LIVE")

    def posted_at(self, first: date, last: date) -> Iterator[str]:
        """When each day's post was proved, as clocks showed it."""
        day = first
        while day <= last:
            proof = self.day_post.record(day).proof
            if proof:
                yield f"{proof.at.astimezone(EASTERN):%a %b %d %H:%M %Z}"
            day += timedelta(days=1)


def refuse_in_room(team: Team, call: str) -> None:
    if call == "post" and team.day_post.record(date(2026, 11, 23)).state is not State.GIVEN_UP:
        raise REFUSED


def before(team: Team, monkeypatch: pytest.MonkeyPatch, call: str, do: Callable[[], object]) -> None:
    """Has something else done just before the next `call` of the posts."""
    as_it_is = getattr(team.posts, call)

    def later(*given: object) -> PostRecord:
        monkeypatch.setattr(team.posts, call, as_it_is)
        do()
        return as_it_is(*given)

    monkeypatch.setattr(team.posts, call, later)
