"""What the desk asks of a store, and what a store promises. Records are frozen msgspec structs.

Of every method: a change is durable when the method returns, so that it outlives the end of the process and a power
cut; it is made whole or not at all. Others read a record as it was before a change or as it is after, never between.
The functions handed in (`make`, `refuse`, `edit`, `choose`, `is_old`) run while no one else can change what they decide
on: what they check still holds when their result is stored. They are quick, may be called again if the store has to
begin anew, and never call the store. What they raise leaves everything as it was.

Fields of a stored record that the desk's own struct does not have, nested ones as well, belong to a newer desk: they
survive every change. Texts and keys come back as they were, whatever characters they hold.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from opsdesk.errors import UserError
from opsdesk.store.desks import Desks

T = TypeVar("T", bound=msgspec.Struct)


class NotStored(UserError):
    """Nothing was changed, and the text says why; where nobody can know whether it was, the text says that."""


class Unreadable(UserError):
    """Something stored cannot be read: damaged, of another kind, or not just now. The text says which, and what."""


Refuse = Callable[[int], object]
Lost = Callable[[date], object]  # hears of a day whose records are damaged and left out


class SearchFields(msgspec.Struct, Generic[T], frozen=True):
    """What records are found by: a text, and labels. Both depend on the record alone.

    `version` is to be raised when either gives something else than before: what was kept of the old ones is worked out
    again.
    """

    text: Callable[[T], str] = lambda record: ""
    labels: Callable[[T], Sequence[str]] = lambda record: ()
    version: int = 1


NO_FIELDS: SearchFields[Any] = SearchFields()


class NumberedKind(NamedTuple, Generic[T]):
    """What a numbered table is made with: `store.numbered(*kind)`; see there."""

    table: str
    kind: type[T]
    is_open: Callable[[T], bool]
    search: SearchFields[T] = NO_FIELDS


class NumberedTable(Protocol[T]):
    """Records numbered in one sequence, each filed under the day it was added on.

    Reading what is damaged raises Unreadable. A list goes on without the damaged days if the caller hands in `lost`,
    which is told of each. New records get numbers whatever is damaged.
    """

    def add(self, day: date, make: Callable[[int], T], *, key: str = "", refuse: Refuse | None = None) -> T:
        """Store `make(number)` under the next number, and return it. No number is ever given out twice.

        `refuse` is told how many are open just then, and raises where no other may be added.

        If a record was added with this key on `day`, the day before or the day after, return that record as it is now
        instead: a message that is delivered twice, also over midnight, is one record. "" is no key.
        """

    def change(self, number: int, day: date, edit: Callable[[T], T]) -> T:
        """Store `edit(record)`, note that it was changed on `day`, and return it.

        If `edit` returns the very record it was given, nothing is changed or noted.
        Raises KeyError where there is no record with that number.
        """

    def get(self, number: int) -> T | None:
        """Return the record with this number; None where there is none."""

    def latest(self) -> int:
        """Return the highest number given out, as far as it can be read; 0 before the first."""

    def open(self, lost: Lost | None = None) -> Sequence[T]:
        """Return the records that are open, by the `is_open` the table was made with, lowest number first.

        However many records there are, this is quick: it is asked with every tick.
        """

    def touched(self, first: date, last: date, lost: Lost | None = None) -> Sequence[T]:
        """Return the records added or changed on the days from `first` to `last`, lowest number first.

        One may be among them whose change then failed.
        """

    def scan(self, lost: Lost | None = None) -> Iterator[T]:
        """Yield all records, newest first, reading on as the caller goes on; changes are possible meanwhile."""

    def some(self, numbers: Iterable[int], lost: Lost | None = None) -> Sequence[T]:
        """Return the records with these numbers, in that order, without those that are not there."""

    def find(
        self, words: Sequence[str] = (), labels: Sequence[str] = (), lost: Lost | None = None
    ) -> Iterator[Sequence[int]]:
        """Yield the numbers of the records that have all of these labels, and each of the words in their text.

        A word is found anywhere in a text, in the middle of another, too, exactly as it is written: fold both before.
        Newest first, in batches, of which some may be empty, looking on only as the caller goes on. Nothing else waits
        meanwhile, and changes are possible.
        """

    def version(self) -> int:
        """Return a number that differs after every change to the table; see KeyedTable.version."""


class KeyedTable(Protocol[T]):
    """Records under a day and a key, or under a key alone (`day` None) where they belong to no day."""

    def get(self, day: date | None, key: str) -> T | None:
        """Return the record; None where there is none. Raises Unreadable."""

    def all(self, day: date | None) -> Mapping[str, T]:
        """Return the records of a day, or those of no day, by key. Raises Unreadable."""

    def change(self, day: date | None, key: str, edit: Callable[[T | None], T]) -> T:
        """Store `edit(record)`, where the record is None if there is none yet, and return it.

        If `edit` returns the very record it was given, nothing is changed.
        """

    def decide(self, day: date | None, choose: Callable[[Mapping[str, T]], tuple[str, T]]) -> T:
        """Store the record that `choose` makes, having seen all records of the day, under the key it gives; return it.

        No other record of that day changes meanwhile: for what is numbered or checked against all others.
        """

    def forget(self, day: date | None, is_old: Callable[[T], bool]) -> None:
        """Remove the records of the day, or of those of no day, that are old by `is_old`."""

    def version(self) -> int:
        """Return a number that differs after every change to the table, by whichever desk. Waits for nothing.

        A change made here shows at once, one made by another desk within seconds. Ask for it before you read what is
        to be kept in memory until the next change.
        """


class Backup(msgspec.Struct, frozen=True):
    """A copy of what is stored: where it is, its length in bytes, and which files could not be read for it."""

    path: Path
    size: int
    lacking: Sequence[str] = ()


class Store(Protocol):
    """Everything durable. A change that cannot be made raises NotStored. `desks` are those that share it."""

    desks: Desks

    def numbered(
        self, table: str, kind: type[T], is_open: Callable[[T], bool], search: SearchFields[T] = NO_FIELDS
    ) -> NumberedTable[T]:
        """Return the numbered records called `table`, found by `search`. `is_open` depends on the record alone."""

    def keyed(self, table: str, kind: type[T], *, passing: bool = False) -> KeyedTable[T]:
        """Return the keyed records called `table`.

        Those of a `passing` table change all the time and matter for minutes: they may be kept apart from others, and
        where they are damaged the table begins anew, with a warning.
        """

    def warnings(self) -> Sequence[str]:
        """Return what was found damaged since the start and what became of it, in words for the admins."""

    def away(self) -> str:
        """Return why nothing can be stored or read just now, for the admins; "" while it can. Waits for nothing."""

    def back_up(self, at: datetime) -> Backup:
        """Write a copy of everything that is kept, dated `at`, and return it. Everybody else goes on meanwhile.

        Raises a UserError where none can be made.
        """

    def close(self) -> None:
        """Let go of everything. Whatever is asked of the store afterwards raises NotStored."""
