"""The lock of a state folder: one desk at a time."""

import logging
import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from opsdesk.errors import SettingsError
from opsdesk.files import explain
from opsdesk.store.interface import NotStored

log = logging.getLogger(__name__)


class FolderLock:
    """A folder's lock, held from the start. Raises a SettingsError that names the process holding it.

    The kernel gives it back when the process ends, however it ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / "lock"
        self._place: tuple[int, int] | None = None
        self._lock = self._taken()

    def ensure(self) -> None:
        """Make sure before a change that the folder is this desk's still. Raises NotStored.

        A lock that somebody removed, taking it for stale, is taken again. One in its place is another desk's, or was:
        what this one has in memory may be outdated.
        """
        try:
            found = self._path.stat()
        except OSError:
            self._take_again()
        else:
            if (found.st_dev, found.st_ino) != self._place:
                raise NotStored(
                    f"Nothing was stored: another desk ({_holder(self._path)}) took {self._folder}, after its lock "
                    "was removed. Tell an admin: end one of the two, then start the other again."
                )

    def release(self) -> None:
        """Let another desk have the folder."""
        self._lock.release()

    def _take_again(self) -> None:
        log.warning("The lock of %s was removed while the desk runs; it is taken again.", self._folder)
        try:
            self._lock = self._taken()
        except (OSError, SettingsError) as error:
            why = explain(error) if isinstance(error, OSError) else str(error)
            raise NotStored(f"Nothing was stored: {why}. Tell an admin, then type it again.") from error

    def _taken(self) -> FileLock:
        # thread_local: with it, a release from another thread than the one that acquired does nothing.
        lock = FileLock(self._path, timeout=0, thread_local=False, fallback_to_soft=False, on_acquired=self._sign)
        try:
            lock.acquire()
        except Timeout:
            raise SettingsError(
                [
                    f"Another desk ({_holder(self._path)}) uses {self._folder}. "
                    "Stop it first, or give this one a folder of its own in DESK_STATE_DIR."
                ]
            ) from None
        return lock

    def _sign(self, handle: int) -> None:
        found = os.fstat(handle)
        self._place = found.st_dev, found.st_ino
        # The number is a courtesy to whoever finds the folder locked: a full disk must not stop the desk.
        with suppress(OSError):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)


def _holder(path: Path) -> str:
    try:
        return f"process {int(path.read_text())}"
    except (OSError, ValueError):
        return "its process is unknown"
