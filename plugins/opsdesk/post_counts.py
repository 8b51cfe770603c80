"""The counts' part of the day's post: there on time with what is known, and made whole until it is given up."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from datetime import date, datetime, timedelta
from typing import Protocol

from opsdesk.counts import Counts
from opsdesk.posts import Line, PostRecord
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

WHOLE, MISSING = "counts to", "counts missing"  # the line's key tells whether Datadog has given every number
PATIENCE = 3.0  # seconds: a post that is on time within 5 does not wait longer
ASK_AGAIN = timedelta(seconds=30)


class CountsWords(Protocol):
    """The words of the counts in a post."""

    def told(self, counts: Counts) -> str:
        """The counts under a heading."""

    def unavailable(self, counts: Counts | None, trying_until: datetime | None) -> str:
        """Why there are none (None: not answered yet), and until when they are asked for."""


class PostCounts:
    """Asks `ask(day, until, at)` and keeps asking; `times(day)` is when the post is due, read again, and given up."""

    def __init__(
        self,
        ask: Callable[[date, datetime, datetime], Counts],
        times: Callable[[date], tuple[datetime, datetime, datetime]],
        words: CountsWords,
        patience: float = PATIENCE,
    ) -> None:
        self._ask, self._times, self._words, self._patience = ask, times, words, patience
        self._workers = Workers(4, "post counts")
        self._asked: dict[tuple[date, datetime], Future[Counts]] = {}
        self._lock = threading.Lock()

    def lines(self, day: date, until: datetime, at: datetime, before: PostRecord) -> Sequence[Line]:
        """The part for midnight to `until`. What the post has from Datadog in full stands until it is read again."""
        due, reread, give_up = self._times(day)
        standing = next((line for line in before.lines if line.key == f"{WHOLE} {until}"), None)
        if standing and not reread <= at < give_up:
            return [standing]
        counts = self._counts(day, until, at)
        if counts and counts.known and (counts.complete or not standing):
            key = f"{WHOLE} {until}" if counts.complete else MISSING
            return [Line(key, self._words.told(counts), marked=True)]
        if standing:
            return [standing]
        trying = give_up if due <= at < give_up else None
        return [Line(MISSING, self._words.unavailable(counts, trying), marked=True)]

    def stale(self, day: date, before: PostRecord, at: datetime, looked: datetime) -> bool:
        """Whether asking again may change what was posted: numbers are missing, or are to be read again."""
        due, reread, give_up = self._times(day)
        if looked < reread <= at or looked < give_up <= at:
            return True
        if at >= give_up or any(line.key == f"{WHOLE} {due}" for line in before.lines):
            return False
        return at - looked >= ASK_AGAIN or self._has_answered(day, due)

    def _counts(self, day: date, until: datetime, at: datetime) -> Counts | None:
        """The answer, if it comes soon; a later one is there for whoever asks next."""
        asked = self._question(day, until, at)
        wait([asked], timeout=self._patience)
        if not asked.done():
            return None
        with self._lock:
            self._asked.pop((day, until), None)
        if mistake := asked.exception():  # the post goes out all the same; the log says what to mend
            log.error("The counts of %s could not be read", day, exc_info=mistake)
            return None
        return asked.result()

    def _question(self, day: date, until: datetime, at: datetime) -> Future[Counts]:
        with self._lock:
            self._asked = {key: one for key, one in self._asked.items() if not one.done() or key == (day, until)}
            if (day, until) not in self._asked:
                self._asked[day, until] = self._workers.do(lambda: self._ask(day, until, at))
            return self._asked[day, until]

    def _has_answered(self, day: date, until: datetime) -> bool:
        with self._lock:
            asked = self._asked.get((day, until))
            return bool(asked and asked.done())
