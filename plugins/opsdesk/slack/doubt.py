"""Whether Slack still takes the desk's tokens: it may refuse a good one for a while."""

import logging
import threading
from collections.abc import Callable

from opsdesk import clock

log = logging.getLogger(__name__)

DOUBTED_FOR = 60.0  # seconds for which a token must be refused before the desk believes it
ASK_EVERY = 5.0  # seconds
OPENS_SOCKET = "apps.connections.open"  # the one call that is made with the app's token


class TokenDoubt:
    """Follows what calls tell of the tokens, each for itself; `believe` hears why once one is believed to be refused.

    Until `begin` a refusal is believed at once: whoever starts the desk with a wrong token reads so.
    """

    def __init__(
        self, believe: Callable[[str], None] = log.critical, seconds: Callable[[], float] = clock.seconds
    ) -> None:
        self._believe, self._lasts, self._seconds = believe, 0.0, seconds
        self._since: dict[bool, float] = {}  # by whether it is the app's token
        self._asked_at, self._lock = 0.0, threading.Lock()

    def begin(self, lasts: float = DOUBTED_FOR) -> None:
        """Believe from now on only what was refused for `lasts` seconds."""
        self._lasts = lasts

    @property
    def exists(self) -> bool:
        """Return whether a token that was refused has not been taken since."""
        return bool(self._since)

    def refused(self, method: str, reason: str) -> bool:
        """Note that a call was refused for its token; return whether that may pass by itself."""
        at = self._seconds()
        with self._lock:
            passes = at - self._since.setdefault(method == OPENS_SOCKET, at) < self._lasts
        if not passes:
            self._believe(reason)
        return passes

    def taken(self, method: str) -> None:
        """Note that Slack took the token of a call."""
        if self._since:
            with self._lock:
                self._since.pop(method == OPENS_SOCKET, None)

    def is_to_ask(self) -> bool:
        """Return whether it is time to ask Slack about the bot's token again; the app's is asked for by the socket."""
        at = self._seconds()
        if False not in self._since or at - self._asked_at < min(ASK_EVERY, self._lasts):
            return False
        self._asked_at = at
        return True
