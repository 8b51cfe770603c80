"""What the domain asks of a store, whatever stands behind it. Records are frozen msgspec structs."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Protocol, TypeVar

import msgspec

from opsdesk.errors import UserError

T = TypeVar("T", bound=msgspec.Struct)


class NotStored(UserError):
    """Nothing was changed; the text says why, and what was stored before still stands.

    Where the disk fails in the last step, so that nobody can know, the text says that instead.
    """


class Unreadable(UserError):
    """Something stored cannot be read: damaged in both copies, of another kind, or not just now; the text says which.

    It names the day. Nothing was touched.
    """


Lost = Callable[[date], object]  # hears of a day that is damaged in both copies and left out


class NumberedTable(Protocol[T]):
    """Records numbered in one sequence, never reused, each filed under the day it was added on.

    What cannot be read raises Unreadable. Lists go on without a day that is damaged in both copies where the caller
    has a `lost` to be told of it, so that it can say what is missing; numbers go on in any case.
    """

    def add(self, day: date, make: Callable[[int], T], *, key: str = "") -> T:
        """Stores `make(number)` under the next number.

        With a key that was added on `day`, the day before or the day after, returns that record
        as it is now instead: a message delivered twice, also over midnight, is one record.
        """

    def change(self, number: int, day: date, edit: Callable[[T], T]) -> T:
        """Stores `edit(record)`, noting that it was changed on `day`. KeyError where there is no such number.

        `edit` runs under the store's lock; what it raises leaves everything as it was.
        """

    def get(self, number: int) -> T | None:
        """The record with this number."""

    def latest(self) -> int:
        """The highest number given out, as far as it can be read; 0 before the first."""

    def open(self, lost: Lost | None = None) -> Sequence[T]:
        """The records that are open (as the table was told to decide), lowest number first."""

    def touched(self, first: date, last: date, lost: Lost | None = None) -> Sequence[T]:
        """The records added or changed on the days from `first` to `last`, lowest number first.

        One may be among them whose change was refused by the disk.
        """

    def scan(self, lost: Lost | None = None) -> Iterator[T]:
        """All records, newest first, a day's file in memory at a time."""


class KeyedTable(Protocol[T]):
    """Records by day and key, or by key alone (`day` None) where they belong to no day."""

    def get(self, day: date | None, key: str) -> T | None:
        """The record, or None."""

    def change(self, day: date | None, key: str, edit: Callable[[T | None], T]) -> T:
        """Stores `edit(record or None)`, under the store's lock."""

    def all(self, day: date | None) -> dict[str, T]:
        """The records of a day (or of none) by key."""


class Store(Protocol):
    """Everything durable. Each change is on disk before its method returns, or it raises NotStored."""

    def numbered(self, table: str, kind: type[T], is_open: Callable[[T], bool]) -> NumberedTable[T]:
        """The numbered records called `table`."""

    def keyed(self, table: str, kind: type[T]) -> KeyedTable[T]:
        """The kept records called `table`."""

    def warnings(self) -> Sequence[str]:
        """What was found damaged and healed or set aside since the start, in words for the admins."""

    def close(self) -> None:
        """Gives the state folder back; nothing is stored afterwards."""
