"""The quarantine: copies of damaged files, kept before other files take their places."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsdesk.files import make_folder, replace, stamp_of, sync_folder


def quarantine(path: Path, root: Path) -> Path:
    """Copy what is at `path` into the quarantine of its root, and return where. Raises an OSError.

    A file also stays where it is until another takes its place: it may be the best there is. A folder is moved.
    """
    folder = root / "quarantine"
    make_folder(folder)
    taken = {entry.name for entry in folder.iterdir()}
    name = next(name for number in range(1, len(taken) + 2) if (name := f"{path.name}.{number}") not in taken)
    try:
        data = path.read_bytes()
    except OSError:  # a folder, say
        path.rename(folder / name)
    else:
        replace(folder / name, [data])
    sync_folder(folder)
    return folder / name


@contextmanager
def quarantined(path: Path, root: Path, needed: bool) -> Iterator[Path | None]:
    """Quarantine the file if that is needed, then let the caller replace it; yields where it was copied to.

    If the caller fails with the file still in its place, the copy is removed again: it is made when the file goes.
    """
    before, copy = stamp_of(path), quarantine(path, root) if needed else None
    try:
        yield copy
    except OSError:
        if copy and before and stamp_of(path) == before:
            copy.unlink(missing_ok=True)
        raise
