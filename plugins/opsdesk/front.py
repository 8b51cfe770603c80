"""The front door: every message that reaches the bot is read here before Errbot, which knows commands to the letter."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from opsdesk.chat import Reply
from opsdesk.commands import SPOKEN, Question, Reading, Typed, commands_in, is_word, read
from opsdesk.desk import Desk
from opsdesk.workers import Lanes

log = logging.getLogger(__name__)

THREADS = 10
READ_AS = "desk_reading"  # where a message carries what it was read as


class Front:
    """Hands Errbot the commands that a message holds, in Errbot's own words.

    What is no command of the desk is Errbot's, with whatever other plugins it has.
    """

    def __init__(self, bot: Any, desk: Desk) -> None:
        self._bot, self._desk, self._errbot = bot, desk, bot.process_message
        self._lanes = Lanes(THREADS, "commands")

    def __call__(self, message: Any) -> bool:
        """Do what the message asks, and return whether Errbot may show it to the plugins.

        Where Errbot would do commands at the same time, those of one person are done in the order of their typing.
        """
        commands = commands_in(message.body, (self._bot.bot_config.BOT_PREFIX, *self._bot.bot_alt_prefixes))
        heard = commands[0].called or message.is_direct
        if message.delayed or self._bot.is_from_self(message) or not heard:
            return bool(self._errbot(message))
        if self._bot.bot_config.BOT_ASYNC:
            self._lanes.add(str(message.frm.person), partial(self._do_safely, message, commands))
        else:
            self._do_all(message, commands)
        return True

    def _do_safely(self, message: Any, commands: Sequence[Typed]) -> None:
        try:
            self._do_all(message, commands)
        except Exception:  # the thread has others to do
            log.exception("A message was not dealt with")

    def _do_all(self, message: Any, commands: Sequence[Typed]) -> None:
        for place, typed in enumerate(commands):
            self._do(message, typed, place)

    def _do(self, message: Any, typed: Typed, place: int) -> None:
        if typed.called and not is_word(typed.text):
            return
        if elsewhere := self._elsewhere(message, typed):
            self._bot._process_command(message, *elsewhere, match=None)
            return
        meant = read(typed.text, called=typed.called)
        if isinstance(meant, Question):
            self._reply(message, meant.text)
        elif meant and meant.name in self._bot.commands:
            self._run(_with(message, message.body, {READ_AS: (meant, place)}), meant)
        else:
            self._errbot(message if place == 0 else _with(message, typed.text, {}))

    def _run(self, message: Any, meant: Reading) -> None:
        """Run a command as Errbot does, in this thread: what it lets nobody do stays undone."""
        message, name, text = self._bot._process_command_filters(message, meant.name, meant.text)
        if message is not None:
            self._bot._execute_and_send(cmd=name, args=text, match=None, msg=message)

    def _reply(self, message: Any, text: str) -> None:
        answer = self._desk.chat.answer(message, Reply(text), refused=True)
        if answer:
            self._bot.send_simple_reply(message, answer)

    def _elsewhere(self, message: Any, typed: Typed) -> tuple[str, str] | None:
        """Return the command of Errbot's, or of another plugin's, that is called by its very name, and its arguments.

        Of those that only admins may use, nobody else has any.
        """
        if not typed.called:
            return None
        words = typed.text.split(maxsplit=3)
        for many in range(min(3, len(words)), 0, -1):
            name = "_".join(words[:many]).casefold()
            if name in self._bot.commands and name not in SPOKEN and self._may(message, name):
                return name, (typed.text.split(maxsplit=many)[many:] or [""])[0]
        return None

    def _may(self, message: Any, name: str) -> bool:
        allowed, _, _ = self._bot._process_command_filters(message, name, "", dry_run=True)
        return allowed is not None


def stand_before(bot: Any, desk: Desk) -> None:
    """Have every message of `bot` read by the desk first, once."""
    if not isinstance(bot.process_message, Front):
        bot.process_message = Front(bot, desk)


def _with(message: Any, body: str, extras: dict[str, Any]) -> Any:
    """Return the message with another text, and more known of it."""
    given = {"frm": message.frm, "to": message.to, "parent": message.parent}
    return type(message)(body, **given, extras={**message.extras, **extras})


def read_as(message: Any) -> tuple[Reading | None, int]:
    """Return what a message was read as, and which of its commands this is, from 0."""
    meant: tuple[Reading | None, int] = message.extras.get(READ_AS, (None, 0))
    return meant
