"""The ladder in words: whom to ask now, whom next, and when it becomes a major incident."""

from datetime import datetime, timedelta, tzinfo

from opsdesk.contacts import Contact, Directory, either
from opsdesk.contacts import words as contact_words
from opsdesk.incidents.escalation import Escalation, Rung
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.severity import Severity
from opsdesk.text import tell_length, tell_time


def escalation(shown: Escalation, directory: Directory, at: datetime, zone: tzinfo) -> str:
    """Return the rungs, a line each; for an open incident with the time of each, and an arrow at the one reached."""
    name = directory.subsystems[shown.subsystem].name if shown.subsystem in directory.subsystems else shown.subsystem
    incident = shown.incident
    counting = incident if incident and incident.is_open else None
    here = _current(shown.rungs, at - counting.opened_at) if counting else None
    lines = [f"*{name}*{_since(incident, at)}"]
    for number, rung in enumerate(shown.rungs):
        mark = "" if here is None else "➜ " if number == here else "✓ " if number < here else "    "
        lines.append(f"{mark}{_when(rung, counting, zone)}: {_step(rung, at, counting)}")
    lines.append(_room(shown.subsystem, directory))
    return "\n".join(filter(None, lines))


def _current(rungs: tuple[Rung, ...], gone: timedelta) -> int:
    """Return the index of the rung reached after `gone`."""
    return sum(rung.after <= gone for rung in rungs) - 1


def _since(incident: Incident | None, at: datetime) -> str:
    if incident is None:
        return ": minutes without an answer, from when you first asked"
    if not incident.is_open:
        return f": #{incident.number} is {incident.state}, so no minutes count"
    return f": #{incident.number} {incident.shown_title[:100]}, opened {tell_length(at - incident.opened_at)} ago"


def _when(rung: Rung, incident: Incident | None, zone: tzinfo) -> str:
    if not rung.after:
        return "At once"
    clock = f" ({tell_time(incident.opened_at + rung.after, zone)})" if incident else ""
    return f"After {tell_length(rung.after)}{clock}"


def _step(rung: Rung, at: datetime, incident: Incident | None) -> str:
    if rung.is_major:
        lighter = incident is not None and incident.severity > Severity.MAJOR
        raised = f": `!incident update {incident.number} --sev {Severity.MAJOR}`" if incident and lighter else ""
        return f"major incident{raised}, with an incident commander · `!links playbook`"
    return either(_named(person, at) for person in rung.people) or "nobody is named"


def _named(person: Contact, at: datetime) -> str:
    hours = contact_words.in_hours(person, at)
    return f"{person.name} ({hours})" if hours else person.name


def _room(key: str, directory: Directory) -> str:
    entry = directory.subsystems.get(key)
    return f"In {contact_words.linked(directory.channels_of(entry))}" if entry and entry.channels else ""
