"""The ladder in words: whom to ask now, whom next, and when it becomes a major incident."""

from datetime import datetime, timedelta, tzinfo

from opsdesk.contacts import Contact, Directory, either, in_hours, linked
from opsdesk.incidents.escalation import Escalation, Rung
from opsdesk.incidents.incident import Incident
from opsdesk.text import tell_length, tell_time


def escalation(told: Escalation, directory: Directory, at: datetime, zone: tzinfo) -> str:
    """The rungs; for an open incident with what the clock shows at each, and an arrow where its minutes stand."""
    name = directory.subsystems[told.subsystem].name if told.subsystem in directory.subsystems else told.subsystem
    incident = told.incident
    counting = incident if incident and incident.is_open else None
    here = _current(told.rungs, at - counting.opened_at) if counting else None
    lines = [f"*{name}*{_since(incident, at)}"]
    for number, rung in enumerate(told.rungs):
        mark = "" if here is None else "➜ " if number == here else "✓ " if number < here else "    "
        lines.append(f"{mark}{_when(rung, counting, zone)}: {_what(rung, at, counting)}")
    lines.append(_room(told.subsystem, directory))
    return "\n".join(filter(None, lines))


def _current(rungs: tuple[Rung, ...], gone: timedelta) -> int:
    """Which rung the minutes have come to."""
    return sum(rung.after <= gone for rung in rungs) - 1


def _since(incident: Incident | None, at: datetime) -> str:
    if incident is None:
        return ": minutes without an answer, from when you first asked"
    if not incident.is_open:
        return f": #{incident.number} is resolved, so no minutes count"
    return f": #{incident.number} {incident.title[:100]}, opened {tell_length(at - incident.opened_at)} ago"


def _when(rung: Rung, incident: Incident | None, zone: tzinfo) -> str:
    if not rung.after:
        return "At once"
    clock = f" ({tell_time(incident.opened_at + rung.after, zone)})" if incident else ""
    return f"After {tell_length(rung.after)}{clock}"


def _what(rung: Rung, at: datetime, incident: Incident | None) -> str:
    if rung.is_major:
        raised = f": `!incident update {incident.number} --sev 2`" if incident and incident.severity > 2 else ""
        return f"major incident{raised}, with an incident commander · `!links playbook`"
    return either(_asked(person, at) for person in rung.people) or "nobody is named"


def _asked(person: Contact, at: datetime) -> str:
    hours = in_hours(person, at)
    return f"{person.name} ({hours})" if hours else person.name


def _room(key: str, directory: Directory) -> str:
    entry = directory.subsystems.get(key)
    return f"In {linked(directory.channels_of(entry))}" if entry and entry.channels else ""
