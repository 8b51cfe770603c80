"""The rotation as it stands: the team's file and what people have agreed since, on disk before it is answered."""

import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec

from opsdesk import rotation as duty
from opsdesk.chat import Person, Posted
from opsdesk.clock import day_of
from opsdesk.errors import Refusal, near, quoted
from opsdesk.moments import tell_hour
from opsdesk.overrides import CANNOT_TAKE, Agreements
from opsdesk.rotation import Answer, Member, Override, Rotation, Stretch
from opsdesk.shifts import Calendar, Shift
from opsdesk.store import Kept, Store

NOBODY_YET = "nobody yet (data/rotation.toml still holds placeholders)"
MENTION = ("@", "<@")  # how one begins, as people and as Slack write it


class Addressees(NamedTuple):
    """Whom to tell, by id; `said` is why it goes to them, "" where they are the person on call."""

    ids: tuple[str, ...]
    said: str = ""


class Colleague(NamedTuple):
    """Somebody on the rotation, and what they have now or next; None where that is nothing for more than a year."""

    member: Member
    part: Stretch | None


class Looked(NamedTuple):
    """What was found last, in which file and among which overrides: the same for as long as neither changes."""

    rotation: Rotation
    known: dict[str, Override] | None
    found: Stretch


class Acceptance(msgspec.Struct, frozen=True):
    """That somebody took over a shift, and when."""

    shift: str
    by: Person
    at: datetime


class Roster:
    """Who is on call, was and will be. `file` gives the rotation as the team last wrote it correctly."""

    def __init__(self, file: Callable[[], Rotation], store: Store, admins: tuple[str, ...]) -> None:
        self._file, self._admins = file, admins
        self._kept: Kept[Override] = store.kept("overrides", Override)
        self._acceptances: Kept[Acceptance] = store.kept("acceptances", Acceptance)
        self._lock = threading.RLock()
        self._known: dict[str, Override] | None = None
        self._last: Looked | None = None

    @property
    def rotation(self) -> Rotation:
        """The team's file."""
        return self._file()

    @property
    def calendar(self) -> Calendar:
        """Its working days and shifts."""
        return self._file().calendar

    @property
    def overrides(self) -> tuple[Override, ...]:
        """Everything that was ever asked, offered, taken and undone, in order."""
        with self._lock:
            if self._known is None:
                self._known = self._kept.all(None)
            return tuple(sorted(self._known.values(), key=lambda override: override.number))

    def on_call(self, at: datetime) -> Person | None:
        """The person on call at `at`: without an id where the file has a placeholder; None outside the shifts."""
        stretch = self.stretch_at(at)
        return stretch.primary if stretch else None

    def is_on_call(self, person: Person, at: datetime) -> bool:
        """Whether that person is on call at `at`, as primary or as secondary."""
        stretch = self.stretch_at(at)
        people = (stretch.primary, stretch.secondary) if stretch and person.id else ()
        return any(one.id == person.id for one in people if one)

    def on_call_for(self, shift: Shift) -> Person:
        """The person who ends that shift on call; without an id for a placeholder or nobody."""
        return self.stretches(shift)[-1].primary

    def who_had(self, shift: Shift) -> tuple[str, datetime | None]:
        """The names of those who were on call in that shift ("" for placeholders), and when it was accepted."""
        names = [stretch.primary.name for stretch in self.stretches(shift) if stretch.primary.id]
        accepted = self.accepted(shift)
        return ", ".join(dict.fromkeys(names)), accepted[0].at if accepted else None

    def accepted(self, shift: Shift) -> list[Acceptance]:
        """Who took over that shift, first to last."""
        of_day = self._acceptances.all(shift.day).values()
        return sorted((one for one in of_day if one.shift == shift.name), key=lambda one: one.at)

    def accepted_at(self, stretch: Stretch) -> datetime | None:
        """When the one on call accepted the shift; None while they have not."""
        accepted = (one for one in self.accepted(stretch.shift) if duty.is_same(one.by, stretch.primary))
        return next((one.at for one in accepted), None)

    def accept_shift(self, by: Person, *, at: datetime) -> tuple[Stretch, Acceptance]:
        """Notes that `by` takes over the shift that is on, or their next one of today; a second time changes nothing.

        Raises a Refusal for whoever is not on call then.
        """
        stretch = self._own(by, at)
        kept = self._acceptances.change(
            stretch.shift.day,
            f"{stretch.shift.name} {by.id}",
            lambda before: before or Acceptance(stretch.shift.name, stretch.primary, at),
        )
        return stretch, kept

    def stretch_at(self, at: datetime) -> Stretch | None:
        """Who is on call at `at`, since when and until when; None outside the shifts."""
        rotation, known, last = self.rotation, self._known, self._last
        if last and last.rotation is rotation and last.known is known and at in last.found:
            return last.found
        found = duty.on_call(rotation, self.overrides, at)
        self._last = Looked(rotation, known, found) if found else None
        return found

    def stretches(self, shift: Shift) -> tuple[Stretch, ...]:
        """Who is on call during that shift, one after the other."""
        return duty.stretches(self.rotation, self.overrides, shift)

    def coming(self, at: datetime) -> Iterator[Stretch]:
        """The stretches that start after `at`, in order."""
        return duty.coming(self.rotation, self.overrides, at)

    def coming_turns(self, at: datetime) -> Iterator[list[Stretch]]:
        """The stretches of each turn to come, a list a turn."""
        return duty.coming_turns(self.rotation, self.overrides, at)

    def days(self, first: date, last: date) -> Iterator[tuple[date, list[Stretch]]]:
        """Each day from `first` to `last` with who is on call, one after the other; nothing on a day off."""
        for ahead in range((last - first).days + 1):
            day = first + timedelta(days=ahead)
            yield day, [part for shift in self.calendar.shifts_on(day) for part in self.stretches(shift)]

    def before(self, stretch: Stretch) -> Person | None:
        """Who was on call before that stretch; None if there was no shift for more than a year."""
        earlier = [part for part in self.stretches(stretch.shift) if part.end <= stretch.start]
        last = None if earlier else self.calendar.last_shift(stretch.start)
        return earlier[-1].primary if earlier else self.on_call_for(last) if last else None

    def outgoing(self, stretch: Stretch) -> Person | None:
        """At the start of a turn, who had the one before by the pattern; None at any other time, or if nobody else."""
        day, last_day = stretch.shift.day, self.calendar.previous_working_day(stretch.shift.day)
        if not last_day or stretch.start != stretch.shift.start or self.turn_start(last_day) == self.turn_start(day):
            return None
        last = duty.turn_of(self.rotation, last_day, stretch.shift.name)
        other = last and last.planned.id and not duty.is_same(last.planned, stretch.primary)
        return last.planned if last and other else None

    def turn_start(self, day: date) -> date:
        """The first day of the turn that `day` lies in; `day` itself before the first turn."""
        pattern = self.rotation.pattern_on(day)
        return pattern.turn_start(day) if pattern else day

    def runs(self, person: Person, at: datetime) -> Iterator[list[Stretch]]:
        """What `person` has from `at` on, the stretch that is on among it, without what somebody else has between."""
        now = self.stretch_at(at)
        return duty.runs(itertools.chain([now] if now else [], self.coming(at)), person)

    def find(self, typed: str, look_up: Callable[[str], Person | None]) -> Member:
        """The member that `typed` names; `look_up` knows mentions and other names. A Refusal names near ones."""
        member = self._member(typed, look_up)
        if member:
            return member
        names = {member.name.casefold(): member.name for member in self.rotation.members}
        likely = [names[name] for name in near(typed, names) or names]
        raise Refusal(f"{quoted(typed)} is not on the rotation. On it: {', '.join(likely)}.")

    def colleague(self, typed: str, look_up: Callable[[str], Person | None], at: datetime) -> Colleague | None:
        """Whom of the rotation `typed` names; `look_up` is asked about mentions alone. None for anybody else."""
        member = self._member(typed.strip(), look_up if typed.strip().startswith(MENTION) else lambda named: None)
        if not member or not member.id:
            return None
        now = self.stretch_at(at)
        parts = itertools.chain([now] if now else [], self.coming(at))
        return Colleague(member, next((part for part in parts if duty.is_same(part.primary, member.person)), None))

    def open_requests(self, person: Person, at: datetime) -> list[Override]:
        """What `person` has asked for and nobody has answered."""
        return [one for one in self.overrides if one.waits(at) and duty.is_same(one.by, person)]

    def concerned(self, override: Override) -> list[Person]:
        """Whom an answered override concerns; once accepted, also whoever else had agreed on a part of its time."""
        agreed = override.answer is Answer.ACCEPTED
        beside = [one for one in self.overrides if one.start < override.end and override.start < one.end and agreed]
        people = [person for one in (override, *duty.in_force(beside)) for person in (one.by, one.giver, one.taker)]
        return list({person.id: person for person in people if person and person.id}.values())

    def others(self, person: Person) -> list[Person]:
        """Everybody else on the rotation who can be reached."""
        return [one.person for one in self.rotation.members if one.id and one.id != person.id]

    def days_of(self, override: Override) -> list[tuple[date, list[Stretch]]]:
        """The days an override speaks of, with who is on call as things stand."""
        zone = self.calendar.zone
        return list(self.days(day_of(override.start, zone), day_of(override.end - timedelta(microseconds=1), zone)))

    def swap(self, by: Person, other: Member, first: date, last: date, *, at: datetime) -> Override:
        """Asks `other` to take what `by` has from `first` to `last`, or else to give what they have; may be refused."""
        return self._agree(at, lambda agreed: agreed.swap(by, other, first, last))

    def cover(self, by: Person, start: datetime, end: datetime, *, at: datetime) -> Override:
        """Offers what `by` has between the two to whoever takes it first."""
        return self._agree(at, lambda agreed: agreed.cover(by, start, end))

    def take(self, by: Person, *, at: datetime) -> Override:
        """Gives `by` the rest of this shift."""
        return self._agree(at, lambda agreed: agreed.take(by))

    def accept(self, by: Person, number: int | None = None, *, at: datetime) -> Override:
        """Accepts what `by` was asked, or the offer that nobody has taken."""
        return self._agree(at, lambda agreed: agreed.accept(by, number))

    def decline(self, by: Person, number: int | None = None, *, at: datetime) -> Override:
        """Declines what `by` was asked."""
        return self._agree(at, lambda agreed: agreed.decline(by, number))

    def undo(self, by: Person, *, at: datetime) -> Override:
        """Takes back the latest that `by` had a part in; what was withdrawn, or the override that undoes it."""
        return self._agree(at, lambda agreed: agreed.undo(by))

    def waiting(self, person: Person, at: datetime) -> list[Override]:
        """What `person` can accept at `at`."""
        return Agreements(self.rotation, self.overrides, at).waiting(person)

    def asked_in(self, number: int, posted: Posted) -> None:
        """Remembers that this message asks for an answer to the request, where the chat gives messages an id."""
        if not posted.ts:
            return
        place = f"{posted.room} {posted.ts}"
        with self._lock:
            known = next(one for one in self.overrides if one.number == number)
            self._store(msgspec.structs.replace(known, asked_in=(*known.asked_in, place)))

    def asked_by(self, room: str, ts: str) -> Override | None:
        """The request that this message asks for an answer to."""
        place = f"{room} {ts}"
        return next((one for one in self.overrides if place in one.asked_in), None)

    def to_tell(self, at: datetime) -> Addressees:
        """Whom a message to "the person on call" goes to.

        Outside the shifts that is whoever had the last one of the day, or else has the next.
        Where nobody can be reached it goes to the admins, and says so.
        """
        person = self._nearest(at)
        if person and person.id:
            return Addressees((person.id,))
        placeholder = self.rotation.is_placeholder or (person and not duty.is_same(person, duty.NOBODY))
        return Addressees(self._admins, f"This goes to the admins. On call: {NOBODY_YET if placeholder else 'nobody'}.")

    def _member(self, typed: str, look_up: Callable[[str], Person | None]) -> Member | None:
        there = self.rotation
        person = None if there.named(typed) else look_up(typed)
        return there.named(typed) or (there.member(person.id) if person else None)

    def _own(self, by: Person, at: datetime) -> Stretch:
        """The stretch of `by`'s that is on, or the next of today."""
        zone = self.calendar.zone
        now, today = self.stretch_at(at), day_of(at, zone)
        following = itertools.takewhile(lambda part: part.shift.day == today, self.coming(at))
        for part in ([now] if now else []) + list(following):
            if by.id and part.primary.id == by.id:
                return part
        self.rotation.required(by, CANNOT_TAKE)
        if not now:
            raise Refusal(Agreements(self.rotation, self.overrides, at).no_shift())
        who = f"{now.primary.name if now.primary.id else 'nobody'} is, until {tell_hour(now.end, zone)}"
        raise Refusal(f"You are not on call: {who}. `!oncall take` takes over the rest of a shift.")

    def _nearest(self, at: datetime) -> Person | None:
        stretch = self.stretch_at(at)
        if stretch:
            return stretch.primary
        last = self.calendar.last_shift(at)
        if last and last.day == day_of(at, self.calendar.zone):
            return self.on_call_for(last)
        following = next(self.coming(at), None)
        return following.primary if following else None

    def _agree(self, at: datetime, choose: Callable[[Agreements], Override]) -> Override:
        with self._lock:
            return self._store(choose(Agreements(self.rotation, self.overrides, at)))

    def _store(self, override: Override) -> Override:
        known = {str(one.number): one for one in self.overrides}
        self._kept.change(None, str(override.number), lambda old: override)
        self._known = {**known, str(override.number): override}
        return override
