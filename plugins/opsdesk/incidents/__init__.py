"""Production events: their timelines, what people type about them, their messages, reminders and ladder."""

from opsdesk.incidents.incident import Incident
from opsdesk.incidents.lists import read_listing, search, turn_to
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.reminders import acknowledgements, read_until, snoozed
from opsdesk.incidents.rules import Change
from opsdesk.incidents.typed import IncidentReader, no_command
from opsdesk.incidents.wing import IncidentDesk, build

__all__ = [
    "Change",
    "Incident",
    "IncidentDesk",
    "IncidentLog",
    "IncidentReader",
    "acknowledgements",
    "build",
    "escalation",
    "escalation_words",
    "exports",
    "list_words",
    "metrics",
    "no_command",
    "read_listing",
    "read_until",
    "search",
    "snoozed",
    "timeline_words",
    "turn_to",
    "words",
]
