"""Attempts to send a post: each ends with proof, with a reason to try again, or with the post given up."""

import logging
from collections.abc import Sequence
from datetime import datetime

from opsdesk.chat import Chat, MessageRef, SendError, confirming
from opsdesk.posts.post import (
    BACKOFF,
    FAILED,
    LATE_AFTER,
    SENDS_UNPROVEN,
    PostEntry,
    PostLine,
    PostRecord,
    PostStep,
    Scheduled,
    State,
)
from opsdesk.posts.read_back import ReadBack
from opsdesk.posts.records import PostRecords
from opsdesk.posts.words import PostWords, why_given_up, why_late
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

HEAD = ("late", "repeated")  # the keys of the lines that tell of the sending itself
Written = tuple[PostLine, ...] | SendError  # the text of a post, or why it cannot be written


class Attempts:
    """Sends posts, looks for them in the chat and gives them up; each step is on record before the next one.

    `started` is when the desk started.
    """

    def __init__(
        self, records: PostRecords, chat: Chat, wording: PostWords, read_back: ReadBack, started: datetime
    ) -> None:
        self._records, self._chat, self._wording, self._started = records, chat, wording, started
        self._read_back, self._writer = read_back, Workers(1, "writer")

    def confirm_or_send(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Send the post unless the chat shows that it stands already, whether or not the record has a claim."""
        unconfirmed = record.state is State.UNCONFIRMED
        if not self._chat.reads_back:
            claims = len([entry for entry in record.entries if entry.step is PostStep.CLAIMED])
            if unconfirmed and claims >= SENDS_UNPROVEN:
                return self.give_up(scheduled, record, at)
            return self._send(scheduled, record, at, repeated=unconfirmed or record.may_stand)
        if not unconfirmed and not record.may_stand:
            return self._look_and_send(scheduled, record, at)
        try:
            found = self.found(scheduled, record, at)
        except SendError as unreadable:
            return self._failed(scheduled, record, PostStep.UNCLEAR, unreadable, at)
        return found or self._send(scheduled, record, at)

    def confirm_or_give_up(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Give the post up, unless the chat shows that it stands already."""
        try:
            found = self.found(scheduled, record, at)
        except SendError as unreadable:
            why = SendError(f"it may stand there: {unreadable.reason}")
            record = self._failed(scheduled, record, PostStep.UNCLEAR, why, at)
            found = None
        return found or self.give_up(scheduled, record, at)

    def give_up(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Stop trying; keep the reason and the text for whoever is told."""
        reason = why_given_up(scheduled, record)
        log.error("Post %s is given up: %s", scheduled.key, reason)
        entry = PostEntry(at, PostStep.GIVEN_UP, reason)
        stands = record.lines and record.then(entry).may_stand  # then these are its lines, should it be found
        return self._records.note(scheduled, entry, None if stands else self._last_words(scheduled, record, at))

    def found(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord | None:
        """Return the record with proof read from the chat; None if the post does not stand there."""
        posted = self._read_back.find(scheduled, record, at)
        return self._records.note(scheduled, _proof(at, PostStep.FOUND, posted)) if posted else None

    def _look_and_send(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Send a post with no recorded delivery, unless it is already in the channel."""
        self._read_back.begin(scheduled, record, at)
        head = self._head(scheduled, record, at)
        text = self._writer.do(lambda: written(scheduled, record, at, head))  # while the chat is read
        posted = self._read_back.found(scheduled, at)
        if posted:
            return self._records.note(scheduled, _proof(at, PostStep.FOUND, posted))
        return self._claim_and_send(scheduled, record, text.result(), at)

    def _send(self, scheduled: Scheduled, record: PostRecord, at: datetime, *, repeated: bool = False) -> PostRecord:
        head = self._head(scheduled, record, at, repeated=repeated)
        return self._claim_and_send(scheduled, record, written(scheduled, record, at, head), at)

    def _claim_and_send(self, scheduled: Scheduled, record: PostRecord, text: Written, at: datetime) -> PostRecord:
        if isinstance(text, SendError):
            record = self._records.note(scheduled, PostEntry(at, PostStep.CLAIMED))
            return self._failed(scheduled, record, PostStep.UNWRITTEN, text, at)
        record = self._records.note(scheduled, PostEntry(at, PostStep.CLAIMED), text)
        try:
            with confirming(f"Post {scheduled.key}"):
                posted = self._deliver(scheduled, self._wording.text(text, scheduled.day))
        except SendError as unsent:
            step = PostStep.UNCLEAR if unsent.unclear else PostStep.REFUSED
            return self._failed(scheduled, record, step, unsent, at)
        return self._records.note(scheduled, _proof(at, PostStep.POSTED, posted))

    def _deliver(self, scheduled: Scheduled, text: str) -> MessageRef:
        if scheduled.sets_topic:
            self._chat.topic(scheduled.room, text)
            return MessageRef(scheduled.room)
        if scheduled.room:
            return self._chat.post(scheduled.room, text, thread=scheduled.thread, key=scheduled.key)
        return self._chat.tell(scheduled.person, text, key=scheduled.key)

    def _head(
        self, scheduled: Scheduled, record: PostRecord, at: datetime, *, repeated: bool = False
    ) -> list[PostLine]:
        """Return the lines above the text: that the post is late, that it may be repeated."""
        head = []
        if scheduled.punctual and at - scheduled.due > LATE_AFTER:
            head.append(PostLine("late", self._wording.late(scheduled.due, why_late(scheduled, record, self._started))))
        return head + ([PostLine("repeated", self._wording.repeated())] if repeated else [])

    def _failed(
        self, scheduled: Scheduled, record: PostRecord, step: PostStep, unsent: SendError, at: datetime
    ) -> PostRecord:
        tries = len([entry for entry in record.entries if entry.step in FAILED]) + 1
        retry_at = at + BACKOFF.after(tries, unsent.retry_after)
        log.warning("Post %s was not confirmed (%s); next try at %s", scheduled.key, unsent.reason, retry_at)
        return self._records.note(scheduled, PostEntry(at, step, unsent.reason, retry_at=retry_at))

    def _last_words(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> tuple[PostLine, ...]:
        """Return the text with whatever happened since the last try, or the text of that try if writing fails."""
        try:
            return tuple(scheduled.compose(at, record))
        except Exception as mistake:  # giving up must be told even when there is nothing to paste
            log.exception("Post %s could not be written", scheduled.key)
            sent = tuple(line for line in record.lines if line.key not in HEAD)
            return sent or (PostLine("mistake", f"(it could not be written: {mistake})"),)


def written(scheduled: Scheduled, record: PostRecord, at: datetime, head: Sequence[PostLine] = ()) -> Written:
    """Return the text below `head`, or a SendError that says why it cannot be written."""
    try:
        return (*head, *scheduled.compose(at, record))
    except Exception as mistake:  # told like a refusal, and tried again: nothing may end a post unseen
        log.exception("Post %s could not be written", scheduled.key)
        return SendError(f"it could not be written ({mistake})")


def _proof(at: datetime, step: PostStep, posted: MessageRef) -> PostEntry:
    return PostEntry(at, step, room=posted.room, ts=posted.ts, permalink=posted.permalink)
