"""Scheduled posts: what is due, whether to send it, and what became of it."""

from opsdesk.posts.plans import Plan, planned
from opsdesk.posts.post import STATE_AFTER, PostEntry, PostLine, PostRecord, PostStep, State, edits_refused
from opsdesk.posts.records import Check
from opsdesk.posts.rehearsal import rehearse, staged
from opsdesk.posts.scheduled import EDIT_TRIES, LATE_AFTER, Decision, Scheduled, decide, saying
from opsdesk.posts.scheduler import PostScheduler
from opsdesk.posts.telling import TELL_FOR, telling
from opsdesk.posts.unreached import or_else
from opsdesk.posts.words import HEAD, PostWords, sentence

__all__ = [
    "EDIT_TRIES",
    "HEAD",
    "LATE_AFTER",
    "STATE_AFTER",
    "TELL_FOR",
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
    "or_else",
    "planned",
    "rehearse",
    "saying",
    "sentence",
    "staged",
    "telling",
]
