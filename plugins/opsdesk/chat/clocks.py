"""Compares the desk's clock with the chat's: one of them is wrong if they differ by more than a minute."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from opsdesk.clock import day_of
from opsdesk.text import tell_length, tell_on, tell_time

MOST = timedelta(minutes=1)


class ClockWatch:
    """Tells the admins by `tell`, which does not wait, that the clocks differ: once until they agree again."""

    def __init__(self, tell: Callable[[str], None], zone: ZoneInfo) -> None:
        self._tell, self._zone = tell, zone
        self._told, self._lock = False, threading.Lock()

    def compare(self, chats: datetime | None, desks: datetime) -> None:
        """Compare two readings of the same moment; None where the chat has no clock."""
        if chats is None:
            return
        with self._lock:
            told, self._told = self._told, abs(chats - desks) > MOST
            news = self._told and not told
        if news:
            self._tell(self._words(chats, desks))

    def _words(self, chats: datetime, desks: datetime) -> str:
        way = "ahead of" if desks > chats else "behind"
        desk, chat = tell_on(desks, day_of(chats, self._zone), self._zone), tell_time(chats, self._zone)
        length = tell_length(MOST * round(abs(desks - chats) / MOST))  # to the nearest minute
        return (
            f"The desk's clock is {length} {way} the chat's: it shows {desk} where the chat's "
            f"shows {chat}. What is due goes by the desk's clock: please set the clock of the machine it runs on. "
            "Whether a post is late goes by the chat's."
        )
