"""How the desk itself stands, told to people and machines: ready or not, what is wrong, which desks share its store."""

from opsdesk.status.desks import Differences, desk_lines
from opsdesk.status.readiness import Readiness, alive, health, readiness_of
from opsdesk.status.version import VERSION
from opsdesk.status.words import answer, backed_up, further, next_posts

__all__ = [
    "VERSION",
    "Differences",
    "Readiness",
    "alive",
    "answer",
    "backed_up",
    "desk_lines",
    "further",
    "health",
    "next_posts",
    "readiness_of",
]
