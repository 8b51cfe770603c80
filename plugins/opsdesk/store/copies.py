"""One file in two copies: written one after the other, read from whichever is whole and newer, mended from it."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from opsdesk.store.interface import NotStored, Unreadable
from opsdesk.store.replace import Pieces, Stamp, opened, reason, replace, stamp_of
from opsdesk.store.sealed import Broken, Sealed, Tables, seal, unseal

Tell = Callable[[str], None]

# What is wrong with the file itself; any other error (too many open files, say) passes, and must not move files.
DAMAGE = (errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.EIO)


class BothDamaged(Unreadable):
    """Neither copy is whole."""


class Roots(msgspec.Struct, frozen=True):
    """The folders of the first and the second copies."""

    first: Path
    second: Path


class Found(NamedTuple):
    """A copy as it was found on the disk."""

    path: Path
    data: bytes | None = None
    sealed: Sealed | None = None
    wrong: str = ""


class Loaded(NamedTuple):
    """What a file holds, and the stamp of the first copy that says so."""

    content: Sealed
    stamp: Stamp | None
    restored: bool  # the first copy was not whole, or not the newer one


class Copies:
    """A file of the store. `name` is its path in both roots, `called` what people call its content."""

    def __init__(self, roots: Roots, name: str, called: str, tell: Tell) -> None:
        self._roots, self._name, self._called, self._tell = roots, name, called, tell
        self._first, self._second = roots.first / name, roots.second / name
        self._in_the_way = False

    def stamp(self) -> Stamp | None:
        """The first copy's stamp at present."""
        return stamp_of(self._first)

    def exist(self) -> bool:
        """Whether there is a copy at all, whole or not."""
        return any(stamp_of(path) for path in (self._first, self._second))

    def load(self) -> Loaded:
        """The newer whole copy's content; the other copy is mended from it, as far as the disk lets it.

        Raises Unreadable, with nothing touched, if neither is whole, and NewerSchema.
        """
        self._in_the_way = False
        first = self._find(self._first)
        second = self._find(self._second, first)
        if first.sealed is None and second.sealed is None:
            raise BothDamaged(
                f"{self._called} cannot be read: {self._first} is {first.wrong}, {self._second} is {second.wrong}. "
                "Nothing was touched. An admin can put a good copy in its place."
            )
        best = second if _generation(second) > _generation(first) else first
        self._mend(first, best)
        self._mend(second, best)
        assert best.sealed is not None
        return Loaded(best.sealed, self.stamp(), restored=best.path == self._second)

    def save(self, tables: Tables, generation: int) -> Stamp:
        """Stores the tables; they are on the disk when this returns the first copy's new stamp. Raises NotStored."""
        data = seal(tables, generation)
        try:
            if self._in_the_way:
                self._set_aside(self._first)
                self._in_the_way = False
            # The folder is opened first, so that after the renaming hardly anything is left that could fail.
            with opened(self._first.parent) as folder:
                stamp = replace(self._first, data)
                self._sync(folder)
        except OSError as error:
            raise NotStored(f"Nothing was stored: {reason(error)}. Tell an admin, then type it again.") from error
        self._save_second(data)
        return stamp

    def set_aside(self) -> None:
        """Moves both copies, as far as they are there, into quarantine. Raises an OSError."""
        for path in (self._first, self._second):
            if path.exists():
                self._set_aside(path)

    def _sync(self, folder: int) -> None:
        try:
            os.fsync(folder)
        except OSError as error:
            raise NotStored(
                f"This may or may not be stored: {reason(error)}. Tell an admin, and look before you type it again."
            ) from error

    def _save_second(self, data: Pieces) -> None:
        try:
            self._second.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace(self._second, data, synced=False)
        except OSError as error:
            self._tell_unwritten(self._second, error)

    def _find(self, path: Path, same: Found | None = None) -> Found:
        try:
            data = path.read_bytes()
            if same and same.data == data:
                return same
            return Found(path, data, unseal(data))
        except Broken as broken:
            return Found(path, data, wrong=str(broken))
        except OSError as error:
            if error.errno not in DAMAGE:
                raise Unreadable(f"{self._called} cannot be read at present: {reason(error)}.") from error
            return Found(path, wrong="missing" if error.errno == errno.ENOENT else f"unreadable ({error.strerror})")

    def _mend(self, copy: Found, best: Found) -> None:
        if copy.data == best.data:
            return
        # A second copy that is merely older is what a stop between the two writes leaves behind.
        behind = copy.sealed is not None and copy.path == self._second and _generation(copy) < _generation(best)
        try:
            kept = "" if behind or copy.wrong == "missing" else self._set_aside(copy.path)
            copy.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with opened(copy.path.parent) as folder:
                replace(copy.path, [best.data or b""])
                os.fsync(folder)
        except OSError as error:
            self._in_the_way = stamp_of(self._first) is not None and copy.path == self._first
            self._tell_unwritten(copy.path, error)
        else:
            if not behind:
                self._tell(f"{copy.path} was {copy.wrong or 'outdated'}; it was restored from {best.path}.{kept}")

    def _tell_unwritten(self, path: Path, error: OSError) -> None:
        if path == self._first:
            self._tell(f"{path} is damaged and cannot be mended yet: {reason(error)}. Its second copy is in use.")
        else:
            # Not file by file: a folder that cannot be written would tell the same of each.
            self._tell(f"Second copies cannot be written to {self._roots.second}: {reason(error)}.")

    def _set_aside(self, path: Path) -> str:
        """Moves the file into its root's quarantine, under a name of its own; returns a sentence that tells it."""
        root = self._roots.first if path == self._first else self._roots.second
        quarantine = root / "quarantine"
        quarantine.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = {entry.name for entry in quarantine.iterdir()}
        name = next(name for number in range(1, len(taken) + 2) if (name := f"{path.name}.{number}") not in taken)
        path.rename(quarantine / name)
        return f" What was there is kept as {quarantine / name}."


def _generation(copy: Found) -> int:
    return copy.sealed.generation if copy.sealed else -1
