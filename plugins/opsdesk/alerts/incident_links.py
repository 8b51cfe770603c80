"""Alerts and incidents kept linked: later alerts of a problem and its recovery go into its incident's timeline."""

import logging
from datetime import timedelta
from functools import partial

from opsdesk import clock
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
        if not group.incident or before is None or not before.incident:
            return
        if group.count > before.count and group.count.bit_count() == 1:
            self._note(group, f"alert {group.number} again: x{group.count}", f"x{group.count}")
        if group.is_over and not before.is_over:
            incident = self._note(group, f"alert {group.number} recovered: {group.title[:120]}", f"over {group.flaps}")
            if incident and incident.is_open and group.flaps == 0:
                self._ask(incident, group)

    def _note(self, group: AlertGroup, text: str, what: str) -> Incident | None:
        told = Change(text=text, source=f"alert/{group.number}/{what}")
        try:
            incident = self._incidents.followed(self._incidents.get(group.incident))
            return self._incidents.note(incident.number, told, at=self._now(), by=DESK)
        except UserError as refused:  # noted before, or its day cannot be read: the alert itself is kept all the same
            log.info("Alert %d is not noted in #%d: %s", group.number, group.incident, refused)
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
        below = MessageRef(incident.place.room, thread=thread_of(incident))
        name = f"alert {group.number} over"
        given_up = partial(log.warning, "Whether #%d is over was not asked: %s", incident.number)
        self._jobs.add(Job(name, partial(self._post_once, below, name, text), given_up))

    def _post_once(self, below: MessageRef, key: str, text: str) -> None:
        """Post the question, unless a try that seemed to fail has done so."""
        since = self._now() - ASKED_WITHIN
        if not self._chat.find(below.room, key, since, thread=below.thread):
            self._chat.post(below.room, text, thread=below.thread, key=key)


def follow_incident(ledger: Ledger, incident: Incident) -> None:
    """Let the alert that became an incident be of none while that is void, and of the one it was merged into."""
    last, (source, _, number) = incident.entries[-1], incident.entries[0].source.partition("/")
    if source != "alert" or last.kind not in SET_ASIDE:
        return
    wanted = incident.merged_into if incident.aside else incident.number
    group = ledger.get(int(number))
    if wanted and group.incident != wanted:
        ledger.act(group.number, GroupAction(last.written_at, last.by, ActionKind.OPENED, incident=wanted))
    while not wanted and group.incident:
        taken_back = GroupAction(last.written_at, last.by, ActionKind.TAKEN_BACK, ActionKind.OPENED.value)
        group = ledger.act(group.number, taken_back)
