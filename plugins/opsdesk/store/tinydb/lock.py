"""The lock on the state folder: one desk at a time. The kernel gives it back when its process ends, however it ends."""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from opsdesk.errors import SettingsError


def lock_folder(folder: Path) -> FileLock:
    """The lock, held until it is released. Raises a SettingsError that names the process holding it."""
    path = folder / "lock"
    # thread_local: with it, a release from another thread than the one that acquired does nothing.
    lock = FileLock(path, timeout=0, thread_local=False, fallback_to_soft=False, on_acquired=_sign)
    try:
        lock.acquire()
    except Timeout:
        raise SettingsError(
            [
                f"Another desk ({_holder(path)}) uses {folder}. "
                "Stop it first, or give this one a folder of its own in DESK_STATE_DIR."
            ]
        ) from None
    return lock


def _sign(handle: int) -> None:
    # The number of the process is a courtesy to whoever finds the folder locked: a full disk must not stop the desk.
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)


def _holder(path: Path) -> str:
    try:
        return f"process {int(path.read_text())}"
    except (OSError, ValueError):
        return "its process is unknown"
