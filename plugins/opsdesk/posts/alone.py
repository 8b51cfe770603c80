"""Posts of a desk that cannot reach the store it shares with others: what it knows of them, and when it sends them.

Whoever did what is scheduled until the store was lost sends them nearly on time; the others wait longer, and send only
what does not stand. Such a message says so by its version: whoever does what is scheduled once the store is back brings
it up to date, and of two it is the one that goes.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from opsdesk.chat import SentMessage
from opsdesk.posts.post import PostLine, PostRecord, State
from opsdesk.posts.scheduled import Lines, Scheduled, Sender, saying
from opsdesk.store import Desks, Duty

MARK = " without the store"
FIRST, OTHERS, APART = timedelta(seconds=2), timedelta(seconds=20), timedelta(seconds=5)  # after it was due
AHEAD = timedelta(minutes=10)  # before a post is due its text begins to be remembered
LACKS = "(as of {}: the desk's database cannot be reached)"


def marked(version: str) -> str:
    """Return the version of a message that is sent without the store."""
    return version + MARK


def is_marked(message: SentMessage) -> bool:
    """Return whether a message was sent without the store, and not changed since."""
    return message.version.endswith(MARK)


class KnownPost(msgspec.Struct, frozen=True):
    """A post as it was when the store could last be read: its text would have been `lines`."""

    scheduled: Scheduled
    record: PostRecord
    lines: Lines


class PostMemory:
    """What this desk knows of the punctual posts that are close."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._known: dict[str, KnownPost] = {}
        self._of: dict[str, tuple[int, int]] = {}
        self._settled: set[str] = set()

    def is_due(self, scheduled: Scheduled, at: datetime) -> bool:
        """Return whether the text of a post should be remembered anew: something changed, or a minute has passed."""
        if not scheduled.punctual or not scheduled.due - AHEAD <= at < scheduled.until:
            return False
        of = self._desks.changes(), int(at.timestamp() // 60)
        if self._of.get(scheduled.key) == of:
            return False
        self._of[scheduled.key] = of
        return True

    def keep(self, scheduled: Scheduled, record: PostRecord, lines: Lines) -> None:
        """Remember a post; of others than the latest few nothing is needed any more."""
        self._known = dict([*self._known.items(), (scheduled.key, KnownPost(scheduled, record, lines))][-4:])

    def owed(self, at: datetime, told_as: str) -> Iterator[tuple[Scheduled, PostRecord]]:
        """Yield the posts to send now without the store, with what is known of them; `told_as` is the time of it."""
        wait = self._wait()
        for key, known in self._known.items():
            one = known.scheduled
            waiting = known.record.state in (State.WAITING, State.UNCONFIRMED)
            if key not in self._settled and waiting and one.due + wait <= at < one.until:
                lines = (PostLine("away", LACKS.format(told_as)), *known.lines)
                yield replace(one, compose=saying(lines), notices=_none, sender=Sender.ALONE), known.record

    def settle(self, scheduled: Scheduled) -> None:
        """Send a post no more: it stands."""
        self._settled.add(scheduled.key)

    def _wait(self) -> timedelta:
        if self._desks.duty() is not Duty.WAITS:
            return FIRST
        return OTHERS + APART * self._desks.rank()


def _none(record: PostRecord) -> tuple[Scheduled, ...]:
    return ()
