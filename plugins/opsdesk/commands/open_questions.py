"""What people were asked and have not answered: a yes of theirs does the command that was offered, once."""

import enum
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import msgspec
from msgspec.structs import replace

from opsdesk import guard
from opsdesk.chat import Button, Chat, Command, Job, MessageRef, Outbox, Panel, Reaction, Reply
from opsdesk.commands import open_question_words as words
from opsdesk.commands.vocabulary import Risk, Spoken
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.oncall import ACCEPTING
from opsdesk.patterns import regex
from opsdesk.store import KeyedTable
from opsdesk.text import Offer, Offering

log = logging.getLogger(__name__)

ANSWER_WITHIN = timedelta(minutes=10)
KEPT = timedelta(hours=1)  # for which a late yes is told what to type
YES, ANSWERS = "yes", ("yes", "no")  # commands by name
PRESSED = ("asked.first", "asked.second", "asked.third")  # what the buttons below a question do: no two are alike
WHICH = regex(r"(?:(?P<id>[0-9a-f]{12})\.?)?(?P<number>[1-9]\d{0,8})?")
LONGEST_LABEL = 30  # characters


class OpenQuestion(msgspec.Struct, frozen=True):
    """What somebody was asked, and by `id` which question it was: the commands that a yes does, without private data.

    Asked of the person `by`, by id, who typed in `room` ("" in private) and `thread`; it stands as `message`, if known.
    Once it is answered, its message shows the `outcome`; `is_shown` is whether it does.
    """

    id: str
    by: str
    room: str
    thread: str
    asked_at: datetime
    offers: tuple[Offer, ...]
    is_answered: bool = False
    message: MessageRef | None = None
    outcome: str = ""
    is_shown: bool = False

    @property
    def key(self) -> str:
        """Return what it shares with a later question of the same person in the same place, which replaces it."""
        return f"{self.by} {self.room} {self.thread}"


class YesDecision(enum.Enum):
    """What a yes does."""

    DO = "what was offered"
    NOTHING = "nothing: nothing is asked of that person there"
    ANOTHERS = "nothing: it is somebody else who was asked"
    ANSWERED = "nothing: it was answered before"
    TOO_LATE = "nothing: the question is too old"
    WHICH = "nothing: several commands were offered, or not as many as that"


class _AnsweredBefore(UserError):
    """Two answers came at once, and the other was first."""


def decide(question: OpenQuestion | None, command: Command) -> YesDecision:
    """Return what a yes does, which may name what it chooses."""
    if question is None:
        return YesDecision.NOTHING
    if question.by != command.by.id:
        return YesDecision.ANOTHERS
    if question.is_answered:
        return YesDecision.ANSWERED
    if command.at - question.asked_at > ANSWER_WITHIN:
        return YesDecision.TOO_LATE
    return YesDecision.DO if _place_of(question, command.text) is not None else YesDecision.WHICH


class OpenQuestions(msgspec.Struct, frozen=True):
    """Asks people, and finds what a yes of theirs does.

    A question that is answered, or asked no more, is shown as that in the place of its buttons: by a thread of its own.
    """

    chat: Chat
    kept: KeyedTable[OpenQuestion]
    jobs: Outbox

    def ask(self, command: Command, offering: Offering) -> Reply:
        """Return the answer to a command that may not be meant; a yes to it counts once it is sent.

        It is to be typed where a yes cannot do it, or nothing can be kept, and below a form, which stays open.
        """
        if command.form:
            return Reply(offering.text)
        question = _asked(command, offering)
        try:
            self._replace(question)
            if not offering.is_answerable:
                return Reply(offering.text)
            self.kept.change(None, question.key, lambda before: question)
        except UserError as refusal:
            log.warning("What is asked cannot be kept: %s", refusal)
            return Reply(offering.text)
        has_message = self.chat.takes_emoji and bool(command.ts)
        text = offering.to_be_answered(emoji=has_message)
        panel = Panel(text=text, buttons=buttons(question))
        return Reply(text, posted=partial(self._stands, question), panel=panel) if has_message else Reply(text)

    def take(self, command: Command) -> Offer | None:
        """Return the command that a yes does, which no other does then; None where it does nothing."""
        question = self._find(command)
        if question is None or decide(question, command) is not YesDecision.DO:
            return None
        offer = question.offers[_place_of(question, command.text) or 0]
        try:
            self._show(self.kept.change(None, question.key, partial(_answered, question, words.done(offer))))
        except _AnsweredBefore:
            return None
        return offer

    def why_not(self, command: Command) -> str:
        """Return why a yes does nothing, and what to type."""
        question = self._find(command)
        return words.why_not(decide(question, command).name, question.offers if question else ())

    def leave(self, command: Command) -> str:
        """Leave what somebody says no to, and return the answer."""
        question = self._find(command)
        try:
            if question is None or question.is_answered or command.at - question.asked_at > ANSWER_WITHIN:
                raise UserError(words.NOT_ASKED)
            if question.by != command.by.id:
                raise UserError(words.ANOTHERS)
            told = words.left(question.offers)
            self._show(self.kept.change(None, question.key, partial(_answered, question, told)))
        except _AnsweredBefore:
            raise UserError(words.NOT_ASKED) from None
        return told

    def is_asked(self, command: Command) -> bool:
        """Return whether something is asked of whoever typed, where they did, as far as that can be read."""
        try:
            return self._find(command) is not None
        except UserError as unreadable:
            log.warning("What is asked cannot be read: %s", unreadable)
            return False

    def typed(self, command: Command, spoken: Spoken) -> None:
        """Forget what somebody was asked who typed a command that changes something: it may be about the same."""
        if spoken.risk is Risk.READS or spoken.name in ANSWERS:
            return
        try:
            if any(_is_open_to(command.by.id, one) for one in self.kept.all(None).values()):
                self._forget(partial(_is_open_to, command.by.id))
        except UserError as refusal:
            log.warning("What was asked cannot be forgotten: %s", refusal)

    def thread_of(self, about: str) -> str | None:
        """Return the thread in which the command of a button was typed; None where its question is gone."""
        found = WHICH.fullmatch(about)
        question = self._by_id(found["id"]) if found else None
        return question.thread if question else None

    def reacted(self, reaction: Reaction, do: Callable[[Reaction, str, str], object]) -> None:
        """Have a yes of whoever was asked and marked the question with ✅ done, in its thread and by its id."""
        if not reaction.added or reaction.emoji not in ACCEPTING:
            return
        for one in self.kept.all(None).values():
            stands = one.message and (one.message.room, one.message.ts) == (reaction.room, reaction.ts)
            if stands and one.by == reaction.by:
                do(reaction, one.thread, one.id)

    def _find(self, command: Command) -> OpenQuestion | None:
        found = WHICH.fullmatch(command.text.strip())
        if found and found["id"]:
            return self._by_id(found["id"])
        return self.kept.get(None, _asked(command, Offering("")).key)

    def _by_id(self, id: str) -> OpenQuestion | None:
        return next((one for one in self.kept.all(None).values() if one.id == id), None)

    def _replace(self, question: OpenQuestion) -> None:
        """Forget what this question comes after: those of the same person there, and those too old to be told of."""
        oldest = question.asked_at - KEPT
        self._forget(lambda one: one.key == question.key or one.asked_at < oldest)

    def _forget(self, is_old: Callable[[OpenQuestion], bool]) -> None:
        old = [one for one in self.kept.all(None).values() if is_old(one)]
        self.kept.forget(None, is_old)
        for one in old:
            self._show(one)

    def _stands(self, question: OpenQuestion, message: MessageRef) -> None:
        """Keep where a question stands; one that was forgotten meanwhile counts as answered."""

        def there(kept: OpenQuestion | None) -> OpenQuestion:
            if kept and kept.id == question.id:
                return replace(kept, message=message)
            return kept or replace(question, is_answered=True)

        if (kept := self.kept.change(None, question.key, there)).id != question.id:
            self._show(replace(question, message=message))
        elif kept.is_answered:
            self._show(replace(kept, message=message))

    def tick(self, at: datetime) -> None:
        """Show what became of each question that is answered or out of date, where its message still has buttons."""
        for one in self.kept.all(None).values():
            if one.is_answered or at - one.asked_at > ANSWER_WITHIN:
                self._show(one)

    def _show(self, question: OpenQuestion) -> None:
        """Have the message of a question show what became of it, unless it does."""
        if question.message and not question.is_shown and self.chat.edits:
            name = f"the question {question.id}"
            shown = partial(self._shown, question)
            self.jobs.add(Job(name, partial(self._edit, question, question.message), lambda reason: shown()))

    def _edit(self, question: OpenQuestion, message: MessageRef) -> None:
        self.chat.edit(message, question.outcome or words.over(question.offers))
        self._shown(question)

    def _shown(self, question: OpenQuestion) -> None:
        """Keep that a question's message needs no further edit: it has had one, or the chat takes none."""
        kept = self.kept.get(None, question.key)
        if kept and kept.id == question.id:
            self.kept.change(
                None, question.key, lambda now: replace(now, is_shown=True) if now == kept else now or kept
            )

    def close(self) -> None:
        """End the thread. What is not shown yet is shown after the next start."""
        self.jobs.close()


def build(ground: Ground) -> OpenQuestions:
    """Return what asks people, and is answered."""
    return OpenQuestions(ground.chat, ground.store.keyed("open questions", OpenQuestion, passing=True), Outbox())


def _asked(command: Command, offering: Offering) -> OpenQuestion:
    offers = tuple(replace(one, text=guard.mask(one.text, guard.team()).text) for one in offering.offers)
    place = command.place
    return OpenQuestion(uuid.uuid4().hex[:12], command.by.id, place.room, place.thread, command.at, offers)


def _place_of(question: OpenQuestion, text: str) -> int | None:
    """Return the place of the offer that a yes chooses; None where it chooses none there is."""
    found = WHICH.fullmatch(text.strip())
    number = int(found["number"] or 0) if found else -1
    if not number and len(question.offers) == 1:
        return 0
    return next((place for place, one in enumerate(Offering("", question.offers).numbers) if one == number), None)


def _answered(question: OpenQuestion, outcome: str, kept: OpenQuestion | None) -> OpenQuestion:
    """Return the question as it is kept once it is answered, unless it was."""
    if kept is None or kept.id != question.id or kept.is_answered:
        raise _AnsweredBefore(words.ANSWERED)
    return replace(kept, is_answered=True, outcome=outcome)


def _is_open_to(person: str, question: OpenQuestion) -> bool:
    return question.by == person and not question.is_answered


def buttons(question: OpenQuestion) -> tuple[Button, ...]:
    """Return what can be pressed below a question: each command by its beginning; of many none, as with words."""
    if len(question.offers) > len(PRESSED):
        return ()
    shown = [offer.shown.strip("`") for offer in question.offers]
    labels = [one if len(one) <= LONGEST_LABEL else f"{one[: LONGEST_LABEL - 1]}…" for one in shown]
    about = [f"{question.id}.{number}" for number in Offering("", question.offers).numbers]
    return tuple(map(Button, labels, PRESSED, about, (f"Do {one}" for one in shown)))
