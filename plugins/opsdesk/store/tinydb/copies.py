"""One file in two copies: written one after the other, read from whichever is whole and newer, mended from it."""

import enum
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from opsdesk.files import CutShort, Pieces, Stamp, explain, extend, make_folder, opened, replace, stamp_of
from opsdesk.store.interface import NotStored, Unreadable
from opsdesk.store.tinydb import schema
from opsdesk.store.tinydb.found import CopyVerdict, FoundCopy, find, judge
from opsdesk.store.tinydb.quarantine import quarantine, quarantined
from opsdesk.store.tinydb.sealed import Sealed, Tables, seal

Tell = Callable[[str], None]


class BothDamaged(Unreadable):
    """Neither copy of a file is whole."""


class Roots(msgspec.Struct, frozen=True):
    """The folders that hold the first and the second copies."""

    first: Path
    second: Path


class Origin(enum.Enum):
    """How the desk came to know what a file holds."""

    WRITTEN = enum.auto()  # this process wrote it whole, and every byte since is known to be on the disk
    FOUND = enum.auto()  # it was read
    RESTORED = enum.auto()  # it was read, and the first copy was damaged


class Loaded(NamedTuple):
    """What a file holds, the stamp of its first copy then, and how that is known."""

    content: Sealed
    stamp: Stamp | None
    origin: Origin


class Copies:
    """A file of the store. `name` is its path in both roots, `called` what people call its content.

    `tell` hears of every damaged copy. That both are damaged it hears only if the file is not `made_anew` then.
    """

    def __init__(self, roots: Roots, name: str, called: str, tell: Tell, *, made_anew: bool = False) -> None:
        self._roots, self._name, self._called, self._tell = roots, name, called, tell
        self._made_anew = made_anew
        self._first, self._second = roots.first / name, roots.second / name
        self._unmended: set[Path] = set()  # damaged, and in their places still: to be kept before they are replaced

    def stamp(self) -> Stamp | None:
        """Return the first copy's stamp at present."""
        return stamp_of(self._first)

    def exist(self) -> bool:
        """Return whether there is a copy at all, whole or not."""
        return any(stamp_of(path) for path in (self._first, self._second))

    def load(self) -> Loaded:
        """Return the content of the newer whole copy, after mending the other from it as far as the disk allows.

        Raises NewerSchema, and Unreadable, with nothing touched, if neither is whole.
        """
        self._unmended.clear()
        first = self._found_first()
        second = self._found_second(first)
        judged = judge(first, second)
        if judged is None:
            raise self._both_damaged(first, second)
        self._mend(first, judged.best, judged.first)
        self._mend(second, judged.best, judged.second)
        assert judged.best.sealed is not None
        origin = Origin.RESTORED if judged.first is CopyVerdict.DAMAGED else Origin.FOUND
        return Loaded(judged.best.sealed, self.stamp(), origin)

    def whole(self) -> bytes:
        """Return the bytes of the newer whole copy, and mend nothing. Raises Unreadable if neither is whole."""
        first = self._found_first()
        second = self._found_second(first)
        judged = judge(first, second)
        if judged is None:
            raise self._both_damaged(first, second)
        return judged.best.readable

    def add(self, change: Tables, tables: Tables, before: Loaded) -> Loaded | None:
        """Add `change`, the rows that a change left, to the end of the file, which then holds `tables`; return that.

        The rows are on the disk by then. Returns None, with nothing stored, if the file has to be saved instead.
        Raises NotStored if nobody can know whether they are stored: read the file before writing it again.
        """
        if before.origin is not Origin.WRITTEN:  # its end may be missing on the disk
            return None
        content = before.content
        part = b"".join(seal(change, content.generation + 1, self._name))
        stamp = self._add_to_first(part, content.size) if content.has_room(len(part)) else None
        if stamp is None:
            return None
        self._add_to_second(part, content.size)
        longer = content._replace(generation=content.generation + 1, tables=tables, size=content.size + len(part))
        return Loaded(longer, stamp, Origin.WRITTEN)

    def save(self, tables: Tables, generation: int) -> Loaded:
        """Write the whole file anew, on the disk when this returns. Raises NotStored."""
        data = seal(tables, generation, self._name)
        try:
            # The folder is opened first, so that after the renaming hardly anything is left that could fail.
            with opened(self._first.parent) as folder:
                stamp = self._replace(self._first, data, synced=True)
                self._sync(folder)
        except OSError as error:
            raise NotStored(f"Nothing was stored: {explain(error)}. Tell an admin, then type it again.") from error
        self._save_second(data)
        size = sum(map(len, data))
        return Loaded(Sealed(schema.SCHEMA, generation, tables, size, size), stamp, Origin.WRITTEN)

    def set_aside(self) -> None:
        """Move both copies, as far as they are there, into quarantine. Raises an OSError."""
        for path in (self._first, self._second):
            if path.exists():
                quarantine(path, self._root(path))
                path.unlink(missing_ok=True)

    def _sync(self, folder: int) -> None:
        try:
            os.fsync(folder)
        except OSError as error:
            raise _perhaps_stored(error) from error

    def _add_to_first(self, part: bytes, size: int) -> Stamp | None:
        try:
            return extend(self._first, part, size)
        except CutShort as error:
            raise _perhaps_stored(error) from error
        except OSError:
            return None

    def _add_to_second(self, part: bytes, size: int) -> None:
        with suppress(OSError):
            if self._second not in self._unmended and extend(self._second, part, size, synced=False):
                return
        try:
            whole = self._first.read_bytes()
        except OSError as error:
            self._tell_unwritten(self._second, error)
        else:
            self._save_second([whole])

    def _save_second(self, data: Pieces) -> None:
        try:
            make_folder(self._second.parent)
            self._replace(self._second, data, synced=False)
        except OSError as error:
            self._tell_unwritten(self._second, error)

    def _replace(self, path: Path, data: Pieces, *, synced: bool) -> Stamp:
        with quarantined(path, self._root(path), path in self._unmended):
            stamp = replace(path, data, synced=synced)
        self._unmended.discard(path)
        return stamp

    def _found_first(self) -> FoundCopy:
        try:
            return find(self._first, self._name)
        except OSError as error:
            raise self._at_present(error) from error

    def _found_second(self, first: FoundCopy) -> FoundCopy:
        """Return the second copy as it is; if it cannot be read but the first is whole, as if it were like the first.

        Nobody knows what it holds then, so it goes into quarantine before it is replaced.
        """
        try:
            return find(self._second, self._name, first)
        except OSError as error:
            if first.sealed is None or first.cut:
                raise self._at_present(error) from error
            self._unmended.add(self._second)
            self._tell(second_unread(self._roots, error))
            return first._replace(path=self._second)

    def _both_damaged(self, first: FoundCopy, second: FoundCopy) -> BothDamaged:
        words = (
            f"{self._called} cannot be read: {self._first} is {first.wrong}, {self._second} is {second.wrong}. "
            "Nothing was touched. An admin can put a good copy in the place of either, or give it up for lost: "
            "the README says how, under Reload or restart."
        )
        if not self._made_anew:
            self._tell(words)
        return BothDamaged(words)

    def _at_present(self, error: OSError) -> Unreadable:
        return Unreadable(f"{self._called} cannot be read at present: {explain(error)}.")

    def _mend(self, copy: FoundCopy, best: FoundCopy, verdict: CopyVerdict) -> None:
        if verdict is CopyVerdict.GOOD:
            return
        damaged = verdict is CopyVerdict.DAMAGED
        try:
            make_folder(copy.path.parent)
            with (
                quarantined(copy.path, self._root(copy.path), damaged and copy.wrong != "missing") as aside,
                opened(copy.path.parent) as folder,
            ):
                replace(copy.path, [best.readable])
                os.fsync(folder)
        except OSError as error:
            if damaged and stamp_of(copy.path) is not None:
                self._unmended.add(copy.path)
            self._tell_unwritten(copy.path, error)
        else:
            if damaged:
                self._tell(_mended(copy, best) + (f" What was there is kept as {aside}." if aside else ""))

    def _tell_unwritten(self, path: Path, error: OSError) -> None:
        if path == self._first:
            self._tell(f"{path} cannot be mended yet: {explain(error)}. What both copies tell together is in use.")
        else:
            # Not file by file: a folder that cannot be written would tell the same of each.
            self._tell(f"Second copies cannot be written to {self._roots.second}: {explain(error)}.")

    def _root(self, path: Path) -> Path:
        return self._roots.first if path == self._first else self._roots.second


def second_unread(roots: Roots, error: OSError) -> str:
    """Return the warning that second copies cannot be read, which stops nothing as long as the first are whole."""
    return f"Second copies cannot be read from {roots.second}: {explain(error)}."


def _mended(copy: FoundCopy, best: FoundCopy) -> str:
    if copy is best:
        return f"{copy.path} was {copy.wrong}: what was added last may be lost, all before it is in use."
    return f"{copy.path} was {copy.wrong or 'outdated'}; it was restored from {best.path}."


def _perhaps_stored(error: OSError) -> NotStored:
    return NotStored(
        f"This may or may not be stored: {explain(error)}. Tell an admin, and look before you type it again."
    )
