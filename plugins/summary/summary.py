"""The day's post: what people can say about it, and the tick that sends whatever is due."""

from opsdesk import plugin
from opsdesk.chat.chat import Said
from opsdesk.clock import day_of
from opsdesk.summary import notice_words as words
from opsdesk.text.moments import read_day

TICK = 2  # seconds: on time means within 5


class Summary(plugin.DeskPlugin):
    """The day told in one message: shown, noted, skipped, posted at its time."""

    def activate(self) -> None:
        """Begins to look for what is due."""
        super().activate()
        if tick := getattr(self.bot_config, "DESK_TICK", TICK):
            self.start_poller(tick, self.tick_post)  # each poller has a thread of its own
            self.start_poller(tick, self.tick)

    def tick_post(self) -> None:
        """Does what is due now about the day's post, which nothing else may hold up."""
        self.desk.tick_post()

    def tick(self) -> None:
        """Does what is due now, for every other part of the desk."""
        self.desk.tick()

    @plugin.command
    def summary(self, said: Said) -> str:
        """Show the day's post as it would be now, or as it was: !summary yesterday"""
        day = read_day(said.text or "today", day_of(said.at, self.desk.zone))
        return words.shown(self.desk.day_post.shown(day, said.at), self.desk.zone)

    @plugin.command
    def summary_post(self, said: Said) -> str:
        """Post today's summary now; at its time it is brought up to date: !summary post"""
        record = self.desk.day_post.post_now(said.text, said.at)
        return words.posted(record, said.at, self.desk.zone, edits=self.desk.chat.edits)

    @plugin.command
    def summary_note(self, said: Said) -> str:
        """Add to what today's shift hands over: !summary note Watch the VEText backlog"""
        return words.noted(self.desk.day_post.note(said.text, by=said.by, at=said.at), said.at, self.desk.zone)

    @plugin.command
    def summary_skip(self, said: Said) -> str:
        """Leave out a day's post: !summary skip 2026-11-25 nobody is on shift"""
        return words.skipped(self.desk.day_post.skip(said.text, by=said.by, at=said.at))

    @plugin.command
    def summary_resume(self, said: Said) -> str:
        """Take back that a post is left out: !summary resume 2026-11-25"""
        day = read_day(said.text or "today", day_of(said.at, self.desk.zone))
        self.desk.day_post.resume(day, by=said.by, at=said.at)
        return words.resumed(day)

    @plugin.command
    def summary_status(self, said: Said) -> str:
        """Tell when the next post is due, and of the last seven: !summary status"""
        posts = self.desk.day_post
        due, past = posts.next_due(said.at), posts.past(said.at)
        return words.status(due, posts.skipped(said.at), past, said.at, self.desk.zone)
