"""The summary as it is scheduled: when it is due, and what it tells."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from functools import partial

import msgspec
from msgspec.structs import replace

from opsdesk.clock import day_bounds, day_of, moment
from opsdesk.errors import UserError, reason_of
from opsdesk.incidents import IncidentLog
from opsdesk.oncall import Calendar, Shift
from opsdesk.posts import PostLine, PostRecord, PostScheduler, PostStep, Scheduled, State, edits_refused, rehearse
from opsdesk.settings import Settings
from opsdesk.store import KeyedTable, Unreadable
from opsdesk.summary import standing, words
from opsdesk.summary.counts import SummaryCounts, window_end
from opsdesk.summary.days import SummaryDays
from opsdesk.summary.summary import DaySummary, Events, Part, ShiftHad, SummarySpan, as_of, events_of

log = logging.getLogger(__name__)

RECENT = 2  # summaries that are looked after with their text: today's, and that of the last working day
CLEAR = timedelta(minutes=1)  # before the day's post is due nothing else is sent here that could hold it up
SETTLED = timedelta(minutes=5)  # after it was due
LOOK_ON = timedelta(days=14)  # after a day's post was due, for what was carried over then and resolved later
KNOWN_FOR = 35  # days in which a desk is looked for that has lost when it was first started
REHEARSED = "rehearsal:"
UNREADABLE = "Incidents unavailable: what the desk has stored of these days cannot be read."


class FirstStart(msgspec.Struct, frozen=True):
    """When the desk was started for the first time on its state folder: nothing was due before."""

    at: datetime


def first_start(
    kept: KeyedTable[FirstStart], posts: KeyedTable[PostRecord], at: datetime, zone: tzinfo, *, away: bool = False
) -> datetime:
    """Return when the desk was first started: `at` if that is now. If the record of it is damaged, it is the beginning
    of the earliest of the last KNOWN_FOR days of which something was posted, or of today.

    While the store is `away` it is `at`, too: earlier days are another desk's to tell of.
    """
    try:
        before = kept.get(None, "first start")  # nothing is written where it stands: the disk may be full by now
    except UserError:
        return at if away else day_bounds(_first_known(posts, day_of(at, zone)), zone)[0]
    try:
        return (before or kept.change(None, "first start", lambda none: FirstStart(at))).at
    except UserError:
        return at


def _first_known(posts: KeyedTable[PostRecord], today: date) -> date:
    days = (today - timedelta(days=back) for back in range(KNOWN_FOR, 0, -1))
    return next((day for day in days if _had_posts(posts, day)), today)


def _had_posts(posts: KeyedTable[PostRecord], day: date) -> bool:
    """Return whether the desk ran on a day: every working day has its posts. What is damaged was written by it."""
    try:
        return bool(posts.all(day))
    except UserError:
        return True


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
        self._counts, self._who_had = counts, who_had
        self._complain, self._unreadable = complain, ""
        self.parts = parts
        self.zone = settings.zone
        due = partial(self.moment, name="due")
        self.days = SummaryDays(calendar, self.zone, since, due, self.record, self._stands)

    @property
    def room(self) -> str:
        """Return the id of the channel that the summary is posted in."""
        return self._settings.file.channels.go_live.id

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the summaries that are looked after; in the minute before today's is due, it alone."""
        for number, day in enumerate(self.days.around(at)):
            yield self.scheduled(day) if number < RECENT else self._long_missed(day)
            if self.moment(day, "due") - CLEAR <= at < self.moment(day, "due"):
                return

    def is_close(self, at: datetime) -> bool:
        """Return whether a summary is due within a minute, or was some minutes ago."""
        due = self.moment(day_of(at, self.zone), "due")
        return due - CLEAR <= at < due + SETTLED

    def scheduled(self, day: date) -> Scheduled:
        """Return the summary of a day as a scheduled post."""
        post = Scheduled(
            key=_key(day),
            day=day,
            due=self.moment(day, "due"),
            until=self.moment(day, "give_up"),
            lapse=day_bounds(day, self.zone)[1],
            compose=lambda at, before: self.compose(day, at, before),
            room=self.room,
            edits_until=self._edits_until(day),
            stale=lambda record, at, looked: self._stale(day, record, at, looked),
            punctual=True,
            found_only=self.days.starts_late(day),
            read=standing.read,
            join=standing.join,
        )
        return self.staged(post)

    def _long_missed(self, day: date) -> Scheduled:
        """Return a summary that can only be given up: its day is told of by the one after it."""
        return replace(self.scheduled(day), compose=lambda at, before: ())

    def record(self, day: date) -> PostRecord:
        """Return what became of a day's summary."""
        return self._posts.record_of(day, REHEARSED + _key(day) if self._settings.rehearsal else _key(day))

    def _stands(self, day: date) -> bool:
        """Return whether a day is told of in a summary that stands, in earnest or in a rehearsal."""
        keys = _key(day), REHEARSED + _key(day)
        return any(self._posts.record_of(day, key).state is State.POSTED for key in keys)

    def staged(self, one: Scheduled) -> Scheduled:
        """Return the post; in a rehearsal, as it is sent to the rehearsal channel."""
        if not self._settings.rehearsal:
            return one
        return rehearse(one, self._settings.file.channels.rehearsal.id, self._name)

    def _name(self, where: str) -> str:
        go_live = self._settings.file.channels.go_live
        return go_live.name or where if where == go_live.id else where

    def _edits_until(self, day: date) -> datetime:
        """Return until when a day's summary is edited: the start of the next shift, else the end of the day."""
        following = self._calendar().next_shift(self.moment(day, "due"))
        return following.start if following else day_bounds(day, self.zone)[1]

    def moment(self, day: date, name: str) -> datetime:
        """Return the moment, in UTC, called `name` in data/desk.toml: "draft", "due", "reread" or "give_up"."""
        return self._settings.file.summary.on(day, name, self.zone)

    def compose(self, day: date, at: datetime, before: PostRecord) -> Sequence[PostLine]:
        """Return the text of a day's summary at `at`; `before` is the record with what was sent before.

        A window of counts that was posted never shrinks, whatever is done to the clock.
        """
        until = max(filter(None, (min(at, self.moment(day, "due")), window_end(before))))
        counts = self._counts.lines(day, until, at, before)
        return words.lines(self._summary(day, at, before), counts, self.zone)

    def _summary(self, day: date, at: datetime, record: PostRecord) -> DaySummary:
        shifts = self._calendar().shifts_on(day)
        previous, events = self.days.last_standing(day), self.events(day, at, record.stands_since)
        proof = self.record(previous).proof if previous else None
        return DaySummary(
            day=day,
            events=events,
            shifts=tuple(ShiftHad(one.start, one.end, *self._had(one)) for one in shifts),
            notes=tuple(note.text for note in record.notes.values()),
            parts=tuple((part.key, self._line(part, day)) for part in self.parts),
            previous_day=previous,
            previous_link=proof.permalink if proof else "",
            missed=self.days.missed(day),
            changed=tuple(line.text for line in self._changed(previous, at, events)) if previous else (),
        )

    def changed(self, day: date, at: datetime) -> Sequence[PostLine]:
        """Return the incidents that a day's summary should tell of otherwise, and no longer can."""
        return self._changed(day, at, Events())

    def _changed(self, day: date, at: datetime, told: Events | str) -> Sequence[PostLine]:
        """Return the changed incidents of a summary that can no longer be edited, without those `told` elsewhere."""
        record = self.record(day)
        if not record.closed:
            return ()
        said, events = {line.key: line for line in record.lines}, self.events(day, at, record.stands_since)
        elsewhere = {one.key for one in words.event_lines(told, day, self.zone)}
        now = (line for line in words.event_lines(events, day, self.zone) if line.key not in elsewhere)
        return [line for line in now if line.key not in said or not said[line.key].same_as(line)]

    def _line(self, part: Part, day: date) -> str:
        """Return a part's line; that it is unavailable if it cannot be read: the summary goes out all the same."""
        try:
            line = part.line(day)
        except Unreadable as damaged:  # of which the store tells the admins: the channel needs no folders and files
            log.error("The %s of the summary cannot be told: %s", part.key, damaged)
            return f"*{part.title}* unavailable: what the desk has stored of them cannot be read"
        except Exception as failed:  # whatever it was, one part must not keep the rest back
            log.exception("The %s of the summary cannot be told", part.key)
            return f"*{part.title}* unavailable: {reason_of(failed)}"
        return f"*{part.title}* {line}" if line else ""

    def _had(self, shift: Shift) -> tuple[str, datetime | None]:
        """Return who had a shift and when it was accepted; "" and None if that cannot be read."""
        try:
            return self._who_had(shift)
        except UserError as damaged:
            log.error("Who was on call in the shift of %s cannot be read: %s", shift.day, damaged)
            return "", None

    def events(self, day: date, at: datetime, told_at: datetime | None = None) -> Events | str:
        """Return the day's incidents, which were told at `told_at` (None: not yet).

        If they cannot be read, return a sentence that says so, for the summary is owed anyway.
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
            return events_of(span, found, lost, told_at)
        return events_of(span, filter(None, (as_of(one, told_until) for one in found)), lost, told_at)

    def _complain_once(self, why: str) -> None:
        """Tell the admins once why the incidents cannot be read; the channel learns only that they cannot."""
        if why != self._unreadable:
            self._unreadable = why
            self._complain(f"The day's post cannot tell of the incidents. {why}")

    def _span(self, day: date) -> SummarySpan:
        """Return what the summary tells of: from midnight after the last one that stands to midnight after `day`.

        Where that one could not be changed to the end, as in a chat that changes none, it is from when it was written.
        """
        start, last = moment(self.days.told_from(day), time(0), self.zone), self.days.last_standing(day)
        since = self._edits_until(last) if last else start
        if last and (written := self._unchanged_since(last)):
            start = since = min(written, start)
        return SummarySpan(start, day_bounds(day, self.zone)[1], since)

    def _unchanged_since(self, day: date) -> datetime | None:
        """Return since when a day's summary stands as it does though it may lack something; None where it does not.

        What one that can never be changed again lacks is told by itself.
        """
        record = self.record(day)
        if record.closed or (self._posts.edits and not edits_refused(record)):
            return None
        edited = record.last(PostStep.EDITED)
        return max(filter(None, (record.stands_since, edited.at if edited else None)), default=None)

    def _stale(self, day: date, record: PostRecord, at: datetime, looked: datetime | None) -> bool:
        if looked is None or looked < self.moment(day, "due") <= at:
            return True
        return self._counts.stale(day, record, at, looked)


def _key(day: date) -> str:
    return f"summary:{day}"
