"""What stands in a calendar: an event for each piece of a shift that somebody has, with who has it as it stands."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import msgspec

from opsdesk import guard
from opsdesk.oncall.rotation import NOBODY, Member, OnCallSlot, Override, in_force, is_same
from opsdesk.oncall.shifts import Shift
from opsdesk.oncall.words import RotationWords

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:production-support-desk:oncall")

Days = Iterable[tuple[date, Sequence[OnCallSlot]]]


class Revision(msgspec.Struct, frozen=True):
    """How often what an event tells may have changed, and when it last did: SEQUENCE and LAST-MODIFIED."""

    number: int
    at: datetime


class Event(msgspec.Struct, frozen=True):
    """A piece of a shift in a calendar. `id` stays through every change of who has it, and of its hours."""

    id: str
    start: datetime
    end: datetime
    title: str
    told: str
    revision: Revision


class CalendarOf(msgspec.Struct, frozen=True):
    """Whose calendar it is: a `member`'s own, or everybody's (None)."""

    member: Member | None = None

    def events(self, days: Days, overrides: Sequence[Override], edition: Revision, words: RotationWords) -> list[Event]:
        """Return the events of these days, in order. `edition` is the revision of the team's file."""
        agreed, events = in_force(overrides), list[Event]()
        for _, slots in days:
            shifts = dict.fromkeys(slot.shift for slot in slots)
            several = len(shifts) > 1
            for shift in shifts:
                revision = _revision(shift, agreed, edition)
                events += self._of_shift([one for one in slots if one.shift == shift], revision, words, several)
        return events

    def _of_shift(
        self, slots: Sequence[OnCallSlot], revision: Revision, words: RotationWords, several: bool
    ) -> Iterator[Event]:
        """Return the events of a shift. The first piece of it keeps its id when a cover splits it."""
        for role, pieces in self._pieces(slots):
            for place, slot in enumerate(pieces):
                which = self.member.id if self.member else "everybody"
                named = f"{which}/{slot.shift.day}/{slot.shift.name}/{role}/{place}"
                title, told = self._title(slot, role, words, several), _told(slot, role, words)
                yield Event(str(uuid.uuid5(NAMESPACE, named)), slot.start, slot.end, title, told, revision)

    def _pieces(self, slots: Sequence[OnCallSlot]) -> tuple[tuple[str, list[OnCallSlot]], ...]:
        """Return the pieces by what their reader is in them: "primary", or "secondary" in their own calendar.

        Before the first turn, nobody has any.
        """
        if not self.member:
            return (("primary", [slot for slot in slots if not is_same(slot.primary, NOBODY)]),)
        me = self.member.person
        primary = [slot for slot in slots if is_same(slot.primary, me)]
        secondary = [slot for slot in slots if slot.secondary and is_same(slot.secondary, me)]
        return ("primary", primary), ("secondary", secondary)

    def _title(self, slot: OnCallSlot, role: str, words: RotationWords, several: bool) -> str:
        """Return "On call", "On call, morning: Alice", "Secondary, morning"."""
        head = ("On call" if role == "primary" else "Secondary") + (f", {slot.shift.name}" if several else "")
        return _out(head if self.member else f"{head}: {words.who(slot.primary)}")


def _told(slot: OnCallSlot, role: str, words: RotationWords) -> str:
    """Return what else there is to know of a piece: whose turn it was, who stands by, which shift it is a piece of."""
    lines = [] if role == "primary" else [f"On call: {words.who(slot.primary)}."]
    if not is_same(slot.primary, slot.planned):
        lines.append(f"By the rotation it is {slot.planned.name}'s.")
    if slot.secondary and role == "primary":
        lines.append(f"Secondary: {words.who(slot.secondary)}.")
    if not slot.is_whole:
        lines.append(f"The shift is from {words.hours(slot.shift)}.")
    return _out(" ".join(lines))


def _revision(shift: Shift, agreed: Iterable[Override], edition: Revision) -> Revision:
    """Return the revision of all that is told of a shift: agreements only ever come to it, none is removed."""
    changes = [one.answered_at or one.at for one in agreed if one.start < shift.end and shift.start < one.end]
    return Revision(edition.number + len(changes), max(edition.at, *changes) if changes else edition.at)


def _out(text: str) -> str:
    """Return a text as it may go out of the desk: on one line, without private data."""
    return guard.checked(guard.one_line(text))
