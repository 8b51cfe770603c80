"""Incidents: what people can say about them."""

from opsdesk import plugin
from opsdesk.chat import Said


class Incidents(plugin.DeskPlugin):
    """Keep the day's production events: open, update, resolve, list."""

    @plugin.command
    def incident(self, said: Said) -> str:
        """Shows the commands people need, with an example each: !incident"""
        return f"said by {said.by.name}: {said.text}"
