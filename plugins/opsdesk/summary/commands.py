"""The summary as people ask for it: shown, noted, left out, posted by hand, and what became of the last ones."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice

import msgspec

from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.oncall import Calendar
from opsdesk.patterns import regex
from opsdesk.posts import Check, PostEntry, PostLine, PostRecord, PostScheduler, PostStep, State
from opsdesk.store import ALONE, Desks, KeyedTable
from opsdesk.summary import by_hand
from opsdesk.summary.asked import PostAsked, SummaryRequest
from opsdesk.summary.plan import LOOK_ON, SummaryPlan
from opsdesk.text import take_day, tell_day, undashed
from opsdesk.undo import made

ONE_DAY = timedelta(days=1)
NOTE_LIMIT = 1_000  # characters
FORTNIGHT = 15  # days from today on
UNDO = regex(r"undo(?:\s+#?(\d{1,4}))?", re.IGNORECASE)


class ShownSummary(msgspec.Struct, frozen=True):
    """A day's summary as somebody asked for it: what became of it, its text, and whether its day is over.

    `long_ago`: so long that the text may lack what was carried over then.
    """

    day: date
    record: PostRecord
    lines: Sequence[PostLine]
    over: bool
    long_ago: bool = False


class Noted(msgspec.Struct, frozen=True):
    """A kept note: the day in whose summary it will be read, what became of that so far, and when it is due."""

    day: date
    record: PostRecord
    due: datetime


class DayNotes(msgspec.Struct, frozen=True):
    """The notes that the summary of a day hands over, by number."""

    day: date
    notes: Mapping[int, PostEntry]


class Past(msgspec.Struct, frozen=True):
    """What became of a day's summary. `changed` are the incidents, such as "#12", that one which can no longer be
    edited tells of otherwise; `starts_late`: the desk was first started after it was due.
    """

    day: date
    record: PostRecord
    changed: tuple[str, ...] = ()
    starts_late: bool = False


class SummaryCommands:
    """Summaries past and to come. Days are those of the desk's zone; `at` is the present moment."""

    def __init__(
        self,
        plan: SummaryPlan,
        posts: PostScheduler,
        calendar: Callable[[], Calendar],
        asked: KeyedTable[SummaryRequest],
        desks: Desks = ALONE,
    ) -> None:
        """Answer what is asked about the summary of `plan`. What another of the `desks` is to post is in `asked`."""
        self._plan, self._posts, self._calendar, self.zone = plan, posts, calendar, plan.zone
        self._asked = PostAsked(asked, desks, self._post_now)

    def record(self, day: date) -> PostRecord:
        """Return what became of a day's summary."""
        return self._plan.record(day)

    def shown(self, day: date, at: datetime) -> ShownSummary:
        """Return the summary of a day: as it was posted once the day is over, else as it would be at `at`.

        Raises a UserError for a day that has not begun.
        """
        today = day_of(at, self.zone)
        if day > today:
            raise UserError(f"{tell_day(day)} has not begun. `!summary` shows today's.")
        record = self.record(day)
        if day < today and record.lines:
            return ShownSummary(day, record, record.lines, over=True)
        lines = self._plan.compose(day, at, PostRecord(record.key, record.entries))
        return ShownSummary(day, record, lines, over=day < today, long_ago=at - self._plan.moment(day, "due") > LOOK_ON)

    def post_now(self, typed: str, at: datetime) -> PostRecord:
        """Post today's summary, or bring it up to date if it stands; return its record.

        Raises a UserError if another day is meant, if today's is left out, and if the chat does not confirm it.
        """
        if typed.strip():
            raise UserError(
                "Only today's can be posted: type `!summary post` alone. `!summary yesterday` shows another."
            )
        day = day_of(at, self.zone)
        self._asked.post(day, at)
        record = self.record(day)
        last = record.entries[-1] if record.entries else None
        if failed := record.closed or last:
            by_hand.check_done(self._plan, record, failed, at)
        return record

    def tick(self, at: datetime) -> None:
        """Post what other desks were asked for."""
        with suppress(UserError):  # the store is away: those who asked are told
            self._asked.tick(at)

    def note(self, text: str, *, by: Person, at: datetime) -> Noted:
        """Add a note to hand over: to today's summary if it can still be read there, else to the next one."""
        if not text.strip():
            raise UserError("Type what to hand over, such as `!summary note Watch the VEText backlog`.")
        if len(text) > NOTE_LIMIT:
            raise UserError(f"A note has at most {NOTE_LIMIT:,} characters; this one has {len(text):,}.")
        day = self._day_to_note(at)
        record = self._note(day, PostEntry(at, PostStep.NOTED, undashed(text.strip()), by=by.name))
        made("note", day, max(record.notes))
        return Noted(day, record, self._plan.moment(day, "due"))

    def undone(self, typed: str) -> int | None:
        """Return which note "undo 2" takes back, 0 for "undo" alone; None for a note."""
        undo = UNDO.fullmatch(typed.strip())
        return int(undo[1] or 0) if undo else None

    def withdraw(
        self, number: int, *, by: Person, at: datetime, day: date | None = None
    ) -> tuple[PostEntry, PostRecord]:
        """Take back a note by its number, or with 0 the last one by the same person; return it, and the record.

        Where the summaries of two days have one of that number, it is that of `day`, or of the later one. Raises a
        UserError if there is no such note.
        """
        for one in reversed([one for one in self.notes(at) if day in (None, one.day)]):
            own = [key for key, note in one.notes.items() if note.by == by.name]
            which = number or max(own, default=0)
            if which in one.notes:
                note = one.notes[which]
                entry = PostEntry(at, PostStep.WITHDRAWN, note.text, by=by.name, number=which)
                return note, self._note(one.day, entry, partial(_check_noted, which))
        raise _no_note(number)

    def notes(self, at: datetime) -> list[DayNotes]:
        """Return the notes of today, and those of the next summary, if there are any."""
        days = sorted({day_of(at, self.zone), self._day_to_note(at)})
        noted = (DayNotes(day, self.record(day).notes) for day in days)
        return [one for one in noted if one.notes]

    def handed_over(self, at: datetime) -> DayNotes | None:
        """Return the notes of the last summary before the next one; None where there are none, or it is today's."""
        day = self._calendar().previous_working_day(self._day_to_note(at))
        return (
            DayNotes(day, notes) if day and day < day_of(at, self.zone) and (notes := self.record(day).notes) else None
        )

    def handed_to(self, day: date) -> tuple[str, ...]:
        """Return the notes handed to the shift of a day: those of the last summary and those since for its own."""
        days = filter(None, (self._calendar().previous_working_day(day), day))
        return tuple(note.text for one in days for note in self.record(one).notes.values())

    def skip(self, typed: str, *, by: Person, at: datetime) -> date:
        """Leave a day's summary out and return the day: "friday nobody is on shift"; today's if no day is typed.

        Raises a UserError without a reason, for a day without a summary, and for one that was sent.
        """
        today = day_of(at, self.zone)
        named, reason = take_day(typed, today)
        day = named or today
        if day < today:
            raise UserError(f"{tell_day(day)} is over: there is nothing to skip. Today's: `!summary skip today <why>`.")
        if not self._calendar().is_working_day(day):
            raise UserError(f"No post is due on {tell_day(day)}: there is nothing to skip.")
        if not reason:
            raise UserError(f"Say why: `!summary skip {named or 'today'} nobody is on shift`.")
        self._note(
            day,
            PostEntry(at, PostStep.SKIPPED, reason, by=by.name),
            partial(_check_unsent, day, self._plan.moment(day, "due")),
        )
        return day

    def resume(self, day: date, *, by: Person, at: datetime) -> None:
        """Take a skip back. Raises a UserError if the day's summary was not left out, and once the day is over."""
        if day < day_of(at, self.zone):
            raise UserError(
                f"{tell_day(day)} is over: its post is not sent any more, and the next one tells of that day."
            )
        self._note(day, PostEntry(at, PostStep.RESUMED, by=by.name), partial(_check_skipped, day))

    def skipped(self, at: datetime) -> list[tuple[date, PostEntry]]:
        """Return the days of the next fortnight whose summaries are left out, with by whom and why."""
        today = day_of(at, self.zone)
        days = (today + ahead * ONE_DAY for ahead in range(FORTNIGHT))
        return [(day, skip) for day in days if (skip := self._skip(day))]

    def next_due(self, at: datetime) -> datetime | None:
        """Return when the next summary is due, of those neither left out nor sent; None if no working day is near."""
        calendar, day = self._calendar(), day_of(at, self.zone)
        to_come = self.record(day).state not in (State.SKIPPED, State.POSTED)
        if calendar.is_working_day(day) and at < self._plan.moment(day, "due") and to_come:
            return self._plan.moment(day, "due")
        following = self._following(day)
        return self._plan.moment(following, "due") if following else None

    def past(self, at: datetime, most: int = 7) -> list[Past]:
        """Return the last summaries that were due since the desk was first started, latest first."""
        return [self._past(day, at) for day in islice(self._past_days(at), most)]

    def _post_now(self, day: date, at: datetime) -> None:
        self._posts.post_now(self._plan.scheduled(day), at, _check_not_skipped)

    def _past(self, day: date, at: datetime) -> Past:
        changed = (line.key.partition(" ")[0] for line in self._plan.changed(day, at))
        return Past(day, self.record(day), tuple(changed), self._plan.days.starts_late(day))

    def _day_to_note(self, at: datetime) -> date:
        """Return the day whose summary hands over what is noted now."""
        today = day_of(at, self.zone)
        return today if self._is_read(today) else self._following(today) or today

    def _is_read(self, day: date) -> bool:
        """Return whether a note for a day will be read: its summary is still to be sent, or can be changed."""
        record = self.record(day)
        if record.state is State.POSTED:
            return self._posts.edits and not record.closed
        anew = record.deleted_ahead_of(self._plan.moment(day, "due"))
        return (anew or record.state in (State.WAITING, State.UNCONFIRMED)) and self._plan.days.has_post(day)

    def _skip(self, day: date) -> PostEntry | None:
        """Return by whom and why a day's summary is left out; None where it is not."""
        record = self.record(day)
        return record.last(PostStep.SKIPPED) if record.state is State.SKIPPED else None

    def _following(self, day: date) -> date | None:
        """Return the first working day after `day` whose summary is not left out; None if none is near."""
        calendar = self._calendar()
        following = calendar.next_working_day(day)
        while following and self._skip(following):
            following = calendar.next_working_day(following)
        return following

    def _past_days(self, at: datetime) -> Iterator[date]:
        day: date | None = day_of(at, self.zone) + ONE_DAY
        while day and (day := self._calendar().previous_working_day(day)):
            if self._plan.moment(day, "due") < self._plan.days.since and not self._plan.days.starts_late(day):
                return
            if self._plan.moment(day, "due") <= at or self.record(day).proof:
                yield day

    def _note(self, day: date, entry: PostEntry, check: Check = lambda record: None) -> PostRecord:
        record = self._posts.note(self._plan.scheduled(day), entry, check)
        self._posts.look_again()
        return record


def _no_note(number: int) -> UserError:
    which = f"There is no note {number}" if number else "You have noted nothing that is still to be handed over"
    return UserError(f"{which}: `!summary notes` shows what is.")


def _check_noted(number: int, record: PostRecord) -> None:
    if number not in record.notes:
        raise _no_note(number)


def _check_unsent(day: date, due: datetime, record: PostRecord) -> None:
    if record.state is not State.WAITING and not record.deleted_ahead_of(due):
        raise UserError(f"The post of {tell_day(day)} is {record.state.value} already: there is nothing to skip.")


def _check_not_skipped(record: PostRecord) -> None:
    skipped = record.last(PostStep.SKIPPED)
    if skipped and record.state is State.SKIPPED:
        raise UserError(f"Today's post is left out ({skipped.text}). Type `!summary resume` first.")


def _check_skipped(day: date, record: PostRecord) -> None:
    if record.state is not State.SKIPPED:
        raise UserError(f"The post of {tell_day(day)} was not left out. `!summary status` shows those that are.")
