"""Replacing a file as a whole: whoever reads it finds the old bytes or the new ones, never a mixture."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

Stamp = tuple[int, int, int]
Pieces = Sequence[bytes | memoryview]

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


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """The folder, to be synced with os.fsync once a name in it has changed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


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
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb", buffering=0) as file:
        _reserve(handle, sum(map(len, data)))
        for piece in data:
            rest = memoryview(piece)
            while rest:
                rest = rest[file.write(rest) :]
        if synced:
            os.fsync(handle)
        return _stamp(os.fstat(handle))


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
