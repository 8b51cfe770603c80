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


class SeenEvent(NamedTuple):
    """An event that was taken: when, what command it holds ("" if none) in which thread, and whether it is done."""

    at: datetime
    command: str = ""
    thread: str = ""
    done: bool = False

    @property
    def unfinished(self) -> bool:
        """Whether a command may be done or not: somebody has to be told, however long ago that was."""
        return bool(self.command) and not self.done


class SeenEvents:
    """The events of the last ten minutes by key, and older commands that were not done, one line of a file each.

    A line is with the operating system before `take` returns: it outlives the end of the process, however that comes.
    """

    def __init__(self, file: Path, now: clock.Now = clock.now) -> None:
        self._file, self._now = file, now
        self._lock, self._closed = threading.Lock(), False
        self._taken = dict(_read(file))
        self.unfinished = {key: taken for key, taken in self._taken.items() if taken.unfinished}
        file.parent.mkdir(parents=True, exist_ok=True)
        self._line_end, self._cut_off = _end_of(file), False
        self._rewrite()

    def take(self, key: str, command: str = "", thread: str = "") -> bool:
        """Whether the event is to be dealt with now: False where it was taken before."""
        with self._lock:
            known = self._taken.get(key)
            if known and known.at > self._now() - KEPT:
                return False
            self._note(key, SeenEvent(self._now(), command, thread))
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

    def _note(self, key: str, taken: SeenEvent) -> None:
        self._taken[key] = taken
        if self._closed:
            return
        try:
            self._append(_line(key, taken))
        except OSError as full:  # commands must still be answered, if only by saying that nothing can be stored
            log.warning("Event %s is not noted on disk: %s", key, full)
        self._lines += 1
        if self._lines > MOST_LINES:
            self._rewrite()

    def _append(self, line: bytes) -> None:
        """Writes a line, away from one of which a full disk took but the beginning."""
        whole = b"\n" + line if self._cut_off else line
        self._cut_off = os.write(self._line_end, whole) < len(whole)

    def _fresh(self) -> dict[str, SeenEvent]:
        since = self._now() - KEPT
        return {key: taken for key, taken in self._taken.items() if taken.at > since or taken.unfinished}

    def _rewrite(self) -> None:
        """Leaves out what is not kept. On a full disk the file stays as it is: an event must be taken all the same."""
        self._taken = self._fresh()
        self._lines = len(self._taken)
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_bytes(b"".join(_line(key, taken) for key, taken in self._taken.items()))
            fresh.replace(self._file)
            old, self._line_end = self._line_end, _end_of(self._file)
            os.close(old)
        except OSError as full:
            log.warning("%s is not rewritten: %s", self._file, full)
            self._cut_off = True  # perhaps by the end of the process before this one


def _end_of(file: Path) -> int:
    return os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def _line(key: str, taken: SeenEvent) -> bytes:
    return json.dumps([key, taken.at.isoformat(), taken.command, taken.thread, taken.done]).encode() + b"\n"


def _read(file: Path) -> dict[str, SeenEvent]:
    taken: dict[str, SeenEvent] = {}
    for line in file.read_bytes().splitlines() if file.exists() else ():
        try:
            key, at, command, thread, done = json.loads(line)
            taken[key] = SeenEvent(datetime.fromisoformat(at), command, thread, done)
        except (ValueError, TypeError):
            continue  # the last line of a machine that lost its power
    return taken
