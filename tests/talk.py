"""A whole bot to talk with, and a clock moved by hand."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from queue import SimpleQueue
from typing import Any

from errbot.backends.base import Message
from errbot.backends.test import TestBot

from opsdesk.errors import UserError
from opsdesk.undo import ToldOfUndo
from tests import planted
from tests.oncall.stage import EASTERN, eastern
from tests.patience import LONG


class MovedClock:
    """A clock that stands until it is moved. It starts at 1:12pm Eastern, Monday, November 23, 2026."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **length: float) -> None:
        self.at += timedelta(**length)

    def to(self, local: str) -> None:
        """To "2026-11-23 15:35" as clocks show it in the desk's zone."""
        self.at = eastern(local)

    def to_time(self, local: str) -> None:
        """To "8:00pm" of the same day."""
        wall = datetime.strptime(local.upper(), "%I:%M%p").time()  # noqa: DTZ007  # the zone comes with the day
        self.at = datetime.combine(self.at.astimezone(EASTERN).date(), wall, EASTERN).astimezone(UTC)


class Conversation:
    """A whole bot to talk with."""

    def __init__(self, bot: TestBot) -> None:
        self._bot = bot
        self._senders: SimpleQueue[str] = SimpleQueue()  # of what was typed and not read yet
        self._read, bot.bot.callback_message = bot.bot.callback_message, self._hand_over

    def __call__(self, line: str, by: str = "alice") -> str:
        """What the desk answers when `by` types `line`."""
        self.say(line, by)
        return self.next()

    def say(self, line: str, by: str = "alice") -> None:
        self._senders.put(by)
        self._bot.push_message(line)

    def next(self) -> str:
        """The next message of the desk, waited for."""
        said = str(self._bot.pop_message(timeout=LONG)).rstrip("\n")
        planted.look("a message", said)
        return said

    def silent(self) -> bool:
        """Whether nothing is left unread, after everything said so far was handled."""
        self.say("!echo that was all")
        return self.next() == "that was all"

    def tick(self) -> None:
        """What the desk does every few seconds, now."""
        self.plugin("summary").desk.ticker.tick_summary()
        self.plugin("summary").tick()

    def knows_undo(self, *names: str) -> None:
        """People have read today, and on every day to come, that a change can be taken back."""
        told = self.plugin("summary").desk.undoing.told
        for name in names:
            with suppress(UserError):  # the test may be about a disk that refuses
                told.change(None, f"@{name}", lambda before: ToldOfUndo(date.max))

    def _hand_over(self, message: Message) -> None:
        """Hands the bot a message as of whoever typed it: the test backend takes whoever typed last for its sender."""
        message.frm = self._bot.bot.build_identifier(self._senders.get())
        self._read(message)

    def plugins(self) -> list[Any]:
        return list(self._bot.bot.plugin_manager.plugins.values())

    def plugin(self, name: str) -> Any:
        return self._bot.bot.plugin_manager.get_plugin_obj_by_name(name)
