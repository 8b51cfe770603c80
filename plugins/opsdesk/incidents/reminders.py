"""Reminders: incidents nobody has written about for too long, and what nobody has acknowledged yet.

What is due is read off the timelines; that it was sent is kept with the scheduled posts, so that a
restart neither forgets nor repeats one.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from opsdesk.chat import Person, mention
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents import panels
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog, passed_over
from opsdesk.incidents.summed_reminders import Reminder, SummedReminders
from opsdesk.oncall import Calendar, Roster, Shift
from opsdesk.posts import PostLine, PostRecord, Scheduled
from opsdesk.remembered import Remembered
from opsdesk.store import Store
from opsdesk.text import read_moment, take_until, tell_length, tell_when

log = logging.getLogger(__name__)

LONGEST_SNOOZE = timedelta(days=7)
STILL_WORTH_IT = timedelta(hours=1)  # to ask for an acknowledgement that is late by so much

# The team's incident response playbook: 15 minutes from 7am to 8pm Eastern, 60 otherwise.
HOURS = (time(7), time(20))
WITHIN, WITHIN_OUTSIDE = timedelta(minutes=15), timedelta(minutes=60)
AHEAD = timedelta(minutes=3)  # how long before that the reminder comes


class Snooze(msgspec.Struct, frozen=True):
    """Until when nobody is to be reminded of an incident, by whom and since when."""

    until: datetime
    by: Person
    at: datetime


class Waiting(NamedTuple):
    """An incident that nobody has acknowledged, within how long that was agreed, and when somebody is reminded."""

    incident: Incident
    limit: timedelta
    due: datetime


class Reminders:
    """The reminders that are due, and the snoozes that put them off."""

    def __init__(self, incidents: IncidentLog, roster: Roster, store: Store) -> None:
        self._incidents, self._roster = incidents, roster
        self._snoozes = store.keyed("snoozes", Snooze)
        self._summed = SummedReminders(store.keyed("posts", PostRecord), incidents.zone)
        self._quiet_from = Remembered(self._find_quiet_from)
        self._waiting = Remembered(_find_waiting)

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the reminders due around `at`: of quiet incidents during a shift, of unacknowledged ones always.

        Many for one person are one message.
        """
        return self._summed.plan(self._due(at), at)

    def _due(self, at: datetime) -> Iterator[Reminder]:
        calendar, snoozed = self._roster.calendar, self._snoozes.version()
        open_ones, shift = self._incidents.open_ones(passed_over), calendar.shift_at(at)
        for incident, first in self._quiet_from(open_ones, snoozed) if shift else ():
            due = _latest(first, incident.severity.remind_every, at)
            if shift and due and due in shift:
                yield self._quiet(incident, due, shift)
        for waiting in self._waiting(open_ones, calendar):
            if waiting.due <= at < waiting.due + STILL_WORTH_IT:
                yield self._unacknowledged(waiting, at)

    def snooze(self, number: int, until: datetime, *, by: Person, at: datetime) -> Snooze:
        """Put off reminders of an open incident until then; raise a UserError for more than a week."""
        incident = self._incidents.get(number)
        if not incident.is_open:
            raise UserError(f"#{number} is {incident.state}: nobody is reminded of it.")
        if until <= at:
            raise UserError(f"That moment is past. {_snooze_like(number)}")
        if until - at > LONGEST_SNOOZE:
            raise _too_long()
        return self._snoozes.change(None, str(number), lambda before: Snooze(until, by, at))

    def snoozed_until(self, number: int) -> datetime | None:
        """Return until when nobody is reminded of the incident; None if it was never snoozed."""
        snooze = self._snoozes.get(None, str(number))
        return snooze.until if snooze else None

    def opened_in(self, shift: Shift) -> Iterator[tuple[Incident, timedelta]]:
        """Return the incidents opened during a shift, each with how soon it was to be acknowledged."""
        for incident in self._incidents.opened(shift.day, shift.day):
            if incident.opened_at in shift and not incident.aside:
                yield incident, acknowledged_within(self._roster.calendar, incident.opened_at)

    def _find_quiet_from(self, open_ones: Sequence[Incident], snoozed: int) -> list[tuple[Incident, datetime]]:
        return [(one, quiet_from(one, self._snoozed_safely(one.number))) for one in open_ones]

    def _snoozed_safely(self, number: int) -> datetime | None:
        """Return until when nobody is reminded; None where that cannot be read: a reminder too many does less harm."""
        try:
            return self.snoozed_until(number)
        except UserError as damaged:
            log.warning("Whether #%d is snoozed cannot be read: %s", number, damaged)
            return None

    def _quiet(self, incident: Incident, due: datetime, shift: Shift) -> Reminder:
        key, lapse = f"reminder:{incident.number}:{due:%Y-%m-%dT%H:%M:%SZ}", due + incident.severity.remind_every
        ids, reason, whom = self._owner(incident, due)
        length = due - incident.news_at

        def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            return [PostLine("words", quiet(incident, length, whom, reason))]

        plain = Scheduled(key, shift.day, due, lapse, lapse, compose, buttons=panels.reminding(incident.number))
        posts = list(_addressed(plain, incident.place.room, thread_of(incident), ids, reason))
        return Reminder(incident, key, lambda: _no_news(incident, length), posts, tuple(ids), reason, _to(whom))

    def _owner(self, incident: Incident, at: datetime) -> tuple[Sequence[str], str, Person | None]:
        """Return whom to remind: the owner, or without one the person on call."""
        if incident.owner and incident.owner.id:
            return (incident.owner.id,), "", incident.owner
        return self._on_call(at)

    def _on_call(self, at: datetime) -> tuple[Sequence[str], str, Person | None]:
        ids, reason = self._roster.to_tell(at)
        member = None if reason else self._roster.rotation.member(ids[0])
        return ids, reason, member.person if member else None

    def _unacknowledged(self, waiting: Waiting, at: datetime) -> Reminder:
        incident, limit, due = waiting
        ids, reason, whom = self._on_call(at)

        def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            return [PostLine("words", unacknowledged(incident, limit, whom, reason, at))]

        day, lapse = day_of(incident.opened_at, self._roster.calendar.zone), due + STILL_WORTH_IT
        key, buttons = f"acknowledge:#{incident.number}", panels.acknowledging(incident.number)
        plain = Scheduled(key, day, due, lapse, lapse, compose, buttons=buttons)
        posts = list(_addressed(plain, incident.place.room, thread_of(incident), ids, reason))
        return Reminder(incident, key, lambda: _late(incident, limit, at), posts, tuple(ids), reason, _to(whom))


def quiet_due(incident: Incident, snoozed_until: datetime | None, at: datetime) -> datetime | None:
    """Return the latest moment until `at` at which its owner is to be reminded; None before the first.

    The first is at `quiet_from`; the others follow an interval apart.
    """
    return _latest(quiet_from(incident, snoozed_until), incident.severity.remind_every, at)


def quiet_from(incident: Incident, snoozed_until: datetime | None) -> datetime:
    """Return when its owner is first to be reminded: one interval after anybody last wrote about it, or later, at the
    end of a snooze.
    """
    first = incident.news_at + incident.severity.remind_every
    return max(first, snoozed_until) if snoozed_until else first


def _latest(first: datetime, every: timedelta, at: datetime) -> datetime | None:
    return first + (at - first) // every * every if at >= first else None


def _find_waiting(open_ones: Sequence[Incident], calendar: Calendar) -> list[Waiting]:
    limits = ((one, acknowledged_within(calendar, one.opened_at)) for one in open_ones if one.acknowledged_at is None)
    return [Waiting(one, limit, one.opened_at + limit - AHEAD) for one, limit in limits]


def read_until(text: str, number: int, at: datetime, zone: tzinfo) -> datetime:
    """Return the moment in "2h", "half an hour", "5pm", "until tomorrow morning", in UTC.

    Raises a UserError for anything else; it repeats `number`, the incident to be snoozed.
    """
    word = re.sub(r"^\s*(?:until|till|for)\b", "", text, flags=re.IGNORECASE).strip()
    if not word:
        raise UserError(f"Until when? {_snooze_like(number)}")
    until, more = take_until(text, at, zone)
    return until if until and not more else read_moment(word, at, zone, coming=True)


def acknowledged_within(calendar: Calendar, since: datetime) -> timedelta:
    """Return how soon the playbook wants an incident of `since` acknowledged."""
    local = since.astimezone(calendar.zone)
    in_hours = calendar.is_working_day(local.date()) and HOURS[0] <= local.time() < HOURS[1]
    return WITHIN if in_hours else WITHIN_OUTSIDE


def thread_of(incident: Incident) -> str:
    """Return the message that heads the incident's thread in the room it was opened in, "" where there is none."""
    card = incident.card
    return card.thread or card.ts if card and card.room == incident.place.room else incident.place.thread


def _too_long() -> UserError:
    return UserError(f"An incident sleeps for {LONGEST_SNOOZE.days} days at most. Type a nearer time.")


def _snooze_like(number: int) -> str:
    return f"Type `!incident snooze {number} 2h`, or a time: `!incident snooze {number} 5pm`."


def _addressed(plain: Scheduled, room: str, thread: str, ids: Sequence[str], reason: str) -> Iterator[Scheduled]:
    """Yield the post to the thread, where whom it is for can be mentioned there; else one to each of `ids` directly."""
    if room and not reason:
        yield replace(plain, room=room, thread=thread)
        return
    for person in ids:
        yield replace(plain, key=f"{plain.key}:{person}", person=person)


def quiet(incident: Incident, length: timedelta, whom: Person | None, reason: str) -> str:
    """Return the reminder of an incident that has had no news for `length`."""
    number = incident.number
    head = f"{_to(whom)}{_no_news(incident, length)}."
    ways = f"`!incident update {number} <what is new>`, or `!incident snooze {number} 2h`"
    return "\n".join(filter(None, (reason, f"{head} {ways}")))


def unacknowledged(incident: Incident, limit: timedelta, whom: Person | None, reason: str, at: datetime) -> str:
    """Return the reminder of an incident that waits to be acknowledged within `limit`."""
    head = f"{_to(whom)}{_late(incident, limit, at)}. `!incident ack {incident.number}`"
    return "\n".join(filter(None, (reason, head)))


def snoozed(number: int, until: datetime, at: datetime, zone: tzinfo) -> str:
    """Return the answer to a snooze."""
    return f"Nobody is reminded of #{number} until {tell_when(until, at, zone)}."


def acknowledgements(opened: Iterable[tuple[Incident, timedelta]], at: datetime) -> list[str]:
    """Return a line for each incident that still waits to be acknowledged, and one for how long the others took.

    `opened` has each with the time that was agreed.
    """
    waiting, taken = list[str](), list[str]()
    for incident, limit in opened:
        took = incident.time_to_acknowledge
        if took is None:
            waiting.append(f"{_late(incident, limit, at)}. `!incident ack {incident.number}`")
        else:
            taken.append(_taken(incident.number, took, limit))
    return [*waiting, *([f"Acknowledged: {', '.join(taken)}"] if taken else [])]


def _no_news(incident: Incident, length: timedelta) -> str:
    return f"#{incident.number} {incident.shown_title} ({incident.severity.label}): no news for {tell_length(length)}"


def _late(incident: Incident, limit: timedelta, at: datetime) -> str:
    waited = f"not acknowledged for {tell_length(at - incident.opened_at)} (agreed: within {tell_length(limit)})"
    return f"#{incident.number} {incident.shown_title}: {waited}"


def _taken(number: int, took: timedelta, limit: timedelta) -> str:
    if not took:
        return f"#{number} at once"
    return f"#{number} in {tell_length(took)}" + (f" (agreed: {tell_length(limit)})" if took > limit else "")


def _to(whom: Person | None) -> str:
    return f"{mention(whom)} " if whom and whom.id else ""
