"""Which swaps, covers and takes are allowed at a moment, given the rotation and earlier agreements."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from opsdesk.chat import Person
from opsdesk.clock import day_of, moment
from opsdesk.errors import UserError
from opsdesk.oncall.rotation import (
    Member,
    OnCallSlot,
    Override,
    OverrideAnswer,
    OverrideKind,
    Rotation,
    coming,
    is_same,
    on_call,
    slots_of,
)
from opsdesk.oncall.spans import shift_in, taking, tell_span
from opsdesk.text import tell_date, tell_hour

FARTHEST_AHEAD = timedelta(days=366)
CANNOT_TAKE = ", so you cannot take the shift"


class Agreements(msgspec.Struct, frozen=True):
    """The agreements so far, and what may be agreed at `at`.

    Each method returns the override to store. What is not allowed raises a UserError with the reason.
    """

    rotation: Rotation
    overrides: Sequence[Override]
    at: datetime

    def swap(self, by: Person, other: Member, first: date, last: date) -> Override:
        """Return a one-way request to `other`: take `by`'s slots in these days or, if `by` has none, give up theirs."""
        me = self.rotation.required(by).person
        if is_same(me, other.person):
            raise UserError("That is you. Name the other one: `!oncall swap bob 2026-12-01`.")
        if not other.id:
            raise UserError(f"{other.name} is a placeholder, nobody who could answer: edit data/rotation.toml.")
        within = self._days(first, last)
        if self._had(me, *within):
            return self._request(OverrideKind.SWAP, me, me, other.person, *within)
        if self._had(other.person, *within):
            return self._request(OverrideKind.SWAP, me, other.person, me, *within)
        raise UserError(self._neither(other.person, first, *within))

    def cover(self, by: Person, start: datetime, end: datetime) -> Override:
        """Return an offer to be on call instead of `by` from `start` to `end`, open to whoever takes it first."""
        me = self.rotation.required(by).person
        if end <= start:
            raise UserError("That ends before it begins. Type `!oncall cover from 3pm to 5pm`.")
        if end <= self.at:
            raise UserError(
                f"{self._when(end)} is over. Type `!oncall cover from 3pm to 5pm` for what is still to come."
            )
        if end - self.at > FARTHEST_AHEAD:
            raise UserError("That is more than a year ahead. Type a nearer time.")
        if not self._had(me, max(start, self.at), end):
            raise UserError(f"You are not on call then: {self._instead(start, end)}.")
        return self._request(OverrideKind.COVER, me, me, None, max(start, self.at), end)

    def take(self, by: Person) -> Override:
        """Return an override that gives `by` the rest of this shift, whoever has it."""
        me = self.rotation.required(by, CANNOT_TAKE).person
        now = on_call(self.rotation, self.overrides, self.at)
        if not now:
            raise UserError(self.no_shift())
        rest = self._slots(self.at, now.shift.end)
        others = [slot.primary for slot in rest if not is_same(slot.primary, me)]
        if not others:
            raise UserError(f"You are on call already, until {self._when(now.shift.end)}.")
        return self._accepted(self._new(OverrideKind.TAKE, me, others[0], me, self.at, now.shift.end), me)

    def accept(self, by: Person, number: int | None = None) -> Override:
        """Return the request that waits for `by`, or an offer that nobody has taken, as accepted."""
        me = self.rotation.required(by).person
        wanted = self._waiting(me, number)
        start = max(wanted.start, self.at)
        self._must_have(wanted.giver, start, wanted.end)
        return self._accepted(msgspec.structs.replace(wanted, taker=wanted.taker or me), me)

    def decline(self, by: Person, number: int | None = None) -> Override:
        """Return the request that waits for `by`, as declined."""
        me = self.rotation.required(by).person
        return self._answered(self._waiting(me, number, offers=False), OverrideAnswer.DECLINED, me)

    def undo(self, by: Person) -> Override:
        """Return the latest request of `by` as withdrawn, or an override that reverses their latest agreement."""
        by = self.rotation.required(by).person
        latest = max(self._undoable(by), key=lambda one: (one.answered_at or one.at, one.number), default=None)
        if not latest:
            raise UserError("There is nothing of yours to undo: no swap, cover or take that is not over.")
        if not latest.answer:
            return self._answered(latest, OverrideAnswer.WITHDRAWN, by)
        since = self._passed_on(latest)
        if since and since.taker:
            raise UserError(
                f"{since.taker.name} has taken over from {since.giver.name} since. That must be undone first."
            )
        new = self._new(OverrideKind.UNDO, by, latest.taker or by, latest.giver, max(latest.start, self.at), latest.end)
        return self._accepted(msgspec.structs.replace(new, undoes=latest.number), by)

    def no_shift(self) -> str:
        """Return the sentence that no shift is on, and when the next one begins."""
        following = next(coming(self.rotation, self.overrides, self.at), None)
        begins = f"; the next begins {self._when(following.start)}" if following else ", and none is to come"
        return f"No shift is on now{begins}."

    def waiting(self, person: Person) -> list[Override]:
        """Return what `person` can answer: requests to them first, then offers to anybody."""
        asked = [one for one in self.overrides if one.waits(self.at) and one.asked and is_same(one.asked, person)]
        return [*asked, *(one for one in self._offers() if not is_same(one.giver, person))]

    def _offers(self) -> Iterator[Override]:
        return (one for one in self.overrides if one.waits(self.at) and not one.taker)

    def _waiting(self, me: Person, number: int | None, *, offers: bool = True) -> Override:
        there = [one for one in self.waiting(me) if offers or one.taker]
        if number is not None:
            return self._numbered(number, there)
        asked = [one for one in there if one.taker]
        choice = asked or there
        if len(choice) == 1:
            return choice[0]
        if not choice:
            raise UserError("Nobody has asked you to take anything over. `!oncall` shows who is on call.")
        told = "\n".join(f"`!oncall accept {one.number}` {self._told(one, me)}" for one in choice)
        raise UserError(f"There is more than one. Say which:\n{told}")

    def _numbered(self, number: int, there: Sequence[Override]) -> Override:
        found = next((one for one in self.overrides if one.number == number), None)
        if found in there and found:
            return found
        if not found:
            raise UserError(f"There is no request {number}. `!oncall me` shows what waits for you.")
        if found.waits(self.at):
            raise UserError(
                f"Request {number} waits for {found.asked.name if found.asked else 'somebody else'}, not for you."
            )
        became = found.answer.value if found.answer else "over"
        raise UserError(f"Request {number} is {became}. `!oncall me` shows what waits for you.")

    def _undoable(self, by: Person) -> Iterator[Override]:
        undone = {one.undoes for one in self.overrides}
        for one in self.overrides:
            settled = (
                one.answer is OverrideAnswer.ACCEPTED and one.kind is not OverrideKind.UNDO and one.number not in undone
            )
            people = (one.by, one.giver, one.taker) if settled else (one.by,)
            if one.end > self.at and (settled or not one.answer) and any(p and is_same(p, by) for p in people):
                yield one

    def _passed_on(self, taken: Override) -> Override | None:
        """Return a later agreement in which the taker of `taken` passed it on, if that is not undone."""
        undone = {one.undoes for one in self.overrides}
        for one in self.overrides:
            later = (
                one.answer is OverrideAnswer.ACCEPTED and one.kind is not OverrideKind.UNDO and one.number not in undone
            )
            order = (one.answered_at or one.at, one.number) > (taken.answered_at or taken.at, taken.number)
            shared = max(one.start, taken.start, self.at) < min(one.end, taken.end)
            if later and order and shared and taken.taker and is_same(one.giver, taken.taker):
                return one
        return None

    def _request(
        self, kind: OverrideKind, by: Person, giver: Person, taker: Person | None, start: datetime, end: datetime
    ) -> Override:
        had = self._must_have(giver, start, end)
        start, end = max(start, had[0].start), min(end, had[-1].end)
        for one in self.overrides:
            if one.waits(self.at) and is_same(one.giver, giver) and max(one.start, start) < min(one.end, end):
                raise UserError(
                    f"That is asked already: {self._told(one, by)}. `!oncall undo` withdraws a request of yours."
                )
        return self._new(kind, by, giver, taker, start, end)

    def _must_have(self, giver: Person, start: datetime, end: datetime) -> list[OnCallSlot]:
        """Return the slots of `giver` between the two. Raise a UserError if somebody else has taken one of them."""
        for slot in self._slots(start, end):
            if is_same(slot.planned, giver) and not is_same(slot.primary, giver):
                taken = shift_in(self._span(slot.start, slot.end))
                raise UserError(f"{slot.primary.name} already has {giver.name}'s {taken}.")
        had = self._had(giver, start, end)
        if not had:
            raise UserError(f"{giver.name} is not on call then any more: {self._instead(start, end)}.")
        return had

    def _had(self, person: Person, start: datetime, end: datetime) -> list[OnCallSlot]:
        return [slot for slot in self._slots(start, end) if is_same(slot.primary, person)]

    def _slots(self, start: datetime, end: datetime) -> list[OnCallSlot]:
        """Return the slots that overlap the time from `start` to `end`."""
        calendar, found = self.rotation.calendar, list[OnCallSlot]()
        day, last = day_of(start, calendar.zone), day_of(end, calendar.zone)
        while day <= last:
            for shift in calendar.shifts_on(day):
                found += slots_of(self.rotation, self.overrides, shift)
            day += timedelta(days=1)
        return [slot for slot in found if slot.start < end and start < slot.end]

    def _days(self, first: date, last: date) -> tuple[datetime, datetime]:
        """Return the start of `first`, or now if that is later, and the end of `last`."""
        zone = self.rotation.calendar.zone
        today = day_of(self.at, zone)
        if last < first:
            raise UserError("That ends before it begins. Type `!oncall swap bob 2026-12-01 to 2026-12-04`.")
        if last < today:
            raise UserError(f"{tell_date(last, today)} is over. Type a day that is still to come.")
        if last - today > FARTHEST_AHEAD:
            raise UserError("That is more than a year ahead. Type a nearer day.")
        return max(self.at, moment(first, time(0), zone)), moment(last + timedelta(days=1), time(0), zone)

    def _neither(self, other: Person, day: date, start: datetime, end: datetime) -> str:
        calendar = self.rotation.calendar
        slots, today = self._slots(start, end), day_of(self.at, calendar.zone)
        if not slots:
            off = calendar.holiday(day) or ("the shift is over" if calendar.shifts_on(day) else "nobody works then")
            return f"There is nothing to swap {_on(day, today)}: {off}."
        return f"Neither you nor {other.name} is on call {_on(day, today)}: {self._instead(start, end)}."

    def _instead(self, start: datetime, end: datetime) -> str:
        names = dict.fromkeys(slot.primary.name for slot in self._slots(start, end))
        return f"{' and '.join(names)} {'are' if len(names) > 1 else 'is'}" if names else "there is no shift"

    def _new(
        self, kind: OverrideKind, by: Person, giver: Person, taker: Person | None, start: datetime, end: datetime
    ) -> Override:
        number = max((one.number for one in self.overrides), default=0) + 1
        return Override(number, kind, start, end, giver, taker, by, self.at)

    def _accepted(self, override: Override, by: Person) -> Override:
        return self._answered(override, OverrideAnswer.ACCEPTED, by)

    def _answered(self, override: Override, answer: OverrideAnswer, by: Person) -> Override:
        return msgspec.structs.replace(override, answer=answer, answered_by=by, answered_at=self.at)

    def _told(self, one: Override, reader: Person) -> str:
        return taking(one, reader, self._span(one.start, one.end))

    def _span(self, start: datetime, end: datetime) -> str:
        return tell_span(start, end, self.at, self.rotation.calendar.zone)

    def _when(self, at: datetime) -> str:
        zone = self.rotation.calendar.zone
        return f"{tell_date(day_of(at, zone), day_of(self.at, zone))} {tell_hour(at, zone)}"


def _on(day: date, today: date) -> str:
    told = tell_date(day, today)
    return told if told in ("today", "yesterday", "tomorrow") else f"on {told}"
