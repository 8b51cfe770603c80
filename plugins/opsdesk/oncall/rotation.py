"""Who is on call at a moment: pure functions of the rotation, the overrides and the moment."""

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
    """Somebody on the rotation. Without an `id` it is a placeholder: a name, and nobody to reach."""

    key: str
    id: str
    name: str
    zone: tzinfo

    @property
    def person(self) -> Person:
        """Return the member as the chat knows them."""
        return Person(self.id, self.name)


class Pattern(msgspec.Struct, frozen=True):
    """Turns of `length` from `first_day` on, taken in order, the first in order first.

    `order` is by the name of the shift. With `standby`, the next in order is secondary.
    """

    first_day: date
    length: timedelta
    order: Mapping[str, tuple[Member, ...]]
    standby: bool = False

    def turn_start(self, day: date) -> date:
        """Return the first day of the turn that `day` lies in."""
        return self.first_day + self.number(day) * self.length

    def number(self, day: date) -> int:
        """Return how many turns there were before that of `day`."""
        return (day - self.first_day) // self.length


class Rotation(msgspec.Struct, frozen=True):
    """The rotation as the team's file has it. Of several patterns, the one begun last is in force."""

    calendar: Calendar
    members: tuple[Member, ...]
    patterns: tuple[Pattern, ...]
    downtimes: str = ""  # where alerting downtimes are made: a link
    wrong: tuple[str, ...] = ()  # what is wrong with a file that never was right, which this stands in for

    def member(self, person: str) -> Member | None:
        """Return the member with this chat id; None if there is none."""
        return next((member for member in self.members if person and member.id == person), None)

    def required(self, person: Person, therefore: str = "") -> Member:
        """Return the member that a person is. Raise a UserError for anybody else, ending in `therefore`."""
        self.check()
        member = self.member(person.id)
        if not member:
            raise UserError(f"You are not on the rotation{therefore}: ask an admin to add you to data/rotation.toml.")
        return member

    def check(self) -> None:
        """Raise a UserError while the file never was right: nobody knows then who is on the rotation."""
        if self.wrong:
            first = "\n".join(self.wrong[:MOST_TOLD])
            raise UserError(f"Who is on call is not known: data/rotation.toml is wrong.\n{first}")

    def named(self, word: str) -> Member | None:
        """Return the member with this key, name, or first name if only one has it."""
        name = word.removeprefix("@").casefold()
        exact = [one for one in self.members if name in (one.key.casefold(), one.name.casefold())]
        first = [one for one in self.members if name == one.name.casefold().split()[0]]
        return exact[0] if exact else first[0] if len(first) == 1 else None

    def pattern_on(self, day: date) -> Pattern | None:
        """Return the pattern in force on a day; None before the first."""
        begun = [pattern for pattern in self.patterns if pattern.first_day <= day]
        return max(begun, key=lambda pattern: pattern.first_day, default=None)

    @property
    def is_placeholder(self) -> bool:
        """Return whether all members are placeholders, so that nobody can be reached."""
        return bool(self.members) and not any(member.id for member in self.members)


class OverrideKind(enum.StrEnum):
    """How somebody changes who is on call."""

    SWAP = "swap"
    COVER = "cover"
    TAKE = "take"
    UNDO = "undo"


class OverrideAnswer(enum.StrEnum):
    """How a request was answered."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Override(msgspec.Struct, frozen=True, omit_defaults=True):
    """Time on call that passes from one person to another once accepted. It is stored and never removed.

    `taker` is None while it is offered to anybody. One that `undoes` another, by number, ends that one's effect from
    its own start on. `asked_in` are the messages ("room ts") on which a ✅ accepts it.
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
        """Return who has to answer: the other one of the two; None where anybody may."""
        return self.giver if self.taker and is_same(self.by, self.taker) else self.taker

    @property
    def holds_from(self) -> datetime:
        """Return the moment from which it changes who is on call: never before it was accepted."""
        return max(self.start, self.answered_at or self.start)

    def holds(self, at: datetime) -> bool:
        """Return whether it is accepted and covers `at`."""
        return self.answer is OverrideAnswer.ACCEPTED and self.holds_from <= at < self.end

    def waits(self, at: datetime) -> bool:
        """Return whether it can still be answered at `at`."""
        return self.answer is None and at < self.end


class RotationTurn(msgspec.Struct, frozen=True):
    """Whose turn a shift is by the pattern, and since which day."""

    first_day: date
    planned: Person
    then: tuple[Person, ...]  # the others in order, who may stand by


class OnCallSlot(msgspec.Struct, frozen=True):
    """A shift or a piece of one, from `start` until just before `end`, with the same people on call throughout."""

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
        """Return whether it is the whole shift."""
        return (self.start, self.end) == (self.shift.start, self.shift.end)


def turn_of(rotation: Rotation, day: date, shift: str) -> RotationTurn | None:
    """Return whose turn a shift is on `day` by the pattern alone; None before the first pattern."""
    pattern = rotation.pattern_on(day)
    if not pattern:
        return None
    order = pattern.order[shift]
    first_day, number = pattern.turn_start(day), pattern.number(day)
    people = [order[(number + ahead) % len(order)].person for ahead in range(len(order))]
    return RotationTurn(first_day, people[0], tuple(people[1:]) if pattern.standby else ())


def slots_of(rotation: Rotation, overrides: Sequence[Override], shift: Shift) -> tuple[OnCallSlot, ...]:
    """Return the slots of a shift: a new one wherever somebody else comes on call. Each moment has one primary.

    Overrides apply in the order in which they were accepted, each only while its giver is on call. A take applies
    whoever is on call.
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
    """Return the slot that `at` lies in; None outside shifts."""
    shift = rotation.calendar.shift_at(at)
    if not shift:
        return None
    return next(slot for slot in slots_of(rotation, overrides, shift) if at in slot)


def coming(rotation: Rotation, overrides: Sequence[Override], at: datetime) -> Iterator[OnCallSlot]:
    """Yield the slots that start after `at`, in order, for more than a year."""
    current = rotation.calendar.shift_at(at)
    if current:
        yield from (slot for slot in slots_of(rotation, overrides, current) if slot.start > at)
    for shift in rotation.calendar.shifts_from(at):
        yield from slots_of(rotation, overrides, shift)


def coming_turns(rotation: Rotation, overrides: Sequence[Override], at: datetime) -> Iterator[list[OnCallSlot]]:
    """Yield the slots of each turn that begins after that of `at`, those of all the day's shifts together."""
    current = _turn_start(rotation, day_of(at, rotation.calendar.zone))
    grouped = itertools.groupby(coming(rotation, overrides, at), lambda slot: _turn_start(rotation, slot.shift.day))
    return (list(slots) for start, slots in grouped if start and start != current)


def runs(slots: Iterable[OnCallSlot], person: Person) -> Iterator[list[OnCallSlot]]:
    """Yield the runs of `person`'s slots; a run ends where somebody else has the same shift."""
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
    """Return the accepted overrides in the order in which they were accepted."""
    accepted = [override for override in overrides if override.answer is OverrideAnswer.ACCEPTED]
    return sorted(accepted, key=lambda override: (override.answered_at or override.at, override.number))


def is_same(one: Person, other: Person) -> bool:
    """Return whether two persons are the same: by id, placeholders by name."""
    return one.id == other.id and (bool(one.id) or one.name == other.name)


def _turn_start(rotation: Rotation, day: date) -> date | None:
    pattern = rotation.pattern_on(day)
    return pattern.turn_start(day) if pattern else None


def _primary(turn: RotationTurn | None, accepted: Sequence[Override], at: datetime) -> Person:
    who = turn.planned if turn else NOBODY
    holding = [override for override in accepted if override.holds(at)]
    undone = {override.undoes for override in holding}
    for override in holding:
        standing = override.kind is not OverrideKind.UNDO and override.number not in undone
        if standing and override.taker and (override.kind is OverrideKind.TAKE or is_same(override.giver, who)):
            who = override.taker
    return who


def _secondary(turn: RotationTurn | None, primary: Person) -> Person | None:
    """Return the next in order who is neither on call nor has given this shift away."""
    if not turn:
        return None
    away = (primary, turn.planned)
    return next((person for person in turn.then if not any(is_same(person, one) for one in away)), None)
