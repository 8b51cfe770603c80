"""The embedded store: records in TinyDB files below the state folder."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
from tinydb import TinyDB, where

from opsdesk.store.interface import Kept, Numbered, Store

T = TypeVar("T", bound=msgspec.Struct)


def open_store(state_dir: Path, mirror_dir: Path | None = None) -> Store:
    """The store in this folder, which is made if it is missing."""
    return EmbeddedStore(state_dir)


class EmbeddedStore:
    """One TinyDB file and one lock."""

    def __init__(self, state_dir: Path) -> None:
        state_dir.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self.file = TinyDB(state_dir / "store.json")

    def numbered(self, table: str, kind: type[T], is_open: Callable[[T], bool]) -> Numbered[T]:
        return NumberedTable(self, table, kind, is_open)

    def kept(self, table: str, kind: type[T]) -> Kept[T]:
        return KeptTable(self, table, kind)

    def warnings(self) -> Sequence[str]:
        return ()

    def close(self) -> None:
        self.file.close()


class NumberedTable(Generic[T]):
    """Rows of number, days and record."""

    def __init__(self, store: EmbeddedStore, table: str, kind: type[T], is_open: Callable[[T], bool]) -> None:
        self._lock, self._rows = store.lock, store.file.table(table, cache_size=0)
        self._kind, self._is_open = kind, is_open

    def add(self, day: date, make: Callable[[int], T], *, key: str = "") -> T:
        with self._lock:
            if key and (found := self._rows.get(where("key") == key)):
                return self._record(found)
            number = self.latest() + 1
            record = make(number)
            row = {"day": day.isoformat(), "touched": [], "key": key, "record": msgspec.to_builtins(record)}
            if self._rows.insert(row) != number:
                raise AssertionError("numbers and rows differ")
            return record

    def change(self, number: int, day: date, edit: Callable[[T], T]) -> T:
        with self._lock:
            row = self._rows.get(doc_id=number)
            if row is None:
                raise KeyError(number)
            record = edit(self._record(row))
            touched = sorted({*row["touched"], day.isoformat()})
            self._rows.update({"touched": touched, "record": msgspec.to_builtins(record)}, doc_ids=[number])
            return record

    def get(self, number: int) -> T | None:
        with self._lock:
            row = self._rows.get(doc_id=number)
            return None if row is None else self._record(row)

    def latest(self) -> int:
        with self._lock:
            return len(self._rows)

    def open(self) -> Sequence[T]:
        return [record for record in self.scan(newest_first=False) if self._is_open(record)]

    def touched(self, first: date, last: date) -> Sequence[T]:
        low, high = first.isoformat(), last.isoformat()
        with self._lock:
            rows = list(self._rows)
        return [self._record(row) for row in rows if any(low <= day <= high for day in (row["day"], *row["touched"]))]

    def scan(self, *, newest_first: bool = True) -> Iterator[T]:
        with self._lock:
            rows = list(self._rows)
        return (self._record(row) for row in (reversed(rows) if newest_first else rows))

    def _record(self, row: Any) -> T:
        return msgspec.convert(row["record"], self._kind)


class KeptTable(Generic[T]):
    """Rows of day, key and record."""

    def __init__(self, store: EmbeddedStore, table: str, kind: type[T]) -> None:
        self._lock, self._rows, self._kind = store.lock, store.file.table(table, cache_size=0), kind

    def get(self, day: date | None, key: str) -> T | None:
        return self.all(day).get(key)

    def change(self, day: date | None, key: str, edit: Callable[[T | None], T]) -> T:
        with self._lock:
            record = edit(self.get(day, key))
            row = {"day": day and day.isoformat(), "key": key, "record": msgspec.to_builtins(record)}
            self._rows.upsert(row, (where("day") == row["day"]) & (where("key") == key))
            return record

    def all(self, day: date | None) -> dict[str, T]:
        with self._lock:
            rows = self._rows.search(where("day") == (day and day.isoformat()))
        return {row["key"]: self._record(row) for row in rows}

    def between(self, first: date, last: date) -> Iterator[tuple[date, str, T]]:
        with self._lock:
            rows = [row for row in self._rows if row["day"] and first.isoformat() <= row["day"] <= last.isoformat()]
        for row in sorted(rows, key=lambda row: str(row["day"])):
            yield date.fromisoformat(row["day"]), row["key"], self._record(row)

    def _record(self, row: Any) -> T:
        return msgspec.convert(row["record"], self._kind)
