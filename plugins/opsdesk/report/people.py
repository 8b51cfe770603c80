"""The shifts and the day's posts of a report: who had them, and which stood on time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

import msgspec

from opsdesk.oncall import Roster
from opsdesk.posts import LATE_AFTER, PostRecord, State
from opsdesk.report.spans import Span
from opsdesk.text import tell_age, tell_date

MOST_LISTED = 5
NOBODY = "nobody named"


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


class Had(msgspec.Struct, frozen=True):
    """How many shifts somebody had, a part of one among them, and for how long in all."""

    name: str
    shifts: int
    length: timedelta


def posts_of(days: Iterable[date], post: Callable[[date], DayPost | None], at: datetime) -> list[DayPost]:
    """Return the posts that were due by `at`."""
    return [one for day in days if (one := post(day)) and one.due + LATE_AFTER <= at]


def post_words(posts: Sequence[DayPost]) -> list[str]:
    """Return the part of the report about the day's posts."""
    if not posts:
        return ["*Posts* none was due"]
    on_time = sum(one.is_on_time for one in posts)
    others = [_missed(one, posts[-1].day) for one in posts if not one.is_on_time]
    more = [f"and {len(others) - MOST_LISTED} more"] if len(others) > MOST_LISTED else []
    head = f"*Posts* {on_time} of {len(posts)} on time (within a minute, by the proof in the chat)"
    return [": ".join([head, ", ".join([*others[:MOST_LISTED], *more])]) if others else head]


def _missed(post: DayPost, today: date) -> str:
    day = tell_date(post.day, today) if post.day != today else f"{post.day:%b} {post.day.day}"
    return f"{day} {tell_age(post.late)} late" if post.late else f"{day} {_state(post.record)}"


def _state(record: PostRecord) -> str:
    return "left out" if record.state is State.SKIPPED else record.state.value


def shifts_of(roster: Roster, span: Span, at: datetime) -> list[Had]:
    """Return who had the shifts that had begun by `at`, most first, with covers and swaps."""
    lengths: dict[str, timedelta] = {}
    shifts: dict[str, set[datetime]] = {}
    for _, slots in roster.days(span.first, span.told):
        for slot in (one for one in slots if one.start <= at):
            name = slot.primary.name if slot.primary.id else NOBODY
            lengths[name] = lengths.get(name, timedelta()) + (slot.end - slot.start)
            shifts.setdefault(name, set()).add(slot.shift.start)
    had = [Had(name, len(shifts[name]), length) for name, length in lengths.items()]
    return sorted(had, key=lambda one: (-one.length, one.name))


def shift_words(had: Sequence[Had]) -> list[str]:
    """Return the part of the report about who had the shifts."""
    if not had:
        return ["*Shifts* none"]
    return [f"*Shifts* {', '.join(_had(had))} (with covers and swaps, as the rotation stands)"]


def _had(had: Sequence[Had]) -> Iterator[str]:
    for one in had:
        hours = f"{one.length / timedelta(hours=1):.1f}".removesuffix(".0")
        yield f"{one.name} {one.shifts} ({hours} hours)"
