"""Reminders of action items: one message a working day to each owner, from the day an item is due until it is done."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from opsdesk.clock import day_of
from opsdesk.incidents.action_words import Owed, owed, reminder
from opsdesk.incidents.incident import Incident
from opsdesk.oncall import Roster
from opsdesk.posts import PostLine, PostRecord, Scheduled, or_else

TRY_FOR = timedelta(minutes=30)


def plan(incidents: Callable[[], Sequence[Incident]], roster: Roster, at: datetime) -> Iterator[Scheduled]:
    """Yield the reminders of the day of `at`, sent as its first shift begins; none on days off.

    `incidents` gives those with items that are to be done. Whoever cannot be told is told of to whoever is on call.
    """
    today = day_of(at, roster.calendar.zone)
    shifts = roster.calendar.shifts_on(today)
    if not shifts or not shifts[0].start <= at < shifts[-1].end:
        return
    others = roster.to_tell(at).ids
    for owner in dict.fromkeys(item.owner.id for _, item in _due(incidents(), today, shifts[0].start)):
        if owner:
            yield or_else(_reminder(incidents, owner, today, shifts[0].start, shifts[-1].end), others)


def _reminder(
    incidents: Callable[[], Sequence[Incident]], owner: str, today: date, due: datetime, lapse: datetime
) -> Scheduled:
    def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
        own = [one for one in _due(incidents(), today, due) if one[1].owner.id == owner]
        return [PostLine("words", reminder(own, today))] if own else before.lines

    return Scheduled(f"actions:{today}:{owner}", today, due, due + TRY_FOR, lapse, compose, person=owner)


def _due(incidents: Sequence[Incident], today: date, since: datetime) -> list[Owed]:
    """Return the items that are due by `today`, without those that were added after `since`."""
    return [one for one in owed(incidents) if one[1].due <= today and one[1].added_at < since]
