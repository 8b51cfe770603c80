"""What an opening is answered with besides its card: which subsystem its title names, and what was like it before."""

import logging
from collections.abc import Callable
from datetime import datetime, tzinfo

from msgspec.structs import replace

from opsdesk import clock, guard
from opsdesk.errors import UserError
from opsdesk.incidents.alike import AlikeIncidents, Candidate
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.rules import Change
from opsdesk.text import tell_date

LONGEST = 120  # characters of what ended a past one

log = logging.getLogger(__name__)


def on_by_title(change: Change, subsystem_of: Callable[[str], str | None]) -> Change:
    """Return an opening on the subsystem that its title is about; the very same where it names one itself, or none."""
    found = None if change.subsystem else subsystem_of(change.title or "")
    return replace(change, subsystem=found) if found else change


def guess_line(incident: Incident) -> str:
    """Return that the subsystem was taken from the title, and how to change it."""
    return f"On {incident.subsystem} by its title: `!incident update {incident.number} --on ...` changes it."


def alike_lines(alike: AlikeIncidents, incident: Incident, at: datetime, zone: tzinfo) -> list[str]:
    """Return a line for an open incident that is like this one, and for the latest resolved ones with what ended them.

    There is none where they cannot be read: the incident is open all the same.
    """
    try:
        found = alike.like(incident)
    except UserError as unread:
        log.warning("What is like #%d is not known: %s", incident.number, unread)
        return []
    return [*map(_still_open, found.open), *(_ended(one, at, zone) for one in found.resolved)]


def _still_open(one: Candidate) -> str:
    where = f" on {one.subsystem}" if one.subsystem else ""
    return f"#{one.number} {guard.plain(one.title)} is open{where}: add to it with `!incident update {one.number} ...`"


def _ended(one: Candidate, at: datetime, zone: tzinfo) -> str:
    day = tell_date(clock.day_of(one.opened_at, zone), clock.day_of(at, zone))
    ended = guard.plain(" ".join(one.last_word.split()))
    told = f": {ended[:LONGEST]}{'…' if len(ended) > LONGEST else ''}" if ended else ""
    return f"Like #{one.number} {guard.plain(one.title)} ({day}){told}"
