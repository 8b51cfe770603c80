"""A desk with a rotation, an incident log and a chat, run minute by minute: everything it says, and when."""

from datetime import timedelta
from pathlib import Path

from channel import Channel
from opsdesk.chat.chat import Person, Place
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.reminders import Reminders, ReminderWords
from opsdesk.incidents.rules import Change
from opsdesk.oncall.acceptances import Acceptances
from opsdesk.oncall.handover import Handover, Sources
from opsdesk.oncall.handover_words import HandoverWords
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import Rotation
from opsdesk.posts.post import PostRecord
from opsdesk.posts.scheduler import Posts
from opsdesk.posts.words import PostWords
from opsdesk.store import open_store
from rota import ALICE, EASTERN, WEEKLY, eastern

ADMINS = ("U0ADMIN",)
LIVE = "C0LIVE"
IN_THREAD = Place(LIVE, "", "9.0")


class Stage:
    """The desk; it can be started again on the same folder. `heard` has every message: when, where, what."""

    def __init__(self, folder: Path, rotation: Rotation = WEEKLY, sources: Sources | None = None) -> None:
        self.folder, self.rotation, self.sources = folder, rotation, sources or Sources()
        self.channel = Channel()
        self.heard: list[str] = []
        self.at = eastern("2026-11-20 21:00")
        self.open()

    def open(self) -> None:
        self.store = open_store(self.folder)
        kept = self.store.kept("posts", PostRecord)
        self.posts = Posts(kept, self.channel, PostWords(EASTERN), self.at)
        self.incidents = IncidentLog(self.store, EASTERN)
        self.roster = Roster(lambda: self.rotation, self.store, ADMINS)
        self.acceptances = Acceptances(self.roster, self.store)
        self.incidents.on_call = self.roster.is_on_call
        self.words = HandoverWords(EASTERN)
        self.handover = Handover(
            self.roster,
            self.acceptances,
            self.incidents,
            self.posts,
            self.words,
            room=LIVE,
            admins=ADMINS,
            sources=self.sources,
        )
        self.reminders = Reminders(self.incidents, self.roster, self.store, ReminderWords())
        self.posts.plans += [self.handover.plan, self.reminders.plan]

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
