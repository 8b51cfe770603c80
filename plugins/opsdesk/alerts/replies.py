"""The desk's reply below each alert: posted once, changed in place as things change, few in a storm."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from opsdesk import clock
from opsdesk.alerts import panels, words
from opsdesk.alerts.group import AlertGroup, Outcome
from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.storm import MINUTE, Storm
from opsdesk.chat import Chat, Job, MessageRef, Outbox, Panel, SendError
from opsdesk.store import ALONE, Desks, Duty

log = logging.getLogger(__name__)

UNSEEN_AFTER = timedelta(seconds=30)  # a webhook whose alert stands in no channel by then gets a message of its own
RECENT = timedelta(minutes=10)
PAUSE = timedelta(seconds=1)


class Replies:
    """Keeps the reply below each alert as its problem is. `known` gathers what the desk knows beside it.

    All of it is done by the thread of `jobs`, again while the chat fails; of several `desks` the one that does what is
    scheduled alone does it. `channel` is where an alert that came by
    webhook alone is shown; `complain` tells the admins.
    """

    def __init__(
        self,
        ledger: Ledger,
        chat: Chat,
        known: "Callable[[AlertGroup], words.KnownProblem]",
        channel: str,
        now: clock.Now,
        complain: Callable[[str], None],
        jobs: Outbox,
        desks: Desks = ALONE,
    ) -> None:
        self._ledger, self._chat, self._known, self._channel = ledger, chat, known, channel
        self._now, self._complain, self._desks = now, complain, desks
        self._followed: dict[int, AlertGroup] | None = None
        self._jobs, self._storm = jobs, Storm(chat, channel)
        self._renewed: set[int] = set()  # alerts whose replies were deleted

    def follow(self, group: AlertGroup) -> None:
        """Have the reply below an alert posted or changed."""
        if self._desks.duty() is not Duty.LEADS:
            return
        if self._followed is not None:
            self._followed[group.number] = group
        if not self._chat.edits or not self._channel or (group.reply is None and not self._needs_one(group)):
            return
        number = group.number
        self._jobs.add(Job(f"alert {number}", partial(self._bring, number), partial(self._given_up, number)))

    def follow_others(self, groups: Sequence[AlertGroup]) -> None:
        """Follow those that changed since they were followed here, by whichever desk; at first, what is recent."""
        known = self._followed
        if known is None:
            changed = [one for one in groups if self._now() - one.last_at < RECENT]
        else:
            changed = [one for one in groups if known.get(one.number) != one]
        self._followed = {one.number: one for one in groups}
        for one in changed:
            self.follow(one)

    def close(self) -> None:
        """End the thread. What it could not send is sent with the next change."""
        self._jobs.close()

    def _needs_one(self, group: AlertGroup) -> bool:
        """Return whether a first reply is due: not for noise, and in a storm only for the first few."""
        if group.outcome is Outcome.NOISE and not group.standing:
            return False
        at = self._now()
        if group.standing or self._storm.leaves_room(at):
            self._storm.replied(at)
            return True
        self._storm.leave_out(group.number, at)
        self._jobs.add(Job("storm", self._storm.tell, partial(log.warning, "The storm was not told: %s")))
        return False

    def _bring(self, number: int) -> None:
        if self._desks.duty() is not Duty.LEADS:
            return  # to the desk that does, it is a change of another's
        group = self._ledger.get(number)
        place = group.place or self._shown(group)
        text = words.reply(group, self._known(group), self._now(), self._ledger.zone)
        shown = panels.panel(text, group)
        if group.reply and (self._edited(group.reply, text, shown) or number in self._renewed):
            return  # whoever deletes it a second time means it
        key = f"alert reply {number}" + (" anew" if group.reply else "")
        found = self._chat.find(place.room, key, group.first_at - MINUTE, thread=place.ts)
        reply = found[0].ref if found else self._chat.post(place.room, text, thread=place.ts, key=key, panel=shown)
        self._ledger.reply_stands(number, reply, self._now())
        if group.reply:
            self._renewed.add(number)

    def _edited(self, reply: MessageRef, text: str, shown: Panel) -> bool:
        """Change a reply; return False if somebody deleted it."""
        try:
            self._chat.edit(reply, text, panel=shown)
        except SendError as unsent:
            if not unsent.gone:
                raise
            return False
        return True

    def _shown(self, group: AlertGroup) -> MessageRef:
        """Return the message in the alert channel for what came by webhook alone: its thread is where people answer."""
        at = self._now()
        if at - group.first_at < UNSEEN_AFTER:
            raise SendError("its message may still come", retry_after=UNSEEN_AFTER - (at - group.first_at) + PAUSE)
        key = f"alert {group.number}"
        found = self._chat.find(self._channel, key, group.first_at - MINUTE)
        line = words.line(group, at, self._ledger.zone)
        place = found[0].ref if found else self._chat.post(self._channel, line, key=key)
        self._ledger.shown_at(group.number, place, at)
        return place

    def _given_up(self, number: int, reason: str) -> None:
        self._complain(f"The reply below alert {number} could not be sent or changed: {reason}. `!alerts {number}`")
