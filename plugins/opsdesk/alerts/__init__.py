"""Alerts: read where they are, grouped by problem, told apart from noise, none forgotten."""

from typing import TYPE_CHECKING

from opsdesk import later

later.parts(__name__, "datadog", "panels", "sentry", "sources", "typed", "undo", "words")

from opsdesk.alerts.alert import Alert, AlertState, Source
from opsdesk.alerts.group import ActionKind, AlertGroup, Outcome
from opsdesk.alerts.ledger import KEPT
from opsdesk.alerts.reactions import MEANT
from opsdesk.alerts.reports import EMOJI as REPORTING
from opsdesk.alerts.wing import AlertDesk, build

if TYPE_CHECKING:
    from opsdesk.alerts import questions, typed, undo, words  # whoever checks types looks for them in the whole wing

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
    "mutes",
    "questions",
    "typed",
    "undo",
    "words",
]
