"""Looks begun once a minute, in a thread of their own, so that nobody waits for them."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from opsdesk.workers import Workers

log = logging.getLogger(__name__)


class Looks:
    """Has `look` done at a moment, one at a time; `what` names it in the log."""

    def __init__(self, look: Callable[[datetime], object], what: str) -> None:
        self._look, self._what = look, what
        self._worker, self._lock = Workers(1, f"watch {what}"), threading.Lock()
        self._begun: datetime | None = None

    def begin(self, at: datetime) -> None:
        """Begin a look if this minute has had none and the last one has ended. Waits for nothing."""
        minute = at.replace(second=0, microsecond=0)
        if minute != self._begun and self._lock.acquire(blocking=False):
            self._begun = minute
            self._worker.do(lambda: self._look_and_release(at))

    def wait(self, seconds: float) -> bool:
        """Return whether the look that is under way, if any, ended within so many seconds."""
        ended = self._lock.acquire(timeout=seconds)
        if ended:
            self._lock.release()
        return ended

    def _look_and_release(self, at: datetime) -> None:
        try:
            self._look(at)
        except Exception:  # the next minute's look must not suffer from it
            log.exception("The watch could not look at %s", self._what)
        finally:
            self._lock.release()
