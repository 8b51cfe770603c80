"""Emoji on an alert or on the desk's reply to it: 👀 takes it, 🔇 noise, ✅ handled, 📟 opens an incident."""

from collections.abc import Callable
from typing import Any

from opsdesk import clock
from opsdesk.alerts import words
from opsdesk.alerts.commands import AlertCommands
from opsdesk.alerts.group import ActionKind, AlertGroup
from opsdesk.alerts.ledger import Ledger
from opsdesk.chat import Chat, MessageRef, Place, Reaction, person_of, reaction_of
from opsdesk.errors import UserError

MEANT = {
    "eyes": ActionKind.ACKNOWLEDGED,
    "mute": ActionKind.NOISE,
    "no_bell": ActionKind.NOISE,
    "white_check_mark": ActionKind.HANDLED,
    "heavy_check_mark": ActionKind.HANDLED,
    "ballot_box_with_check": ActionKind.HANDLED,
    "pager": ActionKind.OPENED,
}
WHY = "Why is it noise? `!alerts noise {} <reason>`, or `!alerts mute {} 2h <reason>` for all that come like it."


class AlertReactions:
    """Does what an emoji means. `show_card` posts the card of an incident in the thread of the alert."""

    def __init__(
        self,
        ledger: Ledger,
        commands: AlertCommands,
        chat: Chat,
        hears: Callable[[str], bool],
        show_card: Callable[[int, MessageRef], None],
        now: clock.Now,
    ) -> None:
        self._ledger, self._commands, self._chat = ledger, commands, chat
        self._hears, self._show_card, self._now = hears, show_card, now

    def reacted(self, told: Any) -> None:
        """Act on an emoji that Errbot tells of, where it means something and stands on an alert."""
        reaction = reaction_of(told)
        kind = MEANT.get(reaction.emoji) if reaction and self._hears(reaction.room) else None
        if reaction is None or kind is None:
            return
        group = self._ledger.at_message(MessageRef(reaction.room, reaction.ts), self._now())
        if group is None:
            return
        below = group.place or MessageRef(reaction.room, reaction.ts)
        try:
            answer = self._act(reaction, kind, group, below)
        except UserError as refusal:
            answer = str(refusal)
        if answer:
            self._chat.reply(below, answer)

    def _act(self, reaction: Reaction, kind: ActionKind, group: AlertGroup, below: MessageRef) -> str:
        """Return what to say below the alert; "" for nothing."""
        at, number = self._now(), group.number
        by = person_of(self._chat, reaction.by)
        if not reaction.added:
            if kind is not ActionKind.OPENED and (last := group.last(kind)) and last.by.id == by.id:
                self._commands.take_back(number, kind, by, at)
            return ""
        if kind is ActionKind.ACKNOWLEDGED:
            return words.acknowledged(self._commands.acknowledge(number, by, at), at, self._ledger.zone)
        if kind is ActionKind.NOISE:
            self._commands.noise(number, by, "", at)
            return WHY.format(number, number)
        if kind is ActionKind.HANDLED:
            self._commands.handled(number, by, "", at)
            return ""
        opened = group.incident == 0
        incident = self._commands.open_incident(number, by, at, Place(below.room, "", below.ts))
        if opened and incident.number != group.incident_before:
            self._show_card(incident.number, below)
        return "" if incident.is_open else words.became_over(number, incident.number)
