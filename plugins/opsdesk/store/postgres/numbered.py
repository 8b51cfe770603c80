"""NumberedTable records in PostgreSQL."""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Generic, TypeVar

import msgspec

from opsdesk.store.interface import Lost, Refuse, SearchFields
from opsdesk.store.json_records import JsonRecords
from opsdesk.store.postgres.keys import as_bytes, as_pattern, as_text, is_indexed
from opsdesk.store.postgres.transactions import Answers, Statement, Transactions
from opsdesk.store.postgres.versions import Versions

T = TypeVar("T", bound=msgspec.Struct)

HIGHEST = 2**63 - 1  # a bigint
BATCH = 500  # records read at a time
UNINDEXED = "(words || '')"
FIRST_SPAN, LONGEST_SPAN = 2_000, 100_000  # numbers looked through in one query


class PostgresNumberedTable(Generic[T]):
    """The numbered records called `table`; see NumberedTable for what its methods promise."""

    def __init__(
        self,
        transactions: Transactions,
        versions: Versions,
        table: str,
        records: JsonRecords[T],
        is_open: Callable[[T], bool],
        search: SearchFields[T],
    ) -> None:
        self._transactions, self._versions, self._table = transactions, versions, table
        self._records, self._is_open, self._search = records, is_open, search

    def add(self, day: date, make: Callable[[int], T], *, key: str = "", refuse: Refuse | None = None) -> T:
        """Store `make(number)` under the next number, or return the record added with this key around `day`."""

        def decide(answers: Answers) -> tuple[T, Statement | None]:
            ((number,),), ((open_now, *known),) = answers
            if known and known[0] is not None:
                return self._read(*known), None
            with self._transactions.deciding():
                if refuse:
                    refuse(open_now)
                record = make(number)
            return record, self._insert(number, day, record, key)

        return self._change(self._count_on(day, key), decide)

    def change(self, number: int, day: date, edit: Callable[[T], T]) -> T:
        """Store `edit(record)`, and note that it was changed on `day`. Raises KeyError."""

        def decide(answers: Answers) -> tuple[T, Statement | None]:
            if not answers[0]:
                raise KeyError(number)
            ((filed_on, stored),) = answers[0]
            before = self._records.read(str(number), stored)
            with self._transactions.deciding():
                record = edit(before)
            if record is before:
                return record, None
            update = self._update(number, record, stored.encode(), before)
            return record, update if filed_on == day else update.then(self._touch(number, day))

        if not 0 < number <= HIGHEST:
            raise KeyError(number)
        query = "select day, record::text from desk_numbered where tbl = %s and number = %s for update"
        return self._change(Statement(query, (self._table, number)), decide)

    def get(self, number: int) -> T | None:
        """Return the record with this number, or None."""
        return next(iter(self.some([number])), None)

    def some(self, numbers: Iterable[int], lost: Lost | None = None) -> Sequence[T]:
        """Return the records with these numbers, in that order."""
        asked = [number for number in numbers if 0 < number <= HIGHEST]
        found = {int(number): self._read(number, text) for number, text in self._rows("number = any(%s)", asked)}
        return [found[number] for number in asked if number in found]

    def latest(self) -> int:
        """Return the highest number given out; 0 before the first."""
        query = "select last from desk_counter where tbl = %s"
        rows = self._transactions.read(Statement(query, (self._table,)))
        return int(rows[0][0]) if rows else 0

    def open(self, lost: Lost | None = None) -> Sequence[T]:
        """Return the records that are open, lowest number first."""
        records = [self._read(*row) for row in self._rows("is_open")]
        return [record for record in records if self._is_open(record)]

    def touched(self, first: date, last: date, lost: Lost | None = None) -> Sequence[T]:
        """Return the records added or changed on the days from `first` to `last`, lowest number first."""
        changed = "select number from desk_touched where tbl = %s and day between %s::date and %s::date"
        filed = "select number from desk_numbered where tbl = %s and day between %s::date and %s::date"
        days = (self._table, first.isoformat(), last.isoformat())
        return [self._read(*row) for row in self._rows(f"number in ({changed} union {filed})", *days, *days)]

    def scan(self, lost: Lost | None = None) -> Iterator[T]:
        """Yield all records, newest first, a batch of them read at a time."""
        before = self.latest() + 1
        while rows := self._rows(f"number < %s order by number desc limit {BATCH}", before):
            for number, text in rows:
                yield self._read(number, text)
            before = int(rows[-1][0])

    def find(
        self, words: Sequence[str] = (), labels: Sequence[str] = (), lost: Lost | None = None
    ) -> Iterator[Sequence[int]]:
        """Yield the numbers of the records with all of these labels and words, newest first, a span at a time."""
        self._search_anew()
        end, span = self.latest() + 1, FIRST_SPAN
        while end > 1:
            first = max(1, end - span)
            yield self._found(first, end, words, labels)
            end, span = first, min(span * 4, LONGEST_SPAN)

    def version(self) -> int:
        """Return how many changes of the table are known of."""
        return self._versions.of(self._table)

    def _found(self, first: int, end: int, words: Sequence[str], labels: Sequence[str]) -> list[int]:
        labelled = " and labels @> %s::text[]" if labels else ""
        likes = "".join(f" and {'words' if is_indexed(word) else UNINDEXED} like %s" for word in words)
        query = (
            "select number from desk_numbered where tbl = %s and number >= %s and number < %s"
            f"{labelled}{likes} order by number desc"
        )
        of_labels = [list(map(as_text, labels))] if labels else []
        wanted = (self._table, first, end, *of_labels, *map(as_pattern, words))
        return [int(number) for (number,) in self._transactions.read(Statement(query, wanted))]

    def _search_anew(self) -> None:
        """Work out again what is searched of records that were stored with older fields."""
        older = Statement(
            f"select number, record::text from desk_numbered where tbl = %s and searched < %s limit {BATCH} for update",
            (self._table, self._search.version),
        )

        def decide(answers: Answers) -> tuple[bool, Statement | None]:
            updates = [self._searched(int(number), self._read(number, text)) for number, text in answers[0]]
            return bool(updates), functools.reduce(Statement.then, updates) if updates else None

        if self._rows("searched < %s limit 1", self._search.version):
            while self._transactions.change(f"what is searched of {self._table}", older, decide)[0]:
                pass

    def _searched(self, number: int, record: T) -> Statement:
        query = "update desk_numbered set words = %s, labels = %s, searched = %s where tbl = %s and number = %s"
        return Statement(query, (*self._fields(record), self._table, number))

    def _fields(self, record: T) -> tuple[str, list[str], int]:
        labels = list(map(as_text, self._search.labels(record)))
        return as_text(self._search.text(record)), labels, self._search.version

    def _count_on(self, day: date, key: str) -> Statement:
        """Return what takes the next number and, in statements that begin once it is locked, looks at what is there."""
        next_one = (
            "insert into desk_counter values (%s, 1) "
            "on conflict (tbl) do update set last = desk_counter.last + 1 returning last"
        )
        lock = Statement(next_one, (self._table,))
        count = "select count(*) from desk_numbered where tbl = %s and is_open"
        if not key:
            return lock.then(Statement(count, (self._table,)))
        near = [(day + timedelta(days=later)).isoformat() for later in (0, -1, 1)]
        known = (
            "select number, record::text as text from desk_numbered where tbl = %s and key = %s "
            "and day = any(%s::date[]) order by day <> %s::date, day limit 1"
        )
        query = f"select open.count, one.number, one.text from ({count}) open left join lateral ({known}) one on true"
        return lock.then(Statement(query, (self._table, self._table, as_bytes(key), near, near[0])))

    def _insert(self, number: int, day: date, record: T, key: str) -> Statement:
        written = self._records.written(record, key).decode()
        query = "insert into desk_numbered values (%s, %s, %s::date, %s, %s, %s::json, %s, %s::text[], %s)"
        row = (number, day.isoformat(), self._is_open(record), as_bytes(key) if key else None, written)
        return Statement(query, (self._table, *row, *self._fields(record)))

    def _update(self, number: int, record: T, stored: bytes, before: T) -> Statement:
        written = self._records.written(record, "", stored, before).decode()
        query = (
            "update desk_numbered set record = %s::json, is_open = %s, words = %s, labels = %s, searched = %s "
            "where tbl = %s and number = %s"
        )
        fields = (written, self._is_open(record), *self._fields(record))
        return Statement(query, (*fields, self._table, number))

    def _touch(self, number: int, day: date) -> Statement:
        query = "insert into desk_touched values (%s, %s::date, %s) on conflict do nothing"
        return Statement(query, (self._table, day.isoformat(), number))

    def _rows(self, where: str, *params: object) -> list[tuple[int, str]]:
        order = "" if "limit" in where else " order by number"
        query = f"select number, record::text from desk_numbered where tbl = %s and {where}{order}"
        return [(row[0], row[1]) for row in self._transactions.read(Statement(query, (self._table, *params)))]

    def _read(self, number: int, text: str) -> T:
        return self._records.read(str(number), text)

    def _change(self, lock: Statement, decide: Callable[[Answers], tuple[T, Statement | None]]) -> T:
        record, version = self._transactions.change(self._table, lock, decide)
        self._versions.learn(self._table, version)
        return record
