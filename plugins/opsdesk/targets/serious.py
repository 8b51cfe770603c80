"""The times in which an incident is of the worst severity: read off its timeline."""

import logging
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents import Incident, IncidentLog, Severity, passed_over
from opsdesk.store import Desks

log = logging.getLogger(__name__)

WORST = min(Severity)


class Spell(msgspec.Struct, frozen=True):
    """A time in which an incident was open and of the worst severity, by its entries.

    `first` is the place of the entry that began it, written at `began_at`; `last` of the one that ended it, None while
    it goes on.
    """

    first: int
    began_at: datetime
    last: int | None = None
    ended_at: datetime | None = None

    def of(self, incident: Incident) -> Incident:
        """Return the incident as it was when the time ended; as it is while it goes on."""
        return incident if self.last is None else replace(incident, entries=incident.entries[: self.last + 1])


def is_serious(incident: Incident) -> bool:
    """Return whether an incident is open and of the worst severity."""
    return incident.is_open and incident.severity is WORST


def was_serious(incident: Incident) -> bool:
    """Return whether an incident was ever given the worst severity."""
    return any(entry.severity == WORST for entry in incident.entries)


def spells(incident: Incident) -> tuple[Spell, ...]:
    """Return each time in which it was open and of the worst severity, by what was written when."""
    if not was_serious(incident):
        return ()
    found: list[Spell] = []
    standing = replace(incident, entries=incident.entries[:1])
    for place, entry in enumerate(incident.entries):
        standing = standing.with_entry(entry) if place else standing
        going_on = bool(found) and found[-1].last is None
        if is_serious(standing) and not going_on:
            found.append(Spell(place, entry.written_at))
        elif going_on and not is_serious(standing):
            found[-1] = replace(found[-1], last=place, ended_at=entry.written_at)
    return tuple(found)


class SeriousIncidents:
    """The incidents that were ever of the worst severity and were written about lately, or are open."""

    def __init__(self, log: IncidentLog, desks: Desks) -> None:
        self._log, self._desks = log, desks
        self._known: dict[int, Incident] = {}
        self._read_at_change: int | None = None
        self._lock = threading.Lock()

    def follow(self, *incidents: Incident) -> None:
        """Take these, unless more is known of one: what was read first may be taken last."""
        with self._lock:
            for one in filter(was_serious, incidents):
                known = self._known.get(one.number)
                if known is None or len(known.entries) <= len(one.entries):
                    self._known[one.number] = one

    def keep_up(self, at: datetime) -> None:
        """Read what was written about today and yesterday, once at the start, and after other desks' changes."""
        changes = self._desks.changes()
        if changes == self._read_at_change:
            return
        today = day_of(at, self._log.zone)
        try:
            self.follow(*self._log.touched(today - timedelta(days=1), today, passed_over))
        except UserError as unreadable:
            log.warning("Severity-%s incidents cannot be read for those without the chat: %s", WORST, unreadable)
        else:
            self._read_at_change = changes

    def since(self, at: datetime) -> Sequence[Incident]:
        """Return those that were written about since then, or are open, by number; forget the others."""
        with self._lock:
            self._known = {n: one for n, one in self._known.items() if one.is_open or one.written_at >= at}
            return [self._known[number] for number in sorted(self._known)]
