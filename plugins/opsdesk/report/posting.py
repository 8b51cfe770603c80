"""The reports that are posted by themselves: the morning after a week, a sprint or a month has ended, with proof."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from opsdesk.chat import Chat, SendError, Trouble
from opsdesk.clock import day_bounds, day_of, moment
from opsdesk.errors import UserError
from opsdesk.oncall import Calendar
from opsdesk.posts import (
    PostEntry,
    PostLine,
    PostRecord,
    PostScheduler,
    PostStep,
    Scheduled,
    State,
    rehearse,
    telling,
)
from opsdesk.report.spans import ONE_DAY, ReportKind, ReportSpan, ended
from opsdesk.settings import Settings
from opsdesk.text import read_time

log = logging.getLogger(__name__)

TRY_FOR = timedelta(hours=1)

Write = Callable[[ReportSpan, datetime], Sequence[PostLine]]
Draw = Callable[[ReportSpan, datetime], Path | None]


class PlannedReport(msgspec.Struct, frozen=True):
    """A report that is posted by itself, and the days that it is about."""

    span: ReportSpan
    scheduled: Scheduled


class ReportPosts:
    """Plans the reports that data/desk.toml names, none due before `since`. `write` gives a report's text."""

    def __init__(
        self, settings: Settings, calendar: Callable[[], Calendar], since: datetime, trouble: Trouble, write: Write
    ) -> None:
        self._settings, self._calendar, self._since = settings, calendar, since
        self._trouble, self._write = trouble, write
        self._at = read_time(settings.file.report.at)

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the reports of the latest week, sprint and month that have ended, as far as they are posted."""
        return (report.scheduled for report in self.planned(at))

    def planned(self, at: datetime) -> Iterator[PlannedReport]:
        """Yield the reports that `plan` yields, each with the days that it is about."""
        times, today = self._settings.file.report, day_of(at, self._settings.zone)
        for name in times.tells if times.channel.id else ():
            span = ended(ReportKind(name), today, times)
            post = self.scheduled(span)
            if post and post.due >= self._since and at < post.lapse:
                yield PlannedReport(span, post)

    def scheduled(self, span: ReportSpan) -> Scheduled | None:
        """Return the report of a span as a scheduled post, due on the first working day after; None without any."""
        day = self._next_working_day(span.last)
        if day is None:
            return None
        due = moment(day, self._at, self._settings.zone)
        post = Scheduled(
            key=f"report:{span.kind}:{span.first}",
            day=day,
            due=due,
            until=due + TRY_FOR,
            lapse=day_bounds(day + ONE_DAY, self._settings.zone)[1],
            compose=lambda at, before: self._write(span, at),
            room=self._settings.file.report.channel.id,
            notices=lambda record: self._given_up(span, record),
        )
        return rehearse(post, self._settings.file.channels.rehearsal.id) if self._settings.rehearsal else post

    def _next_working_day(self, last: date) -> date | None:
        calendar = self._calendar()
        days = (last + ahead * ONE_DAY for ahead in range(1, 15))
        return next((day for day in days if calendar.is_working_day(day)), None)

    def _given_up(self, span: ReportSpan, record: PostRecord) -> Iterator[Scheduled]:
        """Yield what the admins are told of a report that was given up, with what to type for it."""
        if not record.given_up_at:
            return
        reason, due = record.entries[-1].text, record.given_up_at
        command = f"`!report {span.first}..{span.last}`"
        text = f"{span.title}, was not posted: {reason.rstrip('.')}. {command} has it."
        people, day = self._trouble.admins_or_on_call(due), day_of(due, self._settings.zone)
        yield from telling(people, f"{record.key}:given up", day, due, lambda why: "\n".join(filter(None, (why, text))))


class ReportPictures:
    """Shows the picture of each report that stands, below it: once, or not at all where that cannot be known."""

    def __init__(self, chat: Chat, posts: PostScheduler, draw: Draw, complain: Callable[[str], None]) -> None:
        self._chat, self._posts, self._draw, self._complain = chat, posts, draw, complain

    def show(self, reports: Iterable[PlannedReport], at: datetime) -> None:
        """Show the pictures that are owed at `at`."""
        for report in reports:
            record = self._posts.record(report.scheduled)
            if record.proof and record.state is State.POSTED and not record.last(PostStep.SHOWN):
                self._show(report, record.proof, at)

    def _show(self, report: PlannedReport, proof: PostEntry, at: datetime) -> None:
        span, post = report.span, report.scheduled
        try:
            self._posts.note(post, PostEntry(at, PostStep.SHOWN), _refuse_shown)  # first: a desk that ends here is done
            if picture := self._draw(span, at):
                self._chat.upload(proof.room, picture, title=span.title, thread=proof.ts)
        except _ShownByAnother:
            return
        except (SendError, UserError) as failed:
            log.warning("The picture of report %s is not shown: %s", post.key, failed)
            self._complain(f"The picture of “{span.title}” could not be shown below it: {failed}.")


class _ShownByAnother(Exception):
    """Another desk has taken it on to show a picture."""


def _refuse_shown(record: PostRecord) -> None:
    if record.last(PostStep.SHOWN):
        raise _ShownByAnother
