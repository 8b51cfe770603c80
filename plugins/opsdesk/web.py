"""The web server for webhooks and health: Errbot's own, switched on by DESK_WEB, off without it."""

from typing import Any

from opsdesk.errors import SettingsError


def address(told: str) -> tuple[str, int] | None:
    """Host and port of "127.0.0.1:3141"; None for "". Raises a SettingsError for anything else."""
    if not told:
        return None
    host, colon, port = told.rpartition(":")
    if not (host and colon and port.isdigit() and 0 < int(port) < 65_536):
        raise SettingsError([f'DESK_WEB is "{told}": it should be host:port, such as 127.0.0.1:3141.'])
    return host.strip("[]"), int(port)


def switch_on(bot: Any, told: str) -> bool:
    """Starts Errbot's Webserver plugin at the address, unless it runs or there is none; whether it runs.

    Its own activation is passed by: that would serve an echo of every request to anybody.
    """
    server, place = bot.plugin_manager.get_plugin_obj_by_name("Webserver"), address(told)
    if server is None or place is None:
        return server is not None and bool(server.is_activated)
    if not server.is_activated:
        server.configure({"HOST": place[0], "PORT": place[1], "SSL": {"enabled": False}})
        server.activate()
    return True
