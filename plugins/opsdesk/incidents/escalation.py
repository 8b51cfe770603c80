"""The ladder: whom to ask when nobody answers, and after how long.

Source: the incident response playbook's guidelines for other teams: no response in 15 minutes, the next
higher contact; none in 30, a major incident.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from opsdesk.chat import Place
from opsdesk.contacts import Contact, ContactKind, Directory
from opsdesk.errors import UserError
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog
from opsdesk.patterns import regex
from opsdesk.text import any_of

NEXT_AFTER, MAJOR_AFTER = timedelta(minutes=15), timedelta(minutes=30)
NUMBER = regex(r"(?<!\S)(?:#|INC-)?(\d{1,9})(?!\S)", re.IGNORECASE)


class Rung(msgspec.Struct, frozen=True):
    """Whom to ask once `after` has gone by: any of `people`, none if unknown; on the last, a major incident."""

    after: timedelta
    people: tuple[Contact, ...] = ()
    is_major: bool = False


class Escalation(msgspec.Struct, frozen=True):
    """The ladder of a subsystem, and the incident whose minutes are counted, if any."""

    subsystem: str
    rungs: tuple[Rung, Rung, Rung]
    incident: Incident | None


def read(typed: str, place: Place, directory: Directory, incidents: IncidentLog) -> Escalation:
    """Return the escalation for "vista", "#12" or "vista 12"; in an incident's thread its number may be left out.

    Raises a UserError where that names no incident, or not exactly one subsystem.
    """
    number = NUMBER.search(typed)
    name = NUMBER.sub("", typed).strip()
    incident = incidents.get(int(number[1])) if number else incidents.by_thread(place.room, place.thread)
    key = _named(name, directory) if name else _of_incident(incident)
    return Escalation(key, ladder(directory, key), incident)


def ladder(directory: Directory, key: str) -> tuple[Rung, Rung, Rung]:
    """Return the three rungs for the subsystem with this key."""
    order = directory.subsystems[key].people if key in directory.subsystems else ()
    first = order[:1]
    following = directory.people[order[0]].next if order else ""
    then = (following,) if following else order[1:]
    return (
        Rung(timedelta(), tuple(directory.people[person] for person in first)),
        Rung(NEXT_AFTER, tuple(directory.people[person] for person in then)),
        Rung(MAJOR_AFTER, is_major=True),
    )


def _named(name: str, directory: Directory) -> str:
    """Return the key of the subsystem that is named, or that somebody who is named is asked about."""
    refs = directory.find(name).found
    found = [ref.key for ref in refs if ref.kind is ContactKind.SUBSYSTEM]
    if len(refs) == 1 and refs[0].kind is ContactKind.PERSON:
        found = [key for key, one in directory.subsystems.items() if refs[0].key in one.people]
    if len(found) > 1:
        each = any_of([f"`!whois escalate {key}`" for key in found])
        raise UserError(f"{directory.people[refs[0].key].name} is asked about more than one thing: {each}.")
    return found[0] if found else directory.subsystem_key(name)


def _of_incident(incident: Incident | None) -> str:
    if incident is None:
        raise UserError("On what? `!whois escalate vista`, or `!whois escalate #12` for an incident.")
    if not incident.subsystem:
        number = incident.number
        raise UserError(
            f"#{number} is on no subsystem. `!incident update {number} --on vista`, or `!whois escalate vista`."
        )
    return incident.subsystem


def open_ones(incidents: IncidentLog) -> Sequence[Incident] | None:
    """Return the open incidents; None if they cannot be read, since whom to ask has to be shown all the same."""
    try:
        return incidents.open_ones()
    except UserError:
        return None
