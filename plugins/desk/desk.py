"""Desk: what people can ask about the desk itself."""

from typing import Any

from errbot import webhook

from opsdesk import plugin, web
from opsdesk import status as standing
from opsdesk.chat import Command
from opsdesk.errors import SettingsError
from opsdesk.process import cannot_start
from opsdesk.status import readiness_of


class Desk(plugin.DeskPlugin):
    """How the desk itself stands: connected or not, its store, its warnings."""

    server: web.WebServer | None = None

    def activate(self) -> None:
        """Starts the web server where one is wanted: without it, nobody hears what comes by it."""
        reloaded = hasattr(self, "desk")
        super().activate()
        try:
            self.server = web.serve(self.desk.settings.environment.get("DESK_WEB", ""), self._bot)
        except SettingsError as wrong:
            if reloaded:  # the desk runs on, and whoever reloads is told
                raise
            raise cannot_start(wrong) from wrong

    def deactivate(self) -> None:
        """Stops it."""
        if self.server:
            self.server.close()
        super().deactivate()

    @plugin.command
    def desk_status(self, command: Command) -> str:
        """Show whether the desk is connected, and what it warns of: !desk status"""
        desk = self.desk
        return standing.status(readiness_of(self._bot), desk.settings, desk.store.warnings(), desk.mistakes)

    @webhook("/healthz", methods=("GET",), raw=True)  # type: ignore[untyped-decorator]  # errbot is not typed
    def healthz(self, request: Any) -> Any:
        """The same for machines: 200 while commands are answered, else 503."""
        return standing.health(readiness_of(self._bot))
