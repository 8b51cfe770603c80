"""The counts in the summary: on time with what is known by then, completed later."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from opsdesk import counts as counts_wing
from opsdesk.patterns import regex
from opsdesk.posts import PostLine, PostRecord
from opsdesk.text import tell_time
from opsdesk.workers import Workers

if TYPE_CHECKING:
    from opsdesk.counts import Counts

log = logging.getLogger(__name__)

# The line's key tells whether Datadog has given every number up to a moment, or there are some, or none.
WHOLE, PART, MISSING = "counts to", "some counts to", "counts missing"
STAMP = regex(r"\d{4}-\d\d-\d\d \d\d:\d\d")
PATIENCE = 2.0  # seconds: a post that is on time within 5 waits for the tick and for the chat as well
ASK_AGAIN = timedelta(seconds=30)


class SummaryCounts:
    """Asks `ask(day, until, at)` until all is known; `times(day)` is when it is due, read again and given up."""

    def __init__(
        self,
        ask: "Callable[[date, datetime, datetime], Counts]",
        times: Callable[[date], tuple[datetime, datetime, datetime]],
        zone: ZoneInfo,
        patience: float = PATIENCE,
    ) -> None:
        self._ask, self._times, self._zone, self._patience = ask, times, zone, patience
        self._workers = Workers(4, "post counts")
        self._asked: dict[tuple[date, datetime], Future[Counts]] = {}
        self._read_again: date | None = None
        self._lock = threading.Lock()

    def lines(self, day: date, until: datetime, at: datetime, before: PostRecord) -> Sequence[PostLine]:
        """Return the counts from midnight to `until`; a complete answer stays until it is read again.

        Known numbers are never replaced by an error, nor an error by nothing.
        """
        due, reread, give_up = self._times(day)
        shown = {line.key: line for line in before.lines}
        whole, part, missing = (shown.get(key) for key in (f"{WHOLE} {until}", f"{PART} {until}", MISSING))
        if whole and not reread <= at < give_up:
            return [whole]
        counts = self._counts(day, until, at)
        if counts and counts.complete:
            self._read_again = day if before.lines and at >= reread else self._read_again
            return [PostLine(f"{WHOLE} {until}", told(counts), marked=True)]
        if counts and counts.known and not whole:
            return [PostLine(f"{PART} {until}", told(counts), marked=True)]
        standing = whole or part or (missing if counts is None and due <= at < give_up else None)
        trying = give_up if due <= at < give_up else None
        return [standing or PostLine(MISSING, unavailable(counts, trying, self._zone), marked=True)]

    def stale(self, day: date, before: PostRecord, at: datetime, looked: datetime) -> bool:
        """Return whether asking again may change what was posted: numbers are missing, or are to be read again.

        A summary posted by hand keeps the numbers of that moment until it is due.
        """
        due, reread, give_up = self._times(day)
        if looked < reread <= at or looked < give_up <= at:
            return True
        enough = (WHOLE, PART) if at < due else f"{WHOLE} {due}"
        shown = any(line.key.startswith(enough) for line in before.lines)
        if shown and (not reread <= at < give_up or self._read_again == day):
            return False
        return self._has_answered(day, due) or (at < give_up and at - looked >= ASK_AGAIN)

    def _counts(self, day: date, until: datetime, at: datetime) -> "Counts | None":
        """Return the answer if it comes within `patience`; a later one waits for whoever asks next."""
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

    def _question(self, day: date, until: datetime, at: datetime) -> "Future[Counts]":
        with self._lock:
            self._asked = {key: one for key, one in self._asked.items() if not one.done() or key == (day, until)}
            if (day, until) not in self._asked:
                self._asked[day, until] = self._workers.do(lambda: self._ask(day, until, at))
            return self._asked[day, until]

    def _has_answered(self, day: date, until: datetime) -> bool:
        with self._lock:
            asked = self._asked.get((day, until))
            return bool(asked and asked.done())


def window_end(before: PostRecord) -> datetime | None:
    """Return the end of the window of counts that was last posted; None if no numbers were."""
    keys = (line.key.removeprefix(beginning) for line in before.lines for beginning in (f"{WHOLE} ", f"{PART} "))
    return next((datetime.fromisoformat(key) for key in keys if STAMP.match(key)), None)


def told(counts: "Counts") -> str:
    """Return the counts' part of the summary: the window as a heading, then a line for each."""
    words = counts_wing.words
    sample = f"; {words.SAMPLE}" if counts.sample else ""
    return f"*Counts* ({words.window_words(counts)}{sample})\n{words.counter_lines(counts)}"


def unavailable(counts: "Counts | None", trying_until: datetime | None, zone: ZoneInfo) -> str:
    """Return why there are no numbers (`counts` None: not answered yet), and until when Datadog is asked for them.

    "Counts unavailable: Datadog did not answer (timeout). Trying until 8:30pm."
    """
    reason = counts_wing.words.unavailable(counts) if counts else "Datadog has not answered yet"
    trying = f" Trying until {tell_time(trying_until, zone)}." if trying_until else ""
    return f"Counts unavailable: {reason.removesuffix('.')}.{trying}"
