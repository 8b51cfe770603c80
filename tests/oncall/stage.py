"""A rotation for tests: Alice, Bob and Charlie, a week each from Monday, November 23, 2026, 1pm to 8pm Eastern."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from opsdesk.chat.chat import Person, Place
from opsdesk.errors import UserError
from opsdesk.incidents.list_words import handed_over
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.reminders import Reminders
from opsdesk.incidents.rules import Change
from opsdesk.oncall.acceptances import Acceptances
from opsdesk.oncall.agreements import Agreements
from opsdesk.oncall.brief import OpenWork
from opsdesk.oncall.handover import Handover, Sources
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import Member, Override, Pattern, Rotation, on_call, slots_of
from opsdesk.oncall.shifts import Calendar, ShiftTimes
from opsdesk.posts.post import PostRecord
from opsdesk.posts.rehearsal import Plan
from opsdesk.posts.scheduler import PostScheduler
from opsdesk.posts.words import PostWords
from opsdesk.store import open_store
from tests.chat.stage import Channel

EASTERN = ZoneInfo("America/New_York")
WEEKDAYS = frozenset(range(5))
WEEK, SPRINT = timedelta(weeks=1), timedelta(weeks=2)
SUPPORT = ShiftTimes("support", time(13), time(20), WEEKDAYS)
MORNING = ShiftTimes("morning", time(7), time(13), WEEKDAYS)
AFTERNOON = ShiftTimes("afternoon", time(13), time(20), WEEKDAYS)

ALICE = Member("alice", "U0ALICE", "Alice", EASTERN)
BOB = Member("bob", "U0BOB", "Bob", ZoneInfo("America/Los_Angeles"))
CHARLIE = Member("charlie", "U0CHARLIE", "Charlie", EASTERN)
FIRST = Member("first", "", "First Engineer", EASTERN)
TEAM = (ALICE, BOB, CHARLIE)

WEEKLY = Rotation(
    Calendar(EASTERN, (SUPPORT,)), TEAM, (Pattern(date(2026, 11, 23), WEEK, {"support": TEAM}),), "https://dd.example"
)
SPRINTS = Rotation(
    Calendar(EASTERN, (MORNING, AFTERNOON)),
    TEAM,
    (Pattern(date(2026, 1, 5), SPRINT, {"morning": (ALICE, BOB), "afternoon": (CHARLIE, ALICE, BOB)}, standby=True),),
)

ROTATION_TOML = """
[people]
alice = { id = "@alice", name = "Alice" }
bob = { id = "@bob", name = "Bob", zone = "America/Los_Angeles" }
charlie = { id = "@charlie", name = "Charlie" }

[[shifts]]
name = "support"
start = "1pm"
end = "8pm"

[[turns]]
first_day = 2026-11-23
each = "week"
order.support = ["alice", "bob", "charlie"]

[holidays]
downtimes = "https://dd.example/downtimes"
"""


def eastern(local: str) -> datetime:
    """The moment at which clocks in New York show "2026-11-23 15:35"."""
    return datetime.fromisoformat(local).replace(tzinfo=EASTERN).astimezone(UTC)


ADMINS = ("U0ADMIN",)
LIVE = "C0LIVE"
IN_THREAD = Place(LIVE, "", "9.0")


class Stage:
    """The desk; it can be started again on the same folder. `heard` has every message: when, where, what."""

    def __init__(self, folder: Path, rotation: Rotation = WEEKLY, sources: Sources | None = None) -> None:
        self.folder, self.rotation, self.sources = folder, rotation, sources or Sources()
        self.channel = Channel()
        self.heard: list[str] = []
        self.plans: list[Plan] = [lambda at: self.handover.plan(at), lambda at: self.reminders.plan(at)]
        self.at = eastern("2026-11-20 21:00")
        self.open()

    def open(self) -> None:
        self.store = open_store(self.folder)
        kept = self.store.keyed("posts", PostRecord)
        self.posts = PostScheduler(
            kept,
            self.channel,
            PostWords(EASTERN),
            lambda: self.at,
            plans=self.plans,
        )
        self.roster = Roster(lambda: self.rotation, self.store, ADMINS)
        self.acceptances = Acceptances(self.roster, self.store)
        self.incidents = IncidentLog(self.store, EASTERN, on_call=self.roster.is_on_call)
        self.handover = Handover(
            self.roster,
            self.acceptances,
            self.posts,
            EASTERN,
            room=LIVE,
            admins=ADMINS,
            sources=replace(self.sources, open_work=self.open_work),
        )
        self.reminders = Reminders(self.incidents, self.roster, self.store)

    def open_work(self, at: datetime) -> OpenWork:
        lost: set[date] = set()
        ones = self.incidents.open_ones(lost.add)
        return OpenWork(handed_over(ones, at, EASTERN), len(ones), lost)

    def restart(self) -> None:
        self.store.close()
        self.open()

    def run(self, until: str, step: timedelta = timedelta(minutes=1)) -> None:
        """Lets the desk's clock go on to `until`, a tick each `step`."""
        while self.at <= eastern(until):
            self.tick()
            self.at += step
        self.at = eastern(until)

    def tick(self) -> None:
        messages, topics = len(self.channel.messages), len(self.channel.topics)
        self.posts.tick(self.at)
        when = f"{self.at.astimezone(EASTERN):%a %b %d %H:%M}"
        for one in self.channel.messages[messages:]:
            place = f"{one.room}/{one.thread}" if one.thread else one.room
            self.heard.append(f"{when} {place}: {one.text}")
        self.heard += [f"{when} topic: {text}" for _, text in self.channel.topics[topics:]]

    def said(self) -> list[str]:
        """What was heard since this was last asked."""
        heard, self.heard = self.heard, []
        return heard

    def to(self, local: str) -> None:
        """Moves the clock without a tick in between."""
        self.at = eastern(local)

    def opened(self, title: str, severity: int, by: Person = ALICE.person, place: Place = IN_THREAD) -> int:
        told = Change(title=title, severity=severity)
        return self.incidents.open(told, at=self.at, by=by, place=place).number

    def update(self, number: int, text: str, by: Person = ALICE.person) -> None:
        self.incidents.update(number, Change(text=text), at=self.at, by=by)


class Talks:
    """What people have agreed, as time goes by."""

    def __init__(self, rotation: Rotation, at: str) -> None:
        self.rotation, self.at = rotation, eastern(at)
        self.overrides: dict[int, Override] = {}

    @property
    def agreed(self) -> Agreements:
        return Agreements(self.rotation, tuple(self.overrides.values()), self.at)

    def keep(self, override: Override) -> Override:
        self.overrides[override.number] = override
        return override

    def to(self, local: str) -> None:
        self.at = eastern(local)

    def who(self, local: str) -> str:
        slot = on_call(self.rotation, tuple(self.overrides.values()), eastern(local))
        return slot.primary.name if slot else "no shift"

    def day(self, day: str) -> str:
        """The people on call that day, one after the other."""
        shifts = self.rotation.calendar.shifts_on(date.fromisoformat(day))
        parts = [part for shift in shifts for part in slots_of(self.rotation, tuple(self.overrides.values()), shift)]
        return ", ".join(f"{part.primary.name} {part.start.astimezone(EASTERN):%H:%M}" for part in parts)

    def refused(self, do: Callable[[Agreements], Override]) -> str:
        with pytest.raises(UserError) as refusal:
            do(self.agreed)
        return str(refusal.value)
