"""How often an organisation is asked about logs and traces in an hour: Datadog answers 300, people need some."""

import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta

MOST_AN_HOUR = 150
HOUR = timedelta(hours=1)


class Budget:
    """Counts the questions of the last hour, by organisation; those about metrics have no part in it."""

    def __init__(self, most: int = MOST_AN_HOUR) -> None:
        self._most, self._lock = most, threading.Lock()
        self._spent: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._refused: dict[str, datetime] = {}

    def spend(self, organisation: str, at: datetime) -> datetime | None:
        """Count one more question; where none is left, return when the next one is."""
        with self._lock:
            spent = self._spent[organisation]
            while spent and not timedelta() <= at - spent[0] < HOUR:  # a clock that was set back begins anew
                spent.popleft()
            if len(spent) >= self._most:
                self._refused[organisation] = at
                return spent[0] + HOUR
            spent.append(at)
            return None

    @property
    def refused(self) -> dict[str, datetime]:
        """Return the organisations that a question was not asked for want of budget, and when last."""
        with self._lock:
            return dict(self._refused)

    def left(self, organisation: str, at: datetime) -> int:
        """Return how many more questions there may be now."""
        with self._lock:
            return self._most - sum(timedelta() <= at - one < HOUR for one in self._spent[organisation])
