"""Production events: their timelines, what people type about them, their messages, reminders and ladder."""

from opsdesk import later

later.parts(
    __name__,
    "action_commands",
    "action_words",
    "calling_words",
    "escalation",
    "escalation_words",
    "exports",
    "forms",
    "history",
    "likeness",
    "list_words",
    "lists",
    "metrics",
    "notice_undo",
    "notice_words",
    "panels",
    "timeline_words",
    "typed",
    "undo",
    "which",
    "words",
)

from opsdesk.incidents.calling import ANSWERING
from opsdesk.incidents.cards import PIN
from opsdesk.incidents.incident import Entry, EntryKind, Incident, Status, source_of
from opsdesk.incidents.log import KEPT, IncidentLog, passed_over
from opsdesk.incidents.notices import Notice, Notices
from opsdesk.incidents.reminders import acknowledged_within, acknowledgements, read_until, snoozed, thread_of
from opsdesk.incidents.rules import Change
from opsdesk.incidents.severity import Severity
from opsdesk.incidents.subjects import NOUNS, OpenSubjects
from opsdesk.incidents.wing import IncidentDesk, build

__all__ = [
    "ANSWERING",
    "KEPT",
    "NOUNS",
    "PIN",
    "Change",
    "Entry",
    "EntryKind",
    "Incident",
    "IncidentDesk",
    "IncidentLog",
    "Notice",
    "Notices",
    "OpenSubjects",
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
    "history",
    "likeness",
    "list_words",
    "lists",
    "metrics",
    "notice_undo",
    "passed_over",
    "read_until",
    "snoozed",
    "source_of",
    "thread_of",
    "timeline_words",
    "typed",
    "undo",
    "words",
]
