"""The files of the state folder: one for each day, one for what belongs to no day, and the index of the days."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from cachetools import LRUCache

from opsdesk.errors import Refusal
from opsdesk.store import index
from opsdesk.store.copies import BothDamaged, Copies, Roots, Tell
from opsdesk.store.interface import NotStored, Unreadable
from opsdesk.store.replace import reason
from opsdesk.store.tables import TableFile

DAYS = "days"
UNDATED = "undated.json"
INDEX = "index.json"
KEPT_IN_MEMORY = 16  # days: today and those with open records stay in memory, history does not


class DayFiles:
    """The files, under one lock. `held` is to be entered around whatever is asked of them."""

    def __init__(self, roots: Roots, tell: Tell) -> None:
        self._roots, self._tell = roots, tell
        self._lock, self._process, self._closed = threading.RLock(), os.getpid(), False
        self._recent: LRUCache[date, TableFile] = LRUCache(KEPT_IN_MEMORY)
        (roots.first / DAYS).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.undated = TableFile(self._copies(UNDATED, "What belongs to no day"))
        self.index = self._opened_index()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Holds the lock. Raises NotStored in a fork of the process and after `close`."""
        if os.getpid() != self._process:
            # The lock on the folder is the parent's, and another thread may have held ours when the process forked.
            raise NotStored("Nothing was stored: this process is a copy of the desk's.")
        with self._lock:
            if self._closed:
                raise NotStored("Nothing was stored: the desk is stopping.")
            yield

    def close(self) -> None:
        """Lets nobody in any more, once whoever is in has left."""
        with self._lock:
            self._closed = True
            self._recent.clear()

    def day(self, day: date) -> TableFile | None:
        """The day's file, kept in memory for a while; None if the day has none."""
        if not self.index.has(day):
            return None
        if day not in self._recent:
            self._recent[day] = self._file(day)
        return self._recent[day]

    def passing(self, day: date) -> TableFile:
        """The file of a listed day, not kept in memory on its account: for reading through history."""
        return self._recent.get(day) or self._file(day)

    def made(self, day: date) -> TableFile:
        """The day's file, made and listed if the day has none. Raises NotStored."""
        if not self.index.has(day):
            # The file comes first: a day that is listed has one, so that two missing copies are never taken for none.
            self._file(day).make()
            self.index.list_day(day)
        file = self.day(day)
        assert file is not None
        return file

    def _file(self, day: date) -> TableFile:
        return TableFile(self._copies(f"{DAYS}/{day.isoformat()}.json", f"What was stored on {day.isoformat()}"))

    def _copies(self, name: str, called: str) -> Copies:
        return Copies(self._roots, name, called, self._tell)

    def _opened_index(self) -> index.Index:
        copies = self._copies(INDEX, "The index")
        file = TableFile(copies)
        if not copies.exist() and not self._found_days():
            self.undated.make()
            file.make()
        try:
            content = index.read(file)
            if not file.restored() and not self._unlisted(content):
                return index.Index(file, content)
        except BothDamaged:
            content = index.Content()
            self._set_aside(copies)
        return self._index_anew(file, content)

    def _index_anew(self, file: TableFile, outdated: index.Content) -> index.Index:
        """An index of every day there is; what is filed where, the tables find out when they are asked for."""
        self._tell("The index was lost or outdated; it is made anew from the stored days.")
        days = tuple(sorted({*outdated.days, *self._found_days()}))
        made = index.Index(file, index.Content(days))
        try:
            made.store()
        except Refusal as refusal:
            self._tell(f"The index could not be stored yet. {refusal}")
        return made

    def _set_aside(self, copies: Copies) -> None:
        try:
            copies.set_aside()
        except OSError as error:
            self._tell(f"The damaged index could not be set aside: {reason(error)}.")

    def _unlisted(self, content: index.Content) -> bool:
        """Whether there are records of days that the index does not list."""
        return any(self._holds_something(day) for day in self._found_days() - set(content.days))

    def _holds_something(self, day: date) -> bool:
        try:
            return not self._file(day).empty()
        except Unreadable:
            return True

    def _found_days(self) -> set[date]:
        folders = [root / DAYS for root in (self._roots.first, self._roots.second)]
        paths = (path for folder in folders if folder.is_dir() for path in folder.glob("????-??-??.json"))
        return {day for path in paths if (day := _day(path.stem)) is not None}


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
