"""The chat on IRC, through Errbot's own backend: a message counts as sent once the server had no objection to it."""

import itertools
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from opsdesk.chat.chat import SendError
from opsdesk.chat.errbot_chat import ErrbotChat
from opsdesk.chat.outbox import Job, Outbox

log = logging.getLogger(__name__)

REFUSALS = ("nosuchnick", "nosuchchannel", "cannotsendtochan", "notonchannel", "toomanytargets")
PATIENCE = 30.0  # seconds that the server has to answer
AGAIN = timedelta(seconds=5)
LINE = 400  # bytes; a server takes 512, and puts the sender and the receiver before them


class IrcChat(ErrbotChat):
    """Sends line by line, and asks the server after each message whether it refused one."""

    confirms = True

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._answers, self._outbox = _Answers(self._bot.conn.connection), Outbox()
        self._one_at_a_time = threading.Lock()

    def tell_admins(self, text: str) -> None:
        """Log `text`, and send it to each admin in the background."""
        log.warning("%s", text)
        for admin in self._admins:
            not_told = f"Admin {admin} was not told: {text}"
            give_up = partial(log.error, "%s (%s)", not_told)
            self._outbox.add(Job(not_told, partial(self._tell_admin, admin, text), give_up, about=admin))

    def _tell_admin(self, admin: str, text: str) -> None:
        self.tell(admin, text)

    def _deliver(self, to: Any, text: str) -> None:
        name = getattr(to, "nick", None) or str(to)
        with self._one_at_a_time:
            self._answers.expect(name)
            super()._deliver(to, text)
            if reason := self._answers.refusal(name):
                raise SendError(reason.removesuffix("."))

    def _pages(self, text: str) -> list[str]:
        return super()._pages("\n".join(piece for line in text.split("\n") for piece in _pieces(line)))


class _Answers:
    """What the server says to what is sent: the reason if it refuses a message, and in any case the answer to a ping.

    A server answers in order, so that what it had to object to came before its answer to a later ping.
    """

    def __init__(self, connection: Any) -> None:
        self._connection, self._numbers = connection, itertools.count(1)
        self._refused: dict[str, str] = {}
        self._answered, self._changed = "", threading.Condition()
        for refusal in REFUSALS:
            connection.add_global_handler(refusal, self._hear_refusal)
        connection.add_global_handler("pong", self._hear_pong)

    def expect(self, name: str) -> None:
        """Forget earlier refusals of what is sent to `name`. Raise SendError if no answer can be heard now."""
        if threading.current_thread() is threading.main_thread():  # it reads the connection
            raise SendError("with BOT_ASYNC = False no answer of the IRC server can be waited for")
        if not self._connection.is_connected():
            raise SendError("the bot is not connected to the IRC server", retry_after=AGAIN)
        with self._changed:
            self._refused.pop(name.casefold(), None)

    def refusal(self, name: str) -> str:
        """Return why the server refused what was sent to `name`, "" if it did not. Raise SendError if it is silent."""
        ping = f"desk-{next(self._numbers)}"
        self._connection.ping(ping)
        with self._changed:
            if not self._changed.wait_for(lambda: self._answered == ping, PATIENCE):
                raise SendError("the IRC server did not answer", retry_after=AGAIN, unclear=True)
            return self._refused.get(name.casefold(), "")

    def _hear_refusal(self, connection: Any, event: Any) -> None:
        with self._changed:
            self._refused[str(event.arguments[0]).casefold()] = str(event.arguments[-1])

    def _hear_pong(self, connection: Any, event: Any) -> None:
        with self._changed:
            self._answered = str([event.target, *event.arguments][-1])
            self._changed.notify_all()


def _pieces(line: str) -> Iterator[str]:
    """Give the line in pieces short enough to be sent, cut at blanks where it has some."""
    while len(line.encode()) > LINE:
        head = line.encode()[:LINE].decode(errors="ignore")
        end = head.rfind(" ") + 1 or len(head)
        yield line[:end].rstrip()
        line = line[end:]
    yield line
