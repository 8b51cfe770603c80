"""The mark that a move leaves on a state folder."""

from pathlib import Path

import msgspec

from opsdesk.errors import SettingsError
from opsdesk.files import replace, sync_folder
from opsdesk.store.marks import Mark

MARK = "moved.json"
INSTEAD = "set DESK_DATABASE_URL to that"


def mark_of(folder: Path) -> Mark | None:
    """Return the mark on a state folder; None without one. Raises a SettingsError for one that cannot be read."""
    try:
        return msgspec.json.decode((folder / MARK).read_bytes(), type=Mark)
    except FileNotFoundError:
        return None
    except OSError as unreadable:
        raise SettingsError(
            [f"{folder} cannot be used: whether its records were moved is not known ({unreadable})."]
        ) from None
    except ValueError as wrong:
        raise SettingsError(
            [f"{folder / MARK} tells that records were moved, and cannot be read ({wrong}): no desk starts on it."]
        ) from None


def refuse_marked(folder: Path) -> None:
    """Raise a SettingsError if the records of a state folder were moved, or have not all arrived."""
    if mark := mark_of(folder):
        raise mark.refused(str(folder), INSTEAD)


def write_mark(folder: Path, mark: Mark) -> None:
    """Leave a mark on a state folder, on the disk when this returns. Raises an OSError where it cannot be written."""
    if mark != mark_of(folder):
        replace(folder / MARK, [msgspec.json.encode(mark)])
        sync_folder(folder)
