"""What is sent to the chat in the background: by one thread, and retried while the chat fails."""

import heapq
import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import timedelta

import msgspec

from opsdesk import clock, tally
from opsdesk.chat.chat import SendError
from opsdesk.clock import Backoff

log = logging.getLogger(__name__)

ATTEMPTS = 8
BACKOFF = Backoff(first=timedelta(seconds=1), longest=timedelta(seconds=64))  # two minutes in all


class Job(msgspec.Struct, frozen=True):
    """Something to send: `do` raises SendError to be retried; `failed` is called with the reason once that is given up.

    Jobs `about` the same thing ("" is about nothing else) keep their order, and of two with the same `name` in a row
    only one waits. One that `lasts` is retried until a retry makes no sense.
    """

    name: str
    do: Callable[[], None]
    failed: Callable[[str], None]
    lasts: bool = False
    about: str = ""

    @property
    def lane(self) -> str:
        """Return what all jobs that keep their order with this one share."""
        return self.about or self.name


class _Waiting(msgspec.Struct, frozen=True):
    """A job, its number in order of arrival, when it is due, and how often it was tried."""

    job: Job
    number: int
    due: float
    tries: int = 0

    @property
    def place(self) -> tuple[float, int, str]:
        """Return what is least for the one that goes first of those at the head of their lanes."""
        return self.due, self.number, self.job.lane

    def again(self, pause: timedelta) -> "_Waiting":
        return _Waiting(self.job, self.number, clock.seconds() + pause.total_seconds(), self.tries + 1)


class Outbox:
    """Does jobs in a thread of its own, started by the first. A job that waits for a retry holds up no other."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[_Waiting]] = {}
        self._heads: list[tuple[float, int, str]] = []  # a heap of places; some are of none that is a head any more
        self._numbers = itertools.count()
        self._changed, self._closed = threading.Condition(), False
        self._thread: threading.Thread | None = None
        tally.follow_queue("outbox", self)

    def waiting(self) -> int:
        """Return how many jobs wait."""
        with self._changed:
            return sum(map(len, self._lanes.values()))

    def add(self, job: Job, after: timedelta = timedelta()) -> None:
        """Queue a job to be done `after` a while, unless the same one is the last that waits."""
        with self._changed:
            self._start()
            lane = self._lanes.setdefault(job.lane, deque())
            if not lane or lane[-1].job.name != job.name:
                lane.append(_Waiting(job, next(self._numbers), clock.seconds() + after.total_seconds()))
                if len(lane) == 1:
                    self._note_head(job.lane)

    def close(self) -> None:
        """Stop doing jobs."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(5)

    def _start(self) -> None:
        """Start the thread, unless there is one; where the machine has none to give, the next job tries again."""
        if self._thread is None:
            thread = threading.Thread(target=self._do_all, name="jobs", daemon=True)
            try:
                thread.start()
            except RuntimeError as none_left:
                log.warning("Nothing is sent in the background yet: %s", none_left)
            else:
                self._thread = thread

    def _wait_again(self, one: _Waiting) -> None:
        """Put a job back where it was: before those of its lane that came later."""
        with self._changed:
            self._lanes.setdefault(one.job.lane, deque()).appendleft(one)
            self._note_head(one.job.lane)

    def _note_head(self, lane: str) -> None:
        heapq.heappush(self._heads, self._lanes[lane][0].place)
        self._changed.notify_all()

    def _do_all(self) -> None:
        while one := self._next():
            try:
                self._do(one)
            except Exception:  # a mistake must not end the thread, and all later jobs with it
                log.exception("%s: nobody was told", one.job.name)

    def _next(self) -> _Waiting | None:
        """Wait for the next job that is due, and return it; None once closed."""
        with self._changed:
            while not self._closed:
                first = self._first()
                pause = first.due - clock.seconds() if first else None
                if first and pause is not None and pause <= 0:
                    self._take(first.job.lane)
                    return first
                self._changed.wait(pause)
        return None

    def _first(self) -> _Waiting | None:
        """Return the job that is due next, of the first in each lane."""
        while self._heads:
            lane = self._lanes.get(self._heads[0][2])
            if lane and lane[0].place == self._heads[0]:
                return lane[0]
            heapq.heappop(self._heads)
        return None

    def _take(self, lane: str) -> None:
        """Take away the first in a lane; the one behind it, if any, is its head then."""
        self._lanes[lane].popleft()
        if self._lanes[lane]:
            self._note_head(lane)
        else:
            del self._lanes[lane]

    def _do(self, one: _Waiting) -> None:
        job, attempt = one.job, one.tries + 1
        try:
            job.do()
        except SendError as unsent:
            log.warning("%s: attempt %d failed: %s", job.name, attempt, unsent.reason)
            if unsent.retry_after is None or (attempt == ATTEMPTS and not job.lasts):
                job.failed(unsent.reason)
            else:
                self._wait_again(one.again(BACKOFF.after(attempt, unsent.retry_after)))
        except Exception as mistake:  # whoever waits for the job must hear that it was not done
            log.exception("%s was not done", job.name)
            job.failed(repr(mistake))
