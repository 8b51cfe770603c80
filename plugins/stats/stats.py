"""The counts: what people can ask about them."""

from opsdesk import plugin
from opsdesk.chat import Said
from opsdesk.clock import day_of
from opsdesk.counts_file import usable
from opsdesk.moments import read_day
from opsdesk.render import counts as words


class Stats(plugin.DeskPlugin):
    """The counts of a day or week, from Datadog."""

    @plugin.command
    def stats(self, said: Said) -> str:
        """Tell the counts of a day and how they compare: !stats today"""
        usable(self.desk.counts.file())
        day = read_day(said.text or "today", day_of(said.at, self.desk.zone))
        return words.report(*self.desk.counts.compared(day, said.at))
