"""Who is on call: what people can say about it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from opsdesk import plugin
from opsdesk.chat.chat import Reply, Said, tell_each
from opsdesk.clock import day_of
from opsdesk.incidents.reminders import acknowledgements
from opsdesk.oncall import typed
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.words import RotationWords

DAYS_SHOWN = 7
TURNS_SHOWN, MOST_TURNS = 4, 26


class Rotation(plugin.DeskPlugin):
    """Who is on call: now, next, swaps and covers; the shift accepted."""

    def activate(self) -> None:
        """Has what is asked most at hand."""
        super().activate()
        self.agreed, self.taken = self.desk.rotation.agreements, self.desk.acceptances

    def roster(self) -> Roster:
        """Who is on call; a Refusal while that is not known."""
        return self.desk.rotation.usable()

    @plugin.command
    def oncall(self, said: Said) -> str:
        """Show who is on call, until when, and who is next: !oncall"""
        if said.text.strip():
            return self._when(said)
        now = self.roster().stretch_at(said.at)
        accepted_at = self.taken.accepted_at(now) if now else None
        return self._words(said.at).now(now, self.roster().coming(said.at), accepted_at)

    @plugin.command
    def oncall_week(self, said: Said) -> str:
        """Show who is on call in the next seven days: !oncall week"""
        today = day_of(said.at, self.desk.zone)
        days = self.roster().days(today, today + timedelta(days=DAYS_SHOWN - 1))
        return self._words(said.at).days(days, self.desk.calendar)

    @plugin.command
    def oncall_next(self, said: Said) -> str:
        """Show the next turns: !oncall next 4"""
        many = typed.read_many(said.text, TURNS_SHOWN, MOST_TURNS)
        return self._words(said.at).turns(self.roster().coming_turns(said.at), many)

    @plugin.command
    def oncall_when(self, said: Said) -> str:
        """Show when somebody is on call: !oncall when bob"""
        return self._when(said)

    @plugin.command
    def oncall_me(self, said: Said) -> str:
        """Show when you are on call, and what waits for an answer: !oncall me"""
        runs, zone = self.roster().runs(said.by, said.at), self.roster().rotation.required(said.by).zone
        waiting, own = self.agreed.waiting(said.by, said.at), self.agreed.open_requests(said.by, said.at)
        return self._words(said.at).mine(runs, waiting, own, zone)

    @plugin.command
    def oncall_swap(self, said: Said) -> Reply:
        """Ask somebody to take your day or give you theirs: !oncall swap bob 2026-12-01"""
        named, first, last = typed.read_swap(said.text, said.at, self.desk.zone)
        other = self.roster().find(named, self.desk.chat.person)
        asked = self.agreed.swap(said.by, other, first, last, at=said.at)
        words, asked_in = self._words(said.at), partial(self.agreed.asked_in, asked.number)
        untold = tell_each(self.desk.chat, [other.person], words.asked(asked), asked_in)
        return Reply(words.asking(asked, untold), posted=asked_in)

    @plugin.command
    def oncall_cover(self, said: Said) -> Reply:
        """Offer a part of your shift to whoever takes it: !oncall cover from 3pm to 5pm"""
        start, end = typed.read_cover(said.text, said.at, self.desk.zone)
        offer = self.agreed.cover(said.by, start, end, at=said.at)
        words, asked_in = self._words(said.at), partial(self.agreed.asked_in, offer.number)
        others = self.roster().others(said.by)
        if said.place.room:
            return Reply(words.offered(offer, others), posted=asked_in)
        untold = tell_each(self.desk.chat, others, words.offered(offer), asked_in)
        return Reply(words.offering(offer, others, untold))

    @plugin.command
    def oncall_accept(self, said: Said) -> str:
        """Accept what you were asked, or take what was offered: !oncall accept"""
        number = typed.read_number(said.text)
        return self.desk.takeovers.tell(self.agreed.accept(said.by, number, at=said.at), said.by, said.at)

    @plugin.command
    def oncall_decline(self, said: Said) -> str:
        """Say no to what you were asked: !oncall decline"""
        number = typed.read_number(said.text)
        return self.desk.takeovers.tell(self.agreed.decline(said.by, number, at=said.at), said.by, said.at)

    @plugin.command
    def oncall_take(self, said: Said) -> str:
        """Take the rest of this shift from whoever has it: !oncall take"""
        return self.desk.takeovers.tell(self.agreed.take(said.by, at=said.at), said.by, said.at)

    @plugin.command
    def oncall_undo(self, said: Said) -> str:
        """Take back your latest swap, cover, take or question: !oncall undo"""
        return self.desk.takeovers.tell(self.agreed.undo(said.by, at=said.at), said.by, said.at)

    @plugin.command
    def shift(self, said: Said) -> str:
        """Show the shift that is on, and whether it was accepted: !shift"""
        now, following = self.roster().stretch_at(said.at), next(self.roster().coming(said.at), None)
        told = self._words(said.at).shift(now, self.taken.accepted_at(now) if now else None, following)
        opened = self.desk.reminders.opened_in(now.shift) if now else ()
        return "\n".join([told, *acknowledgements(opened, said.at)])

    @plugin.command
    def shift_accept(self, said: Said) -> str:
        """Take over your shift: !shift accept"""
        stretch, accepted = self.taken.accept(said.by, at=said.at)
        return self._words(said.at).accepted(stretch, accepted.at)

    def callback_reaction(self, reaction: Any) -> None:
        """A ✅ on a message that asks for it accepts, by whoever was asked."""
        self.desk.takeovers.reacted(reaction)

    def _when(self, said: Said) -> str:
        member = self.roster().find(said.text.strip() or said.by.name, self.desk.chat.person)
        return self._words(said.at).when(member, self.roster().runs(member.person, said.at))

    def _words(self, at: datetime) -> RotationWords:
        return RotationWords(at, self.desk.zone)
