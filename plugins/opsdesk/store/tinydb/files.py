"""The files of the state folder: one for each day, one for what belongs to no day, and the index of the days."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from opsdesk.errors import UserError
from opsdesk.files import Stamp, explain, make_folder, stamp_of
from opsdesk.store.interface import NotStored, Unreadable
from opsdesk.store.tinydb import index
from opsdesk.store.tinydb.copies import BothDamaged, Copies, Roots, Tell, second_unread
from opsdesk.store.tinydb.folder_lock import FolderLock
from opsdesk.store.tinydb.recent import RecentDays
from opsdesk.store.tinydb.tables import Stretch, TableFile

DAYS = "days"
SEARCH = "search"
UNDATED = "undated.json"
PASSING = "passing.json"
INDEX = "index.json"


class DayFiles:
    """The files, under one lock: enter `held` around whatever you ask of them."""

    def __init__(self, roots: Roots, tell: Tell, folder_lock: FolderLock) -> None:
        self._roots, self._tell, self._folder_lock = roots, tell, folder_lock
        self._lock, self._process, self._closed, self._deciding = threading.RLock(), os.getpid(), False, False
        self.versions: Counter[str] = Counter()  # changes of each table since the start, also those that failed
        self._recent, self._stretch = RecentDays(), Stretch()
        make_folder(roots.first / DAYS)
        self.undated = TableFile(self._copies(UNDATED, "What belongs to no day"), self._stretch)
        self._passing_copies = self._copies(PASSING, "What matters for minutes", made_anew=True)
        self._passing = TableFile(self._passing_copies, self._stretch)
        self.index = self._opened_index()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock. Raises NotStored in a fork of the process and after `close`."""
        if os.getpid() != self._process:
            # The lock on the folder is the parent's, and another thread may have held ours when the process forked.
            raise NotStored("Nothing was stored: this process is a copy of the desk's.")
        with self._lock:
            if self._closed:
                raise NotStored("Nothing was stored: the desk is stopping.")
            if self._deciding:
                raise RuntimeError("What decides on a change must not call the store.")
            begun = self._stretch.begin()
            try:
                yield
            finally:
                if begun:
                    self._stretch.end()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock for a change. Raises NotStored as `held` does, and if the folder is no longer this desk's."""
        with self.held():
            self._folder_lock.ensure()
            yield

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Call what decides on a change in here: if it calls the store, that raises a RuntimeError."""
        self._deciding = True
        try:
            yield
        finally:
            self._deciding = False

    def close(self) -> None:
        """Wait until nobody holds the lock, then let nobody hold it again. In a fork of the process, do nothing."""
        if os.getpid() != self._process:
            return
        with self._lock:
            self._closed = True
            self._recent.clear()

    def day(self, day: date) -> TableFile | None:
        """Return the day's file, kept in memory for a while; None if the day has none."""
        return self._kept(day) if self.index.has(day) else None

    def passing(self) -> TableFile:
        """Return the file of the passing tables, begun anew if there is none that can be read. Raises NotStored."""
        try:
            self._passing.empty()
        except BothDamaged:
            self._begin_passing_anew()
        return self._passing

    def glance(self, day: date) -> TableFile:
        """Return the file of a listed day, not kept in memory on its account: for reading through history."""
        return self._recent.get(day) or self._file(day)

    def stamp(self, day: date) -> Stamp | None:
        """Return the stamp of the day's file as it is on the disk; None without one."""
        return self.stamp_of(name_of(day))

    def names(self) -> list[str]:
        """Return the names of the files that hold what is to be kept, below either root, oldest day first."""
        return [*(name_of(day) for day in self.index.all_days()), UNDATED, INDEX]

    def stamp_of(self, name: str) -> Stamp | None:
        """Return the stamp of a file as it is on the disk, by its name; None without one."""
        return stamp_of(f"{self._roots.first}/{name}")

    def whole(self, name: str) -> bytes:
        """Return the bytes of a file, by its name, from whichever copy is whole and newer. Raises Unreadable."""
        return self._copies(name, name).whole()

    def search_path(self, table: str, day: date) -> str:
        """Return where the day's search file for a table is kept, if there is one.

        It is a text, as the stamps are asked for by one: a Path for each of a thousand days leaves Python's table of
        names twice as large for ever.
        """
        return f"{self._roots.first}/{SEARCH}/{table}/{day.isoformat()}.txt"

    def made(self, day: date) -> TableFile:
        """Return the day's file, made and listed if the day has none. Raises NotStored."""
        if not self.index.has(day):
            # The file comes first: a day that is listed has one, so that two missing copies are never taken for none.
            file = self._file(day)
            if not file.make():
                file.settle()
            self.index.list_day(day)
            return self._recent.keep(day, file)
        return self._kept(day)

    def _begin_passing_anew(self) -> None:
        if self._passing_copies.exist():
            self._tell(f"{PASSING} was damaged in both copies and begins anew, without what was in it.")
            self._set_aside(self._passing_copies, PASSING)
        self._passing.make()

    def _kept(self, day: date) -> TableFile:
        return self._recent.get(day) or self._recent.keep(day, self._file(day))

    def _file(self, day: date) -> TableFile:
        return TableFile(self._copies(name_of(day), f"What was stored on {day.isoformat()}"), self._stretch)

    def _copies(self, name: str, called: str, *, made_anew: bool = False) -> Copies:
        return Copies(self._roots, name, called, self._tell, made_anew=made_anew)

    def _opened_index(self) -> index.Index:
        copies = self._copies(INDEX, "The index", made_anew=True)
        file, found = TableFile(copies, self._stretch), self._found_days()
        if not copies.exist() and not self._unlisted(found, index.Content()):
            if not self.undated.make():
                self.undated.settle()
            file.make()
        try:
            content = index.read(file)
            unlisted = self._unlisted(found, content)
            if not file.restored() and not any(map(self._holds_something, unlisted)):
                return index.Index(file, content)
        except BothDamaged:
            content = index.Content()
            self._set_aside(copies, "index")
        return self._index_anew(file, {*content.days, *self._unlisted(found, content)})

    def _index_anew(self, file: TableFile, days: set[date]) -> index.Index:
        """Return an index of every day there is. Each table finds out what is filed where when it is asked for."""
        self._tell("The index was lost or outdated; it is made anew from the stored days.")
        made = index.Index(file, index.Content(tuple(sorted(days))))
        try:
            made.store()
            if self.undated.make():
                self._tell(f"{UNDATED} was lost with it: what belongs to no day begins anew, without anything.")
        except UserError as refusal:
            self._tell(f"The index could not be stored yet. {refusal}")
        return made

    def _set_aside(self, copies: Copies, name: str) -> None:
        try:
            copies.set_aside()
        except OSError as error:
            self._tell(f"The damaged {name} could not be set aside: {explain(error)}.")

    def _unlisted(self, found: Counter[date], content: index.Content) -> set[date]:
        """Return the days with files that the index does not list, without those whose only file is damaged."""
        unlisted = found.keys() - set(content.days)
        return {day for day in unlisted if found[day] > 1 or self._is_one(day)}

    def _holds_something(self, day: date) -> bool:
        try:
            return not self._file(day).empty()
        except Unreadable:
            return True

    def _found_days(self) -> Counter[date]:
        """Return how many files there are of each day, whatever they hold."""
        first = days_in(self._roots.first / DAYS)
        try:
            return first + days_in(self._roots.second / DAYS)
        except OSError as error:
            if not first:
                raise
            self._tell(second_unread(self._roots, error))
            return first + first

    def _is_one(self, day: date) -> bool:
        try:
            self._file(day).empty()
        except BothDamaged:
            return False
        except Unreadable:
            pass
        return True


def name_of(day: date) -> str:
    """Return the name of a day's file."""
    return f"{DAYS}/{day.isoformat()}.json"


def days_in(folder: Path) -> Counter[date]:
    """Return the days with a file in a folder, each once, whatever the file holds."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return Counter()
    return Counter(day for name in names if (day := _day(name)) is not None)


def _day(name: str) -> date | None:
    stem = name.removesuffix(".json")
    try:
        day = date.fromisoformat(stem)
    except ValueError:
        return None
    return day if name == f"{day}.json" else None
