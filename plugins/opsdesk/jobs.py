"""What is sent to the chat behind people's backs: one after another, each again while the chat fails."""

import itertools
import logging
import queue
import threading
from collections.abc import Callable

import msgspec

from opsdesk.chat import Unsent

log = logging.getLogger(__name__)

ATTEMPTS = 8
PAUSE = 1.0  # seconds before the second attempt, at least; each later one waits twice as long: two minutes in all
LONGEST_PAUSE = 64.0


class Job(msgspec.Struct, frozen=True):
    """`do` raises Unsent where it should be done again; `failed` hears the reason once that is given up.

    Of jobs with the same `name` only one waits at a time. One that `lasts` is given up only where it makes no sense.
    """

    name: str
    do: Callable[[], None]
    failed: Callable[[str], None]
    lasts: bool = False


class Jobs:
    """Does jobs in a thread of its own, which begins with the first."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Job | None] = queue.Queue()
        self._names: set[str] = set()
        self._lock, self._closed = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, job: Job) -> None:
        """Has it done soon."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._do_all, name="jobs", daemon=True)
                self._thread.start()
            if job.name not in self._names:
                self._names.add(job.name)
                self._waiting.put(job)

    def close(self) -> None:
        """Does no more."""
        self._closed.set()
        self._waiting.put(None)
        if self._thread:
            self._thread.join(5)

    def _do_all(self) -> None:
        while not self._closed.is_set():
            job = self._waiting.get()
            if job is None:
                return
            with self._lock:
                self._names.discard(job.name)
            try:
                self._do(job)
            except Exception:  # a mistake must not end the thread, and with it all later jobs
                log.exception("%s: nobody was told", job.name)

    def _do(self, job: Job) -> None:
        pause = PAUSE
        for attempt in itertools.count(1):
            try:
                return job.do()
            except Unsent as unsent:
                log.warning("%s: attempt %d failed: %s", job.name, attempt, unsent.reason)
                if unsent.retry_after is None or (attempt == ATTEMPTS and not job.lasts):
                    return job.failed(unsent.reason)
                if self._closed.wait(max(pause, unsent.retry_after.total_seconds())):
                    return None
            except Exception as mistake:  # whoever waits for the job must hear that it was not done
                log.exception("%s was not done", job.name)
                return job.failed(repr(mistake))
            pause = min(2 * pause, LONGEST_PAUSE)
        return None
