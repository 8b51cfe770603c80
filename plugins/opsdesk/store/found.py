"""A copy as it lies on the disk, and what two of them tell: which stops leave behind, and which only damage does.

The second copy is continued only once the first has the change on the disk.
"""

import errno
from pathlib import Path
from typing import NamedTuple

from opsdesk.store.sealed import Broken, Sealed, unseal

# What is wrong with the file itself; any other error (too many open files, say) passes, and must not move files.
DAMAGE = (errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.EIO)


class Found(NamedTuple):
    """A copy as it was found on the disk."""

    path: Path
    data: bytes = b""
    sealed: Sealed | None = None
    wrong: str = ""

    @property
    def generation(self) -> int:
        """Of what can be read of it; -1 if nothing can."""
        return self.sealed.generation if self.sealed else -1

    @property
    def readable(self) -> bytes:
        """Its bytes up to the end of the last whole part."""
        return self.data[: self.sealed.size] if self.sealed else b""

    @property
    def cut(self) -> bool:
        """Whether it can be read but for its end."""
        return self.sealed is not None and self.sealed.size < len(self.data)


def find(path: Path, like: Found | None = None) -> Found:
    """The copy at this path, whatever it is like; one with the bytes of another is not read through once more.

    Raises an OSError that says nothing of the file.
    """
    data = b""
    try:
        data = path.read_bytes()
        if like and data and like.data == data:
            return like._replace(path=path)
        found = Found(path, data, unseal(data))
        return found._replace(wrong="cut short at its end") if found.cut else found
    except Broken as broken:
        return Found(path, data, wrong=str(broken))
    except OSError as error:
        if error.errno not in DAMAGE:
            raise
        return Found(path, wrong="missing" if error.errno == errno.ENOENT else f"unreadable ({error.strerror})")


def unfinished(first: Found, second: Found) -> bool:
    """Whether the desk ended while it added a change to the first copy, which nobody was told is stored."""
    return first.cut and second.sealed is not None and first.readable.startswith(second.data)


def both_cut(first: Found, second: Found) -> bool:
    """Whether both copies were cut after the second one was continued: neither tells all that was stored."""
    return first.cut and second.cut and second.generation >= first.generation


def behind(second: Found, best: Found) -> bool:
    """Whether the second copy is what a stop between the two writes, or in the later one, leaves behind."""
    older = not second.wrong and second.generation < best.generation
    return second.sealed is not None and (older or best.readable.startswith(second.data))
