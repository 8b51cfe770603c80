"""Events are dealt with by several threads at once, but those about one message one after another, as they came."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Work = Callable[[], None]


class Lanes:
    """Does work in `threads` threads. Work in the same lane keeps its order; it must not raise."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, "slack-event")
        self._lanes: dict[str, deque[Work]] = {}
        self._lock = threading.Lock()

    def add(self, lane: str, work: Work) -> None:
        """Has `work` done behind whatever its lane holds already; at once, in this thread, after `close`."""
        with self._lock:
            waiting = self._lanes.get(lane)
            if waiting is not None:
                waiting.append(work)
                return
            self._lanes[lane] = deque([work])
        try:
            self._pool.submit(self._go_through, lane)
        except RuntimeError:  # the pool is closed
            self._go_through(lane)

    def close(self, wait: float) -> bool:
        """Begins nothing new; whether everything begun was done within `wait` seconds."""
        ending = threading.Thread(target=self._pool.shutdown, daemon=True)
        ending.start()
        ending.join(wait)
        return not ending.is_alive()

    def _go_through(self, lane: str) -> None:
        while True:
            with self._lock:
                if not self._lanes[lane]:
                    del self._lanes[lane]
                    return
                work = self._lanes[lane].popleft()
            work()
