"""Who hears of trouble: the admins, the person on call, or both. The one place that decides it."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from opsdesk.chat.chat import Chat
from opsdesk.errors import UserError

log = logging.getLogger(__name__)


class Addressees(NamedTuple):
    """Whom to tell, by chat id. `why` says why it goes to them, "" if they are the person on call."""

    ids: tuple[str, ...]
    why: str = ""


class Trouble:
    """Tells people what went wrong.

    `on_call` gives whom a message to "the person on call" goes to at a moment; it may raise a UserError.
    """

    def __init__(self, chat: Chat, admins: Sequence[str], on_call: Callable[[datetime], Addressees]) -> None:
        self._chat, self._on_call = chat, on_call
        self.admins = tuple(admins)
        self._waiting: deque[str] = deque()

    def tell_admins(self, text: str) -> None:
        """Log `text` and send it to the admins as soon as the chat takes it. Waits for nothing."""
        self._chat.tell_admins(text)

    def tell_admins_later(self, text: str) -> None:
        """Queue `text` for the admins until the next `flush`: for callers that must not wait for the chat at all."""
        self._waiting.append(text)

    def flush(self) -> None:
        """Send the admins everything queued so far."""
        while self._waiting:
            self.tell_admins(self._waiting.popleft())

    def person_on_call(self, at: datetime) -> Addressees:
        """Return whom to tell as the person on call; nobody where the rotation cannot be read, which is logged."""
        try:
            return self._on_call(at)
        except UserError as unreadable:
            log.error("Whom to tell cannot be read: %s", unreadable)
            return Addressees(())

    def person_on_call_and_admins(self, at: datetime) -> dict[str, str]:
        """Return the person on call and the admins: by id, why each is told ("" for the admins)."""
        on_call = self.person_on_call(at)
        told = dict.fromkeys(on_call.ids, on_call.why)
        return told | {admin: "" for admin in self.admins if admin not in told}

    def admins_or_on_call(self, at: datetime) -> dict[str, str]:
        """Return the admins by id; where there are none, the person on call. The values say why each is told."""
        return dict.fromkeys(self.admins, "") or self.person_on_call_and_admins(at)

    def is_heard(self, at: datetime) -> bool:
        """Return whether there is anybody to tell."""
        return bool(self.admins or self.person_on_call(at).ids)
