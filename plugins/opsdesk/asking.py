"""Questions to Datadog, asked at the same time and waited for together, no longer than a command may take."""

import logging
from collections.abc import Mapping
from concurrent.futures import Future, wait
from datetime import datetime
from typing import TypeVar

from opsdesk.counts import Reason, Unknown
from opsdesk.datadog import CONNECTIONS, Datadog
from opsdesk.series import Answer
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

K = TypeVar("K")
T = TypeVar("T")

BUDGET = 20.0  # seconds


class Asking:
    """Asks `datadog`; whoever waits gives up after `budget` seconds."""

    def __init__(self, datadog: Datadog, budget: float = BUDGET) -> None:
        self.datadog, self._budget = datadog, budget
        self.workers = Workers(CONNECTIONS, "datadog")

    def ask(
        self, organisation: str, site: str, query: str, start: datetime, end: datetime, at: datetime
    ) -> Future[Answer | Unknown]:
        """The answer to a query, as soon as there is one."""
        return self.workers.do(lambda: self.datadog.query(organisation, site, query, start, end, at))

    def gather(self, asked: Mapping[K, Future[T | Unknown]]) -> dict[K, T | Unknown]:
        """The answers. What is not there in time is not begun any more, and counts as unanswered."""
        wait(asked.values(), timeout=self._budget)
        return {key: _outcome(future) for key, future in asked.items()}


def _outcome(future: Future[T | Unknown]) -> T | Unknown:
    if not future.done():
        future.cancel()
        return Unknown(Reason.TIMEOUT)
    if future.cancelled():
        return Unknown(Reason.TIMEOUT)
    if error := future.exception():
        # One counter less must not cost the others; and what an exception says may hold a key.
        log.error("A question to Datadog failed in the desk itself: %s", type(error).__name__)
        return Unknown(Reason.FAILED, f"in the desk itself: {type(error).__name__}")
    return future.result()
