"""Files: replaced as a whole or continued at their end, and handed out to people."""

import errno
import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from opsdesk.errors import UserError

Pieces = Sequence[bytes | memoryview]
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

_handing_out = threading.Lock()


def hand_out(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file to be handed to somebody, and return its path; an older one of that name is replaced as a whole.

    Raises a UserError where it cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        make_folder(folder)
        with _handing_out:
            replace(folder / name, [data], synced=False)
    except OSError as error:
        why = error.strerror
        raise UserError(f"{name} could not be written: {why}. Type the command again once that is mended.") from error
    return folder / name


def keep_latest(folder: Path, many: int) -> None:
    """Remove all files in `folder` but the `many` written last. What cannot be removed stays."""
    with suppress(OSError):  # another may be at it, too
        written = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for path in written[:-many]:
            path.unlink(missing_ok=True)


def replace(path: Path, data: Pieces, *, synced: bool = True) -> Stamp:
    """Put `data` in the place of the file at `path` and return the new file's stamp. One thread a path at a time.

    Nobody ever reads a part of it. An OSError leaves the old file as it was. Synced, the bytes are on the disk before
    the old file gives way; for the name to outlive a power cut as well, sync the folder.
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
    """What was to be added to a file may be there, in part or whole: it could not be taken back."""


def extend(path: Path, data: bytes, size: int, *, synced: bool = True) -> Stamp | None:
    """Add `data` to a file of `size` bytes and return its new stamp; None, untouched, if it has another size.

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
def opened(path: Path | str, flags: int = os.O_RDONLY) -> Iterator[int]:
    """Open a file or a folder, to be read only where nothing else is said, and close it again."""
    handle = os.open(path, flags, 0o600)
    try:
        yield handle
    finally:
        with suppress(OSError):  # what had to be on the disk was synced before
            os.close(handle)


def sync_folder(folder: Path) -> None:
    """Put the names in this folder on the disk."""
    with opened(folder) as handle:
        os.fsync(handle)


def make_folder(folder: Path) -> None:
    """Make the folder and those above it that are missing, their names on the disk when this returns."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def stamp_of(path: Path | str) -> Stamp | None:
    """Return what tells this version of the file from any other (inode, size, time of change); None without a file."""
    try:
        return _stamp(os.stat(path))  # noqa: PTH116  # asked for each day that is looked through: a text will do
    except OSError:
        return None


def explain(error: OSError) -> str:
    """Return why the disk refused, in words for people."""
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
    """Take the room on the disk: a full one shows at once, and renaming need not wait until the bytes have a place."""
    if not hasattr(os, "posix_fallocate") or not size:
        return
    try:
        os.posix_fallocate(handle, 0, size)
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
            raise


def _stamp(stat: os.stat_result) -> Stamp:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def digest(folder: Path) -> str:
    """Return eight hexadecimal digits that stand for the TOML files of a folder; "" if they cannot be read."""
    try:
        read = [path.name.encode() + b"\0" + path.read_bytes() for path in sorted(folder.glob("*.toml"))]
    except OSError:
        return ""
    return hashlib.sha256(b"\0".join(read)).hexdigest()[:8]
