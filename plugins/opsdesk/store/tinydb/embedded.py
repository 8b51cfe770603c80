"""The embedded store: TinyDB files below a state folder that is this desk's alone."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from opsdesk.errors import SettingsError, UserError
from opsdesk.files import explain, make_folder
from opsdesk.store.desks import ALONE, Desks
from opsdesk.store.interface import NO_FIELDS, Backup, KeyedTable, NumberedTable, SearchFields, Store
from opsdesk.store.rows import check_named
from opsdesk.store.tinydb import backup
from opsdesk.store.tinydb.copies import Roots
from opsdesk.store.tinydb.files import DayFiles
from opsdesk.store.tinydb.folder_lock import FolderLock
from opsdesk.store.tinydb.folder_mark import refuse_marked
from opsdesk.store.tinydb.keyed import EmbeddedKeyedTable
from opsdesk.store.tinydb.numbered import EmbeddedNumberedTable

T = TypeVar("T", bound=msgspec.Struct)

MOST_WARNINGS = 100

log = logging.getLogger(__name__)


def open_store(state_dir: Path, mirror_dir: Path | None = None) -> Store:
    """Return the embedded store in this folder. Raises a SettingsError for a folder that it cannot work with."""
    return EmbeddedStore(Roots(state_dir, mirror_dir or state_dir / "mirror"))


class EmbeddedStore:
    """The folder's lock, its files, and the tables in them; see Store for what its methods promise."""

    desks: Desks = ALONE

    def __init__(self, roots: Roots) -> None:
        self._warnings: list[str] = []
        self._folder, self._backing_up = roots.first, threading.Lock()
        with ExitStack() as undone, _refused(roots.first):
            make_folder(roots.first)
            self._lock = FolderLock(roots.first)
            undone.callback(self._lock.release)
            refuse_marked(roots.first)
            self._files = DayFiles(roots, self._warn, self._lock)
            undone.pop_all()

    def numbered(
        self, table: str, kind: type[T], is_open: Callable[[T], bool], search: SearchFields[T] = NO_FIELDS
    ) -> NumberedTable[T]:
        """Return the numbered records called `table`, found by `search`."""
        return EmbeddedNumberedTable(self._files, table, kind, is_open, search)

    def keyed(self, table: str, kind: type[T], *, passing: bool = False) -> KeyedTable[T]:
        """Return the keyed records called `table`; those of passing tables are in a file of their own."""
        if passing:
            check_named(table)
        return EmbeddedKeyedTable(self._files, table, kind, passing=passing)

    def warnings(self) -> Sequence[str]:
        """Return what was found damaged since the start and what became of it."""
        return tuple(self._warnings)

    def away(self) -> str:
        """Return "": the folder is there as long as its desk is."""
        return ""

    def back_up(self, at: datetime) -> Backup:
        """Write a copy of everything into `backups/`, dated `at`: the newest seven are kept."""
        if not self._backing_up.acquire(blocking=False):
            raise UserError("A backup is being made. Ask again once it is done.")
        try:
            return backup.back_up(self._files, self._folder, at)
        finally:
            self._backing_up.release()

    def close(self) -> None:
        """Wait for whoever is storing something, then let another desk have the folder."""
        self._files.close()
        self._lock.release()

    def _warn(self, words: str) -> None:
        if words in self._warnings:
            return
        log.warning("%s", words)
        if len(self._warnings) < MOST_WARNINGS:
            self._warnings.append(words)


@contextmanager
def _refused(folder: Path) -> Iterator[None]:
    """Raise whatever keeps the store from being opened as a SettingsError."""
    try:
        yield
    except UserError as refusal:
        raise SettingsError([str(refusal)]) from refusal
    except OSError as error:
        raise SettingsError([f"{folder} cannot be used: {explain(error)}."]) from error
