"""NumberedTable records on day files."""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Generic, TypeVar

import msgspec

from opsdesk.store.interface import Lost, Refuse, SearchFields, Unreadable
from opsdesk.store.tinydb.copies import BothDamaged
from opsdesk.store.tinydb.files import DayFiles
from opsdesk.store.tinydb.index import Filed, Run, filed_by
from opsdesk.store.tinydb.open_records import OpenRecords
from opsdesk.store.tinydb.recent import KEPT_IN_MEMORY
from opsdesk.store.tinydb.records import Records
from opsdesk.store.tinydb.sealed import Row
from opsdesk.store.tinydb.search import TableSearch
from opsdesk.store.tinydb.tables import TableFile

T = TypeVar("T", bound=msgspec.Struct)

TOUCHED = "_touched"  # in a day's file: the numbers filed under older days that were changed on it, by table


class EmbeddedNumberedTable(Generic[T]):
    """The numbered records called `table`, each in the file of its day; see NumberedTable for what methods promise."""

    def __init__(
        self, files: DayFiles, table: str, kind: type[T], is_open: Callable[[T], bool], search: SearchFields[T]
    ) -> None:
        self._files, self._index, self._table = files, files.index, table
        self._records = Records(table, kind)
        self._open = OpenRecords(files, table, self._records, is_open)
        self._search = TableSearch(files, table, self._records, search)
        with files.held():
            if self._index.filed(table) is None:
                self._scan_days()

    def add(self, day: date, make: Callable[[int], T], *, key: str = "", refuse: Refuse | None = None) -> T:
        """Store `make(number)` under the next number, or return the record added with this key around `day`."""
        with self._files.changing():
            found = self._with_key(day, key) if key else None
            if found is not None:
                return found
            number = self._next(day)
            open_now = len(self.open(_pass_over)) if refuse else 0
            with self._files.deciding():
                if refuse:
                    refuse(open_now)
                record = make(number)
            row = self._records.row(record, key)
            row = {"key": key, **row} if key else row
            file = self._files.made(day)
            filed = self._filed().adding(number, day)
            self._index.file(self._table, filed.opening(number) if self._open.is_open(record) else filed)
            self._put(file, day, number, row, record)
            return record

    def change(self, number: int, day: date, edit: Callable[[T], T]) -> T:
        """Store `edit(record)`, and note that it was changed on `day`. Raises KeyError."""
        with self._files.changing():
            before = self.get(number)
            filed_on = self._filed().day(number)
            if before is None or filed_on is None:
                raise KeyError(number)
            with self._files.deciding():
                record = edit(before)
            file = self._files.made(filed_on)
            if record is before:
                file.settle()
                return record
            row = self._records.row(record, "", before, file.rows(self._table)[str(number)])
            if filed_on != day:
                self._touch(number, day)
            if self._open.is_open(record):
                self._index.file(self._table, self._filed().opening(number))
            self._put(file, filed_on, number, row, record)
            return record

    def get(self, number: int) -> T | None:
        """Return the record with this number, or None."""
        with self._files.held():
            day = self._filed().day(number)
            return self._records.get(self._files.day(day) if day else None, str(number))

    def some(self, numbers: Iterable[int], lost: Lost | None = None) -> Sequence[T]:
        """Return the records with these numbers, in that order."""
        numbers = list(numbers)
        with self._files.held():
            found = self._read(numbers, self._files.glance, lost)
        return [found[number] for number in numbers if number in found]

    def find(
        self, words: Sequence[str] = (), labels: Sequence[str] = (), lost: Lost | None = None
    ) -> Iterator[Sequence[int]]:
        """Yield the numbers of the records with all of these labels and words, newest first, a day's at a time."""
        with self._files.held():
            runs = self._filed().runs
        for run, end in _newest_first(runs):
            found: Sequence[int] = ()
            with _leaving_out(run.day, lost):
                found = self._search.numbers(run.day, words, labels, keep=run.day != runs[-1].day)
            yield [number for number in found if run.first <= number < end]

    def version(self) -> int:
        """Return how many changes were tried since the start."""
        return self._files.versions[self._table]

    def latest(self) -> int:
        """Return the highest number given out, as far as it can be read; 0 before the first."""
        with self._files.held():
            return self._latest(_pass_over)

    def _latest(self, lost: Lost) -> int:
        # A run may be listed whose first record was never stored.
        for run in reversed(self._filed().runs):
            with _leaving_out(run.day, lost):
                last = int(next(reversed(self._rows(self._files.day(run.day))), "0"))
                if last >= run.first:
                    return last
        return 0

    def _next(self, day: date) -> int:
        """Return the number for a record of this day. Raises Unreadable if the day cannot be read."""
        number = self.following()
        if self._is_taken(number, day):  # somebody put an older index in its place
            self._scan_days()
            number = self.following()
        return number

    def following(self) -> int:
        """Return the number that the next record gets, as far as the index tells. Hold the files meanwhile."""
        return max(self._following(), self._filed().given_out + 1)

    def _following(self) -> int:
        lost: list[date] = []
        latest, filed = self._latest(lost.append), self._filed()
        if not lost:
            return latest + 1
        # What was given out on a lost day is unknown, but not how far it may have gone.
        last = filed.runs[-1]
        return filed.reserved + 1 if last.day in lost else last.first

    def _is_taken(self, number: int, day: date) -> bool:
        """Return whether a record with this number is on the day, or on one from the last run's on."""
        if str(number) in self._rows(self._files.day(day)):
            return True
        runs = self._filed().runs
        for later in self._index.days(runs[-1].day if runs else date.min, date.max):
            with _leaving_out(later, _pass_over):
                if later != day and str(number) in self._rows(self._files.day(later)):
                    return True
        return False

    def open(self, lost: Lost | None = None) -> Sequence[T]:
        """Return the records that are open, lowest number first."""
        with self._files.held():
            return self._open.all(self._filed(), lost)

    def touched(self, first: date, last: date, lost: Lost | None = None) -> Sequence[T]:
        """Return the records added or changed on the days from `first` to `last`, lowest number first."""
        with self._files.held():
            days = self._index.days(first, last)
        opened = self._files.day if len(days) < KEPT_IN_MEMORY else self._files.glance
        found: dict[int, T] = {}
        changed: set[int] = set()
        for day in days:  # one after another: whoever stores something waits for no more than a day of years
            with _leaving_out(day, lost), self._files.held():
                file = opened(day)
                found.update(self._of(file))
                changed.update(self._touched_on(file))
        found |= self._read(changed - found.keys(), opened, lost)
        return [record for _, record in sorted(found.items(), key=lambda pair: pair[0])]

    def scan(self, lost: Lost | None = None) -> Iterator[T]:
        """Yield all records, newest first, with one day's file in memory at a time."""
        with self._files.held():
            runs = self._filed().runs
        for run, end in _newest_first(runs):
            pairs: list[tuple[int, T]] = []
            with self._files.held(), _leaving_out(run.day, lost):
                pairs += self._of(self._files.glance(run.day))
            for number, record in reversed(pairs):
                if run.first <= number < end:
                    yield record

    def _filed(self) -> Filed:
        return self._index.filed(self._table) or Filed()

    def _rows(self, file: TableFile | None) -> dict[str, Row]:
        return file.rows(self._table) if file else {}

    def _of(self, file: TableFile | None) -> Iterator[tuple[int, T]]:
        return ((int(name), record) for name, record in self._records.all(file).items())

    def _read(
        self, numbers: Iterable[int], opened: Callable[[date], TableFile | None], lost: Lost | None
    ) -> dict[int, T]:
        """Return the records with these numbers, each day's read from what `opened` gives for it."""
        found: dict[int, T] = {}
        for day, of_day in itertools.groupby(sorted(numbers), self._filed().day):
            with _leaving_out(day, lost), self._files.held():
                file = opened(day) if day else None
                records = {number: self._records.get(file, str(number)) for number in of_day}
                found |= {number: record for number, record in records.items() if record is not None}
        return found

    def _with_key(self, day: date, key: str) -> T | None:
        for near in (day, day - timedelta(days=1), day + timedelta(days=1)):
            with _leaving_out(near, _pass_over):
                file = self._files.day(near)
                if file and (name := file.named(self._table, key)):
                    return self._records.get(file, name)
        return None

    def _put(self, file: TableFile, day: date, number: int, row: Row, record: T) -> None:
        try:
            file.put(self._table, str(number), row, record)
        finally:
            self._files.versions[self._table] += 1
        self._open.note(day, file, number, record)

    def _touch(self, number: int, day: date) -> None:
        file = self._files.made(day)
        numbers = self._touched_on(file)
        if number in numbers:
            file.settle()
        else:
            file.put(TOUCHED, self._table, {"record": msgspec.Raw(msgspec.json.encode([*numbers, number]))})

    def _touched_on(self, file: TableFile | None) -> list[int]:
        row = file.row(TOUCHED, self._table) if file else None
        return msgspec.json.decode(row["record"], type=list[int]) if row else []

    def _scan_days(self) -> None:
        """Read off the day files what the index does not tell: the table is new, or the index was lost."""
        numbers: dict[date, list[int] | None] = {}
        maybe_open: list[int] = []
        for day in self._index.all_days():
            numbers[day] = None
            with _leaving_out(day, _pass_over):
                rows = self._rows(self._files.glance(day))
                numbers[day] = list(map(int, rows))
                maybe_open += [int(name) for name, row in rows.items() if self._may_be_open(name, row)]
        found = filed_by(numbers, maybe_open)
        self._index.learn(self._table, msgspec.structs.replace(found, given_out=self._filed().given_out))

    def _may_be_open(self, name: str, row: Row) -> bool:
        try:
            return self._open.is_open(self._records.read(name, row))
        except Unreadable:
            return True


def _newest_first(runs: Sequence[Run]) -> Iterator[tuple[Run, float]]:
    """Yield the runs, the last one first, each with the number at which it ends."""
    ends = (*(run.first for run in runs[1:]), math.inf)
    return reversed(list(zip(runs, ends, strict=False)))


@contextmanager
def _leaving_out(day: date | None, lost: Lost | None) -> Iterator[None]:
    """Read a day in here: if it is damaged in both copies, tell `lost` and go on; raise BothDamaged if that is None."""
    try:
        yield
    except BothDamaged:
        if lost is None or day is None:
            raise
        lost(day)


def _pass_over(day: date) -> None:
    """Pass over a damaged day that is not missed."""
