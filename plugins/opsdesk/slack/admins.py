"""What the admins must hear, told by direct message as soon as Slack lets it through."""

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from opsdesk import clock
from opsdesk.chat import Job, MessageRef, Outbox, SendError
from opsdesk.slack.api import SKEW

log = logging.getLogger(__name__)


class Tells(Protocol):
    """Whatever sends direct messages, and reads them back."""

    def tell(self, person: str, text: str, *, key: str = "") -> MessageRef:
        """Sends `text`, or raises SendError."""

    def find(self, room: str, key: str, since: datetime, *, thread: str = "") -> MessageRef | None:
        """The message with this key sent to a user by id; raises SendError where that cannot be read."""


class AdminNotice:
    """What one admin must hear. It is sent again only where the chat shows that it does not stand there."""

    def __init__(self, chat: Tells, admin: str, text: str, since: datetime) -> None:
        self._chat, self._admin, self._text, self._since = chat, admin, text, since
        self._key, self._may_stand = uuid.uuid4().hex, False

    def send(self) -> None:
        """Sends it, or raises SendError."""
        if self._may_stand and self._chat.find(self._admin, self._key, self._since):
            return
        try:
            self._chat.tell(self._admin, self._text, key=self._key)
        except SendError as unsent:
            self._may_stand = self._may_stand or unsent.unclear
            raise


class AdminNotices:
    """Logs each notice at once, and sends it again for as long as Slack fails."""

    def __init__(self, chat: Tells, admins: Sequence[str], now: clock.Now = clock.now) -> None:
        self._chat, self._admins, self._now, self._jobs = chat, admins, now, Outbox()

    def add(self, text: str) -> None:
        """Tells the admins `text`."""
        log.warning("%s", text)
        for admin in self._admins:
            untold = f"Admin {admin} was not told: {text}"
            give_up = partial(log.error, "%s (%s)", untold)
            notice = AdminNotice(self._chat, admin, text, self._now() - SKEW)
            self._jobs.add(Job(untold, notice.send, give_up, lasts=True, about=admin))

    def close(self) -> None:
        """Sends no more."""
        self._jobs.close()
