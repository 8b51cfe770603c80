"""Writing to the disk: a file replaced as a whole, so that nobody ever reads a mixture, or continued at its end."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from opsdesk.store.tinydb.sealed import Pieces

Stamp = tuple[int, int, int]

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk can only be read",
    errno.EACCES: "the desk is not allowed to write there",
    errno.EPERM: "the desk is not allowed to write there",
    errno.EIO: "the disk reported an error",
    errno.ENOENT: "the folder is gone",
    errno.ENOTDIR: "there is a file where a folder should be",
    errno.EEXIST: "there is a file where a folder should be",
}


def replace(path: Path, data: Pieces, *, synced: bool = True) -> Stamp:
    """Puts `data` in the place of `path` and returns the new file's stamp. An OSError leaves the old file as it was.

    Synced, the bytes are on the disk before the old file gives way; that the name stands after
    a power cut, too, takes a sync of the folder.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        stamp = _write(fresh, data, synced)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
    return stamp


class CutShort(OSError):
    """What was to be added may be there, in part or whole: it could not be taken back."""


def extend(path: Path, data: bytes, size: int, *, synced: bool = True) -> Stamp | None:
    """Puts `data` behind the file's `size` bytes and returns its new stamp; None, untouched, if it has another size.

    Synced, the bytes are on the disk by then. An OSError leaves the file as it was, CutShort perhaps not.
    """
    with opened(path, os.O_WRONLY | os.O_APPEND) as handle:
        if os.fstat(handle).st_size != size:
            return None
        try:
            _write_all(handle, data)
            if synced:
                os.fsync(handle)
        except OSError as error:
            _take_back(handle, size, error)
            raise
        return _stamp(os.fstat(handle))


@contextmanager
def opened(path: Path, flags: int = os.O_RDONLY) -> Iterator[int]:
    """The file or the folder: one to be synced with os.fsync once a name in it has changed."""
    handle = os.open(path, flags, 0o600)
    try:
        yield handle
    finally:
        with suppress(OSError):  # what had to be on the disk was synced before
            os.close(handle)


def sync_folder(folder: Path) -> None:
    """Has the names in this folder on the disk."""
    with opened(folder) as handle:
        os.fsync(handle)


def make_folder(folder: Path) -> None:
    """Makes the folder and those above it, as far as they are missing, with their names on the disk."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def stamp_of(path: Path) -> Stamp | None:
    """What tells this version of the file from another one; None if there is no file."""
    try:
        return _stamp(path.stat())
    except OSError:
        return None


def reason(error: OSError) -> str:
    """Why the disk refused, in words."""
    return REASONS.get(error.errno or 0, error.strerror or str(error))


def _write(path: Path, data: Pieces, synced: bool) -> Stamp:
    with opened(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as handle:
        _reserve(handle, sum(map(len, data)))
        for piece in data:
            _write_all(handle, piece)
        if synced:
            os.fsync(handle)
        return _stamp(os.fstat(handle))


def _write_all(handle: int, data: bytes | memoryview) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _take_back(handle: int, size: int, error: OSError) -> None:
    try:
        os.ftruncate(handle, size)
        os.fsync(handle)
    except OSError:
        raise CutShort(error.errno, error.strerror) from error


def _reserve(handle: int, size: int) -> None:
    """Takes the room on the disk: a full one shows at once, and renaming need not wait until the bytes have a place."""
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(handle, 0, size)
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
            raise


def _stamp(stat: os.stat_result) -> Stamp:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
