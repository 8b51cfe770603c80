"""Threads that do jobs at the same time, in order where it matters."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

log = logging.getLogger(__name__)

SHORTEST = 0.02  # seconds between two jobs that repeat
T = TypeVar("T")


class Workers:
    """Up to `most` threads, each of which ends when there is nothing left to do.

    They are daemons: unlike with an Executor, a job that hangs does not keep the process from ending.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most, self._name = most, name
        self._jobs: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._lock = threading.Lock()
        self._threads = 0

    def do(self, job: Callable[[], T]) -> Future[T]:
        """Start `job` as soon as a thread is free, in the order of the calls, and return the future of its result."""
        future: Future[T] = Future()
        with self._lock:
            self._jobs.append((future, job))
            if self._threads == self._most:
                return future
            self._threads += 1
        threading.Thread(target=self._work, name=self._name, daemon=True).start()
        return future

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._threads -= 1
                    return
                future, job = self._jobs.popleft()
            if future.set_running_or_notify_cancel():
                settle(future, job)


def settle(future: Future[T], job: Callable[[], T]) -> None:
    """Do `job` in this thread, and set what it returns or raises on `future`."""
    try:
        result = job()
    except BaseException as failed:  # noqa: BLE001  # whoever asks for the result gets it, as from an Executor
        future.set_exception(failed)
    else:
        future.set_result(result)


Work = Callable[[], None]


class Lanes:
    """Does work in `threads` threads. Work in one lane keeps its order; it must not raise."""

    def __init__(self, threads: int, name: str) -> None:
        self._workers = Workers(threads, name)
        self._lanes: dict[str, deque[Work]] = {}
        self._changed, self._closed = threading.Condition(), False

    def add(self, lane: str, work: Work) -> None:
        """Queue `work` behind whatever its lane holds; after `close`, do it now, in this thread."""
        with self._changed:
            waiting = self._lanes.get(lane)
            if waiting is not None:
                waiting.append(work)
                return
            self._lanes[lane] = deque([work])
        if self._closed:
            self._do_lane(lane)
        else:
            self._workers.do(partial(self._do_lane, lane))

    def close(self, wait: float) -> bool:
        """Wait up to `wait` seconds until all work is done, and return whether it is."""
        with self._changed:
            self._closed = True
            return self._changed.wait_for(lambda: not self._lanes, wait)

    def _do_lane(self, lane: str) -> None:
        while True:
            with self._changed:
                if not self._lanes[lane]:
                    del self._lanes[lane]
                    self._changed.notify_all()
                    return
                work = self._lanes[lane].popleft()
            work()


class Repeating:
    """Does a job again and again in a thread of its own: when the job says so, and at least every `longest` seconds.

    `job` returns in how many seconds it is due again, None if it does not know. It is done `first` seconds from now.
    """

    def __init__(self, job: Callable[[], float | None], longest: float, name: str, *, first: float = 0.0) -> None:
        self._job, self._longest, self._closed = job, longest, threading.Event()
        self._thread = threading.Thread(target=self._repeat, args=(first,), name=name, daemon=True)
        self._thread.start()

    def close(self, wait: float = 5.0) -> None:
        """Do the job no more. Waits up to `wait` seconds for one that is being done."""
        self._closed.set()
        self._thread.join(wait)

    def _repeat(self, pause: float) -> None:
        while not self._closed.wait(pause):
            pause = self._done()

    def _done(self) -> float:
        """Do the job; return how many seconds to wait then."""
        try:
            due = self._job()
        except Exception:  # the next one may well succeed
            log.exception("The thread %s met a mistake", self._thread.name)
            due = None
        return self._longest if due is None else min(max(due, SHORTEST), self._longest)
