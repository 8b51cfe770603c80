"""The rotation as it stands: the team's file and what people have agreed since, on disk before it is answered."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from opsdesk import rotation as duty
from opsdesk.chat import Person, Posted
from opsdesk.overrides import Agreements
from opsdesk.rotation import Member, Override, Rotation, Stretch
from opsdesk.shifts import Calendar, Shift
from opsdesk.store import Kept, Store

NOBODY_YET = "nobody is on the rotation yet: edit data/rotation.toml"


class Addressees(NamedTuple):
    """Whom to tell, by id; `said` is why it goes to them, "" where they are the person on call."""

    ids: tuple[str, ...]
    said: str = ""


class Roster:
    """Who is on call, was and will be. `file` gives the rotation as the team last wrote it correctly."""

    def __init__(self, file: Callable[[], Rotation], store: Store, admins: tuple[str, ...]) -> None:
        self._file, self._admins = file, admins
        self._kept: Kept[Override] = store.kept("overrides", Override)
        self._lock = threading.RLock()
        self._known: dict[str, Override] | None = None

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

    def named(self, shift: Shift) -> tuple[str, datetime | None]:
        """The names of those who were on call in that shift ("" for placeholders), and when it was accepted."""
        names = [stretch.primary.name for stretch in self.stretches(shift) if stretch.primary.id]
        return ", ".join(dict.fromkeys(names)), None

    def stretch_at(self, at: datetime) -> Stretch | None:
        """Who is on call at `at`, since when and until when; None outside the shifts."""
        return duty.on_call(self.rotation, self.overrides, at)

    def stretches(self, shift: Shift) -> tuple[Stretch, ...]:
        """Who is on call during that shift, one after the other."""
        return duty.stretches(self.rotation, self.overrides, shift)

    def coming(self, at: datetime) -> Iterator[Stretch]:
        """The stretches that start after `at`, in order."""
        return duty.coming(self.rotation, self.overrides, at)

    def member(self, person: Person) -> Member | None:
        """The person as the rotation's file has them."""
        return self.rotation.member(person.id)

    def swap(self, by: Person, other: Member, first: date, last: date, *, at: datetime) -> Override:
        """Asks `other` to change places with `by` from `first` to `last`; raises a Refusal with the reason."""
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
        """Remembers that this message asks for an answer to the request."""
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
        why = NOBODY_YET if self.rotation.is_placeholder else f"{person.name if person else 'nobody'} is on call"
        return Addressees(self._admins, f"This goes to the admins: {why}.")

    def _nearest(self, at: datetime) -> Person | None:
        stretch = self.stretch_at(at)
        if stretch:
            return stretch.primary
        last = self.calendar.last_shift(at)
        if last and last.day == at.astimezone(self.calendar.zone).date():
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
