"""The day's post: what people can say about it, and the tick that sends whatever is due."""

from opsdesk import plugin
from opsdesk.chat import Command
from opsdesk.clock import day_of
from opsdesk.summary import answer_words as words
from opsdesk.text import read_coming_day, read_day
from opsdesk.ticker import REST
from opsdesk.workers import Repeating

FIRST, BEHIND = 0.5, 2.0  # seconds until the first looks, so that plugins to be started behind this one are so first


class Summary(plugin.DeskPlugin):
    """The day told in one message: shown, noted, skipped, posted at its time."""

    following: tuple[Repeating, ...] = ()

    def begin(self, *, reloaded: bool) -> None:
        """Start to do what is due: about the summary in a thread of its own, which nothing else may hold up."""
        if longest := getattr(self.bot_config, "DESK_TICK", REST):
            self.following = (
                Repeating(lambda: self.desk.ticker.tick_summary(), longest, "summary", first=FIRST),
                Repeating(self.tick, longest, "everything else", first=min(longest, BEHIND)),
            )

    def deactivate(self) -> None:
        """Do nothing more by itself."""
        for one in self.following:
            one.close()
        super().deactivate()

    def tick(self) -> float:
        """Do what is due now in every other part of the desk; return in how many seconds to look again."""
        return self.desk.ticker.tick()

    @plugin.command
    def summary(self, command: Command) -> str:
        """Show the day's post as it would be now, or as it was: !summary yesterday"""
        day = read_day(command.text or "today", day_of(command.at, self.desk.zone))
        return words.shown(self.desk.summary.commands.shown(day, command.at), self.desk.zone)

    @plugin.command
    def summary_post(self, command: Command) -> str:
        """Post today's summary now; at its time it is brought up to date: !summary post"""
        record = self.desk.summary.commands.post_now(command.text, command.at)
        return words.posted(record, command.at, self.desk.zone, edits=self.desk.chat.edits)

    @plugin.command
    def summary_note(self, command: Command) -> str:
        """Add to what today's shift hands over: !summary note Watch the VEText backlog"""
        commands = self.desk.summary.commands
        if (number := commands.undone(command.text)) is not None:
            note, record = commands.withdraw(number, by=command.by, at=command.at)
            return words.withdrawn(note, record, edits=self.desk.chat.edits)
        return words.noted(commands.note(command.text, by=command.by, at=command.at), command.at, self.desk.zone)

    @plugin.command
    def summary_notes(self, command: Command) -> str:
        """List what is handed over (`!summary note undo 2` takes it back): !summary notes"""
        posts, at = self.desk.summary.commands, command.at
        return words.notes(posts.notes(at), posts.handed_over(at), at, self.desk.zone)

    @plugin.command
    def summary_skip(self, command: Command) -> str:
        """Leave out a day's post: !summary skip 2026-11-25 nobody is on shift"""
        return words.skipped(self.desk.summary.commands.skip(command.text, by=command.by, at=command.at))

    @plugin.command
    def summary_resume(self, command: Command) -> str:
        """Take back that a post is left out: !summary resume 2026-11-25"""
        day = read_coming_day(command.text or "today", day_of(command.at, self.desk.zone))
        self.desk.summary.commands.resume(day, by=command.by, at=command.at)
        return words.resumed(day)

    @plugin.command
    def summary_status(self, command: Command) -> str:
        """Tell when the next post is due, and of the last seven: !summary status"""
        posts = self.desk.summary.commands
        due, past = posts.next_due(command.at), posts.past(command.at)
        told = words.status(due, posts.skipped(command.at), past, command.at, self.desk.zone)
        return "\n".join([told, *self.desk.targets.standing(day_of(command.at, self.desk.zone))])
