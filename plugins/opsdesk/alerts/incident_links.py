"""Alerts and incidents kept linked: later alerts of a problem and its recovery go into its incident's timeline."""

import logging
from datetime import datetime, timedelta
from functools import partial

from opsdesk import clock
from opsdesk.alerts import words
from opsdesk.alerts.group import ActionKind, AlertGroup, GroupAction
from opsdesk.alerts.ledger import Ledger
from opsdesk.chat import Chat, Job, MessageRef, Outbox, Person
from opsdesk.errors import UserError
from opsdesk.incidents import Change, EntryKind, Incident, IncidentLog, thread_of
from opsdesk.text import tell_time

log = logging.getLogger(__name__)

DESK = Person("", "the desk")
ASKED_WITHIN = timedelta(hours=1)  # of a recovery

SET_ASIDE = (EntryKind.VOIDED, EntryKind.MERGED, EntryKind.REOPENED, EntryKind.UNDONE)


class IncidentLinks:
    """Notes what goes on with a problem in the incident it became, counted: at 2, 4, 8 … alerts."""

    def __init__(self, incidents: IncidentLog, chat: Chat, jobs: Outbox, now: clock.Now) -> None:
        self._incidents, self._chat, self._jobs, self._now = incidents, chat, jobs, now

    def follow(self, before: AlertGroup | None, group: AlertGroup) -> None:
        """Note what is new with a problem since `before` in its incident, if it became one."""
        if before and group.again_at != before.again_at and group.incident_before:
            self._say_again(group)
        if not group.incident_of_now or before is None or not before.incident_of_now:
            return
        if group.count > before.count and group.count.bit_count() == 1:
            self._note(group, f"alert {group.number} again: x{group.count}", f"x{group.count}")
        if group.is_over and not before.is_over and (group.flaps + 1).bit_count() == 1:
            incident = self._note(group, f"alert {group.number} recovered: {group.title[:120]}", f"over {group.flaps}")
            if incident and incident.is_open and group.flaps == 0:
                self._ask(incident, group)

    def _note(self, group: AlertGroup, text: str, what: str) -> Incident | None:
        number = group.incident_of_now or group.incident_before
        told = Change(text=text, source=f"alert/{group.number}/{what}")
        try:
            incident = self._incidents.followed(self._incidents.get(number))
            return self._incidents.note(incident.number, told, at=self._now(), by=DESK)
        except UserError as refused:  # noted before, or its day cannot be read: the alert itself is kept all the same
            log.info("Alert %d is not noted in #%d: %s", group.number, number, refused)
            return None

    def _ask(self, incident: Incident, group: AlertGroup) -> None:
        """Have the owner asked, in the incident's thread, whether it is over: no alert waits for the chat."""
        if not incident.place.room:
            return
        owner = f"{incident.owner.name}, " if incident.owner else ""
        since = tell_time(group.over_at or group.last_at, self._incidents.zone)
        text = (
            f"{owner}alert {group.number} recovered at {since}: is #{incident.number} over? "
            f"`!incident resolve {incident.number} <what ended it>`"
        )
        self._say(incident, f"alert {group.number} over", text)

    def _say(self, incident: Incident, name: str, text: str) -> None:
        """Have a text posted in an incident's thread: no alert waits for the chat."""
        below = MessageRef(incident.place.room, thread=thread_of(incident))
        given_up = partial(log.warning, "In the thread of #%d was not said: %s: %s", incident.number, text)
        self._jobs.add(Job(name, partial(self._post_once, below, name, text), given_up))

    def _post_once(self, below: MessageRef, key: str, text: str) -> None:
        """Post it, unless a try that seemed to fail has done so."""
        since = self._now() - ASKED_WITHIN
        if not self._chat.find(below.room, key, since, thread=below.thread):
            self._chat.post(below.room, text, thread=below.thread, key=key)

    def _say_again(self, group: AlertGroup) -> None:
        """Say in the timeline and in the thread of an incident that is over that its alert has come again."""
        what = f"again {group.began_at:%H:%MZ}"
        incident = self._note(group, f"alert {group.number} again: x{group.count}", what)
        if incident and not incident.is_open and incident.place.room:
            text = words.came_again(group, incident.number, self._incidents.zone)
            self._say(incident, f"alert {group.number} {what}", text)


def over_at(incidents: IncidentLog, number: int) -> datetime | None:
    """Return when an incident, or what it was merged into, was over; None while it goes on or cannot be read."""
    try:
        return incidents.followed(incidents.get(number)).resolved_at
    except UserError as unreadable:
        log.info("Whether #%d is over cannot be read: %s", number, unreadable)
        return None


def follow_incident(ledger: Ledger, incident: Incident) -> None:
    """Let the alert that became an incident be of none while that is void, and of the one it was merged into."""
    last, (source, number) = incident.entries[-1], (*incident.entries[0].source.split("/"), "")[:2]
    if source != "alert" or last.kind not in SET_ASIDE:
        return
    wanted = incident.merged_into if incident.aside else incident.number
    group = ledger.get(int(number))
    goes_on = incident.is_open or not group.incident_before
    if wanted and goes_on and group.incident_of_now != wanted:
        ledger.act(group.number, GroupAction(last.written_at, last.by, ActionKind.OPENED, incident=wanted))
    while not wanted and incident.number in group.opened_of_now:
        taken_back = GroupAction(last.written_at, last.by, ActionKind.TAKEN_BACK, ActionKind.OPENED.value)
        group = ledger.act(group.number, taken_back)
