"""Moving everything from one store to another: day by day, each compared where it arrives, begun again where it ended.

Both are marked, so that no desk ever starts on one that lacks something: first the new one, then, once all has arrived,
the old one; at last the new one's mark is taken away. Whatever ends a move, it is finished by running it again.
"""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

import msgspec

from opsdesk import clock
from opsdesk.errors import UserError
from opsdesk.store.interface import Unreadable
from opsdesk.store.marks import Mark, StoreRole
from opsdesk.store.rows import DayRows

TOLD_EVERY = 5.0  # seconds

Tell = Callable[[str], None]


class MovedDay(msgspec.Struct, frozen=True):
    """A day that has arrived, or what belongs to no day (None): how many records, and what stands for them."""

    day: date | None
    many: int
    digest: str


class MovableStore(Protocol):
    """A store that records are moved from, or to."""

    name: str  # as people know it

    def mark(self) -> Mark | None:
        """Return the mark that the store has; None without one."""

    def days(self) -> Sequence[date | None]:
        """Return every day that has rows, oldest first, and at last None for what belongs to no day."""

    def read(self, day: date | None) -> DayRows:
        """Return the rows of a day. Raises Unreadable."""


class SourceStore(MovableStore, Protocol):
    """A store that records are moved from, and no desk runs on."""

    def last_numbers(self) -> Mapping[str, int]:
        """Return the highest number that may have been given out, by table."""

    def leave(self, mark: Mark) -> None:
        """Mark the store as moved. Raises a UserError if anything was changed since it was opened."""


class Destination(MovableStore, Protocol):
    """A store that records are moved to."""

    def is_empty(self) -> bool:
        """Return whether no desk has kept anything there."""

    def expect(self, mark: Mark, numbered: Collection[str]) -> None:
        """Mark the store as one to which records are moved; `numbered` names the numbered tables among them."""

    def write(self, day: date | None, rows: DayRows) -> None:
        """Put these rows in the place of those of a day: all of them, or none."""

    def arrived(self, day: date | None, rows: DayRows) -> None:
        """Take note of a day that is there, whether or not it was written just now: each is told, oldest first."""

    def finish(self, last_numbers: Mapping[str, int]) -> None:
        """Store where numbers go on, and what else is made once all days are there."""

    def arrive(self) -> None:
        """Take the mark away: a desk may start."""


def move(
    source: AbstractContextManager[SourceStore],
    destination: AbstractContextManager[Destination],
    at: datetime,
    tell: Tell,
    without: Collection[date | None] = (),
) -> Sequence[MovedDay]:
    """Move everything, and return what has arrived, day by day; `tell` hears how it goes on.

    Days that cannot be read keep it from being finished, unless they are named in `without`. Raises a UserError or a
    SettingsError, and then the old store is as it was.
    """
    with source as old, destination as new:
        mark, last_numbers = _checked(old, new, at), old.last_numbers()
        new.expect(mark, last_numbers)
        moved = _Days(old, new, tell, without).all()
        new.finish(last_numbers)
        old.leave(msgspec.structs.replace(mark, standing=StoreRole.MOVED, other=new.name))
        new.arrive()
        return moved


def _checked(old: SourceStore, new: Destination, at: datetime) -> Mark:
    """Return the mark for the new store, that of a move which was begun before. Raises a UserError."""
    here, there = old.mark(), new.mark()
    if here and here.standing is StoreRole.ARRIVING:
        raise UserError(f"{old.name} holds only a part of what is moved there from {here.other}: finish that first.")
    if there and there.standing is StoreRole.MOVED:
        raise UserError(f"What was kept in {new.name} was moved to {there.other}: move to an empty place.")
    if here and (not there or there.move != here.move):
        raise UserError(f"What was kept in {old.name} was moved to {here.other} on {here.at:%Y-%m-%d} already.")
    if there and there.other != old.name:
        raise UserError(f"{new.name} holds a part of what is moved there from {there.other}, not from {old.name}.")
    if there is None and not new.is_empty():
        raise UserError(f"{new.name} holds records of a desk already: move to an empty place.")
    return there or Mark(StoreRole.ARRIVING, uuid.uuid4().hex, old.name, at)


class _Days:
    """Moves the days, one after another: one that has arrived before, as it is now, is not moved again."""

    def __init__(self, old: SourceStore, new: Destination, tell: Tell, without: Collection[date | None]) -> None:
        self._old, self._new, self._tell, self._without = old, new, tell, without
        self._told_at = clock.seconds()

    def all(self) -> Sequence[MovedDay]:
        """Move all days, and return them. Raises a UserError that names each that cannot be read."""
        days = self._old.days()
        unread: list[str] = []
        moved: list[MovedDay] = []
        for number, day in enumerate(days, 1):
            try:
                moved.append(self._moved(day))
            except Unreadable as damaged:
                unread += [] if day in self._without else [str(damaged)]
            self._tell_sometimes(f"{number:,} of {len(days):,} days, {sum(one.many for one in moved):,} records")
        if unread:
            raise UserError("\n".join([*unread, _how_to_go_on(days)]))
        for day in set(self._new.days()) - set(days):
            self._new.write(day, DayRows())
        return moved

    def _moved(self, day: date | None) -> MovedDay:
        rows = self._old.read(day)
        if self._arrived(day).digest != rows.digest:
            self._new.write(day, rows)
            if self._arrived(day).digest != rows.digest:
                raise UserError(f"What arrived of {day or 'no day'} is not what was sent. Run `make move-store` again.")
        self._new.arrived(day, rows)
        return MovedDay(day, rows.many, rows.digest)

    def _arrived(self, day: date | None) -> DayRows:
        try:
            return self._new.read(day)
        except Unreadable:  # the end of the move before cut it short
            return DayRows()

    def _tell_sometimes(self, news: str) -> None:
        if clock.seconds() - self._told_at >= TOLD_EVERY:
            self._told_at = clock.seconds()
            self._tell(news)


def _how_to_go_on(days: Sequence[date | None]) -> str:
    example = next((f"{day}" for day in days if day), "undated")
    return (
        "Nothing is lost: the desk can go on where it was. Put good copies in their places and run `make move-store` "
        f"again, or leave days out: `make move-store … WITHOUT={example}`, days with commas between them."
    )
