"""Jobs done at the same time."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class Workers:
    """Up to `most` threads, each of which lasts as long as there is something to do.

    They are daemons: a job that hangs does not keep the desk from stopping, as one of an Executor would.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most, self._name = most, name
        self._jobs: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._lock = threading.Lock()
        self._threads = 0

    def do(self, job: Callable[[], T]) -> Future[T]:
        """Begins `job` as soon as a thread is free; the first handed over is the first begun."""
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
    """Does `job` in this thread; what it returns or raises is what whoever waits for `future` gets."""
    try:
        result = job()
    except BaseException as failed:  # noqa: BLE001  # whoever asks for the result gets it, as from an Executor
        future.set_exception(failed)
    else:
        future.set_result(result)


Work = Callable[[], None]


class Lanes:
    """Does work in `threads` threads. Work in the same lane keeps its order; it must not raise."""

    def __init__(self, threads: int) -> None:
        self._workers = Workers(threads, "slack-event")
        self._lanes: dict[str, deque[Work]] = {}
        self._changed, self._closed = threading.Condition(), False

    def add(self, lane: str, work: Work) -> None:
        """Has `work` done behind whatever its lane holds already; at once, in this thread, after `close`."""
        with self._changed:
            waiting = self._lanes.get(lane)
            if waiting is not None:
                waiting.append(work)
                return
            self._lanes[lane] = deque([work])
        if self._closed:
            self._go_through(lane)
        else:
            self._workers.do(partial(self._go_through, lane))

    def close(self, wait: float) -> bool:
        """Whether everything that was added was done within `wait` seconds; what hangs keeps nobody from ending."""
        with self._changed:
            self._closed = True
            return self._changed.wait_for(lambda: not self._lanes, wait)

    def _go_through(self, lane: str) -> None:
        while True:
            with self._changed:
                if not self._lanes[lane]:
                    del self._lanes[lane]
                    self._changed.notify_all()
                    return
                work = self._lanes[lane].popleft()
            work()
