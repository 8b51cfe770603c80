"""Who is on call: the rotation, what people agree about it, and the start of each shift."""

from opsdesk import later

later.parts(
    __name__, "agreements", "calendar_events", "calendar_file", "handover_words", "panels", "spans", "typed", "words"
)

from opsdesk.oncall.brief import OpenWork
from opsdesk.oncall.handover import Sources
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.shifts import Calendar, Shift
from opsdesk.oncall.takeovers import ACCEPTING
from opsdesk.oncall.wing import OnCallDesk, build

__all__ = [
    "ACCEPTING",
    "Calendar",
    "OnCallDesk",
    "OpenWork",
    "Roster",
    "Shift",
    "Sources",
    "build",
    "file",
    "panels",
    "typed",
    "words",
]
