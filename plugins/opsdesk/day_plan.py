"""The day's post as it is scheduled: when it is due, what it tells, its draft, and who hears if it fails."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Protocol

import msgspec

from opsdesk.clock import day_bounds, day_of, moment
from opsdesk.errors import Refusal
from opsdesk.incidents import IncidentLog
from opsdesk.posts import EDIT_TRIES, Line, PostEntry, PostRecord, Scheduled, State, What, edits_refused
from opsdesk.rehearsal import rehearse
from opsdesk.sending import Posts
from opsdesk.settings import Settings
from opsdesk.shifts import Calendar, Shift
from opsdesk.store import Kept
from opsdesk.summary import DaySummary, Events, Span, as_of, events_of

log = logging.getLogger(__name__)

ONE_DAY = timedelta(days=1)
TELL_FOR = timedelta(hours=12)  # how long a direct message about a missing post is tried


class FirstStart(msgspec.Struct, frozen=True):
    """When the desk was started for the first time on its state folder: nothing was due before."""

    at: datetime


def first_start(kept: Kept[FirstStart], at: datetime) -> datetime:
    """When the desk was first started: `at`, if that is now, or if nobody can tell."""
    try:
        return kept.change(None, "first start", lambda before: before or FirstStart(at)).at
    except Refusal:  # a disk that is full or damaged must not keep today's post from going out
        return at


class DayCounts(Protocol):
    """The counts as the post needs them."""

    def lines(self, day: date, until: datetime, at: datetime, before: PostRecord) -> Sequence[Line]:
        """The counts' part of the post for midnight to `until`, asked again where that can change them."""

    def stale(self, day: date, before: PostRecord, at: datetime, looked: datetime) -> bool:
        """Whether asking again may change what was posted."""


class Words(Protocol):
    """The words of the post and of what is said about it."""

    def lines(self, summary: DaySummary, counts: Sequence[Line]) -> Sequence[Line]:
        """The post."""

    def rehearsal(self, meant_for: str) -> str:
        """The first line of a rehearsed post."""

    def draft(self, text: Sequence[Line], missing: Sequence[str], said: str) -> str:
        """The draft, sent ahead to the person on call."""

    def left_out(self, day: date, skipped: PostEntry, said: str) -> str:
        """That there is to be no post, by whom and why."""

    def not_posted(self, day: date, record: PostRecord, said: str) -> str:
        """That the post was given up, why, and its text to paste."""

    def not_edited(self, day: date, record: PostRecord, said: str) -> str:
        """That the post could not be brought up to date, and why."""

    def missing(self, events: Events, at: datetime) -> Sequence[str]:
        """What a draft should be completed with before it is sent."""


class OnCall(msgspec.Struct, frozen=True):
    """What the day's post asks of the rotation.

    `name` gives who had a shift ("" if nobody is named) and when it was accepted (None: not said);
    `to_tell` whom to send what is for the person on call, and a sentence for them where it is somebody else.
    """

    name: Callable[[Shift], tuple[str, datetime | None]]
    to_tell: Callable[[datetime], tuple[Sequence[str], str]]


class DayPlan:
    """The day's posts as they are scheduled. Days are those of the desk's zone; `at` is the present moment."""

    def __init__(
        self,
        told: Settings,
        calendar: Callable[[], Calendar],
        posts: Posts,
        incidents: IncidentLog,
        counts: DayCounts,
        on_call: OnCall,
        words: Words,
        since: datetime,
    ) -> None:
        self._told, self._calendar, self._posts, self._incidents = told, calendar, posts, incidents
        self._counts, self._on_call, self._words, self.since = counts, on_call, words, since
        self.zone = told.zone

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """What is scheduled around `at`: the day's post and draft, and the last post until the next shift begins."""
        today = day_of(at, self.zone)
        for day in filter(None, (self._calendar().previous_working_day(today), today)):
            if self._is_planned(day):
                yield from map(self._staged, self._draft(day, at))
                yield self.scheduled(day)

    def scheduled(self, day: date) -> Scheduled:
        """The post of a day."""
        post = Scheduled(
            key=f"summary:{day}",
            day=day,
            due=self.moment(day, "due"),
            until=self.moment(day, "give_up"),
            lapse=day_bounds(day, self.zone)[1],
            compose=lambda at, before: self.compose(day, at, before),
            room=self._told.file.channels.go_live.id,
            edits_until=self._edits_until(day),
            stale=lambda record, at, looked: self._stale(day, record, at, looked),
            notices=lambda record: self._notices(day, record),
            says_late=True,
            beats=bool(self._told.heartbeat_url),
        )
        return self._staged(post)

    def record(self, day: date) -> PostRecord:
        """What became of a day's post."""
        return self._posts.record(self.scheduled(day))

    def _staged(self, one: Scheduled) -> Scheduled:
        """In a rehearsal, the same in the rehearsal channel."""
        if not self._told.rehearsal:
            return one
        return rehearse(one, self._told.file.channels.rehearsal.id, self._meant_for)

    def _meant_for(self, where: str) -> str:
        go_live = self._told.file.channels.go_live
        return self._words.rehearsal(go_live.name or where if where == go_live.id else where)

    def _is_planned(self, day: date) -> bool:
        """Working days since the desk was first started, and any day whose post was sent by hand."""
        due = self._calendar().is_working_day(day) and self.since <= self.moment(day, "due")
        return due or self.record(day).state is State.POSTED

    def _edits_until(self, day: date) -> datetime:
        """The start of the next shift: "until the next shift begins"."""
        following = self._calendar().next_shift(self.moment(day, "due"))
        return following.start if following else day_bounds(day, self.zone)[1]

    def moment(self, day: date, name: str) -> datetime:
        """When a day's post is drafted, due, read again or given up: by that name of data/desk.toml, in UTC."""
        return self._told.file.summary.on(day, name, self.zone)

    def compose(self, day: date, at: datetime, before: PostRecord) -> Sequence[Line]:
        """The text of a day's post as it is at `at`, handed what was sent before."""
        until = min(at, self.moment(day, "due"))
        counts = self._counts.lines(day, until, at, before)
        return self._words.lines(self._summary(day, at, before), counts)

    def _summary(self, day: date, at: datetime, record: PostRecord) -> DaySummary:
        calendar = self._calendar()
        shifts = calendar.shifts_on(day)
        name, accepted_at = self._who_had(shifts[-1]) if shifts else ("", None)
        previous = calendar.previous_working_day(day)
        proof = self.record(previous).proof if previous else None
        return DaySummary(
            day=day,
            events=self._events(day, at),
            shift=(shifts[0].start, shifts[-1].end) if shifts else None,
            on_call=name,
            accepted_at=accepted_at,
            notes=tuple(entry.text for entry in record.entries if entry.what is What.NOTED),
            previous_day=previous,
            previous_link=proof.permalink if proof else "",
        )

    def _who_had(self, shift: Shift) -> tuple[str, datetime | None]:
        """Who had a shift; nobody is named where that cannot be read: the post goes out all the same."""
        try:
            return self._on_call.name(shift)
        except Refusal as damaged:
            log.error("Who was on call in the shift of %s cannot be read: %s", shift.day, damaged)
            return "", None

    def _events(self, day: date, at: datetime) -> Events | str:
        """The day's incidents; where they cannot be read, a sentence that says so: the post goes out all the same."""
        span = self._span(day)
        first, last = day_of(span.start, self.zone), day_of(at, self.zone)
        try:
            found = {one.number: one for one in (*self._incidents.touched(first, last), *self._incidents.open_ones())}
        except Refusal as damaged:
            return f"Incidents unavailable: {damaged}"
        told_until = max(self._edits_until(day), span.end)
        if at < told_until:
            return events_of(span, found.values())
        return events_of(span, filter(None, (as_of(one, told_until) for one in found.values())))

    def _span(self, day: date) -> Span:
        """From midnight after the last working day, so that a Monday tells of the weekend, to midnight after `day`."""
        previous = self._calendar().previous_working_day(day) or day - ONE_DAY
        return Span(moment(previous + ONE_DAY, time(0), self.zone), day_bounds(day, self.zone)[1])

    def _stale(self, day: date, record: PostRecord, at: datetime, looked: datetime | None) -> bool:
        if looked is None or looked < self.moment(day, "due") <= at:
            return True
        return self._counts.stale(day, record, at, looked)

    def _draft(self, day: date, at: datetime) -> Iterator[Scheduled]:
        """The draft to whoever is on call, in the minutes before the post, or that there is to be none."""
        start, end = self.moment(day, "draft"), self.moment(day, "due")
        record = self.record(day)
        if not start <= at < end or record.state not in (State.WAITING, State.SKIPPED):
            return
        skipped = record.last(What.SKIPPED) if record.state is State.SKIPPED else None
        people, said = self._on_call.to_tell(at)
        words = partial(self._draft_words, day, said)
        if skipped:
            words = partial(_fixed, self._words.left_out(day, skipped, said))
        for person in people:
            key = f"{'no draft' if skipped else 'draft'}:{day}:{person}"
            yield Scheduled(key, day, start, end, end, _saying(words), person=person)

    def _draft_words(self, day: date, said: str, at: datetime) -> str:
        events = self._events(day, at)
        missing = self._words.missing(events, at) if isinstance(events, Events) else [events]
        return self._words.draft(self.compose(day, at, self.record(day)), missing, said)

    def _notices(self, day: date, record: PostRecord) -> Iterable[Scheduled]:
        given_up, unedited = record.last(What.GIVEN_UP), edits_refused(record)
        if record.state is State.GIVEN_UP and given_up:
            return self._telling(day, given_up.at, "given up", lambda said: self._words.not_posted(day, record, said))
        if len(unedited) >= EDIT_TRIES:
            first = unedited[0].at
            return self._telling(day, first, "not edited", lambda said: self._words.not_edited(day, record, said))
        return ()

    def _telling(self, day: date, at: datetime, what: str, words: Callable[[str], str]) -> Iterator[Scheduled]:
        """Direct messages about the post to the person on call and the admins."""
        people, said = self._on_call.to_tell(at)
        until = at + TELL_FOR
        for person in dict.fromkeys((*people, *self._told.admins)):
            text = words(said if person in people else "")
            key = f"{what}:{day}:{at:%H%M%S}:{person}"
            yield Scheduled(key, day, at, until, until, _saying(partial(_fixed, text)), person=person)


def _saying(words: Callable[[datetime], str]) -> Callable[[datetime, PostRecord], Sequence[Line]]:
    return lambda at, before: [Line("words", words(at))]


def _fixed(text: str, at: datetime) -> str:
    return text
