"""Who is shown the page, and when: at once to whoever opens it, and anew, within minutes, once it tells otherwise."""

import hashlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec

from opsdesk import clock
from opsdesk.chat import HomePage, SendError
from opsdesk.home.page import page_saying
from opsdesk.home.readers import LATELY, Readers
from opsdesk.workers import Lanes

log = logging.getLogger(__name__)

THREADS = 4
APART = timedelta(minutes=1)  # at least, between two that one person is shown unasked
AT_ONCE = 4  # people who are shown a new one with each tick, of a few seconds: Slack takes some hundred a minute
PAGE_LASTS = timedelta(seconds=20)  # that one page serves those who are shown it unasked
COUNTS_LAST = timedelta(minutes=5)  # for those who are shown it unasked
FRESH = timedelta(0)
LONG_AGO = datetime.min.replace(tzinfo=UTC)

Compose = Callable[[datetime, timedelta | None], HomePage]  # of which moment, with counts no older than that


class ShownPage(msgspec.Struct, frozen=True):
    """When somebody was last shown the page, or it was found to tell nothing else; and its digest, "" for unknown."""

    at: datetime
    digest: str = ""


class Home:
    """Shows each person their page by `publish`, in threads of its own: nothing else waits for it.

    `refused` gives what somebody is told who may not read it. Whoever opens it is answered by the desk that hears of
    it; what changes later is shown by the desk that `leads`. While `is_busy`, in the minutes around the day's post,
    nothing is shown unasked and Datadog is not asked.
    """

    def __init__(
        self,
        readers: Readers,
        compose: Compose,
        refused: Callable[[str, datetime], str],
        publish: Callable[[str, HomePage], None],
        leads: Callable[[], bool],
        is_busy: Callable[[datetime], bool],
        now: clock.Now,
    ) -> None:
        self._readers, self._compose, self._refused, self._publish = readers, compose, refused, publish
        self._leads, self._is_busy, self._now = leads, is_busy, now
        self._lanes, self._waiting = Lanes(THREADS, "home"), set[str]()
        self._shown: dict[str, ShownPage] = {}
        self._composing, self._page, self._begun = threading.Lock(), HomePage(()), 0.0
        self._unasked: tuple[datetime, HomePage] | None = None

    def opened(self, person: str) -> None:
        """Show the page to somebody who opens it, as soon as possible. Waits for nothing."""
        if person not in self._waiting:
            self._waiting.add(person)
            self._lanes.add(person, partial(self._open, person))

    def tick(self) -> None:
        """Show the page anew to some of those who have it open, if it tells otherwise. Called every few seconds."""
        at = self._now()
        if not self._leads() or self._is_busy(at):
            return
        self._forget(at)
        due = [person for person in self._readers.lately(at) if self._is_due(person, at)]
        self._show_anew(sorted(due, key=self._shown_at), at)

    def close(self, seconds: float = 0.0) -> bool:
        """Wait up to `seconds` until whoever opened it is shown the page."""
        return self._lanes.close(seconds)

    def _forget(self, at: datetime) -> None:
        for person, shown in list(self._shown.items()):
            if shown.at < at - LATELY:
                self._shown.pop(person, None)

    def _shown_at(self, person: str) -> datetime:
        return self._shown[person].at if person in self._shown else LONG_AGO

    def _is_due(self, person: str, at: datetime) -> bool:
        """Return whether somebody may be shown another page; so it is where the clock was set back."""
        shown = self._shown.get(person)
        return shown is None or not timedelta(0) <= at - shown.at < APART

    def _show_anew(self, due: list[str], at: datetime) -> None:
        many = 0
        for person in due:
            page = self._page_for(person, at, self._page_unasked)
            if self._tells_otherwise(person, page):
                self._lanes.add(person, partial(self._show, person, page, at))
                many += 1
            else:
                self._shown[person] = ShownPage(at, _digest(page))
            if many == AT_ONCE:
                return

    def _tells_otherwise(self, person: str, page: HomePage) -> bool:
        shown = self._shown.get(person)
        return shown is None or shown.digest != _digest(page)

    def _open(self, person: str) -> None:
        begun, at = clock.seconds(), self._now()
        self._waiting.discard(person)  # who opens it again from here on may be shown something newer
        self._shown[person] = ShownPage(at)  # nothing is shown unasked meanwhile
        self._show(person, self._page_for(person, at, partial(self._page_since, begun)), at)
        self._readers.opened(person, at)

    def _show(self, person: str, page: HomePage, at: datetime) -> None:
        """Show somebody a page, unless they were shown a newer one."""
        shown = self._shown.get(person)
        if shown and at < shown.at <= self._now():
            return
        self._shown[person] = ShownPage(at)  # whatever becomes of it, the next try is a minute away
        try:
            self._publish(person, page)
        except SendError as unsent:
            log.warning("%s was not shown the page: %s", person, unsent.reason)
        else:
            self._shown[person] = ShownPage(at, _digest(page))

    def _page_for(self, person: str, at: datetime, make: Callable[[datetime], HomePage]) -> HomePage:
        why = self._refused(person, at)
        return page_saying(why) if why else make(at)

    def _page_since(self, begun: float, at: datetime) -> HomePage:
        """Return a page of no earlier than that: of several who open it at once, one has it made."""
        with self._composing:
            if self._begun < begun:
                self._begun = clock.seconds()
                self._page = self._compose(at, None if self._is_busy(at) else FRESH)
            return self._page

    def _page_unasked(self, at: datetime) -> HomePage:
        if not self._unasked or not timedelta(0) <= at - self._unasked[0] < PAGE_LASTS:
            self._unasked = at, self._compose(at, COUNTS_LAST)
        return self._unasked[1]


def _digest(page: HomePage) -> str:
    return hashlib.sha256(msgspec.json.encode(page.parts)).hexdigest()
