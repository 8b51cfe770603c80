"""What one target is sent, each message once, in a thread of its own; and what is told of what was not sent."""

import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import date, datetime
from typing import Any

from opsdesk.chat import Person, SendError
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.incidents import Notices
from opsdesk.posts import PostRecord, PostScheduler, PostWords, Scheduled, telling
from opsdesk.settings import Sent, Target
from opsdesk.summary import SummaryPlan
from opsdesk.targets import words
from opsdesk.targets.outlet import TargetOutlet
from opsdesk.targets.plan import Owed, TargetPlan
from opsdesk.targets.serious import SeriousIncidents
from opsdesk.workers import Workers


class TargetPosts:
    """Sends one target what is planned for it. A target that hangs holds up neither the chat nor another target."""

    def __init__(
        self,
        target: Target,
        outlet: TargetOutlet,
        ground: Ground,
        summaries: SummaryPlan,
        serious: SeriousIncidents,
        notices: Notices,
    ) -> None:
        kept, desks = ground.store.keyed("target posts", PostRecord), ground.store.desks
        later = ground.trouble.tell_admins_later
        self.target, self._outlet, self._ground = target, outlet, ground
        self.posts = PostScheduler(kept, outlet, PostWords(ground.zone), ground.now, (self._planned,), later, desks)
        self._plan = TargetPlan(target, summaries, serious, notices, ground.zone, self.posts.record)
        self._worker, self._ticking = Workers(1, f"target {target.name}"), Future[Any]()
        self._ticking.set_result(None)
        self._owed: Sequence[Owed] = ()

    def tick(self) -> None:
        """Do what is due, unless the last time still goes on. Waits for nothing."""
        if self._ticking.done():
            self._ticking = self._worker.do(lambda: self.posts.tick(self._ground.now()))

    def notices(self, at: datetime) -> Iterator[Scheduled]:
        """Yield what the person on call and the admins have to know of what the target was not sent."""
        for owed in self._owed:
            record = self.posts.record(owed.scheduled)
            if record.given_up_at:
                text = words.given_up(self.target, owed.what, record)
                yield from self._telling(owed, record.given_up_at, "given up", text)
            elif record.refused_since:
                text = words.refused(self.target, owed.what, record, owed.scheduled.until, self._ground.zone)
                yield from self._telling(owed, record.refused_since, "refused", text)

    def standing(self, day: date) -> str:
        """Return what became of a day's summary here, in a line; "" if it is sent none."""
        if Sent.SUMMARY not in self.target.sends or not self._plan.has_summary(day):
            return ""
        return words.standing(self.target, self.posts.record(self._plan.summary(day)), self._ground.zone)

    def try_out(self, by: Person) -> str:
        """Send a message that says it is a trial; return the answer. Raises a UserError if it was not taken."""
        try:
            self._outlet.post(self.target.name, words.trial(self.target, by.name), record=uuid.uuid4().hex)
        except SendError as unsent:
            raise UserError(words.not_tried(self.target, unsent.reason)) from None
        return words.tried(self.target)

    def close(self) -> None:
        """Begin nothing more."""
        self.posts.close()

    def _planned(self, at: datetime) -> list[Scheduled]:
        self._owed = tuple(self._plan.owed(at))
        return [owed.scheduled for owed in self._owed]

    def _telling(self, owed: Owed, at: datetime, notice: str, text: str) -> Iterator[Scheduled]:
        people, key = self._ground.trouble.person_on_call_and_admins(at), f"{notice}:{owed.scheduled.key}"
        return telling(people, key, owed.scheduled.day, at, lambda why: "\n".join(filter(None, (text, why))))
