"""Error traces: what people can ask about them."""

from opsdesk import plugin
from opsdesk.chat import Command


class Traces(plugin.DeskPlugin):
    """Error traces from Datadog: what fails where, how often, and the latest example of each."""

    @plugin.command
    def traces(self, command: Command) -> str:
        """Tell what fails where, of one subsystem or all: !traces vista 2h"""
        return self.desk.traces.show(command)
