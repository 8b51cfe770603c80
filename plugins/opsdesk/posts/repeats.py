"""Looks in the chat for a post that stands more than once: a call that was given up may be carried out later.

Of several messages of one record the first is kept, and a later one is deleted; one with replies becomes a line with a
link instead, so that what people wrote below it stays. A message of another record is never touched: people are told.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from opsdesk.chat import Outlet, SendError, SentMessage
from opsdesk.latest import LatestValues
from opsdesk.posts.alone import is_marked
from opsdesk.posts.attempts import Attempts
from opsdesk.posts.post import PostEntry, PostRecord, PostStep, State
from opsdesk.posts.read_back import PostReadBack
from opsdesk.posts.records import PostRecords
from opsdesk.posts.scheduled import FOLLOWED, Scheduled
from opsdesk.posts.words import PostWords

log = logging.getLogger(__name__)

LOOKS = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5))  # after a post
CARRIED_OUT_WITHIN = timedelta(hours=1)  # after the last try to send
AGAIN = timedelta(seconds=30)  # before another look, where the chat could not be read, or would not delete just now
TRY_FOR = timedelta(minutes=10)  # to delete a message


class Repeats:
    """Looks for messages that stand beside a post's own: of a punctual post always, of others after a lost answer.

    An answer is lost as well where the desk ended before it came.
    `tell_admins` hears of messages of posts that are not punctual and cannot be deleted; it does not wait. Whoever
    plans a punctual post tells of them by its record.
    """

    def __init__(
        self,
        records: PostRecords,
        chat: Outlet,
        wording: PostWords,
        read_back: PostReadBack,
        attempts: Attempts,
        tell_admins: Callable[[str], None],
    ) -> None:
        self._records, self._chat, self._wording = records, chat, wording
        self._read_back, self._attempts, self._tell_admins = read_back, attempts, tell_admins
        self._looked = LatestValues[str, datetime](FOLLOWED)
        self._again = LatestValues[str, datetime](FOLLOWED)

    def begin(self, scheduled: Scheduled, at: datetime) -> None:
        """Begin to look for repeats of a post that was sent at `at`."""
        if self._chat.reads_back:
            self._looked.set(scheduled.key, at)

    def look_again(self) -> None:
        """Look at every post once more: another desk may have sent it as well."""
        self._looked.clear()

    def next_look(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> datetime | None:
        """Return when the next look is due, which may be past; None if no other is."""
        proof = record.proof
        if record.state is not State.POSTED or not proof or not self._is_looked_for(scheduled, record):
            return None
        if again := self._again.get(scheduled.key):
            return again
        looked = self._looked.get(scheduled.key)
        if looked is None or looked > at:  # since the desk started, or by a clock that was set back
            return at if at < self._end(scheduled, proof) else None
        return next((proof.at + after for after in LOOKS if proof.at + after > looked), None)

    def look(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Look if it is time, and put right what is found; return the record, of the message that is kept."""
        due = self.next_look(scheduled, record, at)
        return self.look_now(scheduled, record, at) if due and due <= at else record

    def look_now(self, scheduled: Scheduled, record: PostRecord, at: datetime, *, whatever: bool = False) -> PostRecord:
        """Look, and put right what is found; return the record, of the message that is kept.

        Nothing is looked for where nothing suggests that it stands twice, unless `whatever` that says.
        """
        if not whatever and not self._is_looked_for(scheduled, record):
            return record
        self._again.drop(scheduled.key)
        try:
            messages = self._read_back.find(scheduled, record, at, _last_claim(record, at) + CARRIED_OUT_WITHIN)
        except SendError as unreadable:
            log.warning("Whether post %s stands twice cannot be seen: %s", scheduled.key, unreadable.reason)
            self._again.set(scheduled.key, at + AGAIN)
            return record
        self._looked.set(scheduled.key, at)
        return self._put_right(scheduled, record, messages, at)

    def _is_looked_for(self, scheduled: Scheduled, record: PostRecord) -> bool:
        if not self._chat.reads_back or scheduled.sets_topic or not record.id:
            return False
        return scheduled.punctual or record.last(PostStep.UNCLEAR) is not None or len(record.sent) > 1

    def _end(self, scheduled: Scheduled, proof: PostEntry) -> datetime:
        return scheduled.edits_until or proof.at + CARRIED_OUT_WITHIN

    def _put_right(
        self, scheduled: Scheduled, record: PostRecord, messages: Sequence[SentMessage], at: datetime
    ) -> PostRecord:
        own = sorted((one for one in messages if _is_own(record, one)), key=is_marked)
        kept = self._kept(record, messages, own)
        if kept and record.proof and kept.ref.ts != record.proof.ts:
            record = self._switched(scheduled, record, kept, at)
        for message in messages:
            if kept and message.ref.ts != kept.ref.ts and not _is_settled(record, message):
                record = self._settled(scheduled, record, message, kept, message in own, at)
        return record

    def _kept(
        self, record: PostRecord, messages: Sequence[SentMessage], own: Sequence[SentMessage]
    ) -> SentMessage | None:
        """Return the message that counts: what was taken over, else the first that the record itself sent."""
        standing = next((one for one in messages if record.proof and one.ref.ts == record.proof.ts), None)
        return standing if record.taken_over or not own else own[0]

    def _switched(self, scheduled: Scheduled, record: PostRecord, kept: SentMessage, at: datetime) -> PostRecord:
        """Return the record as that of another message of its own, with the text that this one has."""
        entry = self._attempts.proof(at, PostStep.FOUND, kept.ref, kept.version)
        same = kept.text == self._wording.text(record.lines, scheduled.day)
        return self._records.note(scheduled, entry, None if same else tuple(scheduled.read(kept.text)))

    def _settled(
        self, scheduled: Scheduled, record: PostRecord, message: SentMessage, kept: SentMessage, own: bool, at: datetime
    ) -> PostRecord:
        if not own:
            log.warning("Beside post %s stands one that this desk did not send: %s", scheduled.key, message.ref)
            return self._records.note(scheduled, self._attempts.proof(at, PostStep.OTHER, message.ref, message.version))
        try:
            refused = self._removed(scheduled, message, kept)
        except SendError as busy:
            if record.proof and at < record.proof.at + TRY_FOR:
                self._again.set(scheduled.key, at + AGAIN)
                return record
            refused = busy.reason
        if refused and not scheduled.punctual:
            where = message.ref.permalink or message.ref.room
            self._tell_admins(f"A message was sent twice, and the second could not be deleted ({refused}): {where}")
        entry = self._attempts.proof(at, PostStep.REPEATED, message.ref, message.version)
        return self._records.note(scheduled, replace(entry, text=refused))

    def _removed(self, scheduled: Scheduled, message: SentMessage, kept: SentMessage) -> str:
        """Delete a message, or leave a link in it if it has replies; return why that is refused, "" if it is not.

        Raises SendError where it may be possible later.
        """
        log.warning("Post %s stood twice: %s", scheduled.key, message.ref)
        try:
            if message.replies:
                key, replaced = f"repeated:{scheduled.key}", self._wording.replaced(kept.ref.permalink)
                self._chat.edit(message.ref, replaced, key=key, record=message.record, version=message.version)
            else:
                self._chat.delete(message.ref)
        except SendError as refused:
            if refused.retry_after is not None or refused.unclear:
                raise
            return refused.reason
        return ""


def _is_own(record: PostRecord, message: SentMessage) -> bool:
    return (message.record == record.id and record.wrote(message)) or is_marked(message)


def _is_settled(record: PostRecord, message: SentMessage) -> bool:
    """Return whether the record tells already what became of a message beside the post's own."""
    return any(entry.ts == message.ref.ts for entry in _beside(record))


def _beside(record: PostRecord) -> Iterator[PostEntry]:
    return (entry for entry in record.entries if entry.step in (PostStep.OTHER, PostStep.REPEATED))


def _last_claim(record: PostRecord, at: datetime) -> datetime:
    claim = record.last(PostStep.CLAIMED)
    return claim.at if claim else at
