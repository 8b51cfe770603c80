"""Jobs done at the same time."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
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
