"""Attempts to send a post: each ends with proof, with a reason to try again, or with the post given up."""

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from opsdesk import clock
from opsdesk.chat import ClockWatch, MessageRef, Outlet, Panel, SendError, SentMessage, confirming
from opsdesk.posts.alone import is_marked, marked
from opsdesk.posts.apart import MOST
from opsdesk.posts.post import FAILED, PostEntry, PostLine, PostRecord, PostStep, State
from opsdesk.posts.read_back import PostReadBack, hurried
from opsdesk.posts.records import PostRecords
from opsdesk.posts.scheduled import BACKOFF, HURRIED_BACKOFF, LATE_AFTER, SENDS_UNPROVEN, Scheduled, Sender, deadline
from opsdesk.posts.words import HEAD, PostWords, why_given_up, why_late
from opsdesk.store import ALONE, Desks, MaySend
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

Written = tuple[PostLine, ...] | SendError  # the text of a post, or why it cannot be written


class Attempts:
    """Sends posts, looks for them in the chat and gives them up; each step is on record before the next one.

    Pauses are counted from when a try has failed: one that was not answered in time has taken its time.
    """

    def __init__(
        self,
        records: PostRecords,
        chat: Outlet,
        wording: PostWords,
        read_back: PostReadBack,
        now: clock.Now,
        clocks: ClockWatch,
        desks: Desks = ALONE,
    ) -> None:
        self._records, self._chat, self._wording, self._now, self._clocks = records, chat, wording, now, clocks
        self._started, self._desks = now(), desks
        self._read_back, self._writer = read_back, Workers(MOST, "writer")

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
            return self._failed(scheduled, record, PostStep.UNCLEAR, unreadable)
        return found or self._send(scheduled, record, at)

    def confirm_or_give_up(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Give the post up, unless the chat shows that it stands already."""
        try:
            found = self.found(scheduled, record, at)
        except SendError as unreadable:
            record = self._failed(scheduled, record, PostStep.UNCLEAR, unreadable)
            found = None
        return found or self.give_up(scheduled, record, at)

    def take_over(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Follow the post if the chat shows it; note that it is absent if it does not, or cannot be read for long."""
        if not self._chat.reads_back:
            return self._records.note(scheduled, PostEntry(at, PostStep.ABSENT, "this chat cannot be read back"))
        try:
            found = self.found(scheduled, record, at)
        except SendError as unreadable:
            if at < deadline(scheduled, record):
                return self._failed(scheduled, record, PostStep.UNSEEN, unreadable)
            return self._records.note(scheduled, PostEntry(at, PostStep.ABSENT, unreadable.reason))
        return found or self._records.note(scheduled, PostEntry(at, PostStep.ABSENT))

    def give_up(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Stop trying; keep the reason and the text for whoever is told."""
        reason = why_given_up(scheduled, record)
        log.error("Post %s is given up: %s", scheduled.key, reason)
        entry = PostEntry(at, PostStep.GIVEN_UP, reason)
        stands = record.lines and record.then(entry).may_stand  # then these are its lines, should it be found
        return self._records.note(scheduled, entry, None if stands else self._last_words(scheduled, record, at))

    def found(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord | None:
        """Return the record with proof read from the chat; None if the post does not stand there."""
        messages = self._read_back.find(scheduled, record, at)
        return self.follow(scheduled, record, messages, at) if messages else None

    def follow(
        self, scheduled: Scheduled, record: PostRecord, messages: Sequence[SentMessage], at: datetime
    ) -> PostRecord:
        """Return the record of the first message that it wrote; without one, of the first, which is taken over."""
        own = next((message for message in messages if record.wrote(message)), None)
        if own:
            return self._records.note(scheduled, self.proof(at, PostStep.FOUND, own.ref, own.version))
        if all(map(is_marked, messages)):
            return self._adopted(scheduled, messages[0], at)
        return self.taken_over(scheduled, messages[0], at)

    def _adopted(self, scheduled: Scheduled, message: SentMessage, at: datetime) -> PostRecord:
        """Return the record as that of a message that a desk sent while it could not reach the store."""
        log.warning("Post %s was sent without the store", scheduled.key)
        entry = self.proof(at, PostStep.FOUND, message.ref, message.version)
        return self._records.note(scheduled, entry, tuple(scheduled.read(message.text)), id=message.record)

    def taken_over(
        self, scheduled: Scheduled, message: SentMessage, at: datetime, ours: tuple[PostLine, ...] = ()
    ) -> PostRecord:
        """Return the record with a message as it stands; `ours` is what the desk itself had to say in it before."""
        log.warning("Post %s stands in the chat as this desk did not write it", scheduled.key)
        entry = self.proof(at, PostStep.TAKEN_OVER, message.ref, message.version)
        return self._records.note(scheduled, entry, tuple(scheduled.read(message.text)), ours)

    def proof(self, at: datetime, step: PostStep, posted: MessageRef, version: str) -> PostEntry:
        """Return the entry that proves where a message stands."""
        sent_at = self._chat.sent_at(posted)
        return PostEntry(
            at, step, room=posted.room, ts=posted.ts, permalink=posted.permalink, sent_at=sent_at, version=version
        )

    def _look_and_send(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Send a post with no recorded delivery, unless it is already in the channel.

        A punctual one is looked for twice: ahead of its time, and right before it is sent, since another desk may be
        about to send it as well.
        """
        self._read_back.begin(scheduled, record, at)
        head = self._head(scheduled, record, at)
        writing = self._writer.do(lambda: written(scheduled, record, at, head))  # while the chat is read
        messages = self._read_back.found(scheduled, at)
        text = writing.result()
        if scheduled.punctual and messages is not None and not messages:
            messages = self._read_back.once_more(scheduled, record, at)
        if messages:
            return self.follow(scheduled, record, messages, at)
        return self._claim_and_send(scheduled, record, text, at)

    def _send(self, scheduled: Scheduled, record: PostRecord, at: datetime, *, repeated: bool = False) -> PostRecord:
        head = self._head(scheduled, record, at, repeated=repeated)
        return self._claim_and_send(scheduled, record, written(scheduled, record, at, head), at)

    def _claim_and_send(self, scheduled: Scheduled, record: PostRecord, text: Written, at: datetime) -> PostRecord:
        if not self.may_send(scheduled):
            return record
        id, version = record.id or uuid.uuid4().hex, uuid.uuid4().hex
        version = marked(version) if scheduled.sender is Sender.ALONE else version
        claim = PostEntry(at, PostStep.CLAIMED, room=scheduled.room, version=version)
        if isinstance(text, SendError):
            record = self._records.note(scheduled, claim, id=id)
            return self._failed(scheduled, record, PostStep.UNWRITTEN, text)
        record = self._records.claim(scheduled, claim, text, id)
        if record.state is State.SKIPPED or not self.may_send(scheduled):  # this desk may have been stopped
            return record
        try:
            with confirming(f"Post {scheduled.key}"):
                posted = self._deliver(scheduled, self._wording.text(text, scheduled.day), id, version)
        except SendError as unsent:
            step = PostStep.UNCLEAR if unsent.unclear else PostStep.REFUSED
            return self._failed(scheduled, record, step, unsent)
        proof = self.proof(at, PostStep.POSTED, posted, version)
        self._clocks.compare(proof.sent_at, self._now())
        return self._records.note(scheduled, proof)

    def may_send(self, scheduled: Scheduled) -> bool:
        """Return whether this desk may send it now, or change it: the last thing to ask before the call."""
        return scheduled.sender is not Sender.LEASE or self._desks.may_send() is MaySend.YES

    def _deliver(self, scheduled: Scheduled, text: str, record: str, version: str) -> MessageRef:
        if scheduled.sets_topic:
            self._chat.topic(scheduled.room, text)
            return MessageRef(scheduled.room)
        panel = Panel(text=text, buttons=scheduled.buttons) if scheduled.buttons else None
        carried: Any = {"key": scheduled.key, "record": record, "version": version, "panel": panel}
        if scheduled.room:
            return self._chat.post(scheduled.room, text, thread=scheduled.thread, **carried)
        return self._chat.tell(scheduled.person, text, **carried)

    def _head(
        self, scheduled: Scheduled, record: PostRecord, at: datetime, *, repeated: bool = False
    ) -> list[PostLine]:
        """Return the lines above the text: that the post is late, that it may be repeated."""
        head = []
        if scheduled.punctual and at - scheduled.due > LATE_AFTER:
            head.append(PostLine("late", self._wording.late(scheduled.due, why_late(scheduled, record, self._started))))
        return head + ([PostLine("repeated", self._wording.repeated())] if repeated else [])

    def _failed(self, scheduled: Scheduled, record: PostRecord, step: PostStep, unsent: SendError) -> PostRecord:
        if scheduled.punctual and scheduled.sender is Sender.LEASE and step is not PostStep.UNWRITTEN:
            self._desks.step_aside()
        at = self._now()
        tries = len([entry for entry in record.entries if entry.step in (*FAILED, PostStep.UNSEEN)]) + 1
        backoff = HURRIED_BACKOFF if hurried(scheduled, at) else BACKOFF
        retry_at = at + backoff.after(tries, unsent.retry_after)
        log.warning("Post %s was not confirmed (%s); next try at %s", scheduled.key, unsent.reason, retry_at)
        final = unsent.retry_after is None and not unsent.unclear
        return self._records.note(scheduled, PostEntry(at, step, unsent.reason, retry_at=retry_at, final=final))

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
