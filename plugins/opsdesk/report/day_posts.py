"""The day's posts of a report: which stood on time, and what became of the others."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

import msgspec

from opsdesk.posts import LATE_AFTER, PostRecord, State
from opsdesk.text import tell_age

MOST_LISTED = 5


class DayPost(msgspec.Struct, frozen=True):
    """A day's post that was due, and what became of it."""

    day: date
    due: datetime
    record: PostRecord

    @property
    def late(self) -> timedelta | None:
        """Return how late it stood, nothing for one sent before its time; None for one that does not stand."""
        since = self.record.stands_since if self.record.state is State.POSTED else None
        return None if since is None else max(since - self.due, timedelta())

    @property
    def is_on_time(self) -> bool:
        """Return whether it stood within a minute."""
        return self.late is not None and self.late <= LATE_AFTER


def due_posts(days: Iterable[date], post: Callable[[date], DayPost | None], at: datetime) -> list[DayPost]:
    """Return the posts that were due by `at`."""
    return [one for day in days if (one := post(day)) and one.due + LATE_AFTER <= at]


def words(posts: Sequence[DayPost]) -> list[str]:
    """Return the part of the report about the day's posts."""
    if not posts:
        return ["*Posts* none was due"]
    on_time = sum(one.is_on_time for one in posts)
    others = [_missed(one) for one in posts if not one.is_on_time]
    more = [f"and {len(others) - MOST_LISTED} more"] if len(others) > MOST_LISTED else []
    head = f"*Posts* {on_time} of {len(posts)} on time (within a minute, by the proof in the chat)"
    return [": ".join([head, ", ".join([*others[:MOST_LISTED], *more])]) if others else head]


def _missed(post: DayPost) -> str:
    """Return what became of a post by its date: a report is read days later, for which no day is "yesterday"."""
    day = f"{post.day:%b} {post.day.day}"
    return f"{day} {tell_age(post.late)} late" if post.late else f"{day} {_state(post.record)}"


def _state(record: PostRecord) -> str:
    return "left out" if record.state is State.SKIPPED else record.state.value
