"""The counts: what people can ask about them."""

from opsdesk import plugin
from opsdesk.chat import Command, Reply
from opsdesk.settings import has_datadog_keys
from opsdesk.workers import Repeating

WARM = 5  # seconds between looks whether the first question of a day is prepared for


class Stats(plugin.DeskPlugin):
    """The counts of a day or week, from Datadog: how they compare, drawn, checked, typed by hand."""

    preparing: Repeating | None = None

    def begin(self, *, reloaded: bool) -> None:
        """Start to prepare for the first question of each day, where Datadog can be asked."""
        warm = getattr(self.bot_config, "DESK_WARM", WARM)
        if warm and has_datadog_keys(self.desk.settings.environment):
            prepare = lambda: self.desk.counts.source.prepare(self.desk.now())  # noqa: E731
            self.preparing = Repeating(prepare, warm, "counts", first=warm)

    def deactivate(self) -> None:
        """Prepare no more."""
        if self.preparing:
            self.preparing.close()
        super().deactivate()

    @plugin.command
    def stats(self, command: Command) -> str:
        """Tell the counts of a day, a week, one counter or a board: !stats today"""
        return self.desk.counts.answers.show(command)

    @plugin.command
    def stats_chart(self, command: Command) -> Reply:
        """Draw the counts of today, a week or a month: !stats chart week"""
        return self.desk.counts.answers.chart(command)

    @plugin.command
    def stats_record(self, command: Command) -> str:
        """Keep counts by hand: !stats record check-ins clicked 1765"""
        return self.desk.counts.answers.record(command)

    @plugin.command
    def stats_check(self, command: Command) -> str:
        """Try each configured query once: !stats check"""
        return self.desk.counts.answers.check(command)

    @plugin.command
    def stats_discover(self, command: Command) -> str:
        """Find queries on a dashboard: !stats discover zps-5fk-azw"""
        return self.desk.counts.answers.discover(command)
