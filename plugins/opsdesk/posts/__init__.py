"""Scheduled posts: what is due, whether to send it, and what became of it."""

from opsdesk.posts.post import (
    EDIT_TRIES,
    STATE_AFTER,
    Decision,
    PostEntry,
    PostLine,
    PostRecord,
    PostStep,
    Scheduled,
    State,
    decide,
    edits_refused,
)
from opsdesk.posts.records import Check
from opsdesk.posts.rehearsal import Plan, rehearse, rehearsed
from opsdesk.posts.scheduler import PostScheduler
from opsdesk.posts.words import PostWords

__all__ = [
    "EDIT_TRIES",
    "STATE_AFTER",
    "Check",
    "Decision",
    "Plan",
    "PostEntry",
    "PostLine",
    "PostRecord",
    "PostScheduler",
    "PostStep",
    "PostWords",
    "Scheduled",
    "State",
    "decide",
    "edits_refused",
    "rehearse",
    "rehearsed",
]
