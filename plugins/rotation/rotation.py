"""Who is on call: what people can say about it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from opsdesk import plugin
from opsdesk import rotation_typed as typed
from opsdesk.cards import Pin, pin_of
from opsdesk.chat import Person, Reply, Said, Unsent
from opsdesk.clock import day_of
from opsdesk.errors import Refusal
from opsdesk.reminders import acknowledged_within
from opsdesk.render.reminders import acknowledged
from opsdesk.render.rotation import RotationWords
from opsdesk.rotation import Override
from opsdesk.shifts import Shift
from opsdesk.telling import tell_each

DAYS_SHOWN = 7
TURNS_SHOWN, MOST_TURNS = 4, 26
ACCEPTING = ("white_check_mark", "heavy_check_mark", "ballot_box_with_check")


class Rotation(plugin.DeskPlugin):
    """Who is on call: now, next, swaps and covers; the shift accepted."""

    @plugin.command
    def oncall(self, said: Said) -> str:
        """Show who is on call, until when, and who is next: !oncall"""
        if said.text.strip():
            return self._when(said)
        roster = self.desk.rotation
        now = roster.stretch_at(said.at)
        return self._words(said.at).now(now, roster.coming(said.at), roster.accepted_at(now) if now else None)

    @plugin.command
    def oncall_week(self, said: Said) -> str:
        """Show who is on call in the next seven days: !oncall week"""
        today = day_of(said.at, self.desk.zone)
        days = self.desk.rotation.days(today, today + timedelta(days=DAYS_SHOWN - 1))
        return self._words(said.at).days(days, self.desk.calendar)

    @plugin.command
    def oncall_next(self, said: Said) -> str:
        """Show the next turns: !oncall next 4"""
        many = typed.read_many(said.text, TURNS_SHOWN, MOST_TURNS)
        return self._words(said.at).turns(self.desk.rotation.coming_turns(said.at), many)

    @plugin.command
    def oncall_when(self, said: Said) -> str:
        """Show when somebody is on call: !oncall when bob"""
        return self._when(said)

    @plugin.command
    def oncall_me(self, said: Said) -> str:
        """Show when you are on call, and what waits for an answer: !oncall me"""
        roster = self.desk.rotation
        runs, zone = roster.runs(said.by, said.at), roster.rotation.required(said.by).zone
        waiting, own = roster.waiting(said.by, said.at), roster.open_requests(said.by, said.at)
        return self._words(said.at).mine(runs, waiting, own, zone)

    @plugin.command
    def oncall_swap(self, said: Said) -> Reply:
        """Ask somebody to change places with you: !oncall swap bob 2026-12-01"""
        named, first, last = typed.read_swap(said.text, said.at, self.desk.zone)
        other = self.desk.rotation.find(named, self.desk.chat.person)
        asked = self.desk.rotation.swap(said.by, other, first, last, at=said.at)
        words, asked_in = self._words(said.at), partial(self.desk.rotation.asked_in, asked.number)
        untold = tell_each(self.desk.chat, [other.person], words.asked(asked), asked_in)
        return Reply(words.asking(asked, untold), posted=asked_in)

    @plugin.command
    def oncall_cover(self, said: Said) -> Reply:
        """Offer a part of your shift to whoever takes it: !oncall cover from 3pm to 5pm"""
        start, end = typed.read_cover(said.text, said.at, self.desk.zone)
        offer = self.desk.rotation.cover(said.by, start, end, at=said.at)
        words, asked_in = self._words(said.at), partial(self.desk.rotation.asked_in, offer.number)
        others = self.desk.rotation.others(said.by)
        if said.place.room:
            return Reply(words.offered(offer, others), posted=asked_in)
        untold = tell_each(self.desk.chat, others, words.offered(offer), asked_in)
        return Reply(words.offering(offer, others, untold))

    @plugin.command
    def oncall_accept(self, said: Said) -> str:
        """Accept what you were asked, or take what was offered: !oncall accept"""
        number = typed.read_number(said.text)
        return self._agreed(self.desk.rotation.accept(said.by, number, at=said.at), said.by, said.at)

    @plugin.command
    def oncall_decline(self, said: Said) -> str:
        """Say no to what you were asked: !oncall decline"""
        number = typed.read_number(said.text)
        return self._agreed(self.desk.rotation.decline(said.by, number, at=said.at), said.by, said.at)

    @plugin.command
    def oncall_take(self, said: Said) -> str:
        """Take the rest of this shift from whoever has it: !oncall take"""
        return self._agreed(self.desk.rotation.take(said.by, at=said.at), said.by, said.at)

    @plugin.command
    def oncall_undo(self, said: Said) -> str:
        """Take back your latest swap, cover, take or question: !oncall undo"""
        return self._agreed(self.desk.rotation.undo(said.by, at=said.at), said.by, said.at)

    @plugin.command
    def shift(self, said: Said) -> str:
        """Show the shift that is on, and whether it was accepted: !shift"""
        roster = self.desk.rotation
        now, following = roster.stretch_at(said.at), next(roster.coming(said.at), None)
        taken = self._words(said.at).shift(now, roster.accepted_at(now) if now else None, following)
        return "\n".join([taken, *(self._acknowledged(now.shift, said.at) if now else ())])

    @plugin.command
    def shift_accept(self, said: Said) -> str:
        """Take over your shift: !shift accept"""
        stretch, accepted = self.desk.rotation.accept_shift(said.by, at=said.at)
        return self._words(said.at).accepted(stretch, accepted.at)

    def callback_reaction(self, reaction: Any) -> None:
        """A ✅ on a message that asks for it accepts, by whoever was asked."""
        pin = pin_of(reaction) if reaction.reacted_to else None
        if not pin or not pin.added or pin.emoji not in ACCEPTING:
            return
        text = self._accepted_with_a_tick(pin, self.desk.now())
        try:
            if text:
                self.desk.chat.post(pin.room, text, thread=pin.ts)
        except Unsent as unsent:
            self.log.warning("The answer to a ✅ was not sent (%s): %s", unsent.reason, text)

    def _acknowledged(self, shift: Shift, at: datetime) -> Iterator[str]:
        """A line for each incident of the shift: how long it took to be acknowledged."""
        for incident in self.desk.incidents.opened(shift.day, shift.day):
            if incident.opened_at in shift:
                yield acknowledged(incident, acknowledged_within(self.desk.calendar, incident.opened_at), at)

    def _accepted_with_a_tick(self, pin: Pin, at: datetime) -> str:
        """What came of a ✅ on this message; "" where that person was not asked by it."""
        roster = self.desk.rotation
        member, request = roster.rotation.member(pin.by), roster.asked_by(pin.room, pin.ts)
        asked = self.desk.handover.asked_by(pin.room, pin.ts, at)
        try:
            if member and asked and asked.id == member.id:
                stretch, accepted = roster.accept_shift(asked, at=at)
                return self._words(at).accepted(stretch, accepted.at)
            if member and request and request in roster.waiting(member.person, at):
                return self._agreed(roster.accept(member.person, request.number, at=at), member.person, at)
        except Refusal as refusal:
            return str(refusal)
        return ""

    def _agreed(self, override: Override, by: Person, at: datetime) -> str:
        """What was agreed, told to everybody else it concerns."""
        roster, words = self.desk.rotation, self._words(at)
        text = words.became(override, roster.days_of(override))
        others = [person for person in roster.concerned(override) if person.id != by.id]
        return words.told(text, tell_each(self.desk.chat, others, text))

    def _when(self, said: Said) -> str:
        member = self.desk.rotation.find(said.text.strip() or said.by.name, self.desk.chat.person)
        return self._words(said.at).when(member, self.desk.rotation.runs(member.person, said.at))

    def _words(self, at: datetime) -> RotationWords:
        return RotationWords(at, self.desk.zone)
