"""Files that the desk hands out: written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from opsdesk.errors import Refusal


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """The file with this name and content, in place of an older one. Nobody ever reads half of it.

    Raises a Refusal where it cannot be written.
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


def _unwritten(name: str, refused: OSError) -> Refusal:
    return Refusal(f"{name} could not be written: {refused.strerror}. Type the command again once that is mended.")
