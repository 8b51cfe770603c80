"""Keeps posts in the chat up to date: edits those whose text has changed, finds those given up unseen."""

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from opsdesk import clock
from opsdesk.chat import Outlet, SendError, SentMessage, confirming
from opsdesk.latest import LatestValues
from opsdesk.posts.attempts import Attempts, written
from opsdesk.posts.post import PROOFS, PostEntry, PostLine, PostRecord, PostStep, edits_refused, merged
from opsdesk.posts.records import PostRecords
from opsdesk.posts.scheduled import BACKOFF, FOLLOWED, LATE_AFTER, Scheduled, edit_pause
from opsdesk.posts.words import HEAD, SLOW, PostWords

log = logging.getLogger(__name__)

ASK_AGAIN = timedelta(minutes=1)
AROUND = timedelta(seconds=1)  # the moment at which a message was sent
CLOCKS_DIFFER = timedelta(minutes=1)


class NotItsTurn(Exception):
    """Another desk follows the post: this one, whose text may be old, leaves it alone."""


class PostEdits:
    """Follows posts that stand or may stand."""

    def __init__(
        self, records: PostRecords, chat: Outlet, wording: PostWords, attempts: Attempts, now: clock.Now
    ) -> None:
        self._records, self._chat, self._wording, self._attempts, self._now = records, chat, wording, attempts, now
        self._looked = LatestValues[str, datetime](FOLLOWED)

    def look_again(self) -> None:
        """Compare every post with its text again at the next look."""
        self._looked.clear()

    def look_at(self, scheduled: Scheduled) -> None:
        """Compare one post with its text again at the next look."""
        self._looked.drop(scheduled.key)

    def begin(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Begin to follow a post that was written and sent at `at`."""
        if not self._chat.edits or not scheduled.edits_until:
            return record
        self._looked.set(scheduled.key, at)
        if self._head(scheduled, record) != _head_of(record):
            return self.rewrite(scheduled, record, at)
        return self.follow_up(scheduled, record, at)

    def follow_up(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Edit a post that stands, if its text may have changed and no pause is running."""
        if not self._chat.edits or not scheduled.edits_until or at >= scheduled.edits_until or edit_pause(record, at):
            return record
        if not scheduled.stale(record, at, self._looked_at(scheduled, at)):
            return record
        return self.rewrite(scheduled, record, at)

    def rewrite(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Edit the post if its text has changed; keep a refusal in the record, to be tried again.

        Nothing is done about one that can never be edited again.
        """
        if not record.proof or record.closed:
            return record
        ours = written(scheduled, _as_ours(record), at)
        if isinstance(ours, SendError):
            return self._edit_failed(scheduled, record, ours)
        try:
            with confirming(f"The edit of post {scheduled.key}"):
                record = self._bring_up_to_date(scheduled, record, ours, at)
        except SendError as unsent:
            return self._edit_failed(scheduled, record, unsent)
        except NotItsTurn:
            return self._records.get(scheduled)
        self._looked.set(scheduled.key, at)  # once the edit is on record, or it would not be compared again
        return record

    def found_after_all(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Look for a post that was given up while the chat could not be read; follow it again once it is found."""
        looked = self._looked_at(scheduled, at)
        if looked and at - looked < ASK_AGAIN:
            return record
        self._looked.set(scheduled.key, at)
        try:
            found = self._attempts.found(scheduled, record, at)
        except SendError as unreadable:
            log.warning("Whether post %s stands can still not be seen: %s", scheduled.key, unreadable)
            return record
        if found:
            self.look_at(scheduled)  # what it says was not compared for a long while
        return found or record

    def _bring_up_to_date(
        self, scheduled: Scheduled, record: PostRecord, ours: Sequence[PostLine], at: datetime
    ) -> PostRecord:
        """Edit the message if its text has changed. What it says that this record did not write is kept."""
        lines = self._lines(scheduled, record, ours, at)
        if self._same(scheduled, record, lines):
            return record
        standing = self._standing(scheduled, record)
        if standing and not record.wrote(standing):
            before = record.ours if record.taken_over else _body(record.lines)
            record = self._attempts.taken_over(scheduled, standing, at, tuple(before))
            lines = self._lines(scheduled, record, ours, at)
            if self._same(scheduled, record, lines):
                return record
        version = uuid.uuid4().hex
        record = self._records.note(scheduled, PostEntry(at, PostStep.EDITING, version=version))
        if not self._attempts.may_send(scheduled):  # this desk may have been stopped, and its text be old
            raise NotItsTurn
        self._edit(scheduled, record, lines, version)
        kept = tuple(ours) if record.taken_over else None
        return self._records.note(scheduled, PostEntry(at, PostStep.EDITED), lines, kept)

    def _lines(
        self, scheduled: Scheduled, record: PostRecord, ours: Sequence[PostLine], at: datetime
    ) -> tuple[PostLine, ...]:
        """Return what the message should say."""
        if record.taken_over:
            now = scheduled.join(record.lines, record.ours, ours)
        else:
            now = (*self._head(scheduled, record), *ours)
        stands = record.last(*PROOFS, PostStep.EDITED)
        mark = bool(record.lines) and stands is not None and stands.at >= scheduled.due
        return merged(record.lines, now, at, mark=mark)

    def _head(self, scheduled: Scheduled, record: PostRecord) -> Sequence[PostLine]:
        """Return the lines above the text. Where the clocks differ, the chat's tells whether the post is late."""
        head, proof = _head_of(record), record.proof
        if not proof or proof.step is not PostStep.POSTED or not proof.sent_at or not scheduled.punctual:
            return head
        if abs(proof.sent_at - proof.at) <= CLOCKS_DIFFER:
            return head
        others = tuple(line for line in head if line.key != "late")
        if proof.sent_at - scheduled.due <= LATE_AFTER:
            return others
        late = PostLine("late", self._wording.late(scheduled.due, SLOW))
        return head if len(head) > len(others) else (late, *others)

    def _standing(self, scheduled: Scheduled, record: PostRecord) -> SentMessage | None:
        """Return the message as the chat shows it; None if the chat shows none, or has no clock to look by."""
        proof = record.proof
        if not proof or not proof.sent_at or not self._chat.reads_back:
            return None
        first, last = proof.sent_at - AROUND, proof.sent_at + AROUND
        found = self._chat.find(proof.room, scheduled.key, first, last, thread=scheduled.thread)
        return next((message for message in found if message.ref.ts == proof.ts), None)

    def _edit(self, scheduled: Scheduled, record: PostRecord, lines: Sequence[PostLine], version: str) -> None:
        if record.proof:
            text = self._wording.text(lines, scheduled.day)
            self._chat.edit(record.proof.message, text, key=scheduled.key, record=record.id, version=version)

    def _same(self, scheduled: Scheduled, record: PostRecord, lines: Sequence[PostLine]) -> bool:
        before, now = (self._wording.text(one, scheduled.day) for one in (record.lines, lines))
        return before == now

    def _looked_at(self, scheduled: Scheduled, at: datetime) -> datetime | None:
        """Return when the post was last compared with its text; None if the clock was set back since."""
        looked = self._looked.get(scheduled.key)
        return looked if looked and looked <= at else None

    def _edit_failed(self, scheduled: Scheduled, record: PostRecord, unsent: SendError) -> PostRecord:
        record = self._records.get(scheduled) if record.proof else record
        if unsent.final:
            step = PostStep.DELETED if unsent.gone else PostStep.CLOSED
            return self._records.note(scheduled, PostEntry(self._now(), step, unsent.reason))
        at = self._now()
        retry_at = at + BACKOFF.after(len(edits_refused(record)) + 1, unsent.retry_after)
        return self._records.note(scheduled, PostEntry(at, PostStep.EDIT_REFUSED, unsent.reason, retry_at=retry_at))


def _as_ours(record: PostRecord) -> PostRecord:
    """Return the record as if the message held the desk's own lines alone: its text is written with those in view."""
    return replace(record, lines=record.ours) if record.taken_over else record


def _head_of(record: PostRecord) -> tuple[PostLine, ...]:
    return tuple(line for line in record.lines if line.key in HEAD)


def _body(lines: Sequence[PostLine]) -> tuple[PostLine, ...]:
    return tuple(line for line in lines if line.key not in HEAD)
