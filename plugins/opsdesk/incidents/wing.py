"""Joins the parts of the incidents: their log, the messages that show them, the reminders."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import partial

import msgspec

from opsdesk.chat import Panel, Person, Reply
from opsdesk.clock import day_of
from opsdesk.contacts import Contacts
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.incidents import calling_words, list_words, lists, panels, which, words
from opsdesk.incidents.alike import AlikeIncidents
from opsdesk.incidents.calling import Calls
from opsdesk.incidents.cards import Cards
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog, passed_over
from opsdesk.incidents.notices import Notices
from opsdesk.incidents.reminders import Reminders
from opsdesk.incidents.subjects import Subjects
from opsdesk.oncall import OpenWork, Roster
from opsdesk.posts import PostRecord, Scheduled, planned

log = logging.getLogger(__name__)


class IncidentDesk(msgspec.Struct, frozen=True):
    """The incidents: the log that keeps them, their messages in the chat, and the reminders.

    `below` gives whom to ask about an open one, which stands below its card.
    """

    log: IncidentLog
    cards: Cards
    reminders: Reminders
    calls: Calls
    below: Callable[[Incident, datetime], str]
    roster: Roster
    notices: Notices
    alike: AlikeIncidents
    subjects: Subjects

    def card(self, incident: Incident, at: datetime) -> Reply:
        """Return the message that shows an incident, which is remembered to be that once it is posted."""
        zone, below, placed = self.log.zone, self.below(incident, at), partial(self.log.place, incident.number)
        text, panel = words.card(incident, at, zone, below), panels.panel(incident, at, zone, below)
        return Reply(text, words.card_key(incident), placed, panel=panel)

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the reminders, and what is told to those who asked for help, around `at`."""
        yield from planned((self.reminders.plan, self.calls.plan, self.notices.plan, self._actions), at)

    def _actions(self, at: datetime) -> Iterator[Scheduled]:
        if self.log.with_actions(passed_over):
            from opsdesk.incidents import action_reminders  # few days begin with any

            yield from action_reminders.plan(partial(self.log.with_actions, passed_over), self.roster, at)

    def meant_in(self, room: str, thread: str, text: str) -> tuple[str, ...]:
        """Return the incidents that a command with this text may be about, such as "#12".

        None where they cannot be read: what is said waits for no others then, but it is heard.
        """
        try:
            return tuple(f"#{number}" for number in which.numbers_meant(self.log, room, thread, text))
        except UserError as unreadable:
            log.warning("What a command is about cannot be read: %s", unreadable)
            return ()

    def refresh_cards(self, at: datetime) -> None:
        """Bring the messages of what was touched yesterday and today up to date: the last change may be unsent."""
        today = day_of(at, self.log.zone)
        try:
            self.cards.refresh(self.log.touched(today - timedelta(days=1), today, passed_over))
        except UserError as damaged:  # the desk starts without them: the rest of it is needed all the more
            log.error("The incidents' messages are not brought up to date: %s", damaged)

    def follow_others(self, at: datetime) -> None:
        """Bring up to date the messages of what other desks changed yesterday and today. Raises a UserError."""
        today = day_of(at, self.log.zone)
        touched = self.log.touched(today - timedelta(days=1), today, passed_over)
        self.cards.follow_others(touched)
        self.alike.follow(*touched)

    def listed(self, at: datetime) -> tuple[Panel, ...]:
        """Return the open incidents as they are listed, each with what can be pressed. Raises a UserError."""
        zone = self.log.zone
        return panels.listed(lists.turn_to(self.log, lists.ListRequest(), day_of(at, zone)), at, zone)

    def open_work(self, at: datetime) -> OpenWork:
        """Return what is open as a shift is handed it: lines, how many in all, and the days that cannot be read."""
        lost: set[date] = set()
        ones = self.log.open_ones(lost.add)
        return OpenWork(list_words.handed_over(ones, at, self.log.zone), len(ones), lost)


def build(
    ground: Ground,
    roster: Roster,
    contacts: Contacts,
    record: Callable[[Scheduled], PostRecord],
    *,
    changed: Sequence[Callable[[Incident], None]],
) -> IncidentDesk:
    """Return the incidents. Each of `changed` hears of each change; `record` gives what became of a planned message."""
    chat, zone, told = ground.chat, ground.zone, partial(_whom_to_ask, contacts, ground.zone)

    def shown(incident: Incident, at: datetime) -> str:
        return words.card(incident, at, zone, told(incident, at))

    def parts(incident: Incident, at: datetime) -> Panel:
        return panels.panel(incident, at, zone, told(incident, at))

    def follow(incident: Incident) -> None:
        for part in (cards, calls, alike):
            part.follow(incident)

    incidents = IncidentLog(ground.store, zone, on_call=partial(_is_on_call, roster), changed=(follow, *changed))
    calls = _calls(ground, roster, contacts, incidents)
    cards = Cards(incidents, chat, shown, ground.now, ground.trouble.tell_admins, ground.store.desks, parts)
    notices = Notices(incidents, ground, lambda: contacts.directory, record)
    reminders, alike = Reminders(incidents, roster, ground.store), AlikeIncidents(incidents, ground.store.desks)
    subjects = Subjects(incidents, lambda phrase: contacts.subsystems.pointed_to(phrase))
    return IncidentDesk(incidents, cards, reminders, calls, told, roster, notices, alike, subjects)


def _calls(ground: Ground, roster: Roster, contacts: Contacts, incidents: IncidentLog) -> Calls:
    """Return what asks the other team; in a rehearsal it asks in the rehearsal channel."""
    settings = ground.settings
    team, room = settings.file.escalation_team, settings.file.channels.rehearsal.id if settings.rehearsal else ""
    return Calls(incidents, ground.chat, roster, lambda: contacts.directory, ground.now, team=team, rehearsal=room)


def _is_on_call(roster: Roster, person: Person, at: datetime) -> bool:
    """Return False if the rotation cannot be read: opening an incident must not fail."""
    try:
        return roster.is_on_call(person, at)
    except UserError as damaged:
        log.warning("Whether %s is on call is not known: %s", person.name, damaged)
        return False


def _whom_to_ask(contacts: Contacts, zone: tzinfo, incident: Incident, at: datetime) -> str:
    """Return whom to ask about an open incident, and who was asked already."""
    if not incident.is_open:
        return ""
    asked = calling_words.standing(incident, at, zone) if incident.calls else ""
    return "\n".join(filter(None, (contacts.subsystems.ask_line(incident.subsystem), asked)))
