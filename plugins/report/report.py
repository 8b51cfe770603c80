"""Reports: what people can ask about a week, a sprint or a month."""

from opsdesk import plugin
from opsdesk.chat import Command, Reply


class Report(plugin.DeskPlugin):
    """What a week, a sprint or a month came to: incidents, alerts, posts, shifts, counts."""

    @plugin.command
    def report(self, command: Command) -> Reply:
        """Tell what a week, sprint or month came to: !report week"""
        return self.desk.report.answer(command)
