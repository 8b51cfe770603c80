"""Questions in the go-live channel, watched quietly so that none stays without an answer. Their text is not kept.

Source: the team's guide: for any question or issue in #check-in-go-live, narrow it down and include the right people.
"""

import enum
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

import msgspec
from msgspec.structs import replace

from opsdesk.chat import Chat, Reaction, Trouble, moment_of, read_whole
from opsdesk.clock import day_of
from opsdesk.contacts import Directory
from opsdesk.oncall import Roster, Shift
from opsdesk.patterns import regex
from opsdesk.posts import PostLine, PostRecord, Scheduled
from opsdesk.remembered import Remembered
from opsdesk.store import Store
from opsdesk.text import tell_time

WITHIN = timedelta(minutes=15)  # an answer, of the shift
APART = timedelta(minutes=15)  # two messages about questions, at least
TRY_FOR = timedelta(minutes=30)
STATION = regex(r"\b(?:station|site|sta|facility)\s{0,3}#?\s{0,3}\d{3}[A-Za-z]{0,2}\b", re.IGNORECASE)
COMMAND = regex(r"\s*(?:!|<@)")


class QuestionState(enum.StrEnum):
    """What became of a question."""

    OPEN = "no answer yet"
    ANSWERED = "answered"
    TAKEN = "taken"
    BECAME = "became an incident"
    NO_QUESTION = "no question"


SETTLING = {"eyes": QuestionState.TAKEN, "mute": QuestionState.NO_QUESTION, "no_bell": QuestionState.NO_QUESTION}


class AlertQuestion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where and when something was asked, what it seems to be about, and what became of it: never what was said."""

    room: str
    ts: str
    by: str
    at: datetime
    link: str = ""
    subsystem: str = ""
    state: QuestionState = QuestionState.OPEN
    settled_at: datetime | None = None
    incident: int = 0

    @property
    def due(self) -> datetime:
        """Return when the person on call is told, unless it is settled by then."""
        return self.at + WITHIN

    def is_open(self, at: datetime) -> bool:
        """Return whether nobody had settled it by `at`."""
        return self.settled_at is None or self.settled_at > at


class Questions:
    """Watches a room, where `on` says so."""

    def __init__(
        self,
        store: Store,
        chat: Chat,
        roster: Roster,
        directory: Callable[[], Directory],
        trouble: Trouble,
        room: str,
        *,
        on: bool,
    ) -> None:
        self._kept = store.keyed("questions", AlertQuestion)
        self._chat, self._roster, self._directory, self._trouble = chat, roster, directory, trouble
        self._room = room if on else ""
        self._batches = Remembered(self._find_batches)

    def heard(self, event: Mapping[str, Any], at: datetime) -> None:
        """Take a message of the room: a new question, or an answer to one."""
        user, ts, thread = (str(event.get(key) or "") for key in ("user", "ts", "thread_ts"))
        if event.get("channel") != self._room or not self._room or not user or event.get("bot_id"):
            return
        text = read_whole(event).text
        if self._is_team(user):
            self._answered(thread, text, at)
        elif thread in ("", ts) and self._asks(str(event.get("text") or ""), text):
            asked_at = moment_of(event, at)
            self._keep(AlertQuestion(self._room, ts, user, asked_at, self._link(ts), self._subsystem(text)))

    def reacted(self, reaction: Reaction, at: datetime) -> None:
        """Settle a question on which somebody of the team put an emoji; reopen one from which it was taken."""
        if reaction.room != self._room or not self._room or not self._is_team(reaction.by):
            return
        state = SETTLING.get(reaction.emoji, QuestionState.ANSWERED)
        question = self._find(reaction.ts, at)
        if question and reaction.added:
            self._settle(question, state, at)
        elif question and question.state is state:
            self._keep(replace(question, state=QuestionState.OPEN, settled_at=None))

    def became(self, ts: str, incident: int, at: datetime) -> None:
        """Settle a question by the incident that was opened from it."""
        if question := self._find(ts, at):
            self._settle(replace(question, incident=incident), QuestionState.BECAME, at)

    def day(self, day: date) -> list[AlertQuestion]:
        """Return the questions of a day, first to last."""
        return sorted(self._kept.all(day).values(), key=lambda one: one.at)

    def waiting(self, day: date, at: datetime) -> list[str]:
        """Return a line for each question of a day without an answer."""
        zone = self._roster.calendar.zone
        return [_line(one, self._directory(), zone) for one in self.day(day) if one.is_open(at)]

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the messages to the person on call: at most one each 15 minutes, in the shift, several in one."""
        shift = self._roster.calendar.shift_at(at)
        if not shift or not self._room:
            return
        for due, questions in self._batches(self._kept.version(), shift):
            if due <= at < due + TRY_FOR:
                yield from self._told(due, questions, at)

    def _find_batches(self, version: int, shift: Shift) -> list[tuple[datetime, list[AlertQuestion]]]:
        return batches([one for one in self.day(shift.day) if one.due in shift])

    def _told(self, due: datetime, questions: Sequence[AlertQuestion], at: datetime) -> Iterator[Scheduled]:
        addressees, zone = self._trouble.person_on_call(at), self._roster.calendar.zone

        def compose(at: datetime, before: PostRecord) -> list[PostLine]:
            lines = [f"• {_line(one, self._directory(), zone)}" for one in questions if one.is_open(at)]
            head = f"No answer for {int(WITHIN.total_seconds() // 60)} minutes in the go-live channel:"
            return [PostLine("words", "\n".join(filter(None, (addressees.why, head, *lines))))]

        for person in addressees.ids:
            key = f"questions:{due:%Y-%m-%dT%H:%M:%SZ}:{person}"
            yield Scheduled(key, day_of(due, zone), due, due + TRY_FOR, due + TRY_FOR, compose, person=person)

    def _asks(self, raw: str, text: str) -> bool:
        """Return whether it asks or reports: a question mark, a keyword of contacts.toml, a station number."""
        return not COMMAND.match(raw) and bool("?" in text or STATION.search(text) or self._subsystem(text))

    def _answered(self, thread: str, text: str, at: datetime) -> None:
        """Settle the question in whose thread an answer of the team's stands, or whose author it mentions."""
        for question in self.day(day_of(at, self._roster.calendar.zone)):
            if question.is_open(at) and (thread == question.ts or f"@{question.by}" in text):
                self._settle(question, QuestionState.ANSWERED, at)

    def _settle(self, question: AlertQuestion, state: QuestionState, at: datetime) -> None:
        if question.is_open(at) or state is QuestionState.BECAME:
            self._keep(replace(question, state=state, settled_at=question.settled_at or at))

    def _keep(self, question: AlertQuestion) -> None:
        self._kept.change(day_of(question.at, self._roster.calendar.zone), question.ts, lambda before: question)

    def _find(self, ts: str, at: datetime) -> AlertQuestion | None:
        today = day_of(at, self._roster.calendar.zone)
        found = (self._kept.get(day, ts) for day in (today, today - timedelta(days=1)))
        return next((one for one in found if one), None)

    def _is_team(self, user: str) -> bool:
        """Return whether somebody is on the rotation or a contact: they answer, and their questions are work."""
        return self._roster.rotation.member(user) is not None or any(
            person.slack == user for person in self._directory().people.values()
        )

    def _subsystem(self, text: str) -> str:
        return self._directory().keyword_subsystem(text) or ""

    def _link(self, ts: str) -> str:
        return self._chat.link(self._room, ts)


def batches(questions: Sequence[AlertQuestion]) -> list[tuple[datetime, list[AlertQuestion]]]:
    """Return when messages about these questions are due, and which each is about.

    One as soon as a question has waited for its time, and then none for `APART`: what comes due meanwhile is in the
    next one. What is settled before its message is in none.
    """
    told: list[tuple[datetime, list[AlertQuestion]]] = []
    left = sorted(questions, key=lambda one: one.due)
    while left:
        due = max(left[0].due, told[-1][0] + APART) if told else left[0].due
        here = [one for one in left if one.due <= due and one.is_open(due)]
        if here:
            told.append((due, here))
        left = [one for one in left if one.due > due] if here else left[1:]
    return told


def listing(questions: Sequence[AlertQuestion], directory: Directory, zone: tzinfo) -> str:
    """Return the questions of a day, a line each, with what became of them."""
    if not questions:
        return "No question was seen in the go-live channel today."
    lines = [f"• {_line(one, directory, zone)} · {_became(one)}" for one in questions]
    return "\n".join([f"{len(questions)} question{'' if len(questions) == 1 else 's'}", *lines])


def _line(one: AlertQuestion, directory: Directory, zone: tzinfo) -> str:
    ask = directory.ask_line(one.subsystem) if one.subsystem else ""
    facts = (tell_time(one.at, zone), one.subsystem or "subsystem unknown", ask, one.link)
    return " · ".join(filter(None, facts))


def _became(one: AlertQuestion) -> str:
    return f"became #{one.incident}" if one.incident else one.state.value
