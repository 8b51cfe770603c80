"""Joins the parts of the alerts: their ledger, the intake, the replies, what people do about them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import msgspec

from opsdesk import clock
from opsdesk.alerts import mutes, panels, words
from opsdesk.alerts.background import Background
from opsdesk.alerts.catch_up import CatchUp
from opsdesk.alerts.commands import AlertCommands
from opsdesk.alerts.group import AlertGroup, Outcome
from opsdesk.alerts.incident_links import IncidentLinks, follow_incident, over_at
from opsdesk.alerts.intake import AlertIntake
from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.mute_notices import MuteNotices
from opsdesk.alerts.mutes import Mutes
from opsdesk.alerts.noise import NoiseFile
from opsdesk.alerts.questions import Questions
from opsdesk.alerts.reactions import AlertReactions
from opsdesk.alerts.reminders import AlertReminders
from opsdesk.alerts.replies import Replies
from opsdesk.alerts.reports import Reports
from opsdesk.alerts.sentry_api import SentryApi
from opsdesk.alerts.thread_openings import ThreadOpenings
from opsdesk.alerts.unused_rules import UnusedRules
from opsdesk.alerts.webhooks import Webhooks
from opsdesk.chat import Chat, MessageRef, Outbox, Panel, person_of
from opsdesk.clock import day_of
from opsdesk.contacts import Contacts, Directory
from opsdesk.ground import Ground
from opsdesk.incidents import Incident, IncidentDesk
from opsdesk.oncall import Roster
from opsdesk.posts import PostRecord, Scheduled, planned
from opsdesk.settings import TeamFile

MOST_IN_BRIEF = 5


class AlertDesk(msgspec.Struct, frozen=True):
    """The alerts: what came, what became of it, and what people do about it."""

    file: TeamFile[NoiseFile]
    ledger: Ledger
    mutes: Mutes
    intake: AlertIntake
    replies: Replies
    commands: AlertCommands
    reactions: AlertReactions
    reminders: AlertReminders
    catch_up: CatchUp
    webhooks: Webhooks
    questions: Questions
    reports: Reports
    openings: ThreadOpenings
    mute_notices: MuteNotices
    unused: UnusedRules
    known: "Callable[[AlertGroup], words.KnownProblem]"
    roster: Roster

    def follow(self, incident: Incident) -> None:
        """Follow an incident that was voided or merged, or counts again."""
        follow_incident(self.ledger, incident)

    def summary_line(self, day: date) -> str:
        """Return the line of the summary, "14: 11 known noise, 2 acknowledged …"; "" for a day without an alert."""
        groups = self.ledger.day(day)
        return words.counted(groups) if groups else ""

    def listed(self, at: datetime) -> tuple[Panel, ...]:
        """Return today's problems, counted, and those that nobody has touched, with what can be pressed."""
        zone = self.ledger.zone
        today = day_of(at, zone)
        return panels.listed(self.ledger.day(today), today, at, zone)

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the reminders, and what is said about questions and mutes, around `at`."""
        parts = (self.reminders.plan, self.questions.plan, self.mute_notices.plan, self.unused.plan)
        yield from planned(parts, at)

    def since_last_shift(self, at: datetime) -> list[str]:
        """Return what came since the last shift ended, for the brief: counted, and what nobody has touched."""
        last = self.roster.calendar.last_shift(at)
        since = last.end if last else at - timedelta(days=1)
        zone = self.ledger.zone
        groups = [one for one in self.ledger.days(day_of(since, zone), day_of(at, zone)) if one.last_at >= since]
        if not groups:
            return []
        lines = [words.line(one, at, zone) for one in groups if one.outcome is Outcome.UNTOUCHED]
        return [f"*Alerts since the last shift* {words.counted(groups)}", *lines[:MOST_IN_BRIEF]]

    def follow_others(self, at: datetime) -> None:
        """Bring up to date the replies below what other desks changed yesterday and today. Raises a UserError."""
        today = day_of(at, self.ledger.zone)
        self.replies.follow_others(self.ledger.days(today - timedelta(days=1), today))

    def waiting(self, day: date, at: datetime) -> list[str]:
        """Return a line for each alert that nobody has touched, and each question without an answer, of a day."""
        asked = [f"no answer: {line}" for line in self.questions.waiting(day, at)]
        return [*words.untouched(self.ledger.day(day), at, self.ledger.zone), *asked]


def build(
    ground: Ground,
    roster: Roster,
    contacts: Contacts,
    incidents: IncidentDesk,
    traces: Callable[[datetime, datetime], str],
    *,
    changed: Callable[[], None],
) -> AlertDesk:
    """Return the alerts. `changed` is called once anything about one is stored; `traces` gives the error traces around
    a moment, in a line, asked now.
    """
    settings, store, chat, now = ground.settings, ground.store, ground.chat, ground.now
    go_live, rooms = settings.file.channels.go_live, [room.id for room in settings.file.channels.alerts]
    room, directory = rooms[0] if rooms else "", partial(_directory, contacts)
    jobs, sentry = Outbox(), SentryApi(settings.environment)
    links = IncidentLinks(incidents.log, chat, jobs, now)
    followers = links.follow, lambda before, group: replies.follow(group), lambda before, group: changed()
    file = mutes.follow(settings.data_dir / "noise.toml", ground.complain, ground.kept)
    muted, ledger = Mutes(file, store), Ledger(store, ground.zone, followers, partial(over_at, incidents.log))
    known = Background(ledger, incidents.log, directory, sentry, traces, now).of
    replies: Replies = Replies(ledger, chat, known, room, now, ground.trouble.tell_admins, jobs, store.desks)
    intake = AlertIntake(ledger, lambda: muted.rules(now()), rooms, now)
    commands = AlertCommands(ledger, incidents.log, lambda text: directory().keyword_subsystem(text) or "")
    show_card = _card_shower(incidents, chat, now)
    reactions = AlertReactions(ledger, commands, chat, intake.hears, show_card, now)
    questions = Questions(store, chat, roster, directory, ground.trouble, go_live.id, on=settings.file.questions)
    reports = Reports(chat, incidents, questions, directory, show_card, go_live, now)
    openings = ThreadOpenings(chat, incidents.log, ledger, commands, questions, directory, go_live)
    unused = UnusedRules(muted, ledger, store, roster, partial(_owner_id, contacts, roster), room)
    ways_in = _catch_up(ground, incidents, intake, rooms), Webhooks(intake, settings.environment)
    reminders = AlertReminders(ledger, roster, ground.trouble, store.keyed("posts", PostRecord))
    by_people = intake, replies, commands, reactions, reminders, *ways_in
    told_later = MuteNotices(muted, ledger, room), unused
    return AlertDesk(file, ledger, muted, *by_people, questions, reports, openings, *told_later, known, roster)


def _directory(contacts: Contacts) -> Directory:
    return contacts.directory


def _catch_up(ground: Ground, incidents: IncidentDesk, intake: AlertIntake, rooms: Sequence[str]) -> CatchUp:
    """Return what reads back the alert channels, and the threads in which others were called."""
    person, complain = partial(person_of, ground.chat), ground.trouble.tell_admins
    return CatchUp(ground.store, ground.chat, intake, rooms, lambda: incidents.calls.read_back(person), complain)


def _owner_id(contacts: Contacts, roster: Roster, name: str) -> str:
    """Return the id of somebody on the rotation or of the contacts, by name; "" for anybody else."""
    ids = {one.name.casefold(): one.slack for one in contacts.directory.people.values()}
    ids |= {one.name.casefold(): one.id for one in roster.rotation.members}
    return ids.get(name.strip().casefold(), "")


def _card_shower(incidents: IncidentDesk, chat: Chat, now: clock.Now) -> Callable[[int, MessageRef], None]:
    def show(number: int, below: MessageRef) -> None:
        card = incidents.card(incidents.log.get(number), now())
        posted = chat.post(below.room, card.text, thread=below.thread or below.ts, key=card.key, panel=card.panel)
        incidents.log.place(number, posted)

    return show
