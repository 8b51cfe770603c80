"""Pages that were made: each serves everybody for some seconds, and few are in the making at a time."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from cachetools import LRUCache

from opsdesk import clock

T = TypeVar("T")

MOST = 100  # pages that are kept
AT_ONCE = 3  # threads of the web server that make or wait for a page: the others serve Slack meanwhile
PATIENCE = 5.0  # seconds that one of them waits for another


class Shelf(Generic[T]):
    """Keeps what was made last, by name. Threads may ask at once: one makes, and the others have what was there."""

    def __init__(self, now: Callable[[], float] = clock.seconds) -> None:
        self._now = now
        self._made: LRUCache[str, tuple[T, float]] = LRUCache(MOST)
        self._lock, self._room, self._making = threading.Lock(), threading.Semaphore(AT_ONCE), threading.Lock()

    def get(self, name: str, make: Callable[[], T], fresh: float) -> T | None:
        """Return what was made of that name less than `fresh` seconds ago, else make it.

        Where others are being made, an older one serves; None where there is none.
        """
        known = self._known(name)
        if known and self._is_fresh(known, fresh):
            return known[0]
        if self._room.acquire(blocking=False):
            try:
                return self._make(name, make, fresh, 0.0 if known else PATIENCE)
            finally:
                self._room.release()
        return known[0] if known else None

    def last(self, name: str) -> T | None:
        """Return what was made of that name last, however long ago."""
        known = self._known(name)
        return known[0] if known else None

    def _make(self, name: str, make: Callable[[], T], fresh: float, patience: float) -> T | None:
        if not self._making.acquire(timeout=patience):
            return self.last(name)
        try:
            known = self._known(name)  # which another may have made meanwhile
            if known and self._is_fresh(known, fresh):
                return known[0]
            made = make()
            with self._lock:
                self._made[name] = made, self._now()
            return made
        finally:
            self._making.release()

    def _known(self, name: str) -> tuple[T, float] | None:
        with self._lock:
            return self._made.get(name)

    def _is_fresh(self, one: tuple[T, float], fresh: float) -> bool:
        return 0 <= self._now() - one[1] < fresh
