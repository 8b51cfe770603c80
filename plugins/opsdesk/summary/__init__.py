"""The 8pm post: the day as a value, its plan, its words, and what is said about it."""

from opsdesk import later

later.parts(__name__, "answer_words", "by_hand", "heartbeat", "notice_words", "panels", "standing", "undo", "words")

from opsdesk.summary.plan import SummaryPlan
from opsdesk.summary.summary import Part, as_of
from opsdesk.summary.wing import SummaryDesk, build

__all__ = [
    "Part",
    "SummaryDesk",
    "SummaryPlan",
    "answer_words",
    "as_of",
    "build",
    "panels",
    "undo",
]
