"""Files that the desk hands out: written whole or not at all."""

import logging
import os
import tempfile
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from opsdesk.errors import UserError


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """The file with this name and content, in place of an older one. Nobody ever reads half of it.

    Raises a UserError where it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=folder, suffix=".part")
    except OSError as refused:
        raise _unwritten(name, refused) from refused
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return Path(unfinished).replace(folder / name)
    except OSError as refused:
        Path(unfinished).unlink(missing_ok=True)
        raise _unwritten(name, refused) from refused


def keep_latest(folder: Path, many: int) -> None:
    """Removes what is in `folder`, but for the `many` files written last. What cannot be removed stays."""
    with suppress(OSError):  # another may be at it, too
        written = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for path in written[:-many]:
            path.unlink(missing_ok=True)


def _unwritten(name: str, refused: OSError) -> UserError:
    return UserError(f"{name} could not be written: {refused.strerror}. Type the command again once that is mended.")


LARGEST = 5_000_000  # bytes
KEPT = 3  # older files beside it, of that size


def bound(file: str) -> None:
    """Has whatever Errbot logs to `file` begin a new one in time; `!log tail` reads the one of that name."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if _writes_to(one, file)]:
        rotating = RotatingFileHandler(file, maxBytes=LARGEST, backupCount=KEPT)
        rotating.setFormatter(handler.formatter)
        root.addHandler(rotating)
        root.removeHandler(handler)
        handler.close()


def _writes_to(handler: logging.Handler, file: str) -> bool:
    """Whether it is the one that Errbot made, without an end."""
    return type(handler) is logging.FileHandler and Path(handler.baseFilename).resolve() == Path(file).resolve()
