"""Who is on call: what people can say about it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from errbot import webhook

from opsdesk import plugin
from opsdesk.chat import Command, Reply, person_of, reaction_of, tell_alone, tell_each
from opsdesk.clock import day_of
from opsdesk.commands import SPOKEN, instead_of_undo
from opsdesk.incidents import acknowledgements
from opsdesk.oncall import Roster, panels, typed, words

DAYS_SHOWN = 7
TURNS_SHOWN, MOST_TURNS = 4, 26


class Rotation(plugin.DeskPlugin):
    """Who is on call: now, next, swaps and covers; the shift accepted."""

    def begin(self, *, reloaded: bool) -> None:
        """Keep at hand what is asked most."""
        self.agreed, self.taken = self.desk.oncall.roster.agreements, self.desk.oncall.acceptances

    def roster(self) -> Roster:
        """Return the roster. Raise a UserError while the rotation is not known."""
        return self.desk.oncall.roster.usable()

    @plugin.command
    def oncall(self, command: Command) -> str:
        """Show who is on call, until when, and who is next: !oncall"""
        day = typed.read_day_alone(command.text, command.at, self.desk.zone)
        if day:
            ((_, slots),) = self.roster().days(day, day)
            return self._words(command.at).one_day(day, slots, self.roster().calendar)
        if command.text.strip():
            return self._when(command)
        return self.desk.oncall.now(command.at, self.desk.zone)

    @plugin.command
    def oncall_week(self, command: Command) -> str:
        """Show who is on call in the next seven days: !oncall week"""
        today = day_of(command.at, self.desk.zone)
        days = self.roster().days(today, today + timedelta(days=DAYS_SHOWN - 1))
        return self._words(command.at).days(days, self.roster().calendar)

    @plugin.command
    def oncall_next(self, command: Command) -> str:
        """Show the next turns: !oncall next 4"""
        many = typed.read_many(command.text, TURNS_SHOWN, MOST_TURNS)
        return self._words(command.at).turns(self.roster().coming_turns(command.at), many)

    @plugin.command
    def oncall_when(self, command: Command) -> str:
        """Show when somebody is on call: !oncall when bob"""
        return self._when(command)

    @plugin.command
    def oncall_me(self, command: Command) -> str:
        """Show when you are on call, and what waits for an answer: !oncall me"""
        runs, zone = self.roster().runs(command.by, command.at), self.roster().rotation.required(command.by).zone
        waiting, own = self.agreed.waiting(command.by, command.at), self.agreed.open_requests(command.by, command.at)
        return self._words(command.at).mine(runs, waiting, own, zone)

    @plugin.command
    def oncall_calendar(self, command: Command) -> str:
        """Give you links to your shifts for a calendar, or new ones: !oncall calendar"""
        links = self.desk.oncall.calendars.links(command.by, command.text, command.at)
        told = self._words(command.at).calendars(links, replaced=bool(command.text.strip()))
        return tell_alone(self.desk.chat, command, told, "Your links are in a direct message from me.")

    @plugin.command
    def oncall_swap(self, command: Command) -> Reply:
        """Ask somebody to take your day or give you theirs: !oncall swap bob 2026-12-01"""
        named, first, last = typed.read_swap(command.text, command.at, self.desk.zone)
        other = self.roster().find(named, self.desk.chat.person)
        asked = self.agreed.swap(command.by, other, first, last, at=command.at)
        words, asked_in = self._words(command.at), partial(self.agreed.asked_in, asked.number)
        text = words.asked(asked)
        untold = tell_each(self.desk.chat, [other.person], text, asked_in, panels.asking(text, asked.number))
        return Reply(words.asking(asked, untold), posted=asked_in)

    @plugin.command
    def oncall_cover(self, command: Command) -> Reply:
        """Offer a part of your shift to whoever takes it: !oncall cover from 3pm to 5pm"""
        start, end = typed.read_cover(command.text, command.at, self.desk.zone)
        offer = self.agreed.cover(command.by, start, end, at=command.at)
        words, asked_in = self._words(command.at), partial(self.agreed.asked_in, offer.number)
        others = self.roster().others(command.by)
        if command.place.room:
            text = words.offered(offer, others)
            return Reply(text, posted=asked_in, panel=panels.offering(text, offer.number))
        text = words.offered(offer)
        untold = tell_each(self.desk.chat, others, text, asked_in, panels.offering(text, offer.number))
        return Reply(words.offering(offer, others, untold))

    @plugin.command
    def oncall_accept(self, command: Command) -> str:
        """Accept what you were asked, or take what was offered: !oncall accept"""
        number = typed.read_number(command.text)
        return self.desk.oncall.takeovers.tell(
            self.agreed.accept(command.by, number, at=command.at), command.by, command.at
        )

    @plugin.command
    def oncall_decline(self, command: Command) -> str:
        """Say no to what you were asked: !oncall decline"""
        number = typed.read_number(command.text)
        return self.desk.oncall.takeovers.tell(
            self.agreed.decline(command.by, number, at=command.at), command.by, command.at
        )

    @plugin.command
    def oncall_take(self, command: Command) -> str:
        """Take the rest of this shift from whoever has it: !oncall take"""
        return self.desk.oncall.takeovers.tell(self.agreed.take(command.by, at=command.at), command.by, command.at)

    @plugin.command
    def oncall_undo(self, command: Command) -> str:
        """Take back your latest swap, cover, take or question: !oncall undo"""
        return self.desk.oncall.takeovers.tell(self.agreed.undo(command.by, at=command.at), command.by, command.at)

    @plugin.command
    def shift(self, command: Command) -> str:
        """Show the shift that is on, and whether it was accepted: !shift"""
        now, following = self.roster().slot_at(command.at), next(self.roster().coming(command.at), None)
        told = self._words(command.at).shift(now, self.taken.accepted_at(now) if now else None, following)
        opened = self.desk.incidents.reminders.opened_in(now.shift) if now else ()
        return "\n".join([told, *acknowledgements(opened, command.at)])

    @plugin.command
    def shift_accept(self, command: Command) -> str:
        """Take over your shift: !shift accept"""
        slot, accepted = self.taken.accept(command.by, at=command.at)
        return self._words(command.at).accepted(slot, accepted.at)

    @webhook("/<path:which>.ics", methods=("GET",), raw=True)  # type: ignore[untyped-decorator]  # errbot is not typed
    def calendar(self, request: Any, which: str) -> Any:
        """Hand out a calendar to whoever has its link."""
        return ("", 503) if self.waiting else self.desk.oncall.calendars.answer(which, request.args.get("link", ""))

    @plugin.callback
    def callback_reaction(self, reaction: Any) -> None:
        """Accept by ✅ on a message that asks for it, if its author was asked."""
        accepted, tick = self.desk.oncall.takeovers.reacted(reaction), reaction_of(reaction)
        if accepted and tick:
            by, instead = person_of(self.desk.chat, tick.by), instead_of_undo(SPOKEN[accepted], "")
            plugin.remember(self.desk, by, self.desk.now(), instead)

    def _when(self, command: Command) -> str:
        member = self.roster().find(command.text.strip() or command.by.name, self.desk.chat.person)
        return self._words(command.at).when(member, self.roster().runs(member.person, command.at))

    def _words(self, at: datetime) -> "words.RotationWords":
        return words.RotationWords(at, self.desk.zone)
