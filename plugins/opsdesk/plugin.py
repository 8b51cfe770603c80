"""What every plugin of the desk is built on: the desk at hand, and commands that return text."""

import functools
from collections.abc import Callable
from typing import Any

from errbot import BotPlugin, botcmd

from opsdesk.chat import Command, Reply
from opsdesk.desk import Desk
from opsdesk.errors import SettingsError, UserError
from opsdesk.process import cannot_start, open_desk

Handler = Callable[[Any, Command], str | Reply]


class DeskPlugin(BotPlugin):  # type: ignore[misc]  # errbot is not typed
    """A plugin with the desk at hand.

    Use it as `plugin.DeskPlugin`: imported by name, Errbot would take it for the plugin itself.
    """

    desk: Desk

    def activate(self) -> None:
        """Open the desk. If it cannot start, the process ends with status 1 and the reason.

        Errbot would go on without the plugin, and answer that no command is known.
        """
        try:
            self.desk = open_desk(self._bot)
        except SettingsError as wrong:
            raise cannot_start(wrong) from wrong
        super().activate()


def command(handler: Handler) -> Any:
    """Make a chat command of a method that takes a Command and returns the answer.

    A UserError that it raises is answered with its text.
    """

    @functools.wraps(handler)
    def run(self: DeskPlugin, message: Any, args: str) -> str | None:
        typed = self.desk.chat.command(message, args, self.desk.now())
        try:
            answer = handler(self, typed)
        except UserError as refusal:
            return self.desk.chat.answer(message, Reply(str(refusal)), refused=True)
        return self.desk.chat.answer(message, answer if isinstance(answer, Reply) else Reply(answer))

    return botcmd(run)
