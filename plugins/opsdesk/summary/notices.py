"""Direct messages about the summary: its draft, that it is left out, and whatever else people have to do about it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from opsdesk.chat import Trouble
from opsdesk.errors import or_why
from opsdesk.posts import (
    EDIT_TRIES,
    TELL_FOR,
    PostEntry,
    PostLine,
    PostRecord,
    PostScheduler,
    PostStep,
    Scheduled,
    State,
    edits_refused,
    or_else,
    saying,
    telling,
)
from opsdesk.summary import notice_words as words
from opsdesk.summary import panels
from opsdesk.summary.plan import SummaryPlan
from opsdesk.summary.summary import Events, Part


class SummaryNotices:
    """Plans the messages about the summaries of `plan`, which are sent apart from them and never delay them.

    `trouble` says who hears of them; an incident without an entry for `quiet_after` is quiet.
    """

    def __init__(self, plan: SummaryPlan, posts: PostScheduler, trouble: Trouble, quiet_after: timedelta) -> None:
        self._plan, self._posts, self._trouble, self._quiet_after = plan, posts, trouble, quiet_after

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the drafts and notices around `at`."""
        for day in self._plan.days.around(at):
            record = self._plan.record(day)
            planned = (*self._draft(day, record, at), *self._failures(day, record), *self._for_admins(day, record))
            yield from map(self._plan.staged, planned)

    def _draft(self, day: date, record: PostRecord, at: datetime) -> Iterator[Scheduled]:
        """Yield the draft for the person on call in the minutes before the summary, or that it is left out."""
        start, end = self._plan.moment(day, "draft"), self._plan.moment(day, "due")
        if not start <= at < end or record.state not in (State.WAITING, State.SKIPPED):
            return
        skipped = record.last(PostStep.SKIPPED) if record.state is State.SKIPPED else None
        people, why = self._trouble.person_on_call(at)

        def draft(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            return [PostLine("words", self._draft_words(day, why, at))]

        left_out = saying([PostLine("words", words.left_out(day, skipped, why))]) if skipped else None
        for person in people:
            key = f"{'no draft' if skipped else 'draft'}:{day}:{person}"
            buttons = () if skipped else panels.DRAFTED
            message = Scheduled(key, day, start, end, end, left_out or draft, person=person, buttons=buttons)
            yield or_else(message, self._trouble.admins)

    def missing(self, day: date, at: datetime) -> list[str]:
        """Return a line for each thing that a day's summary still lacks, with what to type."""
        events = self._plan.events(day, at)
        missing = list(words.missing(events, at, self._quiet_after)) if isinstance(events, Events) else [events]
        return [*missing, *(line for part in self._plan.parts for line in _waiting(part, day, at))]

    def _draft_words(self, day: date, why: str, at: datetime) -> str:
        text = self._plan.compose(day, at, self._plan.record(day))
        return words.draft(day, text, self.missing(day, at), why, self._plan.zone)

    def _failures(self, day: date, record: PostRecord) -> Iterator[Scheduled]:
        """Yield what the person on call and the admins have to know: what could not be sent or changed."""
        zone, unedited = self._plan.zone, edits_refused(record)
        closed, deleted = record.closed, record.last(PostStep.DELETED)
        if record.given_up_at:
            days = self._plan.days.given_up_with(day, record.given_up_at)
            worded = partial(words.not_posted, days, record, zone=zone)
            yield from self._telling(day, record.given_up_at, "given up", worded)
        elif record.refused_since and record.refused_since >= self._plan.moment(day, "due"):
            until = self._plan.moment(day, "give_up")
            worded = partial(words.refused, day, record, until, zone=zone)
            yield from self._telling(day, record.refused_since, "refused", worded)
        elif record.state is State.DELETED and deleted:
            again = record.deleted_ahead_of(self._plan.moment(day, "due"))
            yield from self._telling(day, deleted.at, "deleted", partial(words.deleted, day, again=again))
        elif closed:
            yield from self._telling(day, closed.at, "closed", partial(words.closed, day, closed))
        elif len(unedited) >= EDIT_TRIES:
            yield from self._telling(day, unedited[0].at, "not edited", partial(words.not_edited, day, record))
        if record.state is State.POSTED:
            yield from self._posted_after_all(day, record)

    def _posted_after_all(self, day: date, record: PostRecord) -> Iterator[Scheduled]:
        """Yield the news for those who may have the text in hand to paste: they were told that there is no post."""
        told: dict[str, str] = {}
        for at, notice in _bad_news(record):
            people = self._trouble.person_on_call_and_admins(at)
            sent = map(self._plan.staged, telling(people, _key(notice, day, at), day, at, lambda why: ""))
            told |= {person: "" for person, one in zip(people, sent, strict=True) if self._posts.record(one).proof}
        if record.proof and told:
            worded = partial(words.posted_after_all, day, record.proof)
            yield from self._to(told, day, record.proof.at, "posted after all", worded)

    def _for_admins(self, day: date, record: PostRecord) -> Iterator[Scheduled]:
        """Yield what the admins have to see to: a second desk, a state put back, a post that nobody sent."""
        taken_over = next((entry for entry in record.entries if entry.step is PostStep.TAKEN_OVER), None)
        if taken_over and not self._plan.days.starts_late(day):
            yield from self._to_admins(day, taken_over, "taken over", partial(words.taken_over, day, taken_over))
        for entry in record.entries:
            if entry.step is PostStep.OTHER:
                worded = partial(words.another, day, record, entry)
                yield from self._to_admins(day, entry, f"another {entry.ts}", worded)
            elif entry.step is PostStep.REPEATED and entry.text:
                worded = partial(words.repeated, day, record, entry)
                yield from self._to_admins(day, entry, f"repeated {entry.ts}", worded)
        absent = record.last(PostStep.ABSENT)
        if record.state is State.ABSENT and absent:
            worded = partial(words.absent, day, absent, self._plan.days.since, zone=self._plan.zone)
            yield from self._to_admins(day, absent, "absent", worded)

    def _to_admins(self, day: date, entry: PostEntry, notice: str, worded: Callable[[str], str]) -> Iterator[Scheduled]:
        yield from self._to(self._trouble.admins_or_on_call(entry.at), day, entry.at, notice, worded)

    def _telling(self, day: date, at: datetime, notice: str, worded: Callable[[str], str]) -> Iterator[Scheduled]:
        yield from self._to(self._trouble.person_on_call_and_admins(at), day, at, notice, worded)

    def _to(
        self, people: Mapping[str, str], day: date, at: datetime, notice: str, worded: Callable[[str], str]
    ) -> Iterator[Scheduled]:
        """Yield a direct message to each of `people`, by id with why they are told.

        Without anybody, the channel hears that there is nobody to tell: once, and none of what is to be told.
        """
        yield from telling(people, _key(notice, day, at), day, at, worded)
        if not self._trouble.is_heard(at):
            text, until = saying([PostLine("words", words.UNHEARD)]), at + TELL_FOR
            yield Scheduled(f"nobody to tell:{day}", day, at, until, until, text, room=self._plan.room)


def _waiting(part: Part, day: date, at: datetime) -> Sequence[str]:
    """Return what waits in a part, or that it cannot be told: the draft goes out all the same."""
    return or_why(lambda: part.waiting(day, at), lambda why: [words.unknown(part.title)], f"What waits of {part.title}")


def _key(notice: str, day: date, at: datetime) -> str:
    """Return what a notice is known by: another of the day is another at its time."""
    return f"{notice}:{day}:{at:%H%M%S}"


def _bad_news(record: PostRecord) -> Iterator[tuple[datetime, str]]:
    """Yield when people were told that a summary is not posted, and by which notice."""
    refused = next((entry.at for entry in record.entries if entry.final), None)
    if refused:
        yield refused, "refused"
    yield from ((entry.at, "given up") for entry in record.entries if entry.step is PostStep.GIVEN_UP)
