"""What is said to people about the day's post: its draft, that it is left out, that it could not be sent or changed."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol

from opsdesk.errors import UserError
from opsdesk.posts.post import EDIT_TRIES, PostEntry, PostLine, PostRecord, PostStep, Scheduled, State, edits_refused
from opsdesk.summary.plan import SummaryPlan
from opsdesk.summary.summary import Events

log = logging.getLogger(__name__)

TELL_FOR = timedelta(hours=12)  # how long a direct message about a missing post is tried


class Words(Protocol):
    """The words of what is said about the post."""

    def draft(self, day: date, text: Sequence[PostLine], missing: Sequence[str], said: str) -> str:
        """The draft, sent ahead to the person on call."""

    def left_out(self, day: date, skipped: PostEntry, said: str) -> str:
        """That there is to be no post, by whom and why."""

    def not_posted(self, day: date, record: PostRecord, said: str) -> str:
        """That the post was given up, why, and its text to paste."""

    def not_edited(self, day: date, record: PostRecord, said: str) -> str:
        """That the post could not be brought up to date, and why."""

    def missing(self, events: Events, at: datetime) -> Sequence[str]:
        """What a draft should be completed with before it is sent."""


class SummaryNotices:
    """Plans the messages about the posts of `plan`. They are sent apart from the posts, which wait for none of them.

    `to_tell` gives whom to send what is for the person on call, and a sentence for them where it is somebody else.
    """

    def __init__(
        self,
        plan: SummaryPlan,
        to_tell: Callable[[datetime], tuple[Sequence[str], str]],
        words: Words,
        admins: Sequence[str] = (),
    ) -> None:
        self._plan, self._to_tell, self._words, self._admins = plan, to_tell, words, admins

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """The drafts and notices around `at`."""
        for day in self._plan.days(at):
            said = (*self._draft(day, at), *self._notices(day, self._plan.record(day)))
            yield from map(self._plan.staged, said)

    def _draft(self, day: date, at: datetime) -> Iterator[Scheduled]:
        """The draft to whoever is on call, in the minutes before the post, or that there is to be none."""
        start, end = self._plan.moment(day, "draft"), self._plan.moment(day, "due")
        record = self._plan.record(day)
        if not start <= at < end or record.state not in (State.WAITING, State.SKIPPED):
            return
        skipped = record.last(PostStep.SKIPPED) if record.state is State.SKIPPED else None
        people, said = self._people(at)
        words = partial(self._draft_words, day, said)
        if skipped:
            words = partial(_fixed, self._words.left_out(day, skipped, said))
        for person in people:
            key = f"{'no draft' if skipped else 'draft'}:{day}:{person}"
            yield Scheduled(key, day, start, end, end, _saying(words), person=person)

    def _draft_words(self, day: date, said: str, at: datetime) -> str:
        events = self._plan.events(day, at)
        missing = self._words.missing(events, at) if isinstance(events, Events) else [events]
        return self._words.draft(day, self._plan.compose(day, at, self._plan.record(day)), missing, said)

    def _notices(self, day: date, record: PostRecord) -> Iterable[Scheduled]:
        given_up, unedited = record.last(PostStep.GIVEN_UP), edits_refused(record)
        if record.state is State.GIVEN_UP and given_up:
            return self._telling(day, given_up.at, "given up", lambda said: self._words.not_posted(day, record, said))
        if len(unedited) >= EDIT_TRIES:
            first = unedited[0].at
            return self._telling(day, first, "not edited", lambda said: self._words.not_edited(day, record, said))
        return ()

    def _telling(self, day: date, at: datetime, what: str, words: Callable[[str], str]) -> Iterator[Scheduled]:
        """Direct messages about the post to the person on call and the admins."""
        people, said = self._people(at)
        until = at + TELL_FOR
        for person in dict.fromkeys((*people, *self._admins)):
            text = words(said if person in people else "")
            key = f"{what}:{day}:{at:%H%M%S}:{person}"
            yield Scheduled(key, day, at, until, until, _saying(partial(_fixed, text)), person=person)

    def _people(self, at: datetime) -> tuple[Sequence[str], str]:
        """Whom to tell; nobody where that cannot be read: what concerns the admins is told to them all the same."""
        try:
            return self._to_tell(at)
        except UserError as damaged:
            log.error("Whom to tell of the day's post cannot be read: %s", damaged)
            return (), ""


def _saying(words: Callable[[datetime], str]) -> Callable[[datetime, PostRecord], Sequence[PostLine]]:
    return lambda at, before: [PostLine("words", words(at))]


def _fixed(text: str, at: datetime) -> str:
    return text
