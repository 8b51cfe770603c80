"""The start of a shift: the brief, the channel's line and topic, and who hears if nobody accepts it."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import partial

import msgspec

from opsdesk.chat import Person
from opsdesk.errors import UserError, or_why
from opsdesk.oncall import handover_words as words
from opsdesk.oncall import panels
from opsdesk.oncall.acceptances import Acceptances
from opsdesk.oncall.brief import Brief, OpenWork
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import OnCallSlot
from opsdesk.oncall.shifts import Shift
from opsdesk.posts import STATE_AFTER, PostLine, PostRecord, PostScheduler, PostStep, Scheduled, or_else, saying

log = logging.getLogger(__name__)

ASK_AGAIN_AFTER = timedelta(minutes=15)
TRY_FOR = timedelta(hours=2)  # longer than most outages of a chat: nobody could be told instead
UNASKED_AFTER = timedelta(minutes=30)  # where the chat refuses for good to reach whoever is on call
TRY_TOPIC_FOR = timedelta(minutes=1)  # a chat that lets the desk set no topic will not let it later
TELL_FOR = timedelta(hours=12)


class Sources(msgspec.Struct, frozen=True):
    """What a brief is put together from: the open incidents, the notes handed to a day's shift, the counts so far,
    and the alerts since the last shift.
    """

    open_work: Callable[[datetime], OpenWork] = lambda at: OpenWork()
    notes: Callable[[date], Sequence[str]] = lambda day: ()
    counts: Callable[[datetime], Sequence[str]] = lambda at: ()
    alerts: Callable[[datetime], Sequence[str]] = lambda at: ()


class Handover:
    """Plans the messages around the start of each shift. `room` is the channel's id; times are told in `zone`."""

    def __init__(
        self,
        roster: Roster,
        acceptances: Acceptances,
        posts: PostScheduler,
        zone: tzinfo,
        *,
        room: str,
        admins: Sequence[str],
        sources: Sources,
    ) -> None:
        self._roster, self._acceptances = roster, acceptances
        self._posts, self._zone = posts, zone
        self._room, self._admins, self._sources = room, admins, sources

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield what is scheduled for the shift that is on; nothing outside shifts."""
        slot = self._roster.slot_at(at)
        if not slot:
            return
        yield from self._briefs(slot, at)
        if slot.primary.id and self._room:
            yield self._line(slot)
            yield self._topic(slot)
        yield from self._holiday_ahead(slot.shift, at)

    def asked_by(self, room: str, ts: str, at: datetime) -> Person | None:
        """Return whom this message asks to accept the shift that is on."""
        slot = self._roster.slot_at(at)
        if not slot or not slot.primary.id:
            return None
        asking = (self._brief(slot, slot.primary.id, ""), self._again(slot, at))
        proofs = (self._posts.record(scheduled).proof for scheduled in asking)
        asked = any(proof and (proof.room, proof.ts) == (room, ts) for proof in proofs)
        return slot.primary if asked else None

    def _briefs(self, slot: OnCallSlot, at: datetime) -> Iterator[Scheduled]:
        ids, said = self._roster.to_tell(at)
        for person in ids:
            brief = self._brief(slot, person, said)
            yield brief if said else or_else(brief, self._admins)

    def _brief(self, slot: OnCallSlot, person: str, said: str) -> Scheduled:
        return Scheduled(
            key=f"brief:{_stamp(slot.start)}:{person}",
            day=slot.shift.day,
            due=slot.start,
            until=slot.start + TRY_FOR,
            lapse=slot.end,
            compose=lambda at, before: _worded(words.brief(self._brief_of(slot, said, at), at, self._zone)),
            person=person,
            notices=lambda record: () if said else self._unaccepted(slot, record),
            buttons=() if said else panels.TAKING,
        )

    def _brief_of(self, slot: OnCallSlot, said: str, at: datetime) -> Brief:
        return Brief(
            slot=slot,
            before=self._roster.before(slot),
            outgoing=self._roster.outgoing(slot),
            open=self._sources.open_work(at),
            notes=self._sources.notes(slot.shift.day),
            counts=_or_why("Counts", lambda: self._sources.counts(at)),
            alerts=_or_why("Alerts since the last shift", lambda: self._sources.alerts(at)),
            accepted_at=self._accepted_at(slot),
            said=said,
        )

    def _accepted_at(self, slot: OnCallSlot) -> datetime | None:
        """Return when a shift was accepted; None as well where that cannot be read: the brief goes out all the same."""
        try:
            return self._acceptances.accepted_at(slot)
        except UserError as damaged:
            log.error("Whether the shift of %s is accepted cannot be read: %s", slot.shift.day, damaged)
            return None

    def _unaccepted(self, slot: OnCallSlot, asked: PostRecord) -> Iterable[Scheduled]:
        """Plan to ask again, then to tell the admins. Whoever comes on call mid-shift has agreed to it already."""
        if slot.start != slot.shift.start or self._acceptances.accepted_at(slot):
            return ()
        last, refused = asked.last(*STATE_AFTER), asked.refused_since
        unasked_at = asked.given_up_at or (refused + UNASKED_AFTER if refused else None)
        if last and unasked_at:
            text = words.unasked(slot, last.text, self._zone)
            return self._to_admins(slot, unasked_at, f"unasked:{_stamp(slot.start)}", text)
        return (self._again(slot, asked.proof.at + ASK_AGAIN_AFTER),) if asked.proof else ()

    def _again(self, slot: OnCallSlot, due: datetime) -> Scheduled:
        return Scheduled(
            key=f"ask again:{_stamp(slot.start)}:{slot.primary.id}",
            day=slot.shift.day,
            due=due,
            until=due + TRY_FOR,
            lapse=slot.end,
            compose=lambda at, before: _worded(words.ask_again(slot, self._zone)),
            person=slot.primary.id,
            notices=partial(self._untaken, slot, due),
            buttons=panels.TAKING,
        )

    def _untaken(self, slot: OnCallSlot, due: datetime, again: PostRecord) -> Iterable[Scheduled]:
        asked = again.last(PostStep.POSTED, PostStep.FOUND, PostStep.GIVEN_UP)
        if not asked:
            return ()
        text = words.untaken(slot, (due - ASK_AGAIN_AFTER, asked.at), self._zone)
        return self._to_admins(slot, asked.at + ASK_AGAIN_AFTER, f"untaken:{_stamp(slot.start)}", text)

    def _to_admins(self, slot: OnCallSlot, due: datetime, key: str, text: str) -> Iterator[Scheduled]:
        for admin in self._admins:
            until, lapse = due + TRY_FOR, due + TELL_FOR
            yield Scheduled(f"{key}:{admin}", slot.shift.day, due, until, lapse, saying(_worded(text)), person=admin)

    def _line(self, slot: OnCallSlot) -> Scheduled:
        shift = slot.shift

        def compose(at: datetime, before: PostRecord) -> list[PostLine]:
            work = self._sources.open_work(at)
            return _worded(words.line(slot, self._roster.outgoing(slot), work, self._zone))

        until = shift.start + TRY_FOR
        return Scheduled(f"shift:{_stamp(shift.start)}", shift.day, shift.start, until, shift.end, compose, self._room)

    def _topic(self, slot: OnCallSlot) -> Scheduled:
        return Scheduled(
            key=f"topic:{_stamp(slot.start)}:{slot.primary.id}",
            day=slot.shift.day,
            due=slot.start,
            until=slot.start + TRY_TOPIC_FOR,
            lapse=slot.end,
            compose=lambda at, before: _worded(words.topic(slot, self._zone)),
            room=self._room,
            sets_topic=True,
            notices=partial(self._topic_to_paste, slot),
        )

    def _topic_to_paste(self, slot: OnCallSlot, record: PostRecord) -> Iterator[Scheduled]:
        """Plan to send the person on call the topic to set by hand, once a turn."""
        given_up = record.last(PostStep.GIVEN_UP)
        if given_up:
            first_day, person = self._roster.turn_start(slot.shift.day), slot.primary.id
            text = saying(_worded(words.topic_to_paste(slot, given_up.text, self._zone)))
            key, until = f"topic to paste:{first_day}:{person}", given_up.at + TRY_FOR
            yield Scheduled(key, first_day, given_up.at, until, given_up.at + TELL_FOR, text, person=person)

    def _holiday_ahead(self, shift: Shift, at: datetime) -> Iterator[Scheduled]:
        """Plan the reminder of the last working day before a federal holiday, with the first shift."""
        ahead = self._roster.calendar.holiday_ahead(shift.day)
        if not ahead or shift != self._roster.calendar.shifts_on(shift.day)[0]:
            return
        ids, said = self._roster.to_tell(at)
        text = saying(_worded(words.holiday_ahead(*ahead, self._roster.rotation.downtimes, said)))
        for person in ids:
            key, until = f"holiday:{shift.day}:{person}", shift.start + TRY_FOR
            yield Scheduled(key, shift.day, shift.start, until, shift.end, text, person=person)


def _or_why(title: str, told: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return lines of the brief, or why they cannot be told: it goes out all the same."""
    return or_why(told, lambda why: (f"*{title}* {why}",), f"The brief's part {title}")


def _worded(text: str) -> list[PostLine]:
    return [PostLine("words", text)]


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
