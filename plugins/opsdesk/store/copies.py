"""One file in two copies: written one after the other, read from whichever is whole and newer, mended from it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from opsdesk.store import schema
from opsdesk.store.found import Found, behind, both_cut, find, unfinished
from opsdesk.store.interface import NotStored, Unreadable
from opsdesk.store.replace import CutShort, Stamp, extend, opened, reason, replace, stamp_of
from opsdesk.store.sealed import Pieces, Sealed, Tables, seal

Tell = Callable[[str], None]


class BothDamaged(Unreadable):
    """Neither copy is whole."""


class Roots(msgspec.Struct, frozen=True):
    """The folders of the first and the second copies."""

    first: Path
    second: Path


class Loaded(NamedTuple):
    """What a file holds, and the stamp of the first copy that says so."""

    content: Sealed
    stamp: Stamp | None
    restored: bool = False  # the first copy was not whole, or not the newer one
    named: bool = True  # its name is known to be on the disk: not so if the desk may have ended right after a renaming


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
        if (first.sealed is None and second.sealed is None) or both_cut(first, second):
            raise BothDamaged(
                f"{self._called} cannot be read: {self._first} is {first.wrong}, {self._second} is {second.wrong}. "
                "Nothing was touched. An admin can put a good copy in its place."
            )
        best = second if second.generation > first.generation else first
        ended = unfinished(first, second)
        self._mend(first, best, quietly=ended)
        self._mend(second, best, quietly=behind(second, best))
        assert best.sealed is not None
        restored = best is second or (first.cut and not ended)
        return Loaded(best.sealed, self.stamp(), restored, named=False)

    def add(self, change: Tables, tables: Tables, before: Loaded) -> Loaded | None:
        """Stores a change, the rows it left, by adding them to the file; `tables` is what that makes of the file.

        They are on the disk when this returns. None, with nothing stored, if the file has to be saved instead.
        Raises NotStored where the disk leaves that open.
        """
        content = before.content
        part = b"".join(seal(change, content.generation + 1))
        if self._in_the_way or not content.has_room(len(part)):
            return None
        stamp = self._add_to_first(part, content.size, before.named)
        if stamp is None:
            return None
        self._add_to_second(part, content.size)
        longer = content._replace(generation=content.generation + 1, tables=tables, size=content.size + len(part))
        return Loaded(longer, stamp)

    def save(self, tables: Tables, generation: int) -> Loaded:
        """Stores the tables; they are on the disk when this returns. Raises NotStored."""
        data = seal(tables, generation)
        try:
            # The folder is opened first, so that after the renaming hardly anything is left that could fail.
            with self._kept(self._first, self._in_the_way), opened(self._first.parent) as folder:
                stamp = replace(self._first, data)
                self._in_the_way = False
                self._sync(folder)
        except OSError as error:
            raise NotStored(f"Nothing was stored: {reason(error)}. Tell an admin, then type it again.") from error
        self._save_second(data)
        size = sum(map(len, data))
        return Loaded(Sealed(generation, tables, size, size, ended=True, written_as=schema.SCHEMA), stamp)

    def set_aside(self) -> None:
        """Moves both copies, as far as they are there, into quarantine. Raises an OSError."""
        for path in (self._first, self._second):
            if path.exists():
                self._keep(path)
                path.unlink(missing_ok=True)

    def _sync(self, folder: int) -> None:
        try:
            os.fsync(folder)
        except OSError as error:
            raise _perhaps_stored(error) from error

    def _add_to_first(self, part: bytes, size: int, named: bool) -> Stamp | None:
        try:
            if not named:
                with opened(self._first.parent) as folder:
                    os.fsync(folder)
            return extend(self._first, part, size)
        except CutShort as error:
            raise _perhaps_stored(error) from error
        except OSError:
            return None

    def _add_to_second(self, part: bytes, size: int) -> None:
        with suppress(OSError):
            if extend(self._second, part, size, synced=False):
                return
        try:
            whole = self._first.read_bytes()
        except OSError as error:
            self._tell_unwritten(self._second, error)
        else:
            self._save_second([whole])

    def _save_second(self, data: Pieces) -> None:
        try:
            self._second.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace(self._second, data, synced=False)
        except OSError as error:
            self._tell_unwritten(self._second, error)

    def _find(self, path: Path, like: Found | None = None) -> Found:
        try:
            return find(path, like)
        except OSError as error:
            raise Unreadable(f"{self._called} cannot be read at present: {reason(error)}.") from error

    def _mend(self, copy: Found, best: Found, *, quietly: bool) -> None:
        if copy.data == best.readable:
            return
        try:
            copy.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (
                self._kept(copy.path, not quietly and copy.wrong != "missing") as kept,
                opened(copy.path.parent) as folder,
            ):
                replace(copy.path, [best.readable])
                os.fsync(folder)
        except OSError as error:
            self._in_the_way |= stamp_of(self._first) is not None and copy.path == self._first
            self._tell_unwritten(copy.path, error)
        else:
            if not quietly:
                self._tell(_mended(copy, best) + (f" What was there is kept as {kept}." if kept else ""))

    def _tell_unwritten(self, path: Path, error: OSError) -> None:
        if path == self._first:
            self._tell(f"{path} is damaged and cannot be mended yet: {reason(error)}. Its second copy is in use.")
        else:
            # Not file by file: a folder that cannot be written would tell the same of each.
            self._tell(f"Second copies cannot be written to {self._roots.second}: {reason(error)}.")

    @contextmanager
    def _kept(self, path: Path, needed: bool) -> Iterator[Path | None]:
        """Around what puts another file in the place of this one, which is kept first if that is needed."""
        kept = self._keep(path) if needed else None
        try:
            yield kept
        except OSError:
            if kept and stamp_of(path):
                kept.unlink(missing_ok=True)  # it is still in its place, and is kept when it leaves it
            raise

    def _keep(self, path: Path) -> Path:
        """Keeps what is at this path in its root's quarantine, under a name of its own, which it returns.

        A file stays where it is, too, until another takes its place: it may be the best there is.
        """
        root = self._roots.first if path == self._first else self._roots.second
        quarantine = root / "quarantine"
        quarantine.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = {entry.name for entry in quarantine.iterdir()}
        name = next(name for number in range(1, len(taken) + 2) if (name := f"{path.name}.{number}") not in taken)
        try:
            data = path.read_bytes()
        except OSError:  # a folder, say
            path.rename(quarantine / name)
        else:
            replace(quarantine / name, [data])
        return quarantine / name


def _mended(copy: Found, best: Found) -> str:
    if copy is best:
        return f"{copy.path} was {copy.wrong}: what was added last may be lost, all before it is in use."
    return f"{copy.path} was {copy.wrong or 'outdated'}; it was restored from {best.path}."


def _perhaps_stored(error: OSError) -> NotStored:
    return NotStored(
        f"This may or may not be stored: {reason(error)}. Tell an admin, and look before you type it again."
    )
