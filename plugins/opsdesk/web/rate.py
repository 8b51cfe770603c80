"""How often whoever asks the web server may ask it."""

import threading
from collections.abc import Callable

from opsdesk import clock
from opsdesk.latest import LatestValues

MOST_ASKERS = 1_000  # that are told apart; of more, those who were quiet longest begin anew


class WebRate:
    """Lets each asker have so many answers at once, and then one each so many `seconds`."""

    def __init__(self, at_once: int, seconds: float, now: Callable[[], float] = clock.seconds) -> None:
        self._at_once, self._seconds, self._now = at_once, seconds, now
        self._used = LatestValues[str, float](MOST_ASKERS)  # until when what each had is used up
        self._lock = threading.Lock()

    def admits(self, asker: str) -> bool:
        """Return whether `asker` may have one more answer now; if so, it counts."""
        now = self._now()
        with self._lock:
            until = max(self._used.get(asker) or now, now) + self._seconds
            if until - now > self._at_once * self._seconds:
                return False
            self._used.set(asker, until)
            return True
