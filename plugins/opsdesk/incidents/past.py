"""The latest resolved incidents, as an opening is compared with them: remembered, so that few are read again."""

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from opsdesk import clock
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog, passed_over

LATEST, AT_ONCE = 300, 60  # incidents looked through, and how many are read at a time
PATIENCE = 0.1  # seconds: whoever opens an incident waits for its card


class Resolved(msgspec.Struct, frozen=True, gc=False):
    """What is told of a resolved incident: its number and title, when it was opened, what was last said of it."""

    number: int
    title: str
    opened_at: datetime
    last_word: str


class PastIncidents:
    """The latest resolved incidents; those that do not count or are open are remembered as none."""

    def __init__(self, log: IncidentLog) -> None:
        self._log, self._lock = log, threading.Lock()
        self._known: dict[int, Resolved | None] = {}

    def resolved(self, apart_from: int) -> Sequence[Resolved]:
        """Return the latest, newest first, without one: as many as are remembered, or can be read in a moment."""
        latest = self._log.latest()
        numbers = range(latest, max(latest - LATEST, 0), -1)
        self._read(number for number in numbers if number != apart_from)
        found = (self._known.get(number) for number in numbers if number != apart_from)
        return [one for one in found if one]

    def follow(self, *incidents: Incident) -> None:
        """Have these read anew: they were changed."""
        with self._lock:
            for one in incidents:
                self._known.pop(one.number, None)

    def _read(self, numbers: Iterator[int]) -> None:
        until, missing = clock.seconds() + PATIENCE, (number for number in numbers if number not in self._known)
        while (some := list(islice(missing, AT_ONCE))) and clock.seconds() < until:
            with self._lock:  # what is changed meanwhile is forgotten behind it
                read = {one.number: _resolved(one) for one in self._log.some(some, passed_over)}
                self._known |= read
        with self._lock:
            latest = max(self._known, default=0)
            self._known = {number: one for number, one in self._known.items() if number > latest - 2 * LATEST}


def _resolved(one: Incident) -> Resolved | None:
    return Resolved(one.number, one.title, one.opened_at, one.last_word) if one.resolution else None
