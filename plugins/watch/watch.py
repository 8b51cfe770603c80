"""The watch: what people can say about it."""

from opsdesk import plugin
from opsdesk.chat import Command


class Watch(plugin.DeskPlugin):
    """The watch on the counts: how each is judged now, turned off and on."""

    @plugin.command
    def watch(self, command: Command) -> str:
        """Show how each count is judged now, or why it is not: !watch"""
        return self.desk.watch.shown(command)

    @plugin.command
    def watch_off(self, command: Command) -> str:
        """Tell nothing unasked for a while, and why: !watch off until 3pm a load test"""
        return self.desk.watch.paused(command)

    @plugin.command
    def watch_on(self, command: Command) -> str:
        """Tell what falls again: !watch on"""
        return self.desk.watch.resumed(command)
