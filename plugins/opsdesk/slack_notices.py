"""What the admins must hear, told by direct message as soon as Slack lets it through."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from opsdesk.chat import Posted
from opsdesk.jobs import Job, Jobs

log = logging.getLogger(__name__)


class Tells(Protocol):
    """Whatever sends direct messages."""

    def tell(self, person: str, text: str, *, key: str = "") -> Posted:
        """Sends `text`, or raises Unsent."""


class Notices:
    """Logs each notice at once, and sends it again for as long as Slack fails."""

    def __init__(self, chat: Tells, admins: Sequence[str]) -> None:
        self._chat, self._admins, self._jobs = chat, admins, Jobs()

    def add(self, text: str) -> None:
        """Tells the admins `text`."""
        log.warning("%s", text)
        for admin in self._admins:
            untold = f"Admin {admin} was not told: {text}"
            give_up = partial(log.error, "%s (%s)", untold)
            self._jobs.add(Job(untold, partial(self._tell, admin, text), give_up, lasts=True))

    def close(self) -> None:
        """Sends no more."""
        self._jobs.close()

    def _tell(self, admin: str, text: str) -> None:
        self._chat.tell(admin, text)
