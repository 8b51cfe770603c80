"""A copy of all that is stored, in one archive, made while the desk goes on: nothing waits for more than a file."""

import io
import os
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from opsdesk.errors import UserError
from opsdesk.files import Stamp, explain, keep_latest, make_folder, sync_folder
from opsdesk.store.interface import Backup, Unreadable
from opsdesk.store.tinydb.files import DayFiles

FOLDER = "backups"
KEPT = 7


def back_up(files: DayFiles, state_dir: Path, at: datetime) -> Backup:
    """Write the archive, dated `at`, and keep the last seven. Raises a UserError where the disk refuses it."""
    return archived(state_dir, at, partial(_write, files))


def archived(state_dir: Path, at: datetime, write: Callable[[tarfile.TarFile], Sequence[str]]) -> Backup:
    """Have `write` fill an archive, dated `at`, and keep the last seven; it returns which files it could not read.

    An archive that is not finished is none. Raises a UserError where the disk refuses it.
    """
    path = state_dir / FOLDER / f"desk-{at:%Y-%m-%d-%H%M%S}.tar.gz"
    unfinished = path.with_name(f".{path.name}.part")
    try:
        make_folder(path.parent)
        with _archive(unfinished) as archive:
            lacking = write(archive)
        unfinished.rename(path)
        sync_folder(path.parent)
        keep_latest(path.parent, KEPT)
        return Backup(path, path.stat().st_size, lacking)
    except OSError as error:
        why = explain(error)
        raise UserError(f"No backup was made: {why}. Type the command again once that is mended.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    """Add a file, for its owner alone to read. Of two with one name, the later is the one that is unpacked."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    archive.addfile(entry, io.BytesIO(data))


@contextmanager
def _archive(path: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive to be written, on the disk once it is closed."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as whole:
        with tarfile.open(fileobj=whole, mode="w:gz", compresslevel=6) as archive:
            yield archive
        whole.flush()
        os.fsync(whole.fileno())


def _write(files: DayFiles, archive: tarfile.TarFile) -> Sequence[str]:
    """Write every file once, then anew those that changed meanwhile, all as they are at one moment.

    Return what could not be read.
    """
    seen: dict[str, Stamp | None] = {}
    lacking: set[str] = set()
    for name in _names(files):
        with files.held():
            found = _read(files, name, seen)
        _add(archive, [found], lacking)
    with files.held():
        changed = [_read(files, name, seen) for name in files.names() if files.stamp_of(name) != seen.get(name)]
    _add(archive, changed, lacking)
    return sorted(lacking)


def _names(files: DayFiles) -> Iterator[str]:
    with files.held():
        names = files.names()
    yield from names


def _read(files: DayFiles, name: str, seen: dict[str, Stamp | None]) -> tuple[str, bytes | None]:
    """Return a file's name and bytes, None if it cannot be read; note in `seen` which version that was."""
    seen[name] = files.stamp_of(name)
    try:
        return name, files.whole(name)
    except Unreadable:
        return name, None


def _add(archive: tarfile.TarFile, found: Sequence[tuple[str, bytes | None]], lacking: set[str]) -> None:
    for name, data in found:
        if data is None:
            lacking.add(name)
            continue
        lacking.discard(name)
        add(archive, name, data)
