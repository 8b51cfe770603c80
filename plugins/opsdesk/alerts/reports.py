"""An incident opened from anybody's message in the go-live channel by 📟: its thread becomes the incident's own."""

from collections.abc import Callable

from opsdesk import clock
from opsdesk.alerts.commands import opened_anew
from opsdesk.alerts.questions import Questions
from opsdesk.chat import Chat, MessageRef, Person, Place, Reaction, person_of
from opsdesk.contacts import Directory
from opsdesk.errors import UserError
from opsdesk.incidents import Change, IncidentDesk
from opsdesk.settings import Channel

EMOJI = "pager"
LONGEST_TITLE = 200  # characters


class Reports:
    """Opens incidents from reports in `channel`. `show_card` posts an incident's card in a thread."""

    def __init__(
        self,
        chat: Chat,
        incidents: IncidentDesk,
        questions: Questions,
        directory: Callable[[], Directory],
        show_card: Callable[[int, MessageRef], None],
        channel: Channel,
        now: clock.Now,
    ) -> None:
        self._chat, self._incidents, self._questions, self._directory = chat, incidents, questions, directory
        self._show_card, self._channel, self._now = show_card, channel, now

    def reacted(self, reaction: Reaction) -> None:
        """Open an incident from the message that somebody marked with 📟: once, however many mark it."""
        if reaction.room != self._channel.id or reaction.emoji != EMOJI or not reaction.added:
            return
        message = self._chat.read(reaction.room, reaction.ts)
        if message is None or message.own:
            return
        below, at = MessageRef(reaction.room, reaction.ts, thread=message.thread or reaction.ts), self._now()
        by = person_of(self._chat, reaction.by)
        before = self._incidents.log.latest()
        try:
            incident = opened_anew(
                self._incidents.log,
                reported(message.text, message.by, f"{reaction.room}/{reaction.ts}", self._directory()),
                at=at,
                by=by,
                place=Place(reaction.room, self._channel.name, below.thread),
            )
        except UserError as refusal:
            self._chat.reply(below, str(refusal))
            return
        self._questions.became(reaction.ts, incident.number, at)
        if incident.number > before:
            self._show_card(incident.number, below)


def reported(text: str, reporter: Person, source: str, directory: Directory) -> Change:
    """Return what a report opens an incident with: its first line is the title, the rest the text."""
    title, _, rest = text.strip().partition("\n")
    subsystem = directory.keyword_subsystem(text) or None
    return Change(title=title[:LONGEST_TITLE], text=rest, subsystem=subsystem, reported_by=reporter.name, source=source)
