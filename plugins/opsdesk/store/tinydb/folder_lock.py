"""The lock of a state folder: one desk at a time."""

import errno
import fcntl
import logging
import os
from contextlib import suppress
from pathlib import Path

from opsdesk.errors import SettingsError
from opsdesk.files import explain
from opsdesk.store.interface import NotStored

HELD = (errno.EAGAIN, errno.EACCES)  # what file systems say of a lock that somebody else has

log = logging.getLogger(__name__)


class FolderLock:
    """A folder's lock, held from the start. Raises a SettingsError that names the process holding it.

    The kernel gives it back when the process ends, however it ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / "lock"
        self._handle: int | None = self._taken()

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
            if not os.path.samestat(found, self._place):
                raise NotStored(
                    f"Nothing was stored: another desk ({_holder(self._path)}) took {self._folder}, after its lock "
                    "was removed. Tell an admin: end one of the two, then start the other again."
                )

    def release(self) -> None:
        """Let another desk have the folder."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def _take_again(self) -> None:
        log.warning("The lock of %s was removed while the desk runs; it is taken again.", self._folder)
        try:
            taken = self._taken()
        except (OSError, SettingsError) as error:
            why = explain(error) if isinstance(error, OSError) else str(error)
            raise NotStored(f"Nothing was stored: {why}. Tell an admin, then type it again.") from error
        self.release()  # only now: while it is open, no other file can be taken for the one that was removed
        self._handle = taken

    def _taken(self) -> int:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._place = os.fstat(handle)
        except OSError as error:
            os.close(handle)
            if error.errno not in HELD:
                raise
            raise SettingsError(
                [
                    f"Another desk ({_holder(self._path)}) uses {self._folder}. "
                    "Stop it first, or give this one a folder of its own in DESK_STATE_DIR."
                ]
            ) from None
        # The number is a courtesy to whoever finds the folder locked: a full disk must not stop the desk.
        with suppress(OSError):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        return handle


def _holder(path: Path) -> str:
    try:
        return f"process {int(path.read_text())}"
    except (OSError, ValueError):
        return "its process is unknown"
