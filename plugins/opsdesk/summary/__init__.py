"""The 8pm post: the day as a value, its plan, its words, and what is said about it."""

from opsdesk.summary.summary import Part
from opsdesk.summary.wing import SummaryDesk, build

__all__ = ["Part", "SummaryDesk", "answer_words", "build"]
