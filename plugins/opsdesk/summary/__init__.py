"""The 8pm post: the day as a value, its plan, its words, and what is said about it."""

from opsdesk.summary.plan import SummaryPlan
from opsdesk.summary.summary import Part, as_of
from opsdesk.summary.undo import last_note, told_since
from opsdesk.summary.wing import SummaryDesk, build

__all__ = [
    "Part",
    "SummaryDesk",
    "SummaryPlan",
    "answer_words",
    "as_of",
    "build",
    "last_note",
    "panels",
    "told_since",
]
