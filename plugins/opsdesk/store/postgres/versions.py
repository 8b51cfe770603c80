"""How often each table was changed, by whichever desk: known without asking, and asked after all the time."""

import threading
from collections.abc import Mapping


class Versions:
    """The changes of each table, as far as they are known here."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self.passing: set[str] = set()  # tables whose changes say nothing about what is kept
        self._lock = threading.Lock()

    def of(self, table: str) -> int:
        """Return how many changes of a table are known of."""
        return self._known.get(table, 0)

    def total(self) -> int:
        """Return how many changes of what is kept are known of, over all tables."""
        with self._lock:
            return sum(changes for table, changes in self._known.items() if table not in self.passing)

    def learn(self, table: str, changes: int | None) -> None:
        """Take note of a change made here, if it was one; None is none."""
        if changes is not None:
            self.learn_all({table: changes})

    def learn_all(self, changes: Mapping[str, int]) -> None:
        """Take note of what the database counts. Older news, which came late, changes nothing."""
        with self._lock:
            for table, number in changes.items():
                self._known[table] = max(number, self._known.get(table, 0))
