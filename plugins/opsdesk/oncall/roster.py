"""The rotation as it stands: the team's file and the agreements since."""

import itertools
import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from opsdesk.chat import Addressees, Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError, near, quoted
from opsdesk.oncall import rotation as duty
from opsdesk.oncall.agreement_log import AgreementLog
from opsdesk.oncall.rotation import Member, OnCallSlot, Override, Rotation
from opsdesk.oncall.shifts import Calendar, Shift
from opsdesk.store import Store
from opsdesk.text import Names

log = logging.getLogger(__name__)

NOBODY_YET = "nobody yet (data/rotation.toml still holds placeholders)"
MENTION = ("@", "<@")  # how one begins, as people and as Slack write it


class Colleague(NamedTuple):
    """Somebody on the rotation, and their slot now or next; None if they have none within a year."""

    member: Member
    slot: OnCallSlot | None


class Lookup(NamedTuple):
    """The slot found last, valid while the rotation and the version of the overrides are those it was found in."""

    rotation: Rotation
    version: int
    found: OnCallSlot


class Roster:
    """Who was, is and will be on call. `file` gives the rotation as the team last wrote it correctly."""

    def __init__(self, file: Callable[[], Rotation], store: Store, admins: tuple[str, ...]) -> None:
        self._file, self._admins = file, admins
        self.agreements = AgreementLog(file, store)
        self._last: Lookup | None = None

    @property
    def rotation(self) -> Rotation:
        """Return the team's file."""
        return self._file()

    def usable(self) -> "Roster":
        """Return the roster itself. Raise a UserError while the team's file never was right."""
        self.rotation.check()
        return self

    @property
    def calendar(self) -> Calendar:
        """Return the working days and shifts."""
        return self._file().calendar

    def is_on_call(self, person: Person, at: datetime) -> bool:
        """Return whether a person is on call at `at`, as primary or secondary."""
        slot = self.slot_at(at) if self._is_ever(person) else None
        people = (slot.primary, slot.secondary) if slot else ()
        return any(one.id == person.id for one in people if one)

    def _is_ever(self, person: Person) -> bool:
        """Return whether a person has any turn: far sooner known than who has the one that is on."""
        takers = (one.taker for one in self.agreements.overrides)
        ids = {*(member.id for member in self.rotation.members), *(taker.id for taker in takers if taker)}
        return bool(person.id) and person.id in ids

    def is_staffed(self) -> bool:
        """Return whether anybody on the rotation can be reached: somebody may be while it is not known who is on it."""
        return bool(self.rotation.wrong) or any(member.id for member in self.rotation.members)

    def on_call_for(self, shift: Shift) -> Person:
        """Return who ends a shift on call; a person without an id for a placeholder or nobody."""
        return self.slots(shift)[-1].primary

    def slot_at(self, at: datetime) -> OnCallSlot | None:
        """Return the slot that `at` lies in; None outside shifts."""
        rotation, version, last = self.rotation, self.agreements.version, self._last
        if last and last.rotation is rotation and last.version == version and at in last.found:
            return last.found
        found = duty.on_call(rotation, self.agreements.overrides, at)
        self._last = Lookup(rotation, version, found) if found else None
        return found

    def slots(self, shift: Shift) -> tuple[OnCallSlot, ...]:
        """Return the slots of a shift, in order."""
        return duty.slots_of(self.rotation, self.agreements.overrides, shift)

    def coming(self, at: datetime) -> Iterator[OnCallSlot]:
        """Yield the slots that start after `at`, in order, for more than a year."""
        return duty.coming(self.rotation, self.agreements.overrides, at)

    def coming_turns(self, at: datetime) -> Iterator[list[OnCallSlot]]:
        """Yield the slots of each turn to come, one list a turn."""
        return duty.coming_turns(self.rotation, self.agreements.overrides, at)

    def days(self, first: date, last: date) -> Iterator[tuple[date, list[OnCallSlot]]]:
        """Yield each day from `first` to `last` with its slots in order; none on a day off."""
        for ahead in range((last - first).days + 1):
            day = first + timedelta(days=ahead)
            yield day, [slot for shift in self.calendar.shifts_on(day) for slot in self.slots(shift)]

    def before(self, slot: OnCallSlot) -> Person | None:
        """Return who was on call before a slot; None if there was no shift for more than a year."""
        earlier = [one for one in self.slots(slot.shift) if one.end <= slot.start]
        last = None if earlier else self.calendar.last_shift(slot.start)
        return earlier[-1].primary if earlier else self.on_call_for(last) if last else None

    def outgoing(self, slot: OnCallSlot) -> Person | None:
        """Return who had the turn before by the pattern, for the first slot of a turn; None for others, or if
        unchanged.
        """
        day, last_day = slot.shift.day, self.calendar.previous_working_day(slot.shift.day)
        if not last_day or slot.start != slot.shift.start or self.turn_start(last_day) == self.turn_start(day):
            return None
        last = duty.turn_of(self.rotation, last_day, slot.shift.name)
        other = last and last.planned.id and not duty.is_same(last.planned, slot.primary)
        return last.planned if last and other else None

    def turn_start(self, day: date) -> date:
        """Return the first day of the turn of `day`; `day` itself before the first turn."""
        pattern = self.rotation.pattern_on(day)
        return pattern.turn_start(day) if pattern else day

    def runs(self, person: Person, at: datetime) -> Iterator[list[OnCallSlot]]:
        """Yield the runs of `person`'s slots from the one that is on at `at`; a run ends where somebody else has a
        slot.
        """
        now = self.slot_at(at)
        return duty.runs(itertools.chain([now] if now else [], self.coming(at)), person)

    def find(self, typed: str, look_up: Callable[[str], Person | None]) -> Member:
        """Return the member that `typed` names; `look_up` resolves mentions and other names. Raise a UserError with
        near names.
        """
        member = self._member(typed, look_up)
        if member:
            return member
        names = {member.name.casefold(): member.name for member in self.rotation.members}
        likely = [names[name] for name in near(typed, names) or names]
        raise UserError(f"{quoted(typed)} is not on the rotation. On it: {', '.join(likely)}.")

    def colleague(self, typed: str, look_up: Callable[[str], Person | None], at: datetime) -> Colleague | None:
        """Return the member that `typed` names, None for anybody else. `look_up` is called for mentions only."""
        member = self._member(typed.strip(), look_up if typed.strip().startswith(MENTION) else lambda named: None)
        if not member or not member.id:
            return None
        now = self.slot_at(at)
        slots = itertools.chain([now] if now else [], self.coming(at))
        return Colleague(member, next((slot for slot in slots if duty.is_same(slot.primary, member.person)), None))

    def nearly(self, typed: str, at: datetime) -> Colleague | None:
        """Return the one member whose name is nearly what is typed; None where it is nobody's, or that of several."""
        names = Names((one.name, (one.name,)) for one in self.rotation.members if one.id)
        found = names.near(typed).found
        return self.colleague(found[0], lambda named: None, at) if len(found) == 1 else None

    def others(self, person: Person) -> list[Person]:
        """Return everybody else on the rotation who can be reached."""
        return [one.person for one in self.rotation.members if one.id and one.id != person.id]

    def days_of(self, override: Override) -> list[tuple[date, list[OnCallSlot]]]:
        """Return the days of an override, with their slots as they stand."""
        zone = self.calendar.zone
        return list(self.days(day_of(override.start, zone), day_of(override.end - timedelta(microseconds=1), zone)))

    def to_tell(self, at: datetime) -> Addressees:
        """Return who gets a message to "the person on call".

        Outside shifts that is whoever had today's last one, else whoever has the next. If nobody can be reached it is
        the admins, with the reason; both are told, with it, where the agreements cannot be read.
        """
        try:
            person = self._nearest(at)
        except UserError as unreadable:
            return self._by_the_file(at, unreadable)
        if person and person.id:
            return Addressees((person.id,))
        return Addressees(self._admins, f"This goes to the admins. On call: {self._nobody(person)}.")

    def _by_the_file(self, at: datetime, unreadable: UserError) -> Addressees:
        """Return whoever has the shift, or the next, by the team's file alone, and the admins."""
        log.warning("Who is on call goes by the rotation alone: %s", unreadable)
        slot = duty.on_call(self.rotation, (), at) or next(duty.coming(self.rotation, (), at), None)
        person = slot.primary if slot else duty.NOBODY
        ids = dict.fromkeys(filter(None, (person.id, *self._admins)))
        name = person.name or "nobody"
        why = f"On call by data/rotation.toml alone: {name}. Swaps and covers cannot be read just now."
        return Addressees(tuple(ids), why)

    def _nobody(self, person: Person | None) -> str:
        """Return why nobody can be reached, given who is on call, if anybody."""
        if self.rotation.wrong:
            return "not known, data/rotation.toml is wrong"
        placeholder = self.rotation.is_placeholder or (person and not duty.is_same(person, duty.NOBODY))
        return NOBODY_YET if placeholder else "nobody"

    def _member(self, typed: str, look_up: Callable[[str], Person | None]) -> Member | None:
        there = self.rotation
        person = None if there.named(typed) else look_up(typed)
        return there.named(typed) or (there.member(person.id) if person else None)

    def _nearest(self, at: datetime) -> Person | None:
        slot = self.slot_at(at)
        if slot:
            return slot.primary
        last = self.calendar.last_shift(at)
        if last and last.day == day_of(at, self.calendar.zone):
            return self.on_call_for(last)
        following = next(self.coming(at), None)
        return following.primary if following else None
