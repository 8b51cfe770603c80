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
        """More is newer: a schema is never gone back from, the last line feed may be missing. () if none is whole."""
        return (self.sealed.schema, self.sealed.generation, self.sealed.size) if self.sealed else ()

    @property
    def readable(self) -> bytes:
        """Its bytes up to the end of the last whole part."""
        return self.data[: self.sealed.size] if self.sealed else b""

    @property
    def cut(self) -> bool:
        """Whether it can be read but for its end."""
        return self.sealed is not None and self.sealed.size < len(self.data)

    @property
    def unfinished(self) -> bool:
        """Whether it ends as if the desk or the power had ended while a part was added, or with a whole part."""
        rest = self.data[len(self.readable) :]
        begun = rest.startswith(BEGINNING) or BEGINNING.startswith(rest)
        return (begun and rest.count(b"\n") < 2) or not rest.strip(b"\0")


class CopyVerdict(enum.Enum):
    """What one of two copies is, and what becomes of it."""

    GOOD = enum.auto()  # it is what it has to be
    STOPPED = enum.auto()  # a stop leaves it like this: what it has to be takes its place, without a word
    DAMAGED = enum.auto()  # it is kept and told of before that


class Judged(NamedTuple):
    """The copy of the two that tells what is stored, and what each of them is."""

    best: FoundCopy
    first: CopyVerdict
    second: CopyVerdict


def find(path: Path, name: str, like: FoundCopy | None = None) -> FoundCopy:
    """The copy of `name` at this path, whatever it is like; one with the bytes of another is not read through again.

    Raises an OSError that says nothing of the file.
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
    """What the two copies tell together; None if neither tells all that was stored."""
    best = second if second.age > first.age else first
    if best.sealed is None or _both_cut(first, second):
        return None
    of_second = _of_second(second, best)
    return Judged(best, _of_first(first, best, of_second), of_second)


def _both_cut(first: FoundCopy, second: FoundCopy) -> bool:
    """Whether both were cut after the second one was continued: the first had the same, and that was acknowledged."""
    return first.cut and second.cut and second.age[:2] >= first.age[:2]


def _of_first(first: FoundCopy, best: FoundCopy, second: CopyVerdict) -> CopyVerdict:
    if first.data == best.readable:
        return CopyVerdict.GOOD
    stopped = best is first and first.unfinished and second is not CopyVerdict.DAMAGED
    return CopyVerdict.STOPPED if stopped else CopyVerdict.DAMAGED


def _of_second(second: FoundCopy, best: FoundCopy) -> CopyVerdict:
    """A stop between the two writes, or in the later one, leaves it older; so does a power cut: nobody syncs it."""
    if second.data == best.readable:
        return CopyVerdict.GOOD
    older = second.age < best.age and second.unfinished
    return CopyVerdict.STOPPED if second.sealed and older else CopyVerdict.DAMAGED
