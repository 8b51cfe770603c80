"""KeyedTable records in PostgreSQL."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Generic, TypeVar

import msgspec

from opsdesk.store.json_records import JsonRecords
from opsdesk.store.postgres.keys import as_bytes, as_day, lock_of
from opsdesk.store.postgres.transactions import Answers, Decide, Statement, Transactions
from opsdesk.store.postgres.versions import Versions

T = TypeVar("T", bound=msgspec.Struct)
R = TypeVar("R")

ALL = "select key, record::text from desk_kept where tbl = %s and day = %s::date order by seq"
ONE = "select key, record::text from desk_kept where tbl = %s and day = %s::date and key = %s"


class PostgresKeyedTable(Generic[T]):
    """The keyed records called `table`; see KeyedTable for what its methods promise.

    Who changes one record shares the lock of its day with others; who decides on all of a day has that lock alone.
    """

    def __init__(self, transactions: Transactions, versions: Versions, table: str, records: JsonRecords[T]) -> None:
        self._transactions, self._versions = transactions, versions
        self._table, self._records = table, records

    def get(self, day: date | None, key: str) -> T | None:
        """Return the record, or None."""
        rows = self._transactions.read(Statement(ONE, (self._table, as_day(day), as_bytes(key))))
        return self._read(rows).get(key)

    def all(self, day: date | None) -> Mapping[str, T]:
        """Return the records of a day, or those of no day, by key."""
        return self._read(self._transactions.read(Statement(ALL, (self._table, as_day(day)))))

    def change(self, day: date | None, key: str, edit: Callable[[T | None], T]) -> T:
        """Store `edit(record or None)`, and return it."""

        def decide(answers: Answers) -> tuple[T, Statement | None]:
            rows = answers[-1]
            before = self._read(rows).get(key)
            with self._transactions.deciding():
                record = edit(before)
            return record, None if record is before else self._put(day, key, record, rows)

        query = "select pg_advisory_xact_lock_shared(%s), pg_advisory_xact_lock(%s)"
        lock = Statement(query, (self._lock(day), self._lock(day, key)))
        return self._change(lock.then(Statement(ONE, (self._table, as_day(day), as_bytes(key)))), decide)

    def decide(self, day: date | None, choose: Callable[[Mapping[str, T]], tuple[str, T]]) -> T:
        """Store the record that `choose` makes of all records of the day, under the key it gives."""

        def decide(answers: Answers) -> tuple[T, Statement | None]:
            before = self._read(answers[-1])
            with self._transactions.deciding():
                key, record = choose(before)
            rows = [row for row in answers[-1] if bytes(row[0]) == as_bytes(key)]
            return record, None if record is before.get(key) else self._put(day, key, record, rows)

        return self._change(self._lock_all(day), decide)

    def forget(self, day: date | None, is_old: Callable[[T], bool]) -> None:
        """Remove the records that are old."""

        def decide(answers: Answers) -> tuple[None, Statement | None]:
            records = self._read(answers[-1])
            with self._transactions.deciding():
                old = [as_bytes(key) for key, record in records.items() if is_old(record)]
            query = "delete from desk_kept where tbl = %s and day = %s::date and key = any(%s::bytea[])"
            return None, Statement(query, (self._table, as_day(day), old)) if old else None

        self._change(self._lock_all(day), decide)

    def version(self) -> int:
        """Return how many changes of the table are known of."""
        return self._versions.of(self._table)

    def _put(self, day: date | None, key: str, record: T, rows: list[tuple[object, ...]]) -> Statement:
        stored = str(rows[0][1]).encode() if rows else b""
        written = self._records.written(record, key, stored).decode()
        query = (
            "insert into desk_kept (tbl, day, key, record) values (%s, %s::date, %s, %s::json) "
            "on conflict (tbl, day, key) do update set record = excluded.record"
        )
        return Statement(query, (self._table, as_day(day), as_bytes(key), written))

    def _read(self, rows: list[tuple[object, ...]]) -> dict[str, T]:
        named = ((bytes(key).decode(), str(text)) for key, text in rows)  # type: ignore[call-overload]
        return {key: self._records.read(key, text) for key, text in named}

    def _lock_all(self, day: date | None) -> Statement:
        lock = Statement("select pg_advisory_xact_lock(%s)", (self._lock(day),))
        return lock.then(Statement(ALL, (self._table, as_day(day))))

    def _lock(self, day: date | None, *key: str) -> int:
        return lock_of(self._transactions.place, self._table, as_day(day), *key)

    def _change(self, lock: Statement, decide: Decide[R]) -> R:
        result, version = self._transactions.change(self._table, lock, decide)
        self._versions.learn(self._table, version)
        return result
