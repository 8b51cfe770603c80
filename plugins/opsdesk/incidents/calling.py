"""Calling the other team: one message in their channel with proof, a clock that asks for the next, their answer.

Source: the team's guide (whom to tell in which channel) and the incident response playbook: no response in 15 minutes,
the next higher contact; none in 30, a major incident.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from opsdesk import clock
from opsdesk.chat import Chat, MessageRef, Person, Reaction, SendError, moment_of, read_whole
from opsdesk.contacts import Contact, ContactKind, Directory
from opsdesk.errors import UserError
from opsdesk.incidents import calling_words as words
from opsdesk.incidents import escalation
from opsdesk.incidents.incident import Entry, EntryKind, HelpCall, Incident
from opsdesk.incidents.log import IncidentLog, passed_over
from opsdesk.incidents.reminders import acknowledged_within, thread_of
from opsdesk.incidents.rules import Change, refuse_aside
from opsdesk.oncall import ACCEPTING, Roster
from opsdesk.patterns import regex
from opsdesk.posts import PostLine, PostRecord, Scheduled
from opsdesk.remembered import Remembered
from opsdesk.text import Offer, Offering, Unsure, literal

log = logging.getLogger(__name__)

STILL_WORTH_IT = timedelta(hours=1)
ANSWERING = ("eyes", *ACCEPTING)
TO = regex(r"\Ato\s+", re.IGNORECASE)
AGAIN = regex(r"\Aagain\b[\s,.:]*", re.IGNORECASE)


class CallTarget(msgspec.Struct, frozen=True):
    """Where a call goes: the channel, and the people in the order of asking."""

    room: str
    name: str
    people: tuple[Contact, ...]


class Calls:
    """Asks the other team, and hears their answers. `team` is whom alerts are for, by its key in contacts.toml."""

    def __init__(
        self,
        log: IncidentLog,
        chat: Chat,
        roster: Roster,
        directory: Callable[[], Directory],
        now: clock.Now,
        *,
        team: str,
        rehearsal: str = "",
    ) -> None:
        self._log, self._chat, self._roster, self._directory, self._now = log, chat, roster, directory, now
        self._team, self._rehearsal = team, rehearsal
        self._threads: dict[tuple[str, str], int] | None = None
        self._waiting = Remembered(_find_waiting)

    def call(self, number: int, typed: str, *, by: Person, at: datetime) -> str:
        """Ask for help with an incident, "[to NAME|again] words"; return the answer. Raise a UserError if it can't."""
        incident = self._log.get(number)
        refuse_aside(incident, EntryKind.ESCALATED, at, self._log.zone)
        if not incident.is_open:
            raise UserError(
                f"#{number} is resolved: there is nothing to ask for. `!incident reopen {number}` opens it."
            )
        target = self._target(incident)
        people, text = self._asked(incident, target, typed)
        caller = words.Caller(by, self._on_call_until(by, at), incident.card.permalink if incident.card else "")
        message = words.message(incident, people, text, caller, at, self._log.zone)
        posted = self._post(target, message, f"escalation {number} {len(incident.calls)}")
        ids = tuple(one.slack for one in people if one.slack)
        call = HelpCall(tuple(one.name for one in people), ids, posted, target.name)
        incident = self._kept(number, call, text, at, by)
        following = self._next_people(target, incident)
        unmentioned = [one.name for one in people if not one.slack]
        return words.asked(incident.calls[-1], following, self._interval(at), unmentioned, self._log.zone)

    def _kept(self, number: int, call: HelpCall, text: str, at: datetime, by: Person) -> Incident:
        try:
            return self._log.escalate(number, call, text, at=at, by=by)
        except UserError as refused:
            who = " and ".join(call.to) or "the channel"
            raise UserError(
                f"Asked {who} in {call.room_name}, but that is not kept: {refused} Please do not ask again: "
                "look there for the answer."
            ) from refused

    def follow(self, incident: Incident) -> None:
        """Know the threads in which an incident's calls can be answered."""
        threads = self._known()
        for entry in incident.calls:
            if entry.call and entry.call.message:
                threads[entry.call.message.room, entry.call.message.ts] = incident.number

    def forget(self) -> None:
        """Look for the threads anew when they are next needed: another desk may have made one."""
        self._threads = None

    def hears(self, event: Mapping[str, Any]) -> bool:
        """Return whether a message stands in the thread of a call."""
        place = str(event.get("channel") or ""), str(event.get("thread_ts") or "")
        return place in self._known() and str(event.get("ts")) != place[1]

    def heard(self, event: Mapping[str, Any], by: Person, text: str) -> None:
        """Take a message in the thread of a call as its answer, if it is by somebody who was asked."""
        if self.hears(event) and not event.get("bot_id"):
            now = self._now()
            at = min(moment_of(event, now), now)
            self._answer((str(event["channel"]), str(event["thread_ts"])), by, text, at)

    def reacted(self, reaction: Reaction, by: Person) -> None:
        """Take 👀 or ✅ on a call as its answer."""
        place = reaction.room, reaction.ts
        if reaction.added and reaction.emoji in ANSWERING and place in self._known():
            self._answer(place, by, "", self._now())

    def read_back(self, person: Callable[[str], Person]) -> None:
        """Read the threads of calls that wait for an answer, for what came while the desk was deaf.

        `person` gives somebody by their id. Raises SendError if the chat does not answer.
        """
        for incident in self._answerable():
            entry = incident.waiting_call
            message = entry.call.message if entry and entry.call else None
            if entry is None or message is None or not message.ts:
                continue
            for one in self._chat.history(message.room, entry.at, thread=message.ts):
                if one.get("user"):
                    event = {**one, "channel": message.room, "thread_ts": message.ts}
                    self.heard(event, person(str(one["user"])), read_whole(one).text)

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield what is told to those who asked and have no answer: who is next, then that it is a major incident."""
        for incident, entry in self._waiting(self._log.open_ones(passed_over)):
            yield from self._unanswered(incident, entry, at)

    def _unanswered(self, incident: Incident, entry: Entry, at: datetime) -> Iterator[Scheduled]:
        interval = self._interval(entry.at)
        following = self._next_known(incident)
        texts: tuple[Callable[[], str], ...] = (
            partial(words.nobody_yet, incident, entry, following),
            partial(words.major, incident, entry),
        )
        for step, text in enumerate(texts, 1):
            due = entry.at + step * interval
            if due <= at < due + STILL_WORTH_IT:
                yield self._notice(incident, entry, due, step, text)

    def _notice(self, incident: Incident, entry: Entry, due: datetime, step: int, text: Callable[[], str]) -> Scheduled:
        def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            return [PostLine("words", text())]

        key = f"escalation:{incident.number}:{entry.at:%Y-%m-%dT%H:%M:%SZ}:{step}"
        room, until = incident.place.room, due + STILL_WORTH_IT
        day = due.astimezone(self._log.zone).date()
        if room:
            return Scheduled(key, day, due, until, until, compose, room=room, thread=thread_of(incident))
        return Scheduled(key, day, due, until, until, compose, person=entry.by.id)

    def _answer(self, place: tuple[str, str], by: Person, text: str, at: datetime) -> None:
        """Keep the first answer to any call since the last answer: who was asked first may answer after the next."""
        number = self._known()[place]
        entry = next((one for one in self._log.get(number).calls if _stands_at(one, place)), None)
        if entry is None or not self._may_answer(entry, by):
            return
        at, source = max(at, entry.at), f"{place[0]}/{place[1]}"
        incident = self._log.answered(number, entry, Entry(at, by, EntryKind.ANSWERED, text, source=source))
        if incident is None:
            return
        if (going_on := self._log.followed(incident)) is not incident:
            told = Change(text or "👀", source=source)
            incident = self._log.note(going_on.number, told, at=at, by=by)
        below = MessageRef(incident.place.room, thread=thread_of(incident))
        if incident.place.room:
            self._chat.reply(below, words.answered(entry, by, text, at))

    def _may_answer(self, entry: Entry, by: Person) -> bool:
        """Return whether it is an answer: by one of those asked where their ids are kept, else by any other team's."""
        if entry.call and entry.call.ids:
            return by.id in entry.call.ids
        return by.id != entry.by.id and self._roster.rotation.member(by.id) is None

    def _target(self, incident: Incident) -> CallTarget:
        """Return the team's channel for what comes from an alert or names no subsystem; else the subsystem's own."""
        directory = self._directory().usable()
        entry = None if incident.from_alert else directory.subsystems.get(incident.subsystem)
        if entry is None or not entry.channels:
            entry = directory.teams.get(self._team) or entry
        if entry is None or not entry.channels:
            raise UserError("contacts.toml names no channel to ask in. `!whois escalate vista` shows whom to ask.")
        room = directory.channels[entry.channels[0]]
        people = directory.people_of(entry)
        if not incident.from_alert and incident.subsystem in directory.subsystems:
            rungs = escalation.ladder(directory, incident.subsystem)
            people = list(dict.fromkeys(person for rung in rungs for person in rung.people)) or people
        return CallTarget(room.id, room.name, tuple(people))

    def _asked(self, incident: Incident, target: CallTarget, typed: str) -> tuple[tuple[Contact, ...], str]:
        """Return whom to ask, and the words: those named, the next ones for "again", else the first."""
        text = typed.strip()
        if TO.match(text):
            return self._named(TO.sub("", text))
        if AGAIN.match(text):
            following = self._next_people(target, incident)
            if not following:
                raise UserError(f"Nobody else is named for it. {words.MAJOR_ADVICE.format(incident.number)}")
            return following, AGAIN.sub("", text)
        if incident.waiting_call:
            since = incident.waiting_call
            to = since.call.to if since.call else ()
            who, was = " and ".join(to) or "somebody", "was" if len(to) < 2 else "were"
            again = Offer("incident_escalate", f"{incident.number} again {text}".strip())
            raise Unsure(Offering(f"{literal(who)} {was} asked already. {{}} asks the next.", (again,)))
        return target.people[:1], text

    def _named(self, text: str) -> tuple[tuple[Contact, ...], str]:
        """Return somebody of contacts.toml by one word or two, and what stands behind the name."""
        directory, spelled = self._directory(), text.split()
        for many in (2, 1):
            found = directory.find(" ".join(spelled[:many])).found if len(spelled) >= many else ()
            people = [ref.key for ref in found if ref.kind is ContactKind.PERSON]
            if len(people) == 1:
                rest = text.split(None, many)[many:]
                return (directory.people[people[0]],), rest[0] if rest else ""
        raise UserError(f'Whom? "{text[:60]}" names nobody I know. `!whois` lists people; `to charley` asks Charley.')

    def _next_people(self, target: CallTarget, incident: Incident) -> tuple[Contact, ...]:
        asked = {name for entry in incident.calls if entry.call for name in entry.call.to}
        return tuple(one for one in target.people if one.name not in asked)[:1]

    def _next_known(self, incident: Incident) -> tuple[Contact, ...]:
        """Return who is to be asked next; nobody where the contacts name no channel any more: the minutes run on."""
        try:
            return self._next_people(self._target(incident), incident)
        except UserError as unknown:
            log.warning("Whom to ask next about #%d is not known: %s", incident.number, unknown)
            return ()

    def _post(self, target: CallTarget, text: str, key: str) -> MessageRef:
        room = self._rehearsal or target.room
        try:
            return self._chat.post(room, words.rehearsed(text, target.name) if self._rehearsal else text, key=key)
        except SendError as unsent:
            may = " It may stand there all the same: look before you" if unsent.unclear else " Please"
            raise UserError(f"Asked nobody: {unsent.reason}.{may} ask in {target.name} by hand:\n{text}") from unsent

    def _interval(self, at: datetime) -> timedelta:
        return acknowledged_within(self._roster.calendar, at)

    def _on_call_until(self, by: Person, at: datetime) -> datetime | None:
        try:
            slot = self._roster.slot_at(at)
        except UserError:
            return None
        return slot.end if slot and slot.primary.id == by.id else None

    def _known(self) -> dict[tuple[str, str], int]:
        if self._threads is None:
            self._threads = {}
            for incident in self._answerable():
                self.follow(incident)
        return self._threads

    def _answerable(self) -> Iterator[Incident]:
        """Yield the open incidents, and those that were merged into them: their calls may be answered yet."""
        for incident in self._log.open_ones(passed_over):
            yield incident
            absorbed = (entry.other for entry in incident.standing if entry.kind is EntryKind.ABSORBED)
            yield from self._log.some(absorbed, passed_over)


def _find_waiting(open_ones: Sequence[Incident]) -> list[tuple[Incident, Entry]]:
    return [(one, entry) for one in open_ones if (entry := one.waiting_call) and entry.call]


def _stands_at(entry: Entry, place: tuple[str, str]) -> bool:
    message = entry.call.message if entry.call else None
    return message is not None and (message.room, message.ts) == place
