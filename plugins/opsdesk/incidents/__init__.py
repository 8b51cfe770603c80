"""Production events: their timelines, what people type about them, their messages, reminders and ladder."""

from opsdesk.incidents.calling import ANSWERING
from opsdesk.incidents.cards import PIN
from opsdesk.incidents.history import HistorySearch, search
from opsdesk.incidents.incident import Entry, EntryKind, Incident, Status, source_of
from opsdesk.incidents.lists import read_listing, turn_to
from opsdesk.incidents.log import KEPT, IncidentLog, passed_over
from opsdesk.incidents.notice_undo import last_notice
from opsdesk.incidents.notices import Notice, Notices
from opsdesk.incidents.reminders import acknowledged_within, acknowledgements, read_until, snoozed, thread_of
from opsdesk.incidents.rules import Change
from opsdesk.incidents.severity import Severity
from opsdesk.incidents.typed import IncidentReader, no_command, option_examples
from opsdesk.incidents.undo import last_change
from opsdesk.incidents.wing import IncidentDesk, build

__all__ = [
    "ANSWERING",
    "KEPT",
    "PIN",
    "Change",
    "Entry",
    "EntryKind",
    "HistorySearch",
    "Incident",
    "IncidentDesk",
    "IncidentLog",
    "IncidentReader",
    "Notice",
    "Notices",
    "Severity",
    "Status",
    "acknowledged_within",
    "acknowledgements",
    "action_commands",
    "action_words",
    "build",
    "escalation",
    "escalation_words",
    "exports",
    "forms",
    "last_change",
    "last_notice",
    "likeness",
    "list_words",
    "metrics",
    "no_command",
    "option_examples",
    "passed_over",
    "read_listing",
    "read_until",
    "search",
    "snoozed",
    "source_of",
    "thread_of",
    "timeline_words",
    "turn_to",
    "words",
]
