"""The embedded store as a place that records are moved from, or to."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from opsdesk.errors import SettingsError
from opsdesk.files import make_folder, sync_folder
from opsdesk.store.interface import NO_FIELDS
from opsdesk.store.marks import Mark
from opsdesk.store.rows import DayRows
from opsdesk.store.tinydb import whole_days
from opsdesk.store.tinydb.copies import Copies, Roots, Tell
from opsdesk.store.tinydb.files import DAYS, INDEX, PASSING, UNDATED, DayFiles, days_in, name_of
from opsdesk.store.tinydb.folder_lock import FolderLock
from opsdesk.store.tinydb.folder_mark import MARK, mark_of, write_mark
from opsdesk.store.tinydb.numbered import EmbeddedNumberedTable
from opsdesk.store.tinydb.sealed import Tables


class AnyRecord(msgspec.Struct, frozen=True):
    """A record of any kind: what is moved is not looked at."""


@contextmanager
def source(roots: Roots, tell: Tell, numbered: Collection[str]) -> Iterator["FolderSource"]:
    """Hold a state folder that records are moved from; `numbered` names numbered tables that its index may not know.

    Raises a SettingsError if a desk has it.
    """
    if not roots.first.is_dir():
        raise SettingsError([f"There is no folder {roots.first}. Name the desk's in DESK_STATE_DIR."])
    with _locked(roots.first) as lock:
        yield FolderSource(roots, lock, tell, numbered)


@contextmanager
def destination(roots: Roots, tell: Tell) -> Iterator["FolderDestination"]:
    """Hold a state folder that records are moved to, made if it is missing. Raises a SettingsError if a desk has it."""
    make_folder(roots.first)
    with _locked(roots.first):
        yield FolderDestination(roots, tell)


@contextmanager
def _locked(folder: Path) -> Iterator[FolderLock]:
    lock = FolderLock(folder)
    try:
        yield lock
    finally:
        lock.release()


class FolderSource:
    """A state folder that records are moved from."""

    def __init__(self, roots: Roots, lock: FolderLock, tell: Tell, numbered: Collection[str]) -> None:
        self.name = str(roots.first.resolve())
        self._folder, self._files = roots.first, DayFiles(roots, tell, lock)
        self._numbered = {*numbered, *self._files.index.tables()}

    def mark(self) -> Mark | None:
        """Return the mark on the folder."""
        return mark_of(self._folder)

    def days(self) -> Sequence[date | None]:
        """Return the days that the index lists, and None."""
        return [*self._files.index.all_days(), None]

    def read(self, day: date | None) -> DayRows:
        """Return the rows of a day. A damaged copy is mended from the other on the way. Raises Unreadable."""
        with self._files.held():
            if day:
                return whole_days.rows_of(self._files.glance(day).tables(), self._numbered)
            return whole_days.rows_of(self._files.undated.tables(), (), self._files.passing().tables())

    def last_numbers(self) -> Mapping[str, int]:
        """Return the numbers before those that the next records would get here."""
        tables: dict[str, EmbeddedNumberedTable[Any]] = {
            name: EmbeddedNumberedTable(self._files, name, AnyRecord, lambda record: True, NO_FIELDS)
            for name in sorted(self._numbered)
        }
        with self._files.held():
            return {name: table.following() - 1 for name, table in tables.items()}

    def leave(self, mark: Mark) -> None:
        """Mark the folder: nothing was changed in it, it is locked."""
        write_mark(self._folder, mark)


class FolderDestination:
    """A state folder that records are moved to."""

    def __init__(self, roots: Roots, tell: Tell) -> None:
        self.name = str(roots.first.resolve())
        self._roots, self._tell = roots, tell
        self._numbered: Collection[str] = ()
        self._listing = whole_days.GatheredDays()

    def mark(self) -> Mark | None:
        """Return the mark on the folder."""
        return mark_of(self._roots.first)

    def is_empty(self) -> bool:
        """Return whether there is none of the files that a desk keeps."""
        roots = (self._roots.first, self._roots.second)
        return not any((root / name).exists() for root in roots for name in (DAYS, INDEX, UNDATED, PASSING))

    def expect(self, mark: Mark, numbered: Collection[str]) -> None:
        """Mark the folder as one to which records are moved. Raises an OSError."""
        self._numbered = numbered
        write_mark(self._roots.first, mark)
        make_folder(self._roots.first / DAYS)

    def days(self) -> Sequence[date | None]:
        """Return the days that have a file, and None."""
        return [*sorted(days_in(self._roots.first / DAYS)), None]

    def read(self, day: date | None) -> DayRows:
        """Return the rows of a day, read from the disk. Raises Unreadable."""
        if day:
            return whole_days.rows_of(self._tables(name_of(day)), self._numbered)
        return whole_days.rows_of(self._tables(UNDATED), (), self._tables(PASSING))

    def write(self, day: date | None, rows: DayRows) -> None:
        """Write the file of a day; of what belongs to no day, two. Raises NotStored."""
        if day:
            self._save(name_of(day), whole_days.tables_of(rows))
            return
        for name, part in zip((UNDATED, PASSING), whole_days.passing_apart(rows), strict=True):
            self._save(name, whole_days.tables_of(part))

    def arrived(self, day: date | None, rows: DayRows) -> None:
        """Note the numbers of a day."""
        if day:
            self._listing.add(day, rows)

    def finish(self, last_numbers: Mapping[str, int]) -> None:
        """Write the index, and a file for what belongs to no day even if nothing does. Raises NotStored."""
        if not self._copies(UNDATED).exist():
            self._save(UNDATED, {})
        self._save(INDEX, self._listing.tables(last_numbers))

    def arrive(self) -> None:
        """Take the mark away. Raises an OSError."""
        (self._roots.first / MARK).unlink(missing_ok=True)
        sync_folder(self._roots.first)

    def _tables(self, name: str) -> Tables:
        copies = self._copies(name)
        return copies.load().content.tables if copies.exist() else {}

    def _save(self, name: str, tables: Tables) -> None:
        self._copies(name).save(tables, 1)

    def _copies(self, name: str) -> Copies:
        return Copies(self._roots, name, name, self._tell)
