"""Keeps posts in the chat up to date: edits those whose text has changed, finds those given up unseen."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from opsdesk.chat import Chat, MessageRef, SendError, confirming
from opsdesk.posts.attempts import HEAD, written
from opsdesk.posts.post import (
    BACKOFF,
    PostEntry,
    PostLine,
    PostRecord,
    PostStep,
    Scheduled,
    edit_pause,
    edits_refused,
    merged,
)
from opsdesk.posts.records import PostRecords
from opsdesk.posts.words import PostWords

log = logging.getLogger(__name__)

ASK_AGAIN = timedelta(minutes=1)
Found = Callable[[Scheduled, PostRecord, datetime], PostRecord | None]


class PostEdits:
    """Follows posts that stand or may stand. `found` returns the record with proof, if the chat shows the post."""

    def __init__(self, records: PostRecords, chat: Chat, wording: PostWords, found: Found) -> None:
        self._records, self._chat, self._wording, self._found = records, chat, wording, found
        self._looked: dict[str, datetime] = {}

    def look_again(self) -> None:
        """Compare every post with its text again at the next look."""
        self._looked.clear()

    def begin(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Begin to follow a post that was written and sent at `at`."""
        self._looked[scheduled.key] = at
        return self.follow_up(scheduled, record, at)

    def follow_up(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Edit a post that stands, if its text may have changed and no pause is running."""
        if not self._chat.edits or not scheduled.edits_until or at >= scheduled.edits_until or edit_pause(record, at):
            return record
        if not scheduled.stale(record, at, self._looked_at(scheduled, at)):
            return record
        return self.rewrite(scheduled, record, at)

    def rewrite(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Edit the post if its text has changed; keep a refusal in the record, to be tried again."""
        stands = record.last(PostStep.POSTED, PostStep.FOUND, PostStep.EDITED)
        if not stands or not record.proof:
            return record
        new = written(scheduled, record, at, [line for line in record.lines if line.key in HEAD])
        if isinstance(new, SendError):
            return self._edit_failed(scheduled, record, new, at)
        lines = merged(record.lines, new, at, mark=bool(record.lines) and stands.at >= scheduled.due)
        try:
            with confirming(f"The edit of post {scheduled.key}"):
                edited = self._edit(scheduled, record.proof, record.lines, lines)
        except SendError as unsent:
            return self._edit_failed(scheduled, record, unsent, at)
        if edited:
            record = self._records.note(scheduled, PostEntry(at, PostStep.EDITED), lines)
        self._looked[scheduled.key] = at  # once the edit is on record, or it would not be compared again
        return record

    def found_after_all(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Look for a post that was given up while the chat could not be read; follow it again once it is found."""
        looked = self._looked_at(scheduled, at)
        if looked and at - looked < ASK_AGAIN:
            return record
        self._looked[scheduled.key] = at
        try:
            found = self._found(scheduled, record, at)
        except SendError as unreadable:
            log.warning("Whether post %s stands can still not be seen: %s", scheduled.key, unreadable)
            return record
        if found:
            self._looked.pop(scheduled.key)  # what it says was not compared for a long while
        return found or record

    def _edit(
        self, scheduled: Scheduled, proof: PostEntry, before: Sequence[PostLine], now: Sequence[PostLine]
    ) -> bool:
        """Edit the message if its text has changed; return whether it had."""
        old, new = (self._wording.text(lines, scheduled.day) for lines in (before, now))
        if new != old:
            self._chat.edit(_standing(proof), new)
        return new != old

    def _looked_at(self, scheduled: Scheduled, at: datetime) -> datetime | None:
        """Return when the post was last compared with its text; None if the clock was set back since."""
        looked = self._looked.get(scheduled.key)
        return looked if looked and looked <= at else None

    def _edit_failed(self, scheduled: Scheduled, record: PostRecord, unsent: SendError, at: datetime) -> PostRecord:
        retry_at = at + BACKOFF.after(len(edits_refused(record)) + 1, unsent.retry_after)
        return self._records.note(scheduled, PostEntry(at, PostStep.EDIT_REFUSED, unsent.reason, retry_at=retry_at))


def _standing(proof: PostEntry) -> MessageRef:
    return MessageRef(proof.room, proof.ts, permalink=proof.permalink)
