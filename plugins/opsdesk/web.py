"""The web server for webhooks and health, if DESK_WEB names an address for it.

It serves what plugins declare by Errbot's `@webhook`. Errbot's own Webserver plugin would serve an echo of every
request to anybody besides.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from errbot import core_plugins
from werkzeug.serving import make_server

from opsdesk.errors import SettingsError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LARGEST = 1_000_000  # bytes of a request: Slack's have some thousands, and are read before their signature
POLL = 0.05  # seconds until it notices that it is to close
UNTIL_STARTED = 2.5  # seconds a request waits for the plugins: Slack gives up on it after three

Started = Callable[[float], bool]


def address(setting: str) -> tuple[str, int] | None:
    """Return host and port of "127.0.0.1:3141"; None for "". Raises a SettingsError for anything else."""
    if not setting:
        return None
    host, colon, port = setting.rpartition(":")
    if not (host and colon and port.isdigit() and 0 < int(port) < 65_536):
        raise SettingsError([f'DESK_WEB is "{setting}": it should be host:port, such as 127.0.0.1:3141.'])
    return host.strip("[]"), int(port)


class WebServer:
    """Serves at once, in threads of its own. Raises a SettingsError if this machine cannot listen at the address.

    `started` waits, for seconds, until all plugins are active: after its first request, Flask takes no more routes.
    """

    def __init__(self, host: str, port: int, started: Started) -> None:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a request for the health page says nothing new
        try:
            self._server = make_server(host, port, self._answer, threaded=True)
        except (SystemExit, OSError):  # werkzeug would end the process
            raise SettingsError([f"DESK_WEB is {host}:{port}, where this machine cannot listen now."]) from None
        core_plugins.flask_app.config["MAX_CONTENT_LENGTH"] = LARGEST
        self._started = started
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL,), name="web", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving, and free the address."""
        self._server.shutdown()
        self._thread.join()

    def _answer(self, environ: "WSGIEnvironment", respond: "StartResponse") -> Iterable[bytes]:
        if self._started(UNTIL_STARTED):
            return core_plugins.flask_app(environ, respond)  # type: ignore[no-any-return]  # errbot is not typed
        respond("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "1")])
        return [b"starting"]


def serve(setting: str, bot: Any) -> WebServer | None:
    """Start and return the web server at the address that DESK_WEB holds; return None if it holds none.

    A backend may wait until it has started (`desk_started`); others have by the time a plugin calls this.
    """
    place = address(setting)
    return WebServer(*place, getattr(bot, "desk_started", lambda seconds: True)) if place else None
