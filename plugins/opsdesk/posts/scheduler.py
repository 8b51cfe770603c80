"""Sends what is scheduled: each message once, with proof, whatever fails in between."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

from msgspec.structs import replace

from opsdesk import clock
from opsdesk.chat import ClockWatch, Outlet, SendError
from opsdesk.errors import UserError
from opsdesk.posts.alone import PostMemory
from opsdesk.posts.apart import Apart
from opsdesk.posts.attempts import Attempts, written
from opsdesk.posts.edits import PostEdits
from opsdesk.posts.plans import Plan, planned
from opsdesk.posts.post import PROOFS, PostEntry, PostRecord, PostStep, State
from opsdesk.posts.read_back import PostReadBack, hurried
from opsdesk.posts.records import Check, PostRecords
from opsdesk.posts.repeats import Repeats
from opsdesk.posts.scheduled import Decision, Scheduled, Sender, decide, wakes
from opsdesk.posts.words import PostWords
from opsdesk.store import ALONE, Desks, Duty, KeyedTable, MaySend
from opsdesk.text import tell_time
from opsdesk.workers import Workers

NOT_ITS_TURN = "Nothing was posted: the desk cannot make sure that no other desk does. Type it again in a minute."

log = logging.getLogger(__name__)


class PostScheduler:
    """Sends scheduled posts. `plans` return what is scheduled around a moment; `tick` does what is due.

    Posts are attended to one after another. Without `apart` a chat that hangs over one delays the others: what must not
    wait belongs in a scheduler of its own. Several may share the stored records if no post is in two of them.
    """

    def __init__(
        self,
        kept: KeyedTable[PostRecord],
        chat: Outlet,
        wording: PostWords,
        now: clock.Now,
        plans: Sequence[Plan] = (),
        tell_admins: Callable[[str], None] = log.error,
        desks: Desks = ALONE,
        *,
        apart: bool = False,
        stage: Callable[[Scheduled], Scheduled] = lambda one: one,
    ) -> None:
        """Schedule posts. `tell_admins` does not wait. Of several `desks`, the one that has the lease sends them.

        `apart`: a post that hangs delays no other, and `tick` does not tell when something is due about it.
        Whatever is planned otherwise than it is sent, such as in a rehearsal, is looked up as `stage` has it.
        """
        self._stage = stage
        self._plans, self._desks, self._zone = plans, desks, wording.zone
        self._memory, self._remembering = PostMemory(desks), Workers(1, "remembering")
        self._records, self._chat, self._read_back = PostRecords(kept, shared=desks.shared), chat, PostReadBack(chat)
        clocks = ClockWatch(tell_admins, wording.zone)
        self._attempts = Attempts(self._records, chat, wording, self._read_back, now, clocks, desks)
        self._edits = PostEdits(self._records, chat, wording, self._attempts, now)
        self._repeats = Repeats(self._records, chat, wording, self._read_back, self._attempts, tell_admins)
        self._lock = threading.RLock()
        self._apart = Apart() if apart else None
        self._changed = threading.Event()
        self._closed, self._led = threading.Event(), False

    @property
    def edits(self) -> bool:
        """Return whether a post can be changed once it stands."""
        return self._chat.edits

    def tick(self, at: datetime) -> datetime | None:
        """Do what is due at `at`; return when something is due next, if that is known.

        Call it then, and every few seconds; more often does no harm.
        """
        with self._lock:
            if self._desks.away():
                return self._attend_alone(at)
            leads = self._desks.duty() is Duty.LEADS
            if leads and self._changed.is_set():
                self._look_at_all()
            in_order = sorted(planned(self._plans, at), key=lambda one: (not hurried(one, at), one.due))
            self._remember(in_order, at)
            moments = self._attend_each(in_order, at) if leads else []
        return min(filter(None, moments), default=None)

    def record(self, scheduled: Scheduled) -> PostRecord:
        """Return what became of a post so far."""
        return self._records.get(self._stage(scheduled))

    def record_of(self, day: date | None, key: str) -> PostRecord:
        """Return what became so far of the post with this key: whoever only asks for that plans nothing."""
        return self._records.of(day, key)

    def post_now(self, scheduled: Scheduled, at: datetime, check: Check = lambda record: None) -> PostRecord:
        """Send a post whatever its time, or edit it if it stands; return the record with what became of it.

        Raises whatever `check` raises about the record, before anything is sent; a UserError while the desk stops, and
        where it does not have the lease. Ask the desk that has it.
        """
        with self._lock:
            record = self.record(scheduled)
            if self._closed.is_set():
                raise UserError("The desk is stopping: nothing was posted. Type it again once it is back.")
            check(record)
            if record.state is State.POSTED:
                return self._edits.rewrite(scheduled, record, at) if self._chat.edits else record
            at_once = replace(scheduled, due=at, punctual=hurried(scheduled, at))
            sent = self._send(at_once, record, at)
            check(sent)  # somebody may have left it out at another desk
            if sent.entries[-1:] == record.entries[-1:] or sent.entries[-1].step is PostStep.CLAIMED:
                raise UserError(NOT_ITS_TURN)
            return sent

    def note(self, scheduled: Scheduled, entry: PostEntry, check: Check = lambda record: None) -> PostRecord:
        """Add what somebody said about a post (skipped, resumed, a note), unless `check` raises about the record."""
        with self._lock:
            return self._records.add(scheduled, entry, check)

    def look_again(self) -> None:
        """Have the next tick compare every post with its text again. Waits for nothing."""
        self._changed.set()

    def close(self) -> None:
        """Begin nothing more. Call this before the store is closed: a record that cannot be read looks unsent."""
        self._closed.set()

    def _look_at_all(self) -> None:
        """Have every post compared with its text again, since something has changed.

        It is forgotten before anything is read, so that what changes from here on is seen next time. Not while a post
        hangs: what that one says may have been read before the change.
        """
        if not self._apart or not self._apart.hangs:
            self._changed.clear()
        self._edits.look_again()
        self._look_for_others()

    def _attend_each(self, in_order: Sequence[Scheduled], at: datetime) -> Sequence[datetime | None]:
        if not self._apart:
            return [self._attend(scheduled, at) for scheduled in in_order]
        return self._apart.attend(in_order, lambda scheduled: self._attend(scheduled, at))

    def _attend(self, scheduled: Scheduled, at: datetime) -> datetime | None:
        """Do what is due about a post and its notices; return when something is due next."""
        try:
            self._records.settle(scheduled)
            record = self.record(scheduled)
            if self._closed.is_set():
                return None
            record = self._do(scheduled, record, at)
            moments = [wakes(scheduled, record, at), self._repeats.next_look(scheduled, record, at)]
            moments += [self._attend(notice, at) for notice in scheduled.notices(record)]
            return min((moment for moment in moments if moment and moment > at), default=None)
        except Exception:  # one post's mistake must not silence the others
            log.exception("Post %s failed", scheduled.key)
            return None

    def _do(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        decision = decide(scheduled, record, at)
        if decision is Decision.NOT_YET and record.state is State.WAITING and hurried(scheduled, at):
            self._read_back.begin(scheduled, record, at)
            if self._read_back.cannot_tell(scheduled):
                self._desks.step_aside()
        if decision in (Decision.SEND, Decision.CONFIRM):
            return self._send(scheduled, record, at)
        if decision is Decision.CONFIRM_LAST:
            return self._attempts.confirm_or_give_up(scheduled, record, at)
        if decision is Decision.GIVE_UP:
            return self._attempts.give_up(scheduled, record, at)
        if decision is Decision.TAKE_OVER:
            return self._attempts.take_over(scheduled, record, at)
        if record.may_stand and at < (scheduled.edits_until or scheduled.lapse):
            record = self._edits.found_after_all(scheduled, record, at)
        return self._follow(scheduled, record, at) if record.state is State.POSTED else record

    def _look_for_others(self) -> None:
        """Look for what another desk may have sent beside, where this one has just begun to do what is scheduled."""
        leads = self._desks.shared and self._desks.duty() is Duty.LEADS
        if leads and not self._led:
            self._repeats.look_again()
        self._led = leads

    def _remember(self, close: Sequence[Scheduled], at: datetime) -> None:
        """Have the text of what is soon due written in a thread of its own, should the store be lost."""
        for scheduled in close if self._desks.shared else ():
            self._records.settle(scheduled)
            if self._memory.is_due(scheduled, at):
                self._remembering.do(partial(self._remember_one, scheduled, at))

    def _remember_one(self, scheduled: Scheduled, at: datetime) -> None:
        record = self.record(scheduled)
        text = written(scheduled, record, at)
        if not isinstance(text, SendError) and not self._desks.away():
            self._memory.keep(scheduled, record, text)

    def _attend_alone(self, at: datetime) -> datetime | None:
        """Send what is owed from memory: with others about, only what is seen not to stand."""
        for scheduled, known in self._memory.owed(at, tell_time(at, self._zone)):
            try:
                if self._read_back.find(scheduled, known, at):
                    self._memory.settle(scheduled)
                    continue
            except SendError as unreadable:
                log.warning("Whether post %s stands cannot be seen: %s", scheduled.key, unreadable.reason)
                if self._desks.duty() is Duty.WAITS:
                    continue
            record = self._attempts.confirm_or_send(scheduled, self.record(scheduled), at)
            if record.state is State.POSTED:
                self._memory.settle(scheduled)
        return None

    def _follow(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Put right what stands twice, then what the post says."""
        before, record = record.last(*PROOFS), self._repeats.look(scheduled, record, at)
        if record.last(*PROOFS) != before:
            self._edits.look_at(scheduled)
        return self._edits.follow_up(scheduled, record, at)

    def _send(self, scheduled: Scheduled, record: PostRecord, at: datetime) -> PostRecord:
        """Send the post unless it stands already, and begin to follow it."""
        record = self._attempts.confirm_or_send(scheduled, record, at)
        if not record.entries or record.entries[-1].step is not PostStep.POSTED:
            return record
        self._repeats.begin(scheduled, at)
        if scheduled.sender is Sender.LEASE and self._desks.may_send() is MaySend.NO:
            return self._repeats.look_now(scheduled, record, at, whatever=True)  # it may have been stopped in between
        return self._edits.begin(scheduled, record, at)
