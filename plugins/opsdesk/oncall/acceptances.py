"""Who accepted a shift, and when: stored before it is answered."""

import itertools
from datetime import datetime

import msgspec

from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.oncall import agreements
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import OnCallSlot, is_same
from opsdesk.oncall.shifts import Shift
from opsdesk.store import KeyedTable, Store
from opsdesk.text import tell_hour


class Acceptance(msgspec.Struct, frozen=True):
    """A shift that somebody accepted, and when."""

    shift: str
    by: Person
    at: datetime


class Acceptances:
    """The shifts accepted by those whom `roster` has on call."""

    def __init__(self, roster: Roster, store: Store) -> None:
        self._roster = roster
        self._kept: KeyedTable[Acceptance] = store.keyed("acceptances", Acceptance)

    def accept(self, by: Person, *, at: datetime) -> tuple[OnCallSlot, Acceptance]:
        """Store that `by` accepts the shift that is on, or their next one today. A second time changes nothing.

        Raises a UserError for anybody who is not on call then.
        """
        slot = self._own(by, at)
        kept = self._kept.change(
            slot.shift.day,
            f"{slot.shift.name} {by.id}",
            lambda before: before or Acceptance(slot.shift.name, slot.primary, at),
        )
        return slot, kept

    def of(self, shift: Shift) -> list[Acceptance]:
        """Return who accepted a shift, earliest first."""
        of_day = self._kept.all(shift.day).values()
        return sorted((one for one in of_day if one.shift == shift.name), key=lambda one: one.at)

    def accepted_at(self, slot: OnCallSlot) -> datetime | None:
        """Return when the person on call accepted the shift; None if they have not."""
        accepted = (one for one in self.of(slot.shift) if is_same(one.by, slot.primary))
        return next((one.at for one in accepted), None)

    def who_had(self, shift: Shift) -> tuple[str, datetime | None]:
        """Return the names of those on call in a shift ("" for placeholders), and when one of them first accepted it.

        Whoever accepted it and gave it away before it began was not on call.
        """
        had = [slot.primary for slot in self._roster.slots(shift) if slot.primary.id]
        accepted = [one.at for one in self.of(shift) if any(is_same(one.by, person) for person in had)]
        return ", ".join(dict.fromkeys(person.name for person in had)), accepted[0] if accepted else None

    def _own(self, by: Person, at: datetime) -> OnCallSlot:
        """Return the slot of `by` that is on, or their next one today."""
        zone = self._roster.calendar.zone
        now, today = self._roster.slot_at(at), day_of(at, zone)
        following = itertools.takewhile(lambda slot: slot.shift.day == today, self._roster.coming(at))
        for slot in ([now] if now else []) + list(following):
            if by.id and slot.primary.id == by.id:
                return slot
        raise self._not_on_call(by, now, at)

    def _not_on_call(self, by: Person, now: OnCallSlot | None, at: datetime) -> UserError:
        rotation = self._roster.rotation
        rotation.required(by, agreements.CANNOT_TAKE)
        if not now:
            return UserError(agreements.Agreements(rotation, self._roster.agreements.overrides, at).no_shift())
        who = (
            f"{now.primary.name if now.primary.id else 'nobody'} is, until {tell_hour(now.end, rotation.calendar.zone)}"
        )
        return UserError(f"You are not on call: {who}. `!oncall take` takes over the rest of a shift.")
