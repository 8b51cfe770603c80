"""Today's counts for a page that must not wait for them: asked aside, and told as they were last known meanwhile."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from datetime import UTC, datetime, timedelta
from functools import partial

from opsdesk import clock
from opsdesk.errors import or_why
from opsdesk.workers import Workers

ASKED = "Datadog is being asked: the counts show here in a minute."
PATIENCE = 1.5  # seconds that a page waits for what was asked for it
Ask = Callable[[datetime], Sequence[str]]


class PageCounts:
    """The lines that `ask` gives, one question at a time, however many pages are made."""

    def __init__(self, ask: Ask, patience: float = PATIENCE) -> None:
        self._ask, self._patience = ask, patience
        self._workers, self._lock = Workers(1, "home-counts"), threading.Lock()
        self._asked: Future[None] | None = None
        self._since, self._lines, self._known_at = 0.0, [ASKED], datetime.min.replace(tzinfo=UTC)

    def lines(self, at: datetime, older_than: timedelta | None) -> Sequence[str]:
        """Return the lines, asked anew where they are `older_than` that; None: whatever is known, nothing is asked."""
        asked = None if older_than is None else self._begun(at, older_than)
        if asked:
            wait([asked], max(0.0, self._since + self._patience - clock.seconds()))
        return self._lines

    def _begun(self, at: datetime, older_than: timedelta) -> "Future[None] | None":
        """Return what is asked just now, begun if it is time; None where the lines are young enough."""
        with self._lock:
            if self._asked and not self._asked.done():
                return self._asked
            if timedelta(0) <= at - self._known_at < older_than:
                return None
            self._since, self._asked = clock.seconds(), self._workers.do(partial(self._learn, at))
            return self._asked

    def _learn(self, at: datetime) -> None:
        self._lines = or_why(lambda: list(self._ask(at)), lambda why: [why], "What a Home tab has of the counts")
        self._known_at = at
