"""The quarantine: damaged files, kept before others take their places."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsdesk.store.tinydb.replace import make_folder, replace, stamp_of, sync_folder


def keep(path: Path, root: Path) -> Path:
    """Keeps what is at this path in its root's quarantine, under a name of its own. Returns where; raises an OSError.

    A file stays where it is, too, until another takes its place: it may be the best there is.
    """
    quarantine = root / "quarantine"
    make_folder(quarantine)
    taken = {entry.name for entry in quarantine.iterdir()}
    name = next(name for number in range(1, len(taken) + 2) if (name := f"{path.name}.{number}") not in taken)
    try:
        data = path.read_bytes()
    except OSError:  # a folder, say
        path.rename(quarantine / name)
    else:
        replace(quarantine / name, [data])
    sync_folder(quarantine)
    return quarantine / name


@contextmanager
def kept(path: Path, root: Path, needed: bool) -> Iterator[Path | None]:
    """Around what puts another file in the place of this one, which is kept first if that is needed."""
    before, aside = stamp_of(path), keep(path, root) if needed else None
    try:
        yield aside
    except OSError:
        if aside and before and stamp_of(path) == before:
            aside.unlink(missing_ok=True)  # it is still in its place, and is kept when it leaves it
        raise
