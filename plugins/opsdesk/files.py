"""Files that the desk hands out, each written whole or not at all, and the bounds of its log file."""

import logging
import os
import tempfile
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from opsdesk.errors import UserError


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file in place of an older one, and return its path. Nobody ever reads half of it.

    Raises a UserError if it cannot be written.
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
    """Remove all files in `folder` but the `many` written last. What cannot be removed stays."""
    with suppress(OSError):  # another may be at it, too
        written = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for path in written[:-many]:
            path.unlink(missing_ok=True)


def _unwritten(name: str, refused: OSError) -> UserError:
    return UserError(f"{name} could not be written: {refused.strerror}. Type the command again once that is mended.")


LARGEST = 5_000_000  # bytes
KEPT = 3  # older files beside it, of that size


def bound(file: str) -> None:
    """Rotate the log that Errbot writes to `file`; `!log tail` reads the file of that name."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if _writes_to(one, file)]:
        rotating = RotatingFileHandler(file, maxBytes=LARGEST, backupCount=KEPT)
        rotating.setFormatter(handler.formatter)
        root.addHandler(rotating)
        root.removeHandler(handler)
        handler.close()


def _writes_to(handler: logging.Handler, file: str) -> bool:
    """Return whether it is the endless one that Errbot made."""
    return type(handler) is logging.FileHandler and Path(handler.baseFilename).resolve() == Path(file).resolve()
