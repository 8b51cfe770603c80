"""Reads back from the chat whether a post stands there already; for a punctual post, ahead of its time."""

import logging
from concurrent.futures import Future, wait
from datetime import datetime, timedelta

import msgspec

from opsdesk.chat import Chat, MessageRef, confirming
from opsdesk.posts.post import PostRecord, PostStep, Scheduled
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=1)  # before its time, and as long after it, a post is in a hurry
PAUSE = timedelta(seconds=10)  # before a question that failed is asked again, or longer where the chat wants it
PATIENCE = 2.0  # seconds: of the 5 that such a post may take, a tick takes as many
LOOK_BACK = timedelta(hours=6)  # the chat has a clock of its own


def hurried(scheduled: Scheduled, at: datetime) -> bool:
    """Return whether `scheduled` must not be late and is close to its time."""
    return scheduled.punctual and abs(at - scheduled.due) <= AHEAD


class Question(msgspec.Struct, frozen=True):
    """What the chat was asked, and when."""

    at: datetime
    answer: Future[MessageRef | None]

    def failed(self, at: datetime) -> bool:
        """Return whether the chat could not tell and may be asked again by `at`."""
        if not self.answer.done() or not (why := self.answer.exception()):
            return False
        return at >= self.at + max(PAUSE, getattr(why, "retry_after", None) or PAUSE)


class ReadBack:
    """Asks the chat whether posts stand.

    A post without a recorded claim is looked for as well, since its record may be lost with its folder or on a full
    disk. Nothing suggests then that it stands, so a chat that hangs must not delay it: the question runs in a thread
    of its own, and an answer that does not come in time is not waited for.
    """

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._workers = Workers(4, "read back")
        self._asked: dict[str, Question] = {}

    def find(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> MessageRef | None:
        """Return where the post stands; None if nowhere, and for a topic, which may be set twice.

        Raises SendError if the chat cannot tell.
        """
        if not self._chat.reads_back or scheduled.sets_topic:
            return None
        first = record.last(PostStep.CLAIMED)
        since = min(scheduled.due, first.at if first else at, at) - LOOK_BACK
        where = scheduled.room or scheduled.person
        with confirming(f"Reading back post {scheduled.key}"):
            found = self._chat.find(where, scheduled.key, since, thread=scheduled.thread)
        return found[0].ref if found else None

    def begin(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> None:
        """Ask once between two tries to send, and again if the question failed. Waits for nothing."""
        asked = self._asked.get(scheduled.key)
        if not asked or asked.failed(at):
            answer = self._workers.do(lambda: self.find(scheduled, record, at))
            self._asked[scheduled.key] = Question(at, answer)

    def found(self, scheduled: Scheduled, at: datetime) -> MessageRef | None:
        """Return the answer to the question begun; None also if the chat cannot tell, or not in time."""
        asked = self._asked.pop(scheduled.key).answer
        wait([asked], PATIENCE if hurried(scheduled, at) else None)
        if asked.done() and not asked.exception():
            return asked.result()
        reason = asked.exception() if asked.done() else "no answer yet"
        log.warning("Before post %s the chat could not be read back: %s", scheduled.key, reason)
        return None
