"""Reminders of alerts that nobody has acknowledged: 12 and 15 minutes after they came, in a shift, several in one.

Source: the incident response playbook, which wants an acknowledgement within 15 minutes in hours, 60 outside.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile

from opsdesk.alerts.group import AlertGroup, Outcome
from opsdesk.alerts.ledger import Ledger
from opsdesk.chat import Trouble
from opsdesk.clock import day_of
from opsdesk.incidents import acknowledged_within
from opsdesk.oncall import Calendar, Roster
from opsdesk.posts import PostLine, PostRecord, Scheduled
from opsdesk.remembered import Remembered
from opsdesk.text import tell_length

AHEAD = timedelta(minutes=3)  # the first reminder comes so long before the time is over
TRY_FOR = timedelta(minutes=10)
MOST_LISTED = 10


class AlertReminders:
    """Plans the reminders to the person on call."""

    def __init__(self, ledger: Ledger, roster: Roster, trouble: Trouble) -> None:
        self._ledger, self._roster, self._trouble = ledger, roster, trouble
        self._waiting = Remembered(self._find_waiting)

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the reminders of each of the last minutes, one a minute and person, in a shift only."""
        calendar = self._roster.calendar
        if not calendar.shift_at(at):
            return
        minutes = self._waiting(self._ledger.version(), day_of(at, self._ledger.zone), calendar)
        for due in takewhile(lambda due: due > at - TRY_FOR, reversed(minutes)):
            if due <= at:
                yield from self._reminder(due, minutes[due], at)

    def _find_waiting(self, version: int, today: date, calendar: Calendar) -> dict[datetime, list[AlertGroup]]:
        """Return, first to last, when somebody is reminded of today's problems, in a shift, and of which then."""
        minutes: dict[datetime, list[AlertGroup]] = {}
        for group in self._ledger.day(today):
            if group.outcome is Outcome.UNTOUCHED:
                for due in _due(group, calendar):
                    minutes.setdefault(due, []).append(group)
        return {due: minutes[due] for due in sorted(minutes) if calendar.shift_at(due)}

    def _reminder(self, due: datetime, groups: list[AlertGroup], at: datetime) -> Iterator[Scheduled]:
        addressees = self._trouble.person_on_call(at)

        def compose(at: datetime, before: PostRecord) -> list[PostLine]:
            return [PostLine("words", _words(groups, addressees.why, at))]

        for person in addressees.ids:
            key = f"alerts unacknowledged:{due:%Y-%m-%dT%H:%MZ}:{person}"
            day = day_of(due, self._ledger.zone)
            yield Scheduled(key, day, due, due + TRY_FOR, due + TRY_FOR, compose, person=person)


def _due(group: AlertGroup, calendar: Calendar) -> tuple[datetime, datetime]:
    """Return when somebody is reminded of a problem: whole minutes, so that those of one minute are in one message."""
    limit = acknowledged_within(calendar, group.first_at)
    whole = (group.first_at + limit).replace(second=0, microsecond=0)
    return whole - AHEAD, whole


def _words(groups: list[AlertGroup], why: str, at: datetime) -> str:
    lines = [
        f"Alert {group.number} {group.title[:120]}: not acknowledged for {tell_length(at - group.first_at)}. "
        f"`!alerts ack {group.number}`"
        for group in groups[:MOST_LISTED]
    ]
    more = [f"and {len(groups) - MOST_LISTED} more: `!alerts`"] if len(groups) > MOST_LISTED else []
    return "\n".join(filter(None, (why, *lines, *more)))
