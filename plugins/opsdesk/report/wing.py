"""Joins the parts of the report: what it is read from, and the scheduler that posts it by itself."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from opsdesk.alerts import AlertDesk
from opsdesk.chat import Command, Reply
from opsdesk.clock import day_of
from opsdesk.counts import CountDesk
from opsdesk.ground import Ground
from opsdesk.incidents import IncidentDesk
from opsdesk.oncall import OnCallDesk
from opsdesk.posts import PostLine, PostRecord, PostScheduler, Scheduled
from opsdesk.summary import SummaryDesk

if TYPE_CHECKING:
    from opsdesk.report.day_posts import DayPost
    from opsdesk.report.posting import ReportPosts
    from opsdesk.report.report import ReportSources
    from opsdesk.report.spans import ReportSpan


class ReportDesk(msgspec.Struct, frozen=True):
    """What a week, a sprint or a month came to. What tells it is imported when it is first asked for or due."""

    ground: Ground
    oncall: OnCallDesk
    counts: CountDesk
    incidents: IncidentDesk
    alerts: AlertDesk
    summary: SummaryDesk
    posts: PostScheduler

    def answer(self, command: Command) -> Reply:
        """Return the answer to `!report ...`, with a picture of the counts where there is one. Raises a UserError."""
        from opsdesk.report import report, spans

        zone, at = self.ground.zone, command.at
        span = spans.read_span(command.text, day_of(at, zone), self.ground.settings.file.report)
        text = "\n".join(line.text for line in report.lines(self._sources(), span, at))
        return Reply(text, file=self._draw(span, at), title=span.title)

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the reports that are posted by themselves, around `at`; none where no channel is named."""
        if self.ground.settings.file.report.channel.id:
            yield from self._posting().plan(at)

    def tick(self, at: datetime) -> None:
        """Show the picture below a report that stands, once."""
        if self.ground.settings.file.report.channel.id:
            from opsdesk.report.posting import ReportPictures

            complain = self.ground.trouble.tell_admins_later
            ReportPictures(self.ground.chat, self.posts, self._draw, complain).show(self._posting().planned(at), at)

    def _posting(self) -> "ReportPosts":
        from opsdesk.report.posting import ReportPosts

        calendar, since = lambda: self.oncall.roster.calendar, self.summary.plan.days.since
        return ReportPosts(self.ground.settings, calendar, since, self.ground.trouble, self._write)

    def _write(self, span: "ReportSpan", at: datetime) -> Sequence[PostLine]:
        from opsdesk.report import report

        return report.lines(self._sources(), span, at)

    def _draw(self, span: "ReportSpan", at: datetime) -> Path | None:
        return self.counts.answers.drawn(span.days, at)

    def _sources(self) -> "ReportSources":
        from opsdesk.report.report import ReportSources

        return ReportSources(
            incidents=self.incidents.log,
            alerts=self.alerts.ledger.days,
            roster=lambda: self.oncall.roster,
            post=self._post,
            records=self.ground.store.keyed("posts", PostRecord).all,
            counts=lambda days, at: self.counts.answers.several(days, at),
        )

    def _post(self, day: date) -> "DayPost | None":
        from opsdesk.report.day_posts import DayPost

        plan = self.summary.plan
        return DayPost(day, plan.moment(day, "due"), plan.record(day)) if plan.days.has_post(day) else None
