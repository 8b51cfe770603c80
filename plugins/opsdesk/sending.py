"""Sends what is scheduled: each message once, with proof, whatever fails in between."""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from opsdesk.chat import Chat, Posted, Unsent, confirming
from opsdesk.errors import Refusal
from opsdesk.post_reasons import why_given_up, why_late
from opsdesk.post_records import PostRecords
from opsdesk.posts import (
    FAILED,
    LATE_AFTER,
    SENDS_UNPROVEN,
    Decision,
    Line,
    PostEntry,
    PostRecord,
    Scheduled,
    State,
    What,
    decide,
    edit_pause,
    edits_refused,
    merged,
    pause_after,
)
from opsdesk.read_back import ReadBack, hurried
from opsdesk.store import Kept
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

Plan = Callable[[datetime], Iterable[Scheduled]]
Check = Callable[[PostRecord], None]  # raises what keeps a record as it is
ASK_AGAIN = timedelta(minutes=1)
HEAD = ("late", "repeated")  # the keys of the lines that tell of the sending itself
Text = tuple[Line, ...] | Unsent  # of a post, or why there is none


class Wording(Protocol):
    """The words around a post."""

    def late(self, due: datetime, reason: str) -> str:
        """The first line of a late post."""

    def repeated(self) -> str:
        """The first line of a post that may stand there already."""

    def text(self, lines: Sequence[Line], day: date) -> str:
        """The whole message, about `day`."""


class Posts:
    """Scheduled posts. `plans` say what is scheduled around a moment; `tick` does what is due.

    One after another: a chat that hangs over one of them keeps the others waiting. What must not wait is for a
    `Posts` of its own; several may share the stored records as long as no post is in two of them.
    """

    def __init__(self, kept: Kept[PostRecord], chat: Chat, wording: Wording, started: datetime) -> None:
        self.plans: list[Plan] = []
        self._records, self._chat, self._wording, self._started = PostRecords(kept), chat, wording, started
        self._read_back, self._writer = ReadBack(chat), Workers(1, "writer")
        self._lock = threading.RLock()
        self._changed = threading.Event()
        self._looked: dict[str, datetime] = {}
        self._closed = threading.Event()

    @property
    def edits(self) -> bool:
        """Whether what stands can be changed."""
        return self._chat.edits

    def tick(self, at: datetime) -> None:
        """Does what is due at `at`. Call it every few seconds; more often does no harm."""
        with self._lock:
            if self._changed.is_set():
                self._changed.clear()  # before anything is read: what changes from here on is seen next time
                self._looked.clear()
            for scheduled in sorted(self._planned(at), key=lambda one: (not hurried(one, at), one.due)):
                self._attend(scheduled, at)

    def record(self, scheduled: Scheduled) -> PostRecord:
        """What became of a post so far."""
        return self._records.get(scheduled)

    def post_now(self, scheduled: Scheduled, at: datetime, check: Check = lambda record: None) -> PostRecord:
        """Sends a post before or after its time, or edits it where it stands; its record tells what became of it.

        What `check` raises keeps it from that. Raises a Refusal while the desk stops.
        """
        with self._lock:
            record = self.record(scheduled)
            if self._closed.is_set():
                raise Refusal("The desk is stopping: nothing was posted. Type it again once it is back.")
            check(record)
            if record.state is State.POSTED:
                return self._rewrite(scheduled, record, at) if self._chat.edits else record
            at_once = replace(scheduled, due=at, punctual=hurried(scheduled, at))
            return self._confirm_or_send(at_once, record, at)

    def note(self, scheduled: Scheduled, entry: PostEntry, check: Check = lambda record: None) -> PostRecord:
        """Adds what somebody said about a post: skipped, resumed, a note. What `check` raises keeps it from that."""
        with self._lock:
            check(self.record(scheduled))
            return self._records.add(scheduled, entry)

    def look_again(self) -> None:
        """Something may have changed that posts tell of: the next tick compares them again. Waits for nothing."""
        self._changed.set()

    def close(self) -> None:
        """Begins nothing more; to be called before the records are closed, of which it could read nothing then."""
        self._closed.set()

    def _planned(self, at: datetime) -> list[Scheduled]:
        planned: list[Scheduled] = []
        for plan in self.plans:
            try:
                planned.extend(plan(at))
            except Exception:  # one part's mistake must not silence the others' posts
                log.exception("A plan for scheduled posts failed")
        return planned

    def _attend(self, scheduled: Scheduled, at: datetime) -> None:
        try:
            self._records.settle(scheduled)
            record = self.record(scheduled)
            if self._closed.is_set():
                return
            record = self._do(scheduled, record, at)
            for notice in scheduled.notices(record):
                self._attend(notice, at)
        except Exception:  # the same: one post's mistake must not silence the others
            log.exception("Post %s failed", scheduled.key)

    def _do(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        decision = decide(scheduled, record, at)
        if decision is Decision.NOT_YET and record.state is State.WAITING and hurried(scheduled, at):
            self._read_back.begin(scheduled, record, at)
        if decision in (Decision.SEND, Decision.CONFIRM):
            return self._confirm_or_send(scheduled, record, at)
        if decision is Decision.CONFIRM_LAST:
            return self._confirm_or_give_up(scheduled, record, at)
        if decision is Decision.GIVE_UP:
            return self._give_up(scheduled, record, at)
        if record.may_stand and at < (scheduled.edits_until or scheduled.lapse):
            record = self._found_after_all(scheduled, record, at)
        if record.state is State.POSTED:
            return self._follow_up(scheduled, record, at)
        return record

    def _confirm_or_send(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Sends, unless the chat shows that it stands already: also where the record knows of no claim."""
        unconfirmed = record.state is State.UNCONFIRMED
        if not self._chat.reads_back:
            claims = len([entry for entry in record.entries if entry.what is What.CLAIMED])
            if unconfirmed and claims >= SENDS_UNPROVEN:
                return self._give_up(scheduled, record, at)
            return self._send(scheduled, record, at, repeated=unconfirmed or record.may_stand)
        if not unconfirmed and not record.may_stand:
            return self._look_and_send(scheduled, record, at)
        try:
            found = self._found(scheduled, record, at)
        except Unsent as unreadable:
            return self._failed(scheduled, record, What.UNCLEAR, unreadable, at)
        return found or self._send(scheduled, record, at)

    def _look_and_send(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Sends what stands nowhere by its record, unless the chat shows it all the same."""
        self._read_back.begin(scheduled, record, at)
        head = self._head(scheduled, record, at)
        text = self._writer.do(lambda: self._written(scheduled, record, at, head))  # while the chat is read
        posted = self._read_back.found(scheduled, at)
        if posted:
            return self._records.note(scheduled, _proof(at, What.FOUND, posted))
        return self._claim_and_send(scheduled, record, text.result(), at)

    def _confirm_or_give_up(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        try:
            found = self._found(scheduled, record, at)
        except Unsent as unreadable:
            why = Unsent(f"it may stand there: {unreadable.reason}")
            record = self._failed(scheduled, record, What.UNCLEAR, why, at)
            found = None
        return found or self._give_up(scheduled, record, at)

    def _found_after_all(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """A post given up while the chat could not say whether it stands: once it can, the post is kept right again."""
        looked = self._looked_at(scheduled, at)
        if looked and at - looked < ASK_AGAIN:
            return record
        self._looked[scheduled.key] = at
        try:
            found = self._found(scheduled, record, at)
        except Unsent as unreadable:
            log.warning("Whether post %s stands can still not be seen: %s", scheduled.key, unreadable)
            return record
        if found:
            self._looked.pop(scheduled.key)  # what it says was not compared for a long while
        return found or record

    def _found(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord | None:
        """The record with the chat's own proof, if the post stands there."""
        posted = self._read_back.find(scheduled, record, at)
        return self._records.note(scheduled, _proof(at, What.FOUND, posted)) if posted else None

    def _send(self, scheduled: Scheduled, record: PostRecord, at: datetime, *, repeated: bool = False) -> PostRecord:
        head = self._head(scheduled, record, at, repeated=repeated)
        return self._claim_and_send(scheduled, record, self._written(scheduled, record, at, head), at)

    def _claim_and_send(self, scheduled: Scheduled, record: PostRecord, text: Text, at: datetime) -> PostRecord:
        if isinstance(text, Unsent):
            record = self._records.note(scheduled, PostEntry(at, What.CLAIMED))
            return self._failed(scheduled, record, What.UNWRITTEN, text, at)
        record = self._records.note(scheduled, PostEntry(at, What.CLAIMED), text)
        try:
            with confirming(f"Post {scheduled.key}"):
                posted = self._deliver(scheduled, self._wording.text(text, scheduled.day))
        except Unsent as unsent:
            what = What.UNCLEAR if unsent.unclear else What.REFUSED
            return self._failed(scheduled, record, what, unsent, at)
        self._looked[scheduled.key] = at
        return self._follow_up(scheduled, self._records.note(scheduled, _proof(at, What.POSTED, posted)), at)

    def _deliver(self, scheduled: Scheduled, text: str) -> Posted:
        if scheduled.sets_topic:
            self._chat.topic(scheduled.room, text)
            return Posted(scheduled.room)
        if scheduled.room:
            return self._chat.post(scheduled.room, text, thread=scheduled.thread, key=scheduled.key)
        return self._chat.tell(scheduled.person, text, key=scheduled.key)

    def _written(self, scheduled: Scheduled, record: PostRecord, at: datetime, head: Sequence[Line] = ()) -> Text:
        """The text below `head`, or why there is none."""
        try:
            return (*head, *scheduled.compose(at, record))
        except Exception as mistake:  # told like a refusal, and tried again: nothing may end a post unseen
            log.exception("Post %s could not be written", scheduled.key)
            return Unsent(f"it could not be written ({mistake})")

    def _head(self, scheduled: Scheduled, record: PostRecord, at: datetime, *, repeated: bool = False) -> list[Line]:
        """The lines that tell of the sending itself."""
        head = []
        if scheduled.punctual and at - scheduled.due > LATE_AFTER:
            head.append(Line("late", self._wording.late(scheduled.due, why_late(scheduled, record, self._started))))
        return head + ([Line("repeated", self._wording.repeated())] if repeated else [])

    def _failed(self, scheduled: Scheduled, record: PostRecord, what: What, unsent: Unsent, at: datetime) -> PostRecord:
        tries = len([entry for entry in record.entries if entry.what in FAILED]) + 1
        retry_at = at + pause_after(tries, unsent.retry_after)
        log.warning("Post %s was not confirmed (%s); next try at %s", scheduled.key, unsent.reason, retry_at)
        return self._records.note(scheduled, PostEntry(at, what, unsent.reason, retry_at=retry_at))

    def _give_up(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        reason = why_given_up(scheduled, record)
        log.error("Post %s is given up: %s", scheduled.key, reason)
        entry = PostEntry(at, What.GIVEN_UP, reason)
        stands = record.lines and record.then(entry).may_stand  # then these are its lines, should it be found
        return self._records.note(scheduled, entry, None if stands else self._last_words(scheduled, record, at))

    def _last_words(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> tuple[Line, ...]:
        """The text with whatever happened since the last try; as it was then, where it cannot be written."""
        try:
            return tuple(scheduled.compose(at, record))
        except Exception as mistake:  # giving up must be told even when there is nothing to paste
            log.exception("Post %s could not be written", scheduled.key)
            sent = tuple(line for line in record.lines if line.key not in HEAD)
            return sent or (Line("mistake", f"(it could not be written: {mistake})"),)

    def _follow_up(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        if not self._chat.edits or not scheduled.edits_until or at >= scheduled.edits_until or edit_pause(record, at):
            return record
        if not scheduled.stale(record, at, self._looked_at(scheduled, at)):
            return record
        return self._rewrite(scheduled, record, at)

    def _looked_at(self, scheduled: Scheduled, at: datetime) -> datetime | None:
        """When it was last looked at; None by a clock that was set back since."""
        looked = self._looked.get(scheduled.key)
        return looked if looked and looked <= at else None

    def _rewrite(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Edits the post where its text has changed; a refusal is kept in the record and tried again."""
        written = record.last(What.POSTED, What.FOUND, What.EDITED)
        if not written or not record.proof:
            return record
        new = self._written(scheduled, record, at, [line for line in record.lines if line.key in HEAD])
        if isinstance(new, Unsent):
            return self._edit_failed(scheduled, record, new, at)
        lines = merged(record.lines, new, at, mark=bool(record.lines) and written.at >= scheduled.due)
        text, before = (self._wording.text(some, scheduled.day) for some in (lines, record.lines))
        if text != before:
            try:
                with confirming(f"The edit of post {scheduled.key}"):
                    self._chat.edit(_standing(record.proof), text)
            except Unsent as unsent:
                return self._edit_failed(scheduled, record, unsent, at)
            record = self._records.note(scheduled, PostEntry(at, What.EDITED), lines)
        self._looked[scheduled.key] = at
        return record

    def _edit_failed(self, scheduled: Scheduled, record: PostRecord, unsent: Unsent, at: datetime) -> PostRecord:
        retry_at = at + pause_after(len(edits_refused(record)) + 1, unsent.retry_after)
        return self._records.note(scheduled, PostEntry(at, What.EDIT_REFUSED, unsent.reason, retry_at=retry_at))


def _proof(at: datetime, what: What, posted: Posted) -> PostEntry:
    return PostEntry(at, what, room=posted.room, ts=posted.ts, permalink=posted.permalink)


def _standing(proof: PostEntry) -> Posted:
    return Posted(proof.room, proof.ts, permalink=proof.permalink)
