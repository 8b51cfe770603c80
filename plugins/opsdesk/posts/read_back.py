"""Reads back from the chat whether a post stands there already; for a punctual post, ahead of its time."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, wait
from datetime import datetime, timedelta

import msgspec

from opsdesk.chat import Outlet, SentMessage, confirming
from opsdesk.posts.apart import MOST
from opsdesk.posts.post import PostRecord, PostStep
from opsdesk.posts.scheduled import Scheduled
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=1)  # before its time, and as long after it, a post is in a hurry
PAUSE = timedelta(seconds=10)  # before a question that failed is asked again, or longer where the chat wants it
PATIENCE, LAST_PATIENCE = 2.0, 1.0  # seconds: for what was asked ahead, and for the look right before sending
LOOK_BACK = timedelta(hours=6)  # the chat has a clock of its own

Found = Sequence[SentMessage]


def hurried(scheduled: Scheduled, at: datetime) -> bool:
    """Return whether `scheduled` must not be late and is close to its time."""
    return scheduled.punctual and abs(at - scheduled.due) <= AHEAD


class ReadBackQuery(msgspec.Struct, frozen=True):
    """What the chat was asked, and when."""

    at: datetime
    answer: Future[Found]

    def failed(self, at: datetime) -> bool:
        """Return whether the chat could not tell and may be asked again by `at`."""
        if not self.answer.done() or not (why := self.answer.exception()):
            return False
        return at >= self.at + max(PAUSE, getattr(why, "retry_after", None) or PAUSE)


class PostReadBack:
    """Asks the chat whether posts stand.

    A post without a recorded claim is looked for as well, since its record may be lost with its folder or on a full
    disk, and another desk may have sent it. Nothing suggests then that it stands, so a chat that hangs must not delay
    it: the question runs in a thread of its own, and an answer that does not come in time is not waited for.
    """

    def __init__(self, chat: Outlet) -> None:
        self._chat = chat
        self._workers = Workers(MOST, "read back")
        self._asked: dict[str, ReadBackQuery] = {}

    def find(self, scheduled: Scheduled, record: PostRecord, at: datetime, until: datetime | None = None) -> Found:
        """Return the post's messages sent until then, oldest first; none for a topic, which may be set twice.

        After those of the room where the post is due come those of rooms where it was sent before that was changed.
        Raises SendError if the chat cannot tell.
        """
        if not self._chat.reads_back or scheduled.sets_topic:
            return ()
        first = next((entry for entry in record.entries if entry.step is PostStep.CLAIMED), None)
        since = min(scheduled.due, first.at if first else at, at) - LOOK_BACK
        found: list[SentMessage] = []
        with confirming(f"Reading back post {scheduled.key}"):
            for where in dict.fromkeys((scheduled.room or scheduled.person, *record.rooms)):
                found += self._chat.find(where, scheduled.key, since, until, thread=scheduled.thread)
        return found

    def begin(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> None:
        """Ask once between two tries to send, and again if the question failed. Waits for nothing."""
        asked = self._asked.get(scheduled.key)
        if not asked or asked.failed(at):
            self._asked[scheduled.key] = ReadBackQuery(at, self._workers.do(lambda: self.find(scheduled, record, at)))

    def cannot_tell(self, scheduled: Scheduled) -> bool:
        """Return whether the question begun has failed."""
        asked = self._asked.get(scheduled.key)
        return asked is not None and asked.answer.done() and asked.answer.exception() is not None

    def found(self, scheduled: Scheduled, at: datetime) -> Found | None:
        """Return the answer to the question begun; None if the chat cannot tell, or not in time."""
        return self._answer(scheduled, at, PATIENCE)

    def once_more(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> Found | None:
        """Ask and return the answer; None if the chat cannot tell, or not within a second."""
        self.begin(scheduled, record, at)
        return self._answer(scheduled, at, LAST_PATIENCE)

    def _answer(self, scheduled: Scheduled, at: datetime, patience: float) -> Found | None:
        asked = self._asked.pop(scheduled.key).answer
        wait([asked], patience if hurried(scheduled, at) else None)
        if asked.done() and not asked.exception():
            return asked.result()
        reason = asked.exception() if asked.done() else "no answer yet"
        log.warning("Before post %s the chat could not be read back: %s", scheduled.key, reason)
        return None
