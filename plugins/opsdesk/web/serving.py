"""Where the web server for webhooks and health listens, if DESK_WEB names an address for it."""

from typing import TYPE_CHECKING, Any

from opsdesk.errors import SettingsError

if TYPE_CHECKING:
    from opsdesk.web.server import WebServer


def address(setting: str) -> tuple[str, int] | None:
    """Return host and port of "127.0.0.1:3141"; None for "". Raises a SettingsError for anything else."""
    if not setting:
        return None
    host, colon, port = setting.rpartition(":")
    if not (host and colon and port.isdigit() and 0 < int(port) < 65_536):
        raise SettingsError(["DESK_WEB should be host:port, such as 127.0.0.1:3141."])
    return host.strip("[]"), int(port)


def serve(setting: str, bot: Any) -> "WebServer | None":
    """Start and return the web server at the address that DESK_WEB holds; return None if it holds none.

    A backend may wait until it has started (`desk_started`); others have by the time a plugin calls this.
    """
    place = address(setting)
    if not place:
        return None
    from opsdesk.web.server import WebServer  # imported where there is one to start: waitress takes its time

    return WebServer(*place, getattr(bot, "desk_started", lambda seconds: True))
