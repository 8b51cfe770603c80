"""What is scheduled around a moment, by several plans of which none may silence the others."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from opsdesk.posts.scheduled import Scheduled

log = logging.getLogger(__name__)

Plan = Callable[[datetime], Iterable[Scheduled]]


def planned(plans: Iterable[Plan], at: datetime) -> list[Scheduled]:
    """Return what the plans schedule around `at`; a plan that fails is left out, and logged."""
    found: list[Scheduled] = []
    for plan in plans:
        try:
            found.extend(plan(at))
        except Exception:  # one part's mistake must not silence the others' posts
            log.exception("A plan for scheduled posts failed")
    return found
