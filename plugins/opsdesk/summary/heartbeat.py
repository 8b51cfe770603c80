"""The heartbeat after the summary: whoever misses it at that address raises an alarm."""

import logging
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException

from opsdesk.clock import Backoff
from opsdesk.errors import UserError
from opsdesk.posts import Plan, PostEntry, PostScheduler, PostStep, Scheduled, State

log = logging.getLogger(__name__)

TIMEOUT = 5.0  # seconds
BACKOFF = Backoff(first=timedelta(seconds=10), longest=timedelta(minutes=1))


def fetch(url: str) -> None:
    """Fetch `url`. Raises an OSError if the answer is no success."""
    with urllib.request.urlopen(url, timeout=TIMEOUT):
        pass


class Heartbeat:
    """Calls `beat` once for each planned post that stands; posts never wait for it."""

    def __init__(self, posts: PostScheduler, plan: Plan, beat: Callable[[], None]) -> None:
        self._posts, self._plan, self._beat = posts, plan, beat
        self._failed: dict[str, tuple[datetime, int]] = {}  # when it was last tried, and how often it failed
        self._done: set[str] = set()

    def tick(self, at: datetime) -> None:
        """Send the heartbeat of each post that stands by `at`; try a failed one again after a pause."""
        for scheduled in self._plan(at):
            if self._is_owed(scheduled, at):
                self._try(scheduled, at)

    def _is_owed(self, scheduled: Scheduled, at: datetime) -> bool:
        record = self._posts.record(scheduled)
        if record.state is not State.POSTED or record.last(PostStep.BEAT) or scheduled.key in self._done:
            return False
        tried_at, tries = self._failed.get(scheduled.key, (at, 0))
        return not tries or not tried_at <= at < tried_at + BACKOFF.after(tries)

    def _try(self, scheduled: Scheduled, at: datetime) -> None:
        self._failed[scheduled.key] = at, self._failed.get(scheduled.key, (at, 0))[1] + 1
        try:
            self._beat()
            self._done.add(scheduled.key)
            self._posts.note(scheduled, PostEntry(at, PostStep.BEAT))
        except (OSError, HTTPException, ValueError) as unreachable:  # ValueError: what was set is no address
            log.warning("The heartbeat address did not answer: %s", unreachable)
        except UserError as full:
            log.error("That the heartbeat address answered cannot be written down: %s", full)
