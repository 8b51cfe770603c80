"""Files people take away from the desk, in a folder beside what it stores."""

import os
import tempfile
from pathlib import Path

from opsdesk.errors import Refusal

FOLDER = "exports"


def write(state_dir: Path, name: str, text: str) -> Path:
    """The file with this name and text, in place of an older one. Nobody ever reads half of it.

    Raises a Refusal where it cannot be written.
    """
    folder = state_dir / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=folder, suffix=".part")
    except OSError as refused:
        raise _unwritten(name, refused) from refused
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return Path(unfinished).replace(folder / name)
    except OSError as refused:
        Path(unfinished).unlink(missing_ok=True)
        raise _unwritten(name, refused) from refused


def _unwritten(name: str, refused: OSError) -> Refusal:
    return Refusal(f"{name} could not be written: {refused.strerror}. Type the command again once that is mended.")
