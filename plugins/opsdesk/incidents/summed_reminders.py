"""Reminders summed up: many for one person within minutes are one message.

Which incidents it speaks of is kept in the record of its post, so that a restart neither forgets nor repeats one.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents.incident import Incident
from opsdesk.posts import PostLine, PostRecord, Scheduled, State
from opsdesk.store import KeyedTable

FEW = 5  # of them come one by one
SLOT = timedelta(minutes=5)  # within which those to one person are counted
WORTH_IT = timedelta(hours=1)  # to send a sum that is late by so much
MOST_LISTED = 10

log = logging.getLogger(__name__)


class Reminder(NamedTuple):
    """A reminder that is due: what it tells of its incident, the posts that it is alone, and whom it is for."""

    incident: Incident
    key: str
    tell: Callable[[], str]
    posts: Sequence[Scheduled]
    ids: tuple[str, ...]
    reason: str
    mention: str


class SummedReminders:
    """Tells which reminders are posted alone, and which of them as one."""

    def __init__(self, kept: KeyedTable[PostRecord], zone: tzinfo) -> None:
        """Look up in `kept`, the records of all posts, what was sent; days are those of `zone`."""
        self._kept, self._zone = kept, zone

    def plan(self, due: Iterable[Reminder], at: datetime) -> Iterator[Scheduled]:
        """Yield what is to be posted of the reminders that are due at `at`: no more than a few alone to anybody."""
        groups: dict[tuple[tuple[str, ...], str], list[Reminder]] = {}
        for one in due:
            if one.posts:  # and somebody is there to be told
                groups.setdefault((one.ids, one.reason), []).append(one)
        for group in groups.values():
            yield from self._planned(group, at)

    def _planned(self, group: list[Reminder], at: datetime) -> list[Scheduled]:
        """Return the posts of a group; each alone where what was sent cannot be read: the chat is asked."""
        try:
            return list(self._of_group(group, at))
        except UserError as damaged:
            log.error("Which reminders were sent cannot be read: %s", damaged)
            return [post for one in group for post in one.posts]

    def _of_group(self, group: list[Reminder], at: datetime) -> Iterator[Scheduled]:
        now, sums = _slot(at), self._sums(group, at)
        for slot, keys in sums.items():
            yield from self._sum(slot, [one for one in group if one.key in keys])
        alone = [one for one in group if not any(one.key in keys for keys in sums.values())]
        records = {one.key: self._records(one) for one in alone}
        waiting = [one for one in alone if not records[one.key]]
        lately = [found for found in records.values() if _sent_since(found, now)]
        many = len(lately) + len(waiting) > FEW
        if many and waiting and now not in sums:
            yield from self._sum(now, waiting)
        for one in alone:
            if records[one.key] or not many:
                yield from one.posts

    def _sums(self, group: list[Reminder], at: datetime) -> dict[datetime, frozenset[str]]:
        """Return which reminders were summed up since the first of these was due, by the slot."""
        slot, found = _slot(min(one.posts[0].due for one in group)), dict[datetime, frozenset[str]]()
        while slot <= at:
            record = self._kept.get(day_of(slot, self._zone), _key(slot, group[0].ids[0]))
            if record and record.lines:
                found[slot] = _told_by(record)
            slot += SLOT
        return found

    def _sum(self, slot: datetime, reminders: Sequence[Reminder]) -> Iterator[Scheduled]:
        def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            return [PostLine("words", summed(reminders), whole="\n".join(one.key for one in reminders))]

        for person in reminders[0].ids if reminders else ():
            key, day = _key(slot, person), day_of(slot, self._zone)
            yield Scheduled(key, day, slot, slot + WORTH_IT, slot + WORTH_IT, compose, person=person)

    def _records(self, one: Reminder) -> list[PostRecord]:
        found = (self._kept.get(post.day, post.key) for post in one.posts)
        return [record for record in found if record and record.entries]


def summed(reminders: Sequence[Reminder]) -> str:
    """Return one message for all of them: the worst and longest going first, and how many more there are."""
    lines: dict[int, Reminder] = {}
    for one in sorted(reminders, key=lambda one: (one.incident.severity, one.incident.started_at, one.incident.number)):
        lines.setdefault(one.incident.number, one)
    head = f"{reminders[0].mention}{len(lines):,} incidents wait for you:"
    more = [f"and {len(lines) - MOST_LISTED:,} more"] if len(lines) > MOST_LISTED else []
    shown = [*(one.tell() for one in list(lines.values())[:MOST_LISTED]), *more, "`!incident list` shows them all."]
    return "\n".join(filter(None, (reminders[0].reason, head, *shown)))


def _slot(at: datetime) -> datetime:
    return at - timedelta(seconds=at.timestamp() % SLOT.total_seconds())


def _key(slot: datetime, person: str) -> str:
    return f"reminders:{slot:%Y-%m-%dT%H:%MZ}:{person}"


def _sent_since(records: Sequence[PostRecord], moment: datetime) -> bool:
    return any(record.proof and record.proof.at >= moment for record in records)


def _told_by(record: PostRecord) -> frozenset[str]:
    """Return the keys of the reminders in a sum; none of one that was given up: they are still owed."""
    given_up = record.state is State.GIVEN_UP
    return frozenset(key for line in record.lines for key in line.whole.split("\n") if key and not given_up)
