"""What an opening is compared with: open incidents and the latest resolved ones, remembered by their titles."""

import threading
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import msgspec

from opsdesk import clock
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog, passed_over
from opsdesk.incidents.titles import Titles
from opsdesk.store import ALONE, Desks

LATEST, AT_ONCE = 300, 60  # incidents looked through, of either kind, and how many are read at a time
PATIENCE = 0.1  # seconds: whoever opens an incident waits for its card
MOST_OPEN, MOST_RESOLVED = 1, 2  # that are told


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """An incident as it is compared and told of. `written` is how many entries it had; one set aside is of no kind."""

    number: int
    written: int
    is_open: bool
    is_resolved: bool
    title: str
    subsystem: str
    severity: int
    opened_at: datetime
    started_at: datetime
    last_word: str

    @property
    def found_by(self) -> tuple[object, ...]:
        """Return all that says where it stands among the others."""
        return self.is_open, self.is_resolved, self.title, self.subsystem, self.severity, self.started_at


class Alike(NamedTuple):
    """The incidents that are most like another: open ones on its subsystem, and resolved ones."""

    open: list[Candidate]
    resolved: list[Candidate]


class AlikeIncidents:
    """Finds what is like an incident among the latest. Nothing is read before the first is asked about."""

    def __init__(self, log: IncidentLog, desks: Desks = ALONE) -> None:
        self._log, self._desks, self._lock = log, desks, threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Read everything anew when it is next needed: another desk may have changed anything."""
        with self._lock:
            self._first: int | None = None  # of the latest; None before any was read
            self._last, self._unread = 0, list[int]()
            self._known: dict[int, Candidate] = {}
            self._resolved, self._open = Titles(), dict[str, Titles]()

    def follow(self, *incidents: Incident) -> None:
        """Take note of incidents that were changed."""
        with self._lock:
            for one in filter(self._is_news, incidents):
                self._renew(_candidate(one))

    def like(self, incident: Incident) -> Alike:
        """Return what is most like an incident: of what is remembered, or can be read in a moment."""
        self._read(incident)
        with self._lock:
            beside, title, itself = self._open_on(incident.subsystem), incident.title, incident.number
            open_ones = beside.likest(title, MOST_OPEN, but=itself)
            resolved = self._resolved.likest(title, MOST_RESOLVED, but=itself)
            found = [self._known[number] for number in (*open_ones, *resolved)]
            if itself not in self._known:
                self._keep(_candidate(incident))
        return Alike(list(filter(self._is_open_still, found[: len(open_ones)])), found[len(open_ones) :])

    def _read(self, incident: Incident) -> None:
        """Read those of the latest that are not known yet, the newest first."""
        with self._lock:
            self._move_to(incident.number)
        until = clock.seconds() + PATIENCE
        while self._unread and clock.seconds() < until:
            with self._lock:  # what is changed meanwhile is followed behind it
                for one in self._log.some(self._unread[:AT_ONCE], passed_over):
                    self._keep(_candidate(one))
                del self._unread[:AT_ONCE]

    def _move_to(self, latest: int) -> None:
        """Have the latest end with this number, and forget those that are known only for having been among them."""
        first = max(latest - LATEST, 0) + 1
        if self._first is None:
            self._first, self._last = first, first - 1
        for number in range(self._first, first):
            known = self._known.get(number)
            if known and number not in self._open.get(known.subsystem, ()):
                self._drop(number)
        new = (number for number in range(latest - 1, self._last, -1) if number not in self._known)
        self._unread = [*new, *(number for number in self._unread if number >= first)]
        self._first, self._last = max(self._first, first), max(self._last, latest)

    def _is_news(self, one: Incident) -> bool:
        """Return whether an incident is one to be known, and not known as it is."""
        if known := self._known.get(one.number):
            return known.written < len(one.entries)
        is_latest = self._first is not None and one.number >= self._first
        return is_latest or (one.is_open and one.subsystem in self._open)

    def _open_on(self, subsystem: str) -> Titles:
        """Return the titles of the latest open ones on a subsystem, read when they are first asked for."""
        if subsystem not in self._open:
            ones = (one for one in self._log.newest_open() if one.subsystem == subsystem)
            latest = [_candidate(one) for one in islice(ones, LATEST)]
            self._open[subsystem] = Titles()
            for one in latest:
                self._keep(one)
        return self._open[subsystem]

    def _renew(self, one: Candidate) -> None:
        """Keep an incident as it is now; most of what is written leaves it where it is found."""
        known = self._known.get(one.number)
        if known and known.found_by == one.found_by:
            self._known[one.number] = one
        else:
            self._keep(one)

    def _keep(self, one: Candidate) -> None:
        self._drop(one.number)
        is_latest = self._first is not None and one.number >= self._first
        beside = self._open.get(one.subsystem) if one.is_open else None
        if not is_latest and beside is None:
            return
        self._known[one.number] = one
        if one.is_resolved:
            self._resolved.put(one.number, one.title, -one.number)  # the newest first
        elif beside is not None:
            beside.put(one.number, one.title, (one.severity, one.started_at))  # as a list shows them
            if len(beside) > LATEST:
                self._drop(beside.lowest())

    def _drop(self, number: int) -> None:
        known = self._known.pop(number, None)
        if known is not None:
            self._resolved.drop(number)
            if known.subsystem in self._open:
                self._open[known.subsystem].drop(number)

    def _is_open_still(self, one: Candidate) -> bool:
        """Return whether an open one is that also to the other desks, of which this one hears later."""
        return not self._desks.shared or self._log.get(one.number).is_open


def _candidate(one: Incident) -> Candidate:
    return Candidate(
        number=one.number,
        written=len(one.entries),
        is_open=one.is_open,
        is_resolved=one.resolution is not None,
        title=one.title,
        subsystem=one.subsystem,
        severity=one.severity,
        opened_at=one.opened_at,
        started_at=one.started_at,
        last_word=one.last_word,
    )
