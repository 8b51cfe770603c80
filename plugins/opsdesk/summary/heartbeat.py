"""The sign of life after the day's post: whoever misses it at that address raises an alarm."""

import logging
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException

from opsdesk.errors import UserError
from opsdesk.posts import Plan, PostEntry, PostScheduler, PostStep, Scheduled, State

log = logging.getLogger(__name__)

TIMEOUT = 5.0  # seconds
ASK_AGAIN = timedelta(minutes=1)


def fetch(url: str) -> None:
    """Fetches `url`; raises an OSError where it does not answer with success."""
    with urllib.request.urlopen(url, timeout=TIMEOUT):
        pass


class Heartbeat:
    """Calls `beat` once for each planned post that stands; the posts themselves never wait for it."""

    def __init__(self, posts: PostScheduler, plan: Plan, beat: Callable[[], None]) -> None:
        self._posts, self._plan, self._beat = posts, plan, beat
        self._tried: dict[str, datetime] = {}
        self._done: set[str] = set()

    def tick(self, at: datetime) -> None:
        """Does it for those that stand by `at`; a failure is tried again a minute later."""
        for scheduled in self._plan(at):
            if self._is_owed(scheduled, at):
                self._try(scheduled, at)

    def _is_owed(self, scheduled: Scheduled, at: datetime) -> bool:
        record, tried = self._posts.record(scheduled), self._tried.get(scheduled.key)
        if record.state is not State.POSTED or record.last(PostStep.BEAT) or scheduled.key in self._done:
            return False
        return tried is None or not at - ASK_AGAIN < tried <= at

    def _try(self, scheduled: Scheduled, at: datetime) -> None:
        self._tried[scheduled.key] = at
        try:
            self._beat()
            self._done.add(scheduled.key)
            self._posts.note(scheduled, PostEntry(at, PostStep.BEAT))
        except (OSError, HTTPException, ValueError) as unreachable:  # ValueError: what was set is no address
            log.warning("The heartbeat address did not answer: %s", unreachable)
        except UserError as full:
            log.error("That the heartbeat address answered cannot be written down: %s", full)
