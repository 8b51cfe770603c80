"""Direct messages about the summary: its draft, that it is left out, that it could not be sent or changed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from opsdesk.chat import Trouble
from opsdesk.posts import EDIT_TRIES, PostLine, PostRecord, PostStep, Scheduled, State, edits_refused
from opsdesk.summary import notice_words as words
from opsdesk.summary.plan import SummaryPlan
from opsdesk.summary.summary import Events

TELL_FOR = timedelta(hours=12)  # how long a direct message about a missing post is tried


class SummaryNotices:
    """Plans the messages about the summaries of `plan`, which are sent apart from them and never delay them.

    `trouble` says who hears of them; an incident without an entry for `quiet_after` is quiet.
    """

    def __init__(
        self,
        plan: SummaryPlan,
        trouble: Trouble,
        quiet_after: timedelta,
    ) -> None:
        self._plan, self._trouble, self._quiet_after = plan, trouble, quiet_after

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the drafts and notices around `at`."""
        for day in self._plan.days(at):
            planned = (*self._draft(day, at), *self._notices(day, self._plan.record(day)))
            yield from map(self._plan.staged, planned)

    def _draft(self, day: date, at: datetime) -> Iterator[Scheduled]:
        """Yield the draft for the person on call in the minutes before the summary, or that it is left out."""
        start, end = self._plan.moment(day, "draft"), self._plan.moment(day, "due")
        record = self._plan.record(day)
        if not start <= at < end or record.state not in (State.WAITING, State.SKIPPED):
            return
        skipped = record.last(PostStep.SKIPPED) if record.state is State.SKIPPED else None
        people, why = self._trouble.person_on_call(at)
        text = partial(self._draft_words, day, why)
        if skipped:
            text = partial(_fixed, words.left_out(day, skipped, why))
        for person in people:
            key = f"{'no draft' if skipped else 'draft'}:{day}:{person}"
            yield Scheduled(key, day, start, end, end, _saying(text), person=person)

    def _draft_words(self, day: date, why: str, at: datetime) -> str:
        events = self._plan.events(day, at)
        missing = list(words.missing(events, at, self._quiet_after)) if isinstance(events, Events) else [events]
        missing += [line for part in self._plan.parts for line in part.waiting(day, at)]
        text = self._plan.compose(day, at, self._plan.record(day))
        return words.draft(day, text, missing, why, self._plan.zone)

    def _notices(self, day: date, record: PostRecord) -> Iterable[Scheduled]:
        given_up, unedited = record.last(PostStep.GIVEN_UP), edits_refused(record)
        if record.state is State.GIVEN_UP and given_up:
            return self._telling(
                day, given_up.at, "given up", partial(words.not_posted, day, record, zone=self._plan.zone)
            )
        if len(unedited) >= EDIT_TRIES:
            first = unedited[0].at
            return self._telling(day, first, "not edited", partial(words.not_edited, day, record))
        return ()

    def _telling(self, day: date, at: datetime, notice: str, worded: Callable[[str], str]) -> Iterator[Scheduled]:
        """Yield direct messages about the summary to the person on call and the admins."""
        until = at + TELL_FOR
        for person, why in self._trouble.person_on_call_and_admins(at).items():
            text = worded(why)
            key = f"{notice}:{day}:{at:%H%M%S}:{person}"
            yield Scheduled(key, day, at, until, until, _saying(partial(_fixed, text)), person=person)


def _saying(words: Callable[[datetime], str]) -> Callable[[datetime, PostRecord], Sequence[PostLine]]:
    return lambda at, before: [PostLine("words", words(at))]


def _fixed(text: str, at: datetime) -> str:
    return text
