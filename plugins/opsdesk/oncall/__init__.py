"""Who is on call: the rotation, what people agree about it, and the start of each shift."""

from opsdesk.oncall.brief import OpenWork
from opsdesk.oncall.handover import Sources
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.shifts import Calendar, Shift
from opsdesk.oncall.takeovers import ACCEPTING
from opsdesk.oncall.wing import OnCallDesk, build
from opsdesk.oncall.words import RotationWords

__all__ = [
    "ACCEPTING",
    "Calendar",
    "OnCallDesk",
    "OpenWork",
    "Roster",
    "RotationWords",
    "Shift",
    "Sources",
    "build",
    "file",
    "panels",
    "typed",
]
