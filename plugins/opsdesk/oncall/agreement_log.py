"""Agreements about shifts: requests, offers, takes and undos, stored before they are answered."""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from opsdesk.chat import MessageRef, Person
from opsdesk.oncall import agreements
from opsdesk.oncall import rotation as duty
from opsdesk.oncall.rotation import Member, Override, OverrideAnswer, Rotation
from opsdesk.store import KeyedTable, Store


class Cached(NamedTuple):
    """The overrides as they were last read, and at which version of them."""

    version: int
    overrides: tuple[Override, ...]


class AgreementLog:
    """Every request and agreement ever made. `file` gives the rotation as the team last wrote it correctly.

    What is not allowed raises a UserError, and nothing is stored.
    """

    def __init__(self, file: Callable[[], Rotation], store: Store) -> None:
        self._file = file
        self._kept: KeyedTable[Override] = store.keyed("overrides", Override)
        self._lock = threading.RLock()
        self._cached = Cached(-1, ())

    @property
    def overrides(self) -> tuple[Override, ...]:
        """Return all overrides in order, after waiting for one that is being stored."""
        with self._lock:
            version = self.version
            if self._cached.version != version:
                self._cached = Cached(version, _in_order(self._kept.all(None).values()))
            return self._cached.overrides

    @property
    def version(self) -> int:
        """Return a number that is another one after each change, by whichever desk. Waits for nothing."""
        return self._kept.version()

    def swap(self, by: Person, other: Member, first: date, last: date, *, at: datetime) -> Override:
        """Ask `other` to take `by`'s shifts from `first` to `last`; if `by` has none, ask for `other`'s."""
        return self._agree(at, lambda agreed: agreed.swap(by, other, first, last))

    def cover(self, by: Person, start: datetime, end: datetime, *, at: datetime) -> Override:
        """Offer `by`'s slots between `start` and `end` to whoever takes them first."""
        return self._agree(at, lambda agreed: agreed.cover(by, start, end))

    def take(self, by: Person, *, at: datetime) -> Override:
        """Give `by` the rest of this shift."""
        return self._agree(at, lambda agreed: agreed.take(by))

    def accept(self, by: Person, number: int | None = None, *, at: datetime) -> Override:
        """Accept the request that waits for `by`, or an open offer."""
        return self._agree(at, lambda agreed: agreed.accept(by, number))

    def decline(self, by: Person, number: int | None = None, *, at: datetime) -> Override:
        """Decline the request that waits for `by`."""
        return self._agree(at, lambda agreed: agreed.decline(by, number))

    def undo(self, by: Person, *, at: datetime) -> Override:
        """Withdraw the latest request of `by`, or reverse their latest agreement. Return the override that does so."""
        return self._agree(at, lambda agreed: agreed.undo(by))

    def waiting(self, person: Person, at: datetime) -> list[Override]:
        """Return the requests and offers that `person` can accept at `at`."""
        return agreements.Agreements(self._file(), self.overrides, at).waiting(person)

    def open_requests(self, person: Person, at: datetime) -> list[Override]:
        """Return the requests of `person` that nobody has answered."""
        return [one for one in self.overrides if one.waits(at) and duty.is_same(one.by, person)]

    def concerned(self, override: Override) -> list[Person]:
        """Return whom an answered override concerns; once accepted, also those with agreements that overlap it."""
        agreed = override.answer is OverrideAnswer.ACCEPTED
        beside = [one for one in self.overrides if one.start < override.end and override.start < one.end and agreed]
        people = [person for one in (override, *duty.in_force(beside)) for person in (one.by, one.giver, one.taker)]
        return list({person.id: person for person in people if person and person.id}.values())

    def asked_in(self, number: int, posted: MessageRef) -> None:
        """Store that this message asks for an answer to the request, if the chat gives messages an id."""
        if not posted.ts:
            return
        place = f"{posted.room} {posted.ts}"

        def place_it(known: Override | None) -> Override:
            if known is None:
                raise KeyError(number)
            return msgspec.structs.replace(known, asked_in=(*known.asked_in, place))

        with self._lock:
            self._kept.change(None, str(number), place_it)

    def asked_by(self, room: str, ts: str) -> Override | None:
        """Return the request that this message asks for an answer to."""
        place = f"{room} {ts}"
        return next((one for one in self.overrides if place in one.asked_in), None)

    def _agree(self, at: datetime, choose: "Callable[[agreements.Agreements], Override]") -> Override:
        rotation = self._file()

        def decide(stored: Mapping[str, Override]) -> tuple[str, Override]:
            override = choose(agreements.Agreements(rotation, _in_order(stored.values()), at))
            return str(override.number), override

        with self._lock:
            return self._kept.decide(None, decide)


def _in_order(overrides: Iterable[Override]) -> tuple[Override, ...]:
    return tuple(sorted(overrides, key=lambda override: override.number))
