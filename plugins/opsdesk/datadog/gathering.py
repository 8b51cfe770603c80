"""A pool of queries to Datadog, asked at the same time and waited for together."""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from datetime import datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from opsdesk.datadog import calls
from opsdesk.datadog.answers import QueryAnswer, Reason, Unknown
from opsdesk.datadog.client import CONNECTIONS, Datadog
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

K = TypeVar("K")
T = TypeVar("T")

BUDGET = 20.0  # seconds


class QueryPool:
    """Asks `datadog`; whoever waits gives up after `budget` seconds. No organisation takes another's places."""

    def __init__(self, datadog: Datadog, budget: float = BUDGET) -> None:
        self.datadog, self._budget = datadog, budget
        self._workers: defaultdict[str, Workers] = defaultdict(lambda: Workers(CONNECTIONS, "datadog"))
        self._calls: WeakKeyDictionary[Future[Any], calls.Call] = WeakKeyDictionary()
        self._others: WeakKeyDictionary[Future[Any], int] = WeakKeyDictionary()  # who wait, beside the first
        self._lock = threading.Lock()

    def ask(
        self, organisation: str, site: str, query: str, start: datetime, end: datetime, at: datetime
    ) -> Future[QueryAnswer | Unknown]:
        """Return a future of the answer to a query."""
        return self.do(organisation, lambda: self.datadog.query(organisation, site, query, start, end, at))

    def do(self, organisation: str, job: Callable[[], T]) -> Future[T]:
        """Return a future of what `job` returns, which asks the organisation something."""
        call = calls.Call()

        def make() -> T:
            with call.in_this_thread():
                return job()

        with self._lock:
            future = self._workers[organisation].do(make)
            self._calls[future] = call
        return future

    def join(self, future: Future[Any]) -> bool:
        """Register one more waiter, who must gather or leave the answer. Return False if it was given up already."""
        with self._lock:
            call = self._calls.get(future)
            given_up = future.cancelled() or (call is not None and call.given_up)
            if not given_up:
                self._others[future] = self._others.get(future, 0) + 1
            return not given_up

    def leave(self, future: Future[Any]) -> None:
        """Unregister one waiter. A question that nobody waits for is not begun, or ended, and frees its place."""
        with self._lock:
            if others := self._others.pop(future, 0):
                self._others[future] = others - 1
            elif not future.done() and not future.cancel() and (call := self._calls.get(future)):
                call.give_up()

    def gather(self, asked: Mapping[K, Future[T | Unknown]], patience: float | None = None) -> dict[K, T | Unknown]:
        """Return the answers. One that is not there in the budget, or `patience` seconds, is left, as a time-out."""
        wait(asked.values(), timeout=self._budget if patience is None else patience)
        answers = {key: _outcome(future) for key, future in asked.items()}
        for future in asked.values():
            self.leave(future)
        return answers


def _outcome(future: Future[T | Unknown]) -> T | Unknown:
    if not future.done() or future.cancelled():
        return Unknown(Reason.TIMEOUT)
    if error := future.exception():
        # One counter less must not cost the others; and what an exception says may hold a key.
        log.error("A question to Datadog failed in the desk itself: %s", type(error).__name__)
        return Unknown(Reason.FAILED, f"in the desk itself: {type(error).__name__}")
    return future.result()
