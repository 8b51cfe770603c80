"""The summary as it is scheduled: when it is due, and what it tells."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from opsdesk.clock import day_bounds, day_of, moment
from opsdesk.errors import UserError
from opsdesk.incidents import IncidentLog
from opsdesk.oncall import Calendar, Shift
from opsdesk.posts import PostLine, PostRecord, PostScheduler, PostStep, Scheduled, State, rehearse
from opsdesk.settings import Settings
from opsdesk.store import KeyedTable
from opsdesk.summary import standing, words
from opsdesk.summary.counts import SummaryCounts
from opsdesk.summary.summary import DaySummary, Events, Part, Span, as_of, events_of

log = logging.getLogger(__name__)

ONE_DAY = timedelta(days=1)
CLEAR = timedelta(minutes=1)  # before the day's post is due nothing else is sent here that could hold it up
LOOK_ON = timedelta(days=14)  # after a day's post was due, for what was carried over then and resolved later
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
UNREADABLE = "Incidents unavailable: what the desk has stored of these days cannot be read."


class FirstStart(msgspec.Struct, frozen=True):
    """When the desk was started for the first time on its state folder: nothing was due before."""

    at: datetime


def first_start(kept: KeyedTable[FirstStart], at: datetime) -> datetime:
    """Return when the desk was first started: `at` if that is now, long ago if the record of it is damaged."""
    try:
        before = kept.get(None, "first start")  # nothing is written where it stands: the disk may be full by now
    except UserError:
        return LONG_AGO
    try:
        return (before or kept.change(None, "first start", lambda none: FirstStart(at))).at
    except UserError:
        return at


class SummaryPlan:
    """Schedules the summaries. Days are those of the desk's zone; `at` is the present moment.

    `who_had` gives the name of who had a shift ("" if nobody is named) and when it was accepted (None: not said).
    `complain` hears of what cannot be read, and does not take long.
    """

    def __init__(
        self,
        settings: Settings,
        calendar: Callable[[], Calendar],
        posts: PostScheduler,
        incidents: IncidentLog,
        counts: SummaryCounts,
        who_had: Callable[[Shift], tuple[str, datetime | None]],
        since: datetime,
        complain: Callable[[str], None] = log.error,
        parts: Sequence[Part] = (),
    ) -> None:
        self._settings, self._calendar, self._posts, self._incidents = settings, calendar, posts, incidents
        self._counts, self._who_had, self.since = counts, who_had, since
        self._complain, self._unreadable = complain, ""
        self.parts = parts
        self.zone = settings.zone

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the summaries of today and of the last working day; in the minute before today's is due, it alone."""
        for day in self.days(at):
            yield self.scheduled(day)
            if self.moment(day, "due") - CLEAR <= at < self.moment(day, "due"):
                return

    def days(self, at: datetime) -> Iterator[date]:
        """Yield today and the last working day, if they have a summary."""
        today = day_of(at, self.zone)
        days = (today, self._calendar().previous_working_day(today))
        return (day for day in days if day and self.has_post(day))

    def scheduled(self, day: date) -> Scheduled:
        """Return the summary of a day as a scheduled post."""
        post = Scheduled(
            key=f"summary:{day}",
            day=day,
            due=self.moment(day, "due"),
            until=self.moment(day, "give_up"),
            lapse=day_bounds(day, self.zone)[1],
            compose=lambda at, before: self.compose(day, at, before),
            room=self._settings.file.channels.go_live.id,
            edits_until=self._edits_until(day),
            stale=lambda record, at, looked: self._stale(day, record, at, looked),
            punctual=True,
            read=standing.read,
            join=standing.join,
        )
        return self.staged(post)

    def record(self, day: date) -> PostRecord:
        """Return what became of a day's summary."""
        return self._posts.record(self.scheduled(day))

    def staged(self, one: Scheduled) -> Scheduled:
        """Return the post; in a rehearsal, as it is sent to the rehearsal channel."""
        if not self._settings.rehearsal:
            return one
        return rehearse(one, self._settings.file.channels.rehearsal.id, self._name)

    def _name(self, where: str) -> str:
        go_live = self._settings.file.channels.go_live
        return go_live.name or where if where == go_live.id else where

    def has_post(self, day: date) -> bool:
        """Return whether a day has a summary: a working day since the first start, or one sent by hand."""
        due = self._calendar().is_working_day(day) and self.since <= self.moment(day, "due")
        return due or self.record(day).state is State.POSTED

    def _edits_until(self, day: date) -> datetime:
        """Return until when a day's summary is edited: the start of the next shift, else the end of the day."""
        following = self._calendar().next_shift(self.moment(day, "due"))
        return following.start if following else day_bounds(day, self.zone)[1]

    def moment(self, day: date, name: str) -> datetime:
        """Return the moment, in UTC, called `name` in data/desk.toml: "draft", "due", "reread" or "give_up"."""
        return self._settings.file.summary.on(day, name, self.zone)

    def compose(self, day: date, at: datetime, before: PostRecord) -> Sequence[PostLine]:
        """Return the text of a day's summary at `at`; `before` is the record with what was sent before."""
        until = min(at, self.moment(day, "due"))
        counts = self._counts.lines(day, until, at, before)
        return words.lines(self._summary(day, at, before), counts, self.zone)

    def _summary(self, day: date, at: datetime, record: PostRecord) -> DaySummary:
        calendar = self._calendar()
        shifts = calendar.shifts_on(day)
        name, accepted_at = self._had(shifts[-1]) if shifts else ("", None)
        previous = calendar.previous_working_day(day)
        proof = self.record(previous).proof if previous else None
        return DaySummary(
            day=day,
            events=self.events(day, at),
            shift=(shifts[0].start, shifts[-1].end) if shifts else None,
            on_call=name,
            accepted_at=accepted_at,
            notes=tuple(entry.text for entry in record.entries if entry.step is PostStep.NOTED),
            parts=tuple((part.key, self._line(part, day)) for part in self.parts),
            previous_day=previous,
            previous_link=proof.permalink if proof else "",
        )

    def _line(self, part: Part, day: date) -> str:
        """Return a part's line; that it is unavailable if it cannot be read: the summary goes out all the same."""
        try:
            line = part.line(day)
        except Exception as failed:  # whatever it was, one part must not keep the rest back
            log.exception("The %s of the summary cannot be told", part.key)
            return f"*{part.title}* unavailable: {failed if isinstance(failed, UserError) else 'a mistake in the desk'}"
        return f"*{part.title}* {line}" if line else ""

    def _had(self, shift: Shift) -> tuple[str, datetime | None]:
        """Return who had a shift and when it was accepted; "" and None if that cannot be read."""
        try:
            return self._who_had(shift)
        except UserError as damaged:
            log.error("Who was on call in the shift of %s cannot be read: %s", shift.day, damaged)
            return "", None

    def events(self, day: date, at: datetime) -> Events | str:
        """Return the day's incidents; if they cannot be read, a sentence that says so, for the summary is owed anyway.

        One carried over then is missing if it is resolved now and nobody wrote about it within `LOOK_ON`.
        """
        span = self._span(day)
        told_until = max(self._edits_until(day), span.end)
        first, last = day_of(span.start, self.zone), day_of(min(at, told_until + LOOK_ON), self.zone)
        lost: set[date] = set()
        try:
            known = (*self._incidents.touched(first, last, lost.add), *self._incidents.open_ones(lost.add))
        except UserError as damaged:
            self._complain_once(str(damaged))
            return UNREADABLE
        found = {one.number: one for one in known}.values()
        if at < told_until:
            return events_of(span, found, lost)
        return events_of(span, filter(None, (as_of(one, told_until) for one in found)), lost)

    def _complain_once(self, why: str) -> None:
        """Tell the admins once why the incidents cannot be read; the channel learns only that they cannot."""
        if why != self._unreadable:
            self._unreadable = why
            self._complain(f"The day's post cannot tell of the incidents. {why}")

    def _span(self, day: date) -> Span:
        """Return midnight after the last working day to midnight after `day`, so that Monday tells of the weekend."""
        previous = self._calendar().previous_working_day(day) or day - ONE_DAY
        return Span(moment(previous + ONE_DAY, time(0), self.zone), day_bounds(day, self.zone)[1])

    def _stale(self, day: date, record: PostRecord, at: datetime, looked: datetime | None) -> bool:
        if looked is None or looked < self.moment(day, "due") <= at:
            return True
        return self._counts.stale(day, record, at, looked)
