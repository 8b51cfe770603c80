"""What becomes of a message that somebody edits: done if it only now is a command, told of if it was done before."""

from collections.abc import Callable

import pytest

from opsdesk.bot import edited
from opsdesk.bot.edited import EditDecision
from opsdesk.chat import Edit, Person, Place
from tests.conftest import Conversation, MovedClock

CALLS = ("!", "<@U09DESK>")
TOLD = "I took that as you first typed it: an edit changes nothing."
OPEN = "!incident open VistA timeots"


@pytest.fixture
def edit(clock: MovedClock) -> Callable[..., Edit]:
    def made(before: str, after: str, *, room: str = "C0GENERAL", is_soon: bool = True) -> Edit:
        return Edit(before, after, Person("@alice", "alice"), Place(room), "", clock(), is_soon)

    return made


@pytest.mark.parametrize(
    ("before", "after", "decision"),
    [
        ("incident open X", "!incident open X", EditDecision.RUN),
        ("look at this", "<@U09DESK> who is on call?", EditDecision.RUN),
        ("!incident list", "!incident list mine", EditDecision.RUN),
        ("!incident list", "!incident resolve 1", EditDecision.RUN),
        (OPEN, "!incident open VistA timeouts", EditDecision.TELL),
        ("!incident note 1 a\n!incident list", "!incident note 1 b", EditDecision.TELL),
        (OPEN, "never mind", EditDecision.NOTHING),
        (OPEN, f" {OPEN} ", EditDecision.NOTHING),
        ("good morning", "good morning!", EditDecision.NOTHING),
        ("!count a", "!count b", EditDecision.NOTHING),
    ],
)
def test_what_an_edit_means(edit: Callable[..., Edit], before: str, after: str, decision: EditDecision) -> None:
    assert edited.decide(edit(before, after), CALLS, ("count",)) is decision


def test_in_a_direct_message_a_command_was_done_without_a_sign(edit: Callable[..., Edit]) -> None:
    mended = edit("incident open VistA timeots", "!incident open VistA timeouts", room="")
    assert edited.decide(mended, CALLS) is EditDecision.TELL


def test_after_two_minutes_nothing_is_done_and_that_is_said(talk: Conversation, edit: Callable[..., Edit]) -> None:
    late = edit("incident open X", "!incident open X", is_soon=False)
    assert edited.decide(late, CALLS) is EditDecision.REFUSE
    desk = talk.plugin("desk").desk
    assert edited.told(desk, late, EditDecision.REFUSE, CALLS).text == (
        "An edit is done for two minutes: type `!incident open X` as a new message."
    )
    several = edit("incident open X", "!incident open X\n!incident list", is_soon=False)
    assert edited.asked(desk, several, EditDecision.REFUSE, CALLS).text == (
        "An edit is done for two minutes: type it as a new message."
    )


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("!incident open VistA timeouts", '`!incident update 1 --title "VistA timeouts"` changes it.'),
        ("!incident open VistA timeots --sev 2", "`!incident update 1 --sev 2` changes it."),
        ("!incident open Slow --on vista --sev 1", "`!incident update 1 --title Slow --sev 1` changes it."),
        ("!incident open VistA timeots\ntwo sites", "`!incident update 1 ...` says what is new."),
        ("!incident open VistA `x`", "`!incident update 1 ...` says what is new."),
        (
            "!incident resolve 1",
            "`!undo` takes back what you did in the last ten minutes; then type it anew.",
        ),
    ],
)
def test_a_mended_opening_is_answered_with_the_command_that_changes_it(
    talk: Conversation, edit: Callable[..., Edit], monkeypatch: pytest.MonkeyPatch, after: str, told: str
) -> None:
    talk(OPEN)
    desk = talk.plugin("desk").desk
    monkeypatch.setattr(edited, "_opened", lambda desk, edit: desk.incidents.log.get(1))  # the console has no ids
    assert edited.told(desk, edit(OPEN, after), EditDecision.TELL, CALLS).text == f"{TOLD} {told}"


def test_what_went_out_is_not_taken_back(talk: Conversation, edit: Callable[..., Edit]) -> None:
    again = edit("!oncall take", "!oncall swap bob friday")
    desk = talk.plugin("desk").desk
    assert edited.told(desk, again, EditDecision.TELL, CALLS).text == (
        f"{TOLD} Type it as a new message if it still is to be done."
    )
