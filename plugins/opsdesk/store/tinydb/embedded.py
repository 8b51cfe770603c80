"""The embedded store: TinyDB files below a state folder that is this desk's alone."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from opsdesk.errors import SettingsError, UserError
from opsdesk.store.interface import KeyedTable, NumberedTable, Store
from opsdesk.store.tinydb.copies import Roots
from opsdesk.store.tinydb.files import DayFiles
from opsdesk.store.tinydb.keyed import EmbeddedKeyedTable
from opsdesk.store.tinydb.lock import lock_folder
from opsdesk.store.tinydb.numbered import EmbeddedNumberedTable
from opsdesk.store.tinydb.replace import make_folder, reason

T = TypeVar("T", bound=msgspec.Struct)

MOST_WARNINGS = 100

log = logging.getLogger(__name__)


def open_store(state_dir: Path, mirror_dir: Path | None = None) -> Store:
    """The store in this folder, which is made if it is missing; the second copies are in `mirror_dir`, else within it.

    Raises a SettingsError if another desk has the folder, it cannot be used, or a newer desk wrote it.
    """
    return EmbeddedStore(Roots(state_dir, mirror_dir or state_dir / "mirror"))


class EmbeddedStore:
    """The folder's lock, its files, and the tables on them."""

    def __init__(self, roots: Roots) -> None:
        self._warnings: list[str] = []
        with ExitStack() as undone, _told(roots.first):
            make_folder(roots.first)
            self._lock = lock_folder(roots.first)
            undone.callback(self._lock.release)
            self._files = DayFiles(roots, self._warn)
            undone.pop_all()

    def numbered(self, table: str, kind: type[T], is_open: Callable[[T], bool]) -> NumberedTable[T]:
        """The numbered records called `table`."""
        return EmbeddedNumberedTable(self._files, table, kind, is_open)

    def keyed(self, table: str, kind: type[T]) -> KeyedTable[T]:
        """The kept records called `table`."""
        return EmbeddedKeyedTable(self._files, table, kind)

    def warnings(self) -> Sequence[str]:
        """What was found damaged and healed or set aside since the start, in words for the admins."""
        return tuple(self._warnings)

    def close(self) -> None:
        """Gives the state folder back; nothing is stored afterwards."""
        self._files.close()
        self._lock.release()

    def _warn(self, words: str) -> None:
        if words in self._warnings:
            return
        log.warning("%s", words)
        if len(self._warnings) < MOST_WARNINGS:
            self._warnings.append(words)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except UserError as refusal:
        raise SettingsError([str(refusal)]) from refusal
    except OSError as error:
        raise SettingsError([f"{folder} cannot be used: {reason(error)}."]) from error
