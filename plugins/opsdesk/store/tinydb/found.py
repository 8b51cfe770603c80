"""A copy as it lies on the disk, and what two of them tell: which stops leave behind, and which only damage does.

The second copy is continued only once the first has the change on the disk.
"""

import enum
import errno
from pathlib import Path
from typing import NamedTuple

from opsdesk.store.tinydb.sealed import BEGINNING, Broken, Sealed, unseal

# What is wrong with the file itself; any other error (too many open files, say) passes, and must not move files.
DAMAGE = {errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.EIO, errno.EBADMSG}
DAMAGE |= {getattr(errno, "EUCLEAN", errno.EIO)}  # so Linux calls what a file system finds wrong in itself


class FoundCopy(NamedTuple):
    """A copy as it was found on the disk."""

    path: Path
    data: bytes = b""
    sealed: Sealed | None = None
    wrong: str = ""

    @property
    def age(self) -> tuple[int, ...]:
        """Return what is greater for a newer copy; () if it is not whole. Desks never go back to an older schema."""
        return (self.sealed.schema, self.sealed.generation, self.sealed.size) if self.sealed else ()

    @property
    def readable(self) -> bytes:
        """Return its bytes up to the end of the last whole part."""
        return self.data[: self.sealed.size] if self.sealed else b""

    @property
    def cut(self) -> bool:
        """Return whether it can be read but for its end."""
        return self.sealed is not None and self.sealed.size < len(self.data)

    @property
    def unfinished(self) -> bool:
        """Return whether it ends with a whole part, or as the end of the desk or of the power leaves a part behind."""
        rest = self.data[len(self.readable) :]
        begun = rest.startswith(BEGINNING) or BEGINNING.startswith(rest)
        return (begun and rest.count(b"\n") < 2) or not rest.strip(b"\0")


class CopyVerdict(enum.Enum):
    """What is wrong with one of two copies, and what becomes of it."""

    GOOD = enum.auto()  # nothing: it stays
    STOPPED = enum.auto()  # a stop of the desk left it behind: it is replaced without a word
    DAMAGED = enum.auto()  # damage: it goes into quarantine, is replaced, and the admins are told


class Judged(NamedTuple):
    """The copy of the two that tells what is stored, and the verdict on each."""

    best: FoundCopy
    first: CopyVerdict
    second: CopyVerdict


def find(path: Path, name: str, like: FoundCopy | None = None) -> FoundCopy:
    """Return the copy of `name` at this path, whole or not. Bytes equal to those of `like` are not checked again.

    Raises an OSError that does not come from the file itself.
    """
    data = b""
    try:
        data = path.read_bytes()
        if like and data and like.data == data:
            return like._replace(path=path)
        found = FoundCopy(path, data, unseal(data, name))
        return found._replace(wrong="cut short at its end") if found.cut else found
    except Broken as broken:
        return FoundCopy(path, data, wrong=str(broken))
    except OSError as error:
        if error.errno not in DAMAGE:
            raise
        return FoundCopy(path, wrong="missing" if error.errno == errno.ENOENT else f"unreadable ({error.strerror})")


def judge(first: FoundCopy, second: FoundCopy) -> Judged | None:
    """Return what the two copies tell together; None if neither tells all that was stored."""
    best = second if second.age > first.age else first
    if best.sealed is None or _both_cut(first, second):
        return None
    of_second = _of_second(second, best)
    return Judged(best, _of_first(first, best, of_second), of_second)


def _both_cut(first: FoundCopy, second: FoundCopy) -> bool:
    """Return whether both lost an end that was acknowledged: the second is continued only after the first."""
    return first.cut and second.cut and second.age[:2] >= first.age[:2]


def _of_first(first: FoundCopy, best: FoundCopy, second: CopyVerdict) -> CopyVerdict:
    if first.data == best.readable:
        return CopyVerdict.GOOD
    stopped = best is first and first.unfinished and second is not CopyVerdict.DAMAGED
    return CopyVerdict.STOPPED if stopped else CopyVerdict.DAMAGED


def _of_second(second: FoundCopy, best: FoundCopy) -> CopyVerdict:
    """Return the verdict on the second copy: older after a stop before its write, or a power cut: it is not synced."""
    if second.data == best.readable:
        return CopyVerdict.GOOD
    older = second.age < best.age and second.unfinished
    return CopyVerdict.STOPPED if second.sealed and older else CopyVerdict.DAMAGED
