"""Events are dealt with by several threads at once, but those about one message one after another, as they came."""

import threading
from collections import deque
from collections.abc import Callable
from functools import partial

from opsdesk.workers import Workers

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
