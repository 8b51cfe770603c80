"""`!incident open` typed in the thread of an alert or of somebody's message, which says what the incident is about."""

import logging
from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from opsdesk.alerts.commands import AlertCommands, opened_anew
from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.questions import Questions
from opsdesk.alerts.reports import reported
from opsdesk.chat import Chat, Command, Message, MessageRef, SendError
from opsdesk.contacts import Directory
from opsdesk.errors import UserError
from opsdesk.incidents import Change, Incident, IncidentLog
from opsdesk.settings import Channel

log = logging.getLogger(__name__)


class ThreadOpenings:
    """Opens incidents in threads. In `channel`, whoever wrote the thread's message has reported it."""

    def __init__(
        self,
        chat: Chat,
        incidents: IncidentLog,
        ledger: Ledger,
        commands: AlertCommands,
        questions: Questions,
        directory: Callable[[], Directory],
        channel: Channel,
    ) -> None:
        self._chat, self._incidents, self._ledger, self._commands = chat, incidents, ledger, commands
        self._questions, self._directory, self._channel = questions, directory, channel

    def open(self, change: Change, command: Command) -> Incident:
        """Open an incident by `change`, which lacks what the thread's message says; return it."""
        group = self._ledger.at_message(_top(command), command.at) if command.place.thread else None
        if group and not change.title:
            return self._commands.open_incident(
                group.number, command.by, command.at, command.place, change.severity, change.subsystem
            )
        return self._open_report(change, command)

    def _open_report(self, change: Change, command: Command) -> Incident:
        is_report = command.place.room == self._channel.id
        message = self._message(command) if command.place.thread and (is_report or not change.title) else None
        told = self._with(change, message, command, is_report=is_report) if message else change
        open_one = self._incidents.open if told.title == change.title else partial(opened_anew, self._incidents)
        incident = open_one(told, at=command.at, by=command.by, place=command.place)
        if message and is_report:
            self._questions.became(command.place.thread, incident.number, command.at)
        return incident

    def _with(self, change: Change, message: Message, command: Command, *, is_report: bool) -> Change:
        source = f"{command.place.room}/{command.place.thread}"
        said = reported(message.text, message.by, source, self._directory())
        reporter = change.reported_by or (said.reported_by if is_report else None)
        subsystem = change.subsystem or said.subsystem
        if change.title:
            return replace(change, reported_by=reporter, subsystem=subsystem)
        text = change.text or said.text
        return replace(
            change, title=said.title, text=text, reported_by=reporter, subsystem=subsystem, source=said.source
        )

    def _message(self, command: Command) -> Message | None:
        """Return the thread's first message; None for the desk's own, and where the chat does not give it."""
        top = _top(command)
        try:
            message = self._chat.read(top.room, top.ts)
        except (SendError, UserError) as refused:
            log.warning("The message of a thread could not be read: %s", refused)
            return None
        return None if message is None or message.own else message


def _top(command: Command) -> MessageRef:
    return MessageRef(command.place.room, command.place.thread)
