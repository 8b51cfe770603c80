"""Who is on call at a moment: a pure function of the rotation, of what people have agreed, and of the moment."""

import enum
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

import msgspec

from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.oncall.shifts import Calendar, Shift

MOST_TOLD = 5  # complaints repeated to whoever asks
NOBODY = Person(id="", name="nobody")


class Member(msgspec.Struct, frozen=True):
    """Somebody on the rotation. Without an `id` it is a placeholder: a name that nobody can be reached by."""

    key: str
    id: str
    name: str
    zone: tzinfo

    @property
    def person(self) -> Person:
        """The member as the chat knows them."""
        return Person(self.id, self.name)


class Pattern(msgspec.Struct, frozen=True):
    """Who takes turns from `first_day` on: each turn lasts `length`, the first one is that of the first in order.

    `order` is by the name of the shift. With `standby`, the next in order stands by as secondary.
    """

    first_day: date
    length: timedelta
    order: Mapping[str, tuple[Member, ...]]
    standby: bool = False

    def turn_start(self, day: date) -> date:
        """The first day of the turn that `day` lies in."""
        return self.first_day + self.number(day) * self.length

    def number(self, day: date) -> int:
        """How many turns there were before that of `day`."""
        return (day - self.first_day) // self.length


class Rotation(msgspec.Struct, frozen=True):
    """The rotation as the team's file has it. Of several patterns the latest begun holds."""

    calendar: Calendar
    members: tuple[Member, ...]
    patterns: tuple[Pattern, ...]
    downtimes: str = ""  # where alerting downtimes are made: a link
    wrong: tuple[str, ...] = ()  # what is wrong with a file that never was right, which this stands in for

    def member(self, person: str) -> Member | None:
        """The member with that id."""
        return next((member for member in self.members if person and member.id == person), None)

    def required(self, person: Person, therefore: str = "") -> Member:
        """The member with that person's id; a UserError for anybody else, with what it keeps them from."""
        self.check()
        member = self.member(person.id)
        if not member:
            raise UserError(f"You are not on the rotation{therefore}: ask an admin to add you to data/rotation.toml.")
        return member

    def check(self) -> None:
        """A UserError while the file never was right: who is on the rotation is not known."""
        if self.wrong:
            first = "\n".join(self.wrong[:MOST_TOLD])
            raise UserError(f"Who is on call is not known: data/rotation.toml is wrong.\n{first}")

    def named(self, word: str) -> Member | None:
        """The member called so: by key, by name or by a first name that only one has."""
        name = word.removeprefix("@").casefold()
        exact = [one for one in self.members if name in (one.key.casefold(), one.name.casefold())]
        first = [one for one in self.members if name == one.name.casefold().split()[0]]
        return exact[0] if exact else first[0] if len(first) == 1 else None

    def pattern_on(self, day: date) -> Pattern | None:
        """The pattern that holds that day; None before the first."""
        begun = [pattern for pattern in self.patterns if pattern.first_day <= day]
        return max(begun, key=lambda pattern: pattern.first_day, default=None)

    @property
    def is_placeholder(self) -> bool:
        """Whether all its members are placeholders: nobody can be reached."""
        return bool(self.members) and not any(member.id for member in self.members)


class OverrideKind(enum.StrEnum):
    """What somebody did to be, or not to be, on call."""

    SWAP = "swap"
    COVER = "cover"
    TAKE = "take"
    UNDO = "undo"


class OverrideAnswer(enum.StrEnum):
    """What became of a request."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Override(msgspec.Struct, frozen=True, omit_defaults=True):
    """A slot of duty that goes from one person to another once it is accepted: a stored value, never taken out.

    `taker` is None while it is offered to whoever takes it first. One that `undoes` another, by number,
    ends that one's effect from its own start on. `asked_in` are the messages ("room ts") that a ✅ answers.
    """

    number: int
    kind: OverrideKind
    start: datetime
    end: datetime
    giver: Person
    taker: Person | None
    by: Person
    at: datetime
    answer: OverrideAnswer | None = None
    answered_by: Person | None = None
    answered_at: datetime | None = None
    undoes: int = 0
    asked_in: tuple[str, ...] = ()

    @property
    def asked(self) -> Person | None:
        """Who has to answer: the other one of the two; None where anybody may."""
        return self.giver if self.taker and is_same(self.by, self.taker) else self.taker

    @property
    def holds_from(self) -> datetime:
        """The moment from which it changes who is on call: never before it was accepted."""
        return max(self.start, self.answered_at or self.start)

    def holds(self, at: datetime) -> bool:
        """Whether it is accepted and speaks of `at`."""
        return self.answer is OverrideAnswer.ACCEPTED and self.holds_from <= at < self.end

    def waits(self, at: datetime) -> bool:
        """Whether it can still be answered at `at`."""
        return self.answer is None and at < self.end


class Turn(msgspec.Struct, frozen=True):
    """Whose turn a shift is by the pattern, and since which day."""

    first_day: date
    planned: Person
    then: tuple[Person, ...]  # the others in order, who may stand by


class OnCallSlot(msgspec.Struct, frozen=True):
    """A part of a shift, from `start` until just before `end`, with the same people on call all along."""

    start: datetime
    end: datetime
    shift: Shift
    primary: Person
    secondary: Person | None
    planned: Person

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the shift."""
        return (self.start, self.end) == (self.shift.start, self.shift.end)


def turn_of(rotation: Rotation, day: date, shift: str) -> Turn | None:
    """Whose turn that shift is on `day` by the pattern alone; None before the first pattern."""
    pattern = rotation.pattern_on(day)
    if not pattern:
        return None
    order = pattern.order[shift]
    first_day, number = pattern.turn_start(day), pattern.number(day)
    people = [order[(number + ahead) % len(order)].person for ahead in range(len(order))]
    return Turn(first_day, people[0], tuple(people[1:]) if pattern.standby else ())


def slots_of(rotation: Rotation, overrides: Sequence[Override], shift: Shift) -> tuple[OnCallSlot, ...]:
    """The whole shift, cut wherever somebody else comes on call. There is exactly one primary at each moment.

    Overrides count in the order in which they were accepted, each only while its giver is on call;
    who takes the rest of a shift has it from whoever that is.
    """
    turn = turn_of(rotation, shift.day, shift.name)
    within = in_force(override for override in overrides if override.start < shift.end and shift.start < override.end)
    moments = {shift.start, *(at for one in within for at in (one.holds_from, one.end) if at in shift)}
    edges = [*sorted(moments), shift.end]
    slots: list[OnCallSlot] = []
    for start, end in itertools.pairwise(edges):
        primary = _primary(turn, within, start)
        if slots and is_same(slots[-1].primary, primary):
            start = slots.pop().start
        slots.append(
            OnCallSlot(start, end, shift, primary, _secondary(turn, primary), turn.planned if turn else NOBODY)
        )
    return tuple(slots)


def on_call(rotation: Rotation, overrides: Sequence[Override], at: datetime) -> OnCallSlot | None:
    """Who is on call at `at`, from when and until when; None outside the shifts."""
    shift = rotation.calendar.shift_at(at)
    if not shift:
        return None
    return next(slot for slot in slots_of(rotation, overrides, shift) if at in slot)


def coming(rotation: Rotation, overrides: Sequence[Override], at: datetime) -> Iterator[OnCallSlot]:
    """The slots that start after `at`, in order, for more than a year."""
    current = rotation.calendar.shift_at(at)
    if current:
        yield from (slot for slot in slots_of(rotation, overrides, current) if slot.start > at)
    for shift in rotation.calendar.shifts_from(at):
        yield from slots_of(rotation, overrides, shift)


def coming_turns(rotation: Rotation, overrides: Sequence[Override], at: datetime) -> Iterator[list[OnCallSlot]]:
    """The slots of each turn that begins after the one `at` lies in; of several shifts a day those of all."""
    current = _turn_start(rotation, day_of(at, rotation.calendar.zone))
    grouped = itertools.groupby(coming(rotation, overrides, at), lambda slot: _turn_start(rotation, slot.shift.day))
    return (list(slots) for start, slots in grouped if start and start != current)


def runs(slots: Iterable[OnCallSlot], person: Person) -> Iterator[list[OnCallSlot]]:
    """What `person` has of `parts`, those together between which nobody else has the same shift."""
    run: list[OnCallSlot] = []
    for slot in slots:
        if is_same(slot.primary, person):
            run.append(slot)
        elif run and run[-1].shift.name == slot.shift.name:
            yield run
            run = []
    if run:
        yield run


def in_force(overrides: Iterable[Override]) -> list[Override]:
    """The accepted ones in the order in which they were accepted."""
    accepted = [override for override in overrides if override.answer is OverrideAnswer.ACCEPTED]
    return sorted(accepted, key=lambda override: (override.answered_at or override.at, override.number))


def is_same(one: Person, other: Person) -> bool:
    """Whether the two are one: by id, placeholders by name."""
    return one.id == other.id and (bool(one.id) or one.name == other.name)


def _turn_start(rotation: Rotation, day: date) -> date | None:
    pattern = rotation.pattern_on(day)
    return pattern.turn_start(day) if pattern else None


def _primary(turn: Turn | None, accepted: Sequence[Override], at: datetime) -> Person:
    who = turn.planned if turn else NOBODY
    holding = [override for override in accepted if override.holds(at)]
    undone = {override.undoes for override in holding}
    for override in holding:
        standing = override.kind is not OverrideKind.UNDO and override.number not in undone
        if standing and override.taker and (override.kind is OverrideKind.TAKE or is_same(override.giver, who)):
            who = override.taker
    return who


def _secondary(turn: Turn | None, primary: Person) -> Person | None:
    """The next in order who is neither on call already nor has given this shift away."""
    if not turn:
        return None
    away = (primary, turn.planned)
    return next((person for person in turn.then if not any(is_same(person, one) for one in away)), None)
