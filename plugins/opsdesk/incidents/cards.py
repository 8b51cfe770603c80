"""The messages that show incidents: changed in place as incidents change; what is pinned below them is kept."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from opsdesk import clock
from opsdesk.chat import (
    Chat,
    Job,
    Message,
    MessageRef,
    Outbox,
    Panel,
    Person,
    Reaction,
    SendError,
    person_of,
    reaction_of,
)
from opsdesk.errors import UserError
from opsdesk.incidents import words
from opsdesk.incidents.incident import Incident, source_of
from opsdesk.incidents.log import IncidentLog, passed_over
from opsdesk.incidents.rules import Change
from opsdesk.store import ALONE, Desks, Duty

log = logging.getLogger(__name__)

PIN = "pushpin"
PAUSE = timedelta(seconds=1)
AROUND = timedelta(minutes=1)  # that clocks may differ by
ANEW = "(The message that showed this incident was deleted: here it is again.)"

CardText = Callable[[Incident, datetime], str]
CardPanel = Callable[[Incident, datetime], Panel | None]


class Cards:
    """Keeps the message of each incident up to date. `card_text` writes it, `card_panel` has its buttons.

    `complain` tells the admins.

    A thread of its own does all of it, and tries again while the chat fails: nobody who changes an incident waits.
    Of several `desks` the one that does what is scheduled alone keeps the messages: no older text follows a newer one.
    """

    def __init__(
        self,
        incidents: IncidentLog,
        chat: Chat,
        card_text: CardText,
        now: clock.Now,
        complain: Callable[[str], None],
        desks: Desks = ALONE,
        card_panel: CardPanel = lambda incident, at: None,
    ) -> None:
        self._incidents, self._chat, self._card_text, self._now = incidents, chat, card_text, now
        self._complain, self._card_panel = complain, card_panel
        self._jobs, self._told = Outbox(), set[tuple[int, str]]()
        self._desks, self._followed = desks, dict[int, Incident]()

    def follow(self, incident: Incident) -> None:
        """Queue an edit of the incident's message. A new incident has none yet: its opening is answered with one."""
        if self._chat.edits and len(incident.entries) > 1 and self._desks.duty() is Duty.LEADS:
            number = incident.number
            if self._desks.shared:
                self._followed[number] = incident
            self._jobs.add(Job(f"#{number}", partial(self._change, number), partial(self._outdated, number)))

    def refresh(self, incidents: Iterable[Incident]) -> None:
        """Queue an edit of each incident's message, in case its last change was never sent."""
        for incident in incidents:
            if incident.card and self._chat.edits:
                self.follow(incident)
            elif incident.is_open and incident.place.room and self._chat.edits:
                name, room = f"the message of #{incident.number}", incident.place.room
                self._jobs.add(Job(name, partial(self._look_for, incident), partial(log.info, "%s: %s", room)))

    def find_lost(self, room: str) -> bool:
        """Look in a room for messages of open incidents that have none by their record; return whether there were any.

        A desk that was killed between posting one and keeping which it is leaves a thread that is nobody's.
        """
        lost = [one for one in self._incidents.open_ones(passed_over) if not one.card and one.place.room == room]
        try:
            for one in lost if self._chat.edits else ():
                self._look_for(one)
        except SendError as unsent:
            log.warning("The messages of incidents were not looked for in %s: %s", room, unsent.reason)
        return bool(lost)

    def _look_for(self, incident: Incident) -> None:
        since, thread = incident.opened_at - AROUND, incident.place.thread
        found = self._chat.find(incident.place.room, words.card_key(incident), since, thread=thread)
        if found:
            self._incidents.place(incident.number, found[0].ref)

    def follow_others(self, incidents: Iterable[Incident]) -> None:
        """Follow those that changed since they were followed here, by whichever desk."""
        changed = [one for one in incidents if self._followed.get(one.number) != one]
        self._followed = {one.number: self._followed.get(one.number, one) for one in incidents}
        self.refresh(changed)

    def reacted(self, reaction: Any) -> None:
        """Keep a message of an incident's thread in its timeline while it is marked with 📌."""
        pin = reaction_of(reaction)
        if pin and pin.emoji == PIN:
            job = f"📌 {'on' if pin.added else 'off'} {pin.room}/{pin.ts} by {pin.by}"
            lost = f"{job} did not get into the timeline"
            failed = lambda reason: self._complain(f"{lost}: {reason}.")  # noqa: E731  # beside what it tells of
            self._jobs.add(Job(job, partial(self._pin, pin), failed, about=f"{pin.room}/{pin.ts}"))

    def source_changed(self, room: str, thread: str, ts: str) -> None:
        """Follow a message of an incident's thread that was edited or deleted, if it is kept in the timeline."""
        incident = self._incidents.by_thread(room, thread)
        if incident and incident.holds_note(source_of(room, ts)):
            job = f"the change of {room}/{ts}"
            failed = lambda reason: self._complain(f"{job} did not get into the timeline: {reason}.")  # noqa: E731
            follow = partial(self._follow_source, incident.number, room, ts)
            self._jobs.add(Job(job, follow, failed, about=f"{room}/{ts}"))

    def close(self) -> None:
        """End the thread. What is still unsent is sent after the next start."""
        self._jobs.close()

    def _change(self, number: int) -> None:
        incident = self._incidents.get(number)
        if self._desks.duty() is not Duty.LEADS:
            return  # to the desk that does, it is a change of another's
        if incident.card is None:
            raise SendError("its message does not stand in the chat", retry_after=PAUSE)
        try:
            at = self._now()
            self._chat.edit(incident.card, self._card_text(incident, at), panel=self._card_panel(incident, at))
        except SendError as unsent:
            if not unsent.gone:
                raise
            self._renew(incident, incident.card)
        if self._desks.shared and self._incidents.get(number).written_at != incident.written_at:
            raise SendError("it was changed meanwhile", retry_after=PAUSE)

    def _renew(self, incident: Incident, deleted: MessageRef) -> None:
        """Post the message of an open incident anew: once, since whoever deletes it again means it."""
        if not incident.is_open or incident.card_renewed:
            return
        room, thread, key = deleted.room, deleted.thread, f"incident {incident.number} anew"
        found = self._chat.find(room, key, incident.opened_at, thread=thread)  # the last try may have ended halfway
        text, panel = f"{ANEW}\n{self._card_text(incident, self._now())}", self._card_panel(incident, self._now())
        card = found[0].ref if found else self._chat.post(room, text, thread=thread, key=key, panel=panel)
        self._incidents.place(incident.number, card, renewed=True)

    def _outdated(self, number: int, reason: str) -> None:
        incident = self._incidents.get(number)
        if (number, reason) not in self._told:
            self._told.add((number, reason))
            self._complain(f"The message that shows #{number} could not be changed and is out of date: {reason}.")
        if incident.card:
            outdated = f"The message that shows this incident could not be changed ({reason}). It stands like this:\n"
            self._chat.reply(incident.card, outdated + self._card_text(incident, self._now()))

    def _pin(self, pin: Reaction) -> None:
        message = self._chat.read(pin.room, pin.ts)
        incident = self._incidents.by_thread(pin.room, message.thread) if message and not message.own else None
        if message is None or incident is None:
            return
        try:
            self._keep(incident, pin, message)
        except UserError as refusal:
            self._chat.reply(MessageRef(pin.room, thread=message.thread), str(refusal))

    def _keep(self, incident: Incident, pin: Reaction, message: Message) -> None:
        source, at = source_of(pin.room, pin.ts), self._now()
        kept = any(entry.source == source for entry in incident.standing)
        if pin.added and not kept:
            note = Change(message.text, source=source, happened_at=min(message.at, at), pinned_by=self._pinned_by(pin))
            self._incidents.note(incident.number, note, at=at, by=message.by)
        elif kept and not pin.added and PIN not in message.emoji:
            self._incidents.withdraw(incident.number, source, at=at, by=self._pinned_by(pin))

    def _follow_source(self, number: int, room: str, ts: str) -> None:
        message = self._chat.read(room, ts)
        text = message.text if message else None
        self._incidents.follow_source(number, source_of(room, ts), text, at=self._now())

    def _pinned_by(self, pin: Reaction) -> Person:
        return person_of(self._chat, pin.by)
