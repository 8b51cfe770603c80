"""What the admins must hear, told by direct message as soon as Slack lets it through."""

import logging
import queue
import threading
from collections.abc import Sequence
from typing import Protocol

from opsdesk.chat import Posted, Unsent

log = logging.getLogger(__name__)

PAUSE = 5.0  # seconds before another attempt, at least
ATTEMPTS = 60


class Tells(Protocol):
    """Whatever sends direct messages."""

    def tell(self, person: str, text: str, *, key: str = "") -> Posted:
        """Sends `text`, or raises Unsent."""


class Notices:
    """Logs each notice at once and sends it in a thread of its own, again and again while Slack fails."""

    def __init__(self, chat: Tells, admins: Sequence[str], stopping: threading.Event) -> None:
        self._chat, self._admins, self._stopping = chat, admins, stopping
        self._untold: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._send_all, name="notices", daemon=True).start()

    def add(self, text: str) -> None:
        """Tells the admins `text`."""
        log.warning("%s", text)
        self._untold.put(text)

    def _send_all(self) -> None:
        while True:
            text = self._untold.get()
            for admin in self._admins:
                self._send(admin, text)

    def _send(self, admin: str, text: str) -> None:
        for _ in range(ATTEMPTS):
            try:
                self._chat.tell(admin, text)
                return
            except Unsent as unsent:
                log.warning("Admin %s was not told yet: %s", admin, unsent.reason)
                if unsent.retry_after is None:
                    return
                pause = max(unsent.retry_after.total_seconds(), PAUSE)
            if self._stopping.wait(pause):
                return
