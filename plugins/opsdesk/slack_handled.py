"""Which of Slack's events were taken already, on disk: a second delivery is not taken again, even after a restart."""

import json
import logging
import os
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from opsdesk import clock

log = logging.getLogger(__name__)

KEPT = timedelta(minutes=10)  # Slack delivers again for five
MOST_LINES = 20_000


class Taken(NamedTuple):
    """An event that was taken: when, what command it holds ("" if none) in which thread, and whether it is done."""

    at: datetime
    command: str = ""
    thread: str = ""
    done: bool = False

    @property
    def unfinished(self) -> bool:
        """Whether a command may be done or not: somebody has to be told, however long ago that was."""
        return bool(self.command) and not self.done


class Handled:
    """The events of the last ten minutes by key, and older commands that were not done, one line of a file each.

    A line is with the operating system before `take` returns: it outlives the end of the process, however that comes.
    """

    def __init__(self, file: Path, now: clock.Now = clock.now) -> None:
        self._file, self._now = file, now
        self._lock, self._closed = threading.Lock(), False
        self._taken = dict(_read(file))
        self.unfinished = {key: taken for key, taken in self._taken.items() if taken.unfinished}
        self._rewrite()

    def take(self, key: str, command: str = "", thread: str = "") -> bool:
        """Whether the event is to be dealt with now: False where it was taken before."""
        with self._lock:
            known = self._taken.get(key)
            if known and known.at > self._now() - KEPT:
                return False
            self._note(key, Taken(self._now(), command, thread))
            return True

    def done(self, key: str) -> None:
        """Notes that the event was dealt with."""
        with self._lock:
            if key in self._taken:
                self._note(key, self._taken[key]._replace(done=True))

    def close(self) -> None:
        """Writes nothing any more: the system may soon give the file's number to another."""
        with self._lock:
            self._closed = True
            os.close(self._line_end)

    def _note(self, key: str, taken: Taken) -> None:
        self._taken[key] = taken
        if self._closed:
            return
        try:
            os.write(self._line_end, _line(key, taken))
        except OSError as full:  # commands must still be answered, if only by saying that nothing can be stored
            log.warning("Event %s is not noted on disk: %s", key, full)
        self._lines += 1
        if self._lines > MOST_LINES:
            os.close(self._line_end)
            self._rewrite()

    def _fresh(self) -> dict[str, Taken]:
        since = self._now() - KEPT
        return {key: taken for key, taken in self._taken.items() if taken.at > since or taken.unfinished}

    def _rewrite(self) -> None:
        self._taken = self._fresh()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        fresh.write_bytes(b"".join(_line(key, taken) for key, taken in self._taken.items()))
        fresh.replace(self._file)
        self._line_end = os.open(self._file, os.O_WRONLY | os.O_APPEND)
        self._lines = len(self._taken)


def _line(key: str, taken: Taken) -> bytes:
    return json.dumps([key, taken.at.isoformat(), taken.command, taken.thread, taken.done]).encode() + b"\n"


def _read(file: Path) -> dict[str, Taken]:
    taken: dict[str, Taken] = {}
    for line in file.read_bytes().splitlines() if file.exists() else ():
        try:
            key, at, command, thread, done = json.loads(line)
            taken[key] = Taken(datetime.fromisoformat(at), command, thread, done)
        except (ValueError, TypeError):
            continue  # the last line of a machine that lost its power
    return taken
