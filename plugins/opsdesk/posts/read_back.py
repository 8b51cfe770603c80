"""Whether a post stands in the chat already, read back from there; for a post that must be on time, ahead of it."""

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
    """Whether it is near its time, and must not be late."""
    return scheduled.punctual and abs(at - scheduled.due) <= AHEAD


class Question(msgspec.Struct, frozen=True):
    """What the chat was asked, and when."""

    at: datetime
    answer: Future[MessageRef | None]

    def failed(self, at: datetime) -> bool:
        """Whether the chat could not tell, and may be asked again by now."""
        if not self.answer.done() or not (why := self.answer.exception()):
            return False
        return at >= self.at + max(PAUSE, getattr(why, "retry_after", None) or PAUSE)


class ReadBack:
    """Asks the chat.

    A post that was never sent by its record is looked for all the same: the record may be lost, with its folder or
    on a full disk. But then nothing says that it stands, and a chat that hangs must not hold it up: the question is
    asked beside everything else, and what is not answered in time is no reason to wait.
    """

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._workers = Workers(4, "read back")
        self._asked: dict[str, Question] = {}

    def find(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> MessageRef | None:
        """Where it stands. Raises SendError where the chat cannot tell. A topic may as well be set twice."""
        if not self._chat.reads_back or scheduled.sets_topic:
            return None
        first = record.last(PostStep.CLAIMED)
        since = min(scheduled.due, first.at if first else at, at) - LOOK_BACK
        where = scheduled.room or scheduled.person
        with confirming(f"Reading back post {scheduled.key}"):
            return self._chat.find(where, scheduled.key, since, thread=scheduled.thread)

    def begin(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> None:
        """Asks, unless it was asked since the last try to send it; again where that failed. Waits for nothing."""
        asked = self._asked.get(scheduled.key)
        if not asked or asked.failed(at):
            answer = self._workers.do(lambda: self.find(scheduled, record, at))
            self._asked[scheduled.key] = Question(at, answer)

    def found(self, scheduled: Scheduled, at: datetime) -> MessageRef | None:
        """What came of the question that was begun: None also where the chat cannot tell, or not soon enough."""
        asked = self._asked.pop(scheduled.key).answer
        wait([asked], PATIENCE if hurried(scheduled, at) else None)
        if asked.done() and not asked.exception():
            return asked.result()
        reason = asked.exception() if asked.done() else "no answer yet"
        log.warning("Before post %s the chat could not be read back: %s", scheduled.key, reason)
        return None
