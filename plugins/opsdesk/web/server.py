"""The web server for webhooks and health, if DESK_WEB names an address for it.

It serves what plugins declare by Errbot's `@webhook`. Errbot's own Webserver plugin would serve an echo of every
request to anybody besides.
"""

import logging
import math
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from errbot import core_plugins
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from opsdesk import clock
from opsdesk.errors import SettingsError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

THREADS = 8
CONNECTIONS = 100  # at a time; more wait until one is closed
IDLE = 30  # seconds that a connection may be silent between requests, or take nothing of its answers
WHOLE = 10.0  # seconds in which a request has to arrive from its first byte on
LARGEST = 1_000_000  # bytes of a request: Slack's have some thousands, and are read before their signature
LARGEST_HEAD = 64_000  # bytes of its first line and headers
LAST_ANSWERS = 5  # seconds that requests in hand have at the end
UNTIL_STARTED = 2.5  # seconds a request waits for the plugins: Slack gives up on it after three

Started = Callable[[float], bool]


class _Connection(HTTPChannel):  # type: ignore[misc]  # waitress is not typed
    """A connection on which every request has to arrive whole in time, and answers have to be taken, however slowly."""

    _since: float | None = None  # when the first byte came of a request that is not whole yet

    def received(self, data: bytes) -> Any:
        """Take what has arrived, and note since when a request is waited for."""
        unfinished = self.request
        taken = super().received(data)
        if self.request is None:
            self._since = None
        elif self.request is not unfinished or self._since is None:
            self._since = clock.seconds()
        return taken

    def is_overdue(self) -> bool:
        """Return whether a request has been waited for too long."""
        return self._since is not None and clock.seconds() - self._since > WHOLE

    def takes_nothing(self, now: float) -> bool:
        """Return whether answers wait that nobody has taken any of for too long: a thread may wait to add to them."""
        return bool(self.total_outbufs_len and self.last_activity < now - IDLE)


class _Listener(TcpWSGIServer):  # type: ignore[misc]  # waitress is not typed
    channel_class = _Connection
    _looked_at = 0.0  # when connections were looked after last

    def readable(self) -> bool:
        """Return whether a connection may come, after looking after those there are: once a second by any clock."""
        at = clock.seconds()
        self.next_channel_cleanup = 0.0 if at - self._looked_at >= 1 else math.inf
        if not self.next_channel_cleanup:
            self._looked_at = at
        return bool(super().readable())

    def maintenance(self, now: float) -> None:
        """Close what is idle, what a request is overdue on, and where answers are not taken."""
        super().maintenance(now)
        for connection in list(self.active_channels.values()):
            connection.last_activity = min(connection.last_activity, now)  # later it was only before a clock's setting
            connection.will_close |= connection.is_overdue() or connection.takes_nothing(now)


class WebServer:
    """Serves at once, in threads of its own. Raises a SettingsError if this machine cannot listen at the address.

    `started` waits, for seconds, until all plugins are active: after its first request, Flask takes no more routes.
    """

    def __init__(self, host: str, port: int, started: Started) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait is nothing to act upon
        self._started, self._closing = started, threading.Event()
        self._sockets: dict[int, Any] = {}
        self._workers = ThreadedTaskDispatcher()
        self._listeners = self._listen(host, port)
        self._workers.set_thread_count(THREADS)
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving, and free the address."""
        if not self._closing.is_set():
            self._closing.set()
            self._listeners[0].trigger.pull_trigger()
            self._thread.join()
            wasyncore.close_all(self._sockets, ignore_all=True)
            self._workers.shutdown(timeout=LAST_ANSWERS)

    def _listen(self, host: str, port: int) -> list[_Listener]:
        """Return a listener for each address that the host has."""
        try:
            given = Adjustments(
                host=host,
                port=port,
                ident=None,  # no banner
                clear_untrusted_proxy_headers=False,  # they tell that a request came from farther than it seems
                connection_limit=CONNECTIONS,
                channel_timeout=IDLE,
                max_request_header_size=LARGEST_HEAD,
                max_request_body_size=LARGEST + 1,  # from which on it is refused
                inbuf_overflow=LARGEST,
                asyncore_use_poll=True,
            )
            shared = {"map": self._sockets, "dispatcher": self._workers, "adj": given}
            return [_Listener(self._answer, sockinfo=address, **shared) for address in given.listen]
        except (OSError, ValueError):
            wasyncore.close_all(self._sockets, ignore_all=True)
            raise SettingsError([f"DESK_WEB is {host}:{port}, where this machine cannot listen now."]) from None

    def _serve(self) -> None:
        while not self._closing.is_set():
            wasyncore.loop(timeout=1, use_poll=True, map=self._sockets, count=1)

    def _answer(self, environ: "WSGIEnvironment", respond: "StartResponse") -> Iterable[bytes]:
        if self._started(UNTIL_STARTED):
            return core_plugins.flask_app(environ, respond)  # type: ignore[no-any-return]  # errbot is not typed
        respond("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "1")])
        return [b"starting"]
