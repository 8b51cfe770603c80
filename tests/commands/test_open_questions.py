"""A yes does what was offered: to whoever was asked, where they typed, within ten minutes, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from opsdesk.chat import Command, Job, MessageRef, Person, Place, Reaction, SendError
from opsdesk.commands import SPOKEN, OpenQuestions, open_questions
from opsdesk.commands.meanings import either, question
from opsdesk.commands.meanings import reading as meant
from opsdesk.errors import UserError
from opsdesk.text import Offer
from tests.chat.stage import REFUSED, Channel, Message
from tests.oncall.stage import eastern
from tests.store.stage import Shelf

AT = eastern("2026-11-23 13:12")
ALICE, BOB = Person("U0ALICE", "Alice"), Person("U0BOB", "Bob")
HERE = Place("C0GENERAL", "#general", "17.5")
MERGE = question(["incident_merge"], "12 into 9")
EITHER = either(meant(("incident_resolve", ""), "12"), meant(("incident_note", ""), "12 hope so"))
STANDS = MessageRef("C0GENERAL", "18.1")


LIVE = "Did you mean ...? (with buttons)"


class AtOnce:
    """Does jobs as they are added."""

    def add(self, job: Job) -> None:
        try:
            job.do()
        except SendError as unsent:
            job.failed(unsent.reason)


class Desk:
    """Asks on a shelf of its own; `chat` tells the desk of emoji."""

    def __init__(self, folder: Path) -> None:
        self.shelf, self.chat = Shelf(folder), Channel()
        self.chat.takes_emoji = True
        self.chat.put(Message(STANDS.room, STANDS.ts, LIVE))

    @property
    def questions(self) -> OpenQuestions:
        table = self.shelf.store.keyed("open questions", open_questions.OpenQuestion, passing=True)
        return OpenQuestions(self.chat, table, AtOnce())

    def ask(self, offering=MERGE, command: Command | None = None) -> str:
        """What is asked, which then stands in the chat."""
        reply = self.questions.ask(command or said(), offering)
        if reply.posted:
            reply.posted(STANDS)
        return reply.text

    def shown(self) -> str:
        """What stands in the chat where it was asked."""
        (text,) = self.chat.texts(STANDS.room)
        return text

    def open(self) -> open_questions.OpenQuestion:
        (only,) = self.questions.kept.all(None).values()
        return only


def said(text: str = "", by: Person = ALICE, place: Place = HERE, minutes: float = 0) -> Command:
    return Command(text, by, place, AT + timedelta(minutes=minutes), ts="17.9")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    stage = Desk(tmp_path)
    yield stage
    stage.shelf.store.close()


def test_what_was_offered_is_done_once(desk: Desk) -> None:
    assert desk.ask() == "Did you mean `!incident merge 12 into 9`? ✅ or `!yes` does it."
    with ThreadPoolExecutor(8) as people:
        taken = list(people.map(lambda _: desk.questions.take(said()), range(8)))
    assert sorted(taken, key=bool) == [*[None] * 7, Offer("incident_merge", "12 into 9")]
    assert desk.questions.why_not(said()) == "That was answered before: a yes is done once."


def test_one_of_several_is_chosen(desk: Desk) -> None:
    assert desk.ask(EITHER) == (
        "Did you mean `!incident resolve 12` (1) or `!incident note 12 hope so` (2)? `!yes 1` or `!yes 2` does it."
    )
    for typed in ("", "3"):
        assert desk.questions.take(said(typed)) is None
        assert desk.questions.why_not(said(typed)) == (
            "Which one? `!yes 1` does `!incident resolve 12`, `!yes 2` does `!incident note 12 hope so`."
        )
    assert desk.questions.take(said("2")) == Offer("incident_note", "12 hope so")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (said(by=BOB), "Nothing is asked of you here: type the command itself. `!oncall accept` says yes to a swap."),
        (said(place=replace(HERE, thread="")), "Nothing is asked of you here: type the command itself."),
        (said(minutes=10.1), "I asked more than ten minutes ago, so nothing is asked any more: type `!incident merge"),
        (said("2"), "There is one: `!yes` does `!incident merge 12 into 9`."),
    ],
)
def test_nobody_else_nowhere_else_and_not_for_ever(desk: Desk, command: Command, why: str) -> None:
    desk.ask()
    assert desk.questions.take(command) is None
    assert desk.questions.why_not(command).startswith(why)
    assert desk.questions.take(said(minutes=9.9)) is not None


def test_a_button_is_for_whoever_was_asked_and_does_what_it_says(desk: Desk) -> None:
    desk.ask(EITHER)
    first, second = (button.about for button in open_questions.buttons(desk.open()))
    assert desk.questions.thread_of(second) == "17.5"
    elsewhere = replace(HERE, thread="")
    assert desk.questions.take(said(second, BOB, elsewhere)) is None
    assert desk.questions.why_not(said(second, BOB)) == "That was asked of somebody else: type the command yourself."
    assert desk.questions.take(said(second, place=elsewhere)) == Offer("incident_note", "12 hope so")
    assert desk.questions.take(said(first)) is None
    assert desk.questions.thread_of("0123456789ab.1") is None


def test_a_newer_question_or_a_change_takes_its_place(desk: Desk) -> None:
    desk.ask()
    old = desk.open().id
    desk.ask(EITHER)
    assert desk.questions.take(said(old)) is None
    assert desk.questions.why_not(said(old)).startswith("Nothing is asked of you here")
    desk.questions.typed(said(), SPOKEN["incident_list"])
    desk.questions.typed(said(), SPOKEN["yes"])
    desk.questions.typed(said(by=BOB), SPOKEN["incident_resolve"])
    assert desk.questions.is_asked(said())
    desk.questions.typed(said(place=Place()), SPOKEN["incident_resolve"])
    assert not desk.questions.is_asked(said())
    desk.ask()
    desk.ask(question(["oncall_swap"], "@somebody friday"))
    assert not desk.questions.is_asked(said())


def test_a_no_is_said_by_whoever_was_asked(desk: Desk) -> None:
    desk.ask()
    with pytest.raises(UserError, match="asked of somebody else"):
        desk.questions.leave(said(desk.open().id, by=BOB))
    assert not desk.open().is_answered


def test_a_no_leaves_it(desk: Desk) -> None:
    desk.ask()
    assert desk.questions.leave(said()) == "Left undone: `!incident merge 12 into 9`."
    assert desk.questions.take(said()) is None
    with pytest.raises(UserError, match="Nothing is asked of you here"):
        desk.questions.leave(said())


@pytest.mark.parametrize("text", ["@somebody friday", "12 ...", "12 look at `this`", f"12 {'x' * 2000}"])
def test_what_is_not_shown_or_not_said_is_to_be_typed(desk: Desk, text: str) -> None:
    asked = question(["incident_note"], text)
    assert desk.ask(asked) == asked.text
    assert asked.text.endswith("? Type it like that.")
    assert not desk.questions.is_asked(said())


def test_a_further_line_is_text_and_private_data_is_not_kept(desk: Desk) -> None:
    desk.ask(question(["incident_update"], "12 two sites\n!summary post <!channel> 219-09-9999"))
    kept = desk.questions.take(said())
    assert kept is not None
    assert kept.name == "incident_update"
    assert kept.text.startswith("12 two sites\n!summary post <!channel> ")
    assert "219-09-9999" not in kept.text


def test_a_tick_of_whoever_was_asked_is_a_yes(desk: Desk) -> None:
    desk.ask()
    done = list[tuple[str, str]]()
    marks = [
        Reaction("white_check_mark", STANDS.room, STANDS.ts, by, added)
        for by, added in ((BOB.id, True), (ALICE.id, False), (ALICE.id, True))
    ]
    for mark in (*marks, replace(marks[-1], emoji="eyes"), replace(marks[-1], ts="18.2")):
        desk.questions.reacted(mark, lambda mark, thread, which: done.append((thread, which)))
    assert done == [("17.5", desk.open().id)]


def test_what_was_asked_outlives_the_desk(desk: Desk) -> None:
    desk.ask()
    desk.shelf = desk.shelf.again()
    assert desk.questions.take(said(minutes=3)) == Offer("incident_merge", "12 into 9")


def test_without_emoji_or_a_message_to_put_it_on_only_a_typed_yes_is_told_of(desk: Desk) -> None:
    typed_only = "Did you mean `!incident merge 12 into 9`? `!yes` does it."
    assert desk.ask(command=replace(said(), ts="")) == typed_only
    desk.chat.takes_emoji = False
    assert desk.ask() == typed_only


def test_an_answered_question_shows_what_was_answered_instead_of_its_buttons(desk: Desk) -> None:
    desk.ask(EITHER)
    assert desk.questions.take(said(f"{desk.open().id}.2")) is not None
    assert desk.shown() == "Answered with yes: `!incident note 12 hope so`."
    assert desk.open().is_shown


def test_a_question_that_was_left_shows_that(desk: Desk) -> None:
    desk.ask()
    desk.questions.leave(said())
    assert desk.shown() == "Left undone: `!incident merge 12 into 9`."


OVER = "Asked no more: `!incident merge 12 into 9`."


def test_a_question_out_of_date_shows_that_once(desk: Desk) -> None:
    desk.ask()
    desk.questions.tick(AT + timedelta(minutes=10))
    assert desk.shown() == LIVE
    desk.questions.tick(AT + timedelta(minutes=10.1))
    assert desk.shown() == OVER
    desk.chat.before = fails
    desk.questions.tick(AT + timedelta(minutes=11))


def test_a_question_that_something_else_took_the_place_of_shows_that(desk: Desk) -> None:
    desk.ask()
    desk.questions.typed(said(), SPOKEN["incident_resolve"])
    assert desk.shown() == OVER
    desk.chat.edit(STANDS, LIVE)
    desk.ask()
    desk.questions.ask(said(), EITHER)
    assert desk.shown() == OVER


def test_an_answer_that_comes_before_its_message_stands_is_shown_all_the_same(desk: Desk) -> None:
    reply = desk.questions.ask(said(), MERGE)
    desk.questions.take(said())
    assert desk.shown() == LIVE
    assert reply.posted
    reply.posted(STANDS)
    assert desk.shown() == "Answered with yes: `!incident merge 12 into 9`."


def test_what_the_chat_does_not_take_is_not_tried_for_ever(desk: Desk) -> None:
    desk.ask()
    desk.chat.before = fails
    assert desk.questions.take(said()) is not None
    assert desk.open().is_shown


def fails(call: str) -> None:
    raise REFUSED
