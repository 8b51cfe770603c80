"""Reminders of alerts that nobody has acknowledged: 12 and 15 minutes after they came, in a shift, several in one.

What could not be told then, since the chat or the desk was away, is told once later, in one message.

Source: the incident response playbook, which wants an acknowledgement within 15 minutes in hours, 60 outside.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile

from opsdesk.alerts.group import AlertGroup, Outcome
from opsdesk.alerts.ledger import Ledger
from opsdesk.chat import Trouble
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents import acknowledged_within
from opsdesk.oncall import Calendar, Roster
from opsdesk.posts import PostLine, PostRecord, Scheduled, State
from opsdesk.remembered import Remembered
from opsdesk.store import KeyedTable
from opsdesk.text import tell_length

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=3)  # the first reminder comes so long before the time is over
TRY_FOR = timedelta(minutes=10)
STILL_WORTH_IT = timedelta(hours=1)  # to remind of what could not be told in its time
MOST_LISTED = 10


class AlertReminders:
    """Plans the reminders to the person on call."""

    def __init__(self, ledger: Ledger, roster: Roster, trouble: Trouble, kept: KeyedTable[PostRecord]) -> None:
        """Look up in `kept`, the records of all posts, what was told."""
        self._ledger, self._roster, self._trouble, self._kept = ledger, roster, trouble, kept
        self._told = set[datetime]()  # which of the last hour's minutes
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
        yield from self._late(minutes, at)

    def _find_waiting(self, version: int, today: date, calendar: Calendar) -> dict[datetime, list[AlertGroup]]:
        """Return, first to last, when somebody is reminded of today's problems, in a shift, and of which then."""
        minutes: dict[datetime, list[AlertGroup]] = {}
        for group in self._ledger.day(today):
            if group.outcome is Outcome.UNTOUCHED and _waits(group, calendar):
                for due in _due(group, calendar):
                    minutes.setdefault(due, []).append(group)
        return {due: minutes[due] for due in sorted(minutes) if calendar.shift_at(due)}

    def _reminder(
        self, due: datetime, groups: list[AlertGroup], at: datetime, *, lapse: datetime | None = None
    ) -> Iterator[Scheduled]:
        """Yield the reminder of a minute; with a later `lapse`, that of all before it that were not told."""
        addressees = self._trouble.person_on_call(at)

        def compose(at: datetime, before: PostRecord) -> list[PostLine]:
            return [PostLine("words", _words(groups, addressees.why, at))]

        for person in addressees.ids:
            key, day = _key(due, person, late=lapse is not None), day_of(due, self._ledger.zone)
            until = lapse or due + TRY_FOR
            yield Scheduled(key, day, due, until, until, compose, person=person)

    def _late(self, minutes: Mapping[datetime, list[AlertGroup]], at: datetime) -> Iterator[Scheduled]:
        """Yield one reminder of all problems of the last hour whose time went by without one."""
        over = [due for due in minutes if at - STILL_WORTH_IT < due <= at - TRY_FOR]
        self._look_up(over)
        known = {one.number for due in minutes if due in self._told or due > at - TRY_FOR for one in minutes[due]}
        missed = {one.number: one for due in over if due not in self._told for one in minutes[due]}
        if groups := [one for number, one in missed.items() if number not in known]:
            yield from self._reminder(over[-1], groups, at, lapse=over[-1] + STILL_WORTH_IT)

    def _look_up(self, over: Sequence[datetime]) -> None:
        """Find out which of these minutes somebody was told of; a late reminder tells of all before it."""
        self._told &= set(over)
        for due in over:
            if due not in self._told and self._is_told(due):
                self._told.add(due)
        for due in over:
            if due not in self._told and self._is_told(due, late=True):
                self._told |= {one for one in over if one <= due}

    def _is_told(self, due: datetime, *, late: bool = False) -> bool:
        """Return whether whoever was on call then has been reminded; where that cannot be read, that they have."""
        day = day_of(due, self._ledger.zone)
        keys = (_key(due, person, late=late) for person in self._trouble.person_on_call(due).ids)
        try:
            records = [self._kept.get(day, key) for key in keys]
        except UserError as damaged:
            log.error("Whether somebody was reminded of alerts cannot be read: %s", damaged)
            return True
        return any(record and record.state is State.POSTED for record in records)


def _waits(group: AlertGroup, calendar: Calendar) -> bool:
    """Return whether somebody is reminded of a problem: what is read back of a night is for the brief."""
    return not group.read_at or calendar.shift_at(group.began_at) is not None


def _due(group: AlertGroup, calendar: Calendar) -> tuple[datetime, datetime]:
    """Return when somebody is reminded of a problem: whole minutes, so that those of one minute are in one message."""
    limit = acknowledged_within(calendar, group.known_at)
    whole = (group.known_at + limit).replace(second=0, microsecond=0)
    return whole - AHEAD, whole


def _key(due: datetime, person: str, *, late: bool) -> str:
    return f"alerts unacknowledged{' late' if late else ''}:{due:%Y-%m-%dT%H:%MZ}:{person}"


def _words(groups: list[AlertGroup], why: str, at: datetime) -> str:
    lines = [
        f"Alert {group.number} {group.title[:120]}: not acknowledged for {tell_length(at - group.began_at)}. "
        f"`!alerts ack {group.number}`"
        for group in groups[:MOST_LISTED]
    ]
    more = [f"and {len(groups) - MOST_LISTED} more: `!alerts`"] if len(groups) > MOST_LISTED else []
    return "\n".join(filter(None, (why, *lines, *more)))
