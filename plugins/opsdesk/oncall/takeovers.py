"""Agreements as they are announced to everybody concerned, and accepted with a ✅."""

from datetime import datetime
from typing import Any

from opsdesk import clock
from opsdesk.chat import Chat, MessageRef, Person, Reaction, reaction_of, tell_each
from opsdesk.errors import UserError
from opsdesk.oncall import words
from opsdesk.oncall.acceptances import Acceptances
from opsdesk.oncall.handover import Handover
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import Override

ACCEPTING = ("white_check_mark", "heavy_check_mark", "ballot_box_with_check")


class Takeovers:
    """Announces answers to swaps, covers and briefs, and accepts by reaction."""

    def __init__(
        self,
        roster: Roster,
        acceptances: Acceptances,
        handover: Handover,
        chat: Chat,
        now: clock.Now,
    ) -> None:
        self._roster, self._agreements, self._acceptances = roster, roster.agreements, acceptances
        self._handover, self._chat, self._now = handover, chat, now

    def tell(self, override: Override, by: Person, at: datetime) -> str:
        """Send what was agreed to everybody else it concerns; return it for `by`."""
        words, days = self._words(at), self._roster.days_of(override)
        untold: dict[str, str] = {}
        for person in self._agreements.concerned(override):
            if person.id != by.id:
                untold |= tell_each(self._chat, [person], words.became(override, days, person))
        return words.told(words.became(override, days, by), untold)

    def reacted(self, reaction: Any) -> str:
        """Accept what a message asks for if the person it asks marked it with ✅, and reply in its thread.

        Return the name of the command that did as much; "" where nothing was accepted.
        """
        tick = reaction_of(reaction)
        if not tick or not tick.added or tick.emoji not in ACCEPTING:
            return ""
        command, text = self._accepted(tick, self._now())
        if text:
            self._chat.reply(MessageRef(tick.room, tick.ts), text)
        return command

    def _accepted(self, tick: Reaction, at: datetime) -> tuple[str, str]:
        """Return the command that a ✅ on a message stood for, and the reply; "" if it does not ask them anything."""
        member, request = self._roster.rotation.member(tick.by), self._agreements.asked_by(tick.room, tick.ts)
        asked = self._handover.asked_by(tick.room, tick.ts, at)
        try:
            if member and asked and asked.id == member.id:
                slot, accepted = self._acceptances.accept(asked, at=at)
                return "shift_accept", self._words(at).accepted(slot, accepted.at)
            if member and request and request in self._agreements.waiting(member.person, at):
                override = self._agreements.accept(member.person, request.number, at=at)
                return "oncall_accept", self.tell(override, member.person, at)
        except UserError as refusal:
            return "", str(refusal)
        return "", ""

    def _words(self, at: datetime) -> "words.RotationWords":
        return words.RotationWords(at, self._roster.calendar.zone)
