"""Alerts: read where they are, grouped by problem, told apart from noise, none forgotten."""

from opsdesk.alerts.alert import Alert, AlertState, Source
from opsdesk.alerts.group import ActionKind, AlertGroup, Outcome
from opsdesk.alerts.ledger import KEPT
from opsdesk.alerts.reactions import MEANT
from opsdesk.alerts.reports import EMOJI as REPORTING
from opsdesk.alerts.undo import last_outcome
from opsdesk.alerts.wing import AlertDesk, build

__all__ = [
    "KEPT",
    "MEANT",
    "REPORTING",
    "ActionKind",
    "Alert",
    "AlertDesk",
    "AlertGroup",
    "AlertState",
    "Outcome",
    "Source",
    "build",
    "last_outcome",
    "mutes",
    "questions",
    "typed",
    "words",
]
