"""The start of a shift: the brief to whoever comes on call, the channel's line, and who hears if nobody takes it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import msgspec

from opsdesk.chat import Person
from opsdesk.oncall.acceptances import Acceptances
from opsdesk.oncall.brief import Brief, OpenWork
from opsdesk.oncall.handover_words import HandoverWords
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import OnCallSlot
from opsdesk.oncall.shifts import Shift
from opsdesk.posts import PostLine, PostRecord, PostScheduler, PostStep, Scheduled, State

ASK_AGAIN_AFTER = timedelta(minutes=15)
TRY_FOR = timedelta(minutes=30)
TRY_TOPIC_FOR = timedelta(minutes=1)  # a chat that lets the desk set no topic will not let it later
TELL_FOR = timedelta(hours=12)


class Sources(msgspec.Struct, frozen=True):
    """Where a brief has its parts from: the open incidents, what a day's shift was handed, the counts so far."""

    open_work: Callable[[datetime], OpenWork] = lambda at: OpenWork()
    notes: Callable[[date], Sequence[str]] = lambda day: ()
    counts: Callable[[datetime], Sequence[str]] = lambda at: ()


class Handover:
    """Plans what is said around the start of each shift. `room` is the id of the channel."""

    def __init__(
        self,
        roster: Roster,
        acceptances: Acceptances,
        posts: PostScheduler,
        words: HandoverWords,
        *,
        room: str,
        admins: Sequence[str],
        sources: Sources,
    ) -> None:
        self._roster, self._acceptances = roster, acceptances
        self._posts, self._words = posts, words
        self._room, self._admins, self._sources = room, admins, sources

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """What is scheduled for the shift that is on; nothing outside the shifts."""
        stretch = self._roster.stretch_at(at)
        if not stretch:
            return
        yield from self._briefs(stretch, at)
        if stretch.primary.id and self._room:
            yield self._line(stretch)
            yield self._topic(stretch)
        yield from self._holiday_ahead(stretch.shift, at)

    def asked_by(self, room: str, ts: str, at: datetime) -> Person | None:
        """Whom this message asks to take over the shift that is on."""
        stretch = self._roster.stretch_at(at)
        if not stretch or not stretch.primary.id:
            return None
        asking = (self._brief(stretch, stretch.primary.id, ""), self._again(stretch, at))
        proofs = (self._posts.record(scheduled).proof for scheduled in asking)
        asked = any(proof and (proof.room, proof.ts) == (room, ts) for proof in proofs)
        return stretch.primary if asked else None

    def _briefs(self, stretch: OnCallSlot, at: datetime) -> Iterator[Scheduled]:
        ids, said = self._roster.to_tell(at)
        for person in ids:
            yield self._brief(stretch, person, said)

    def _brief(self, stretch: OnCallSlot, person: str, said: str) -> Scheduled:
        return Scheduled(
            key=f"brief:{_stamp(stretch.start)}:{person}",
            day=stretch.shift.day,
            due=stretch.start,
            until=stretch.start + TRY_FOR,
            lapse=stretch.end,
            compose=lambda at, before: _worded(self._words.brief(self._told(stretch, said, at), at)),
            person=person,
            notices=lambda record: () if said else self._unaccepted(stretch, record),
        )

    def _told(self, stretch: OnCallSlot, said: str, at: datetime) -> Brief:
        return Brief(
            stretch=stretch,
            before=self._roster.before(stretch),
            outgoing=self._roster.outgoing(stretch),
            open=self._sources.open_work(at),
            notes=self._sources.notes(stretch.shift.day),
            counts=self._sources.counts(at),
            accepted_at=self._acceptances.accepted_at(stretch),
            said=said,
        )

    def _unaccepted(self, stretch: OnCallSlot, asked: PostRecord) -> Iterable[Scheduled]:
        """Asks again, then tells the admins. Whoever comes on in the middle of a shift has agreed to it already."""
        if stretch.start != stretch.shift.start or self._acceptances.accepted_at(stretch):
            return ()
        given_up = asked.last(PostStep.GIVEN_UP)
        if asked.state is State.GIVEN_UP and given_up:
            text = self._words.unasked(stretch, given_up.text)
            return self._to_admins(stretch, given_up.at, f"unasked:{_stamp(stretch.start)}", text)
        return (self._again(stretch, asked.proof.at + ASK_AGAIN_AFTER),) if asked.proof else ()

    def _again(self, stretch: OnCallSlot, due: datetime) -> Scheduled:
        return Scheduled(
            key=f"ask again:{_stamp(stretch.start)}:{stretch.primary.id}",
            day=stretch.shift.day,
            due=due,
            until=due + TRY_FOR,
            lapse=stretch.end,
            compose=lambda at, before: _worded(self._words.ask_again(stretch)),
            person=stretch.primary.id,
            notices=partial(self._untaken, stretch, due),
        )

    def _untaken(self, stretch: OnCallSlot, due: datetime, again: PostRecord) -> Iterable[Scheduled]:
        asked = again.last(PostStep.POSTED, PostStep.FOUND, PostStep.GIVEN_UP)
        if not asked:
            return ()
        text = self._words.untaken(stretch, (due - ASK_AGAIN_AFTER, asked.at))
        return self._to_admins(stretch, asked.at + ASK_AGAIN_AFTER, f"untaken:{_stamp(stretch.start)}", text)

    def _to_admins(self, stretch: OnCallSlot, due: datetime, key: str, text: str) -> Iterator[Scheduled]:
        for admin in self._admins:
            words = partial(_fixed, text)
            until = due + TRY_FOR
            yield Scheduled(f"{key}:{admin}", stretch.shift.day, due, until, due + TELL_FOR, words, person=admin)

    def _line(self, stretch: OnCallSlot) -> Scheduled:
        shift = stretch.shift

        def compose(at: datetime, before: PostRecord) -> list[PostLine]:
            work = self._sources.open_work(at)
            return _worded(self._words.line(stretch, self._roster.outgoing(stretch), work))

        until = shift.start + TRY_FOR
        return Scheduled(f"shift:{_stamp(shift.start)}", shift.day, shift.start, until, shift.end, compose, self._room)

    def _topic(self, stretch: OnCallSlot) -> Scheduled:
        return Scheduled(
            key=f"topic:{_stamp(stretch.start)}:{stretch.primary.id}",
            day=stretch.shift.day,
            due=stretch.start,
            until=stretch.start + TRY_TOPIC_FOR,
            lapse=stretch.end,
            compose=lambda at, before: _worded(self._words.topic(stretch)),
            room=self._room,
            sets_topic=True,
            notices=partial(self._topic_to_paste, stretch),
        )

    def _topic_to_paste(self, stretch: OnCallSlot, record: PostRecord) -> Iterator[Scheduled]:
        """The line to set by hand, once a turn."""
        given_up = record.last(PostStep.GIVEN_UP)
        if given_up:
            first_day, person = self._roster.turn_start(stretch.shift.day), stretch.primary.id
            words = partial(_fixed, self._words.topic_to_paste(stretch, given_up.text))
            key, until = f"topic to paste:{first_day}:{person}", given_up.at + TRY_FOR
            yield Scheduled(key, first_day, given_up.at, until, given_up.at + TELL_FOR, words, person=person)

    def _holiday_ahead(self, shift: Shift, at: datetime) -> Iterator[Scheduled]:
        """On the last working day before a federal holiday, with the first shift."""
        ahead = self._roster.calendar.holiday_ahead(shift.day)
        if not ahead or shift != self._roster.calendar.shifts_on(shift.day)[0]:
            return
        ids, said = self._roster.to_tell(at)
        words = partial(_fixed, self._words.holiday_ahead(*ahead, self._roster.rotation.downtimes, said))
        for person in ids:
            key, until = f"holiday:{shift.day}:{person}", shift.start + TRY_FOR
            yield Scheduled(key, shift.day, shift.start, until, shift.end, words, person=person)


def _worded(text: str) -> list[PostLine]:
    return [PostLine("words", text)]


def _fixed(text: str, at: datetime, before: PostRecord) -> list[PostLine]:
    return _worded(text)


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
