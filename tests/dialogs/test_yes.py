"""What the desk asks is answered with a yes: nobody types a command again."""

import pytest

from opsdesk.store import NotStored
from tests.conftest import Conversation, MovedClock

MERGE = "Did you mean `!incident merge 2 into 1`? `!yes` does it: I ask because it cannot be taken back."
NOTHING = "Nothing is asked of you here: type the command itself. `!oncall accept` says yes to a swap."


@pytest.fixture
def two(talk: Conversation) -> None:
    talk.knows_undo("alice", "bob")
    talk("!incident open Claims are slow")
    talk("!incident open Letters late", "bob")


@pytest.mark.usefixtures("two")
def test_a_yes_does_what_was_asked_about_once(talk: Conversation) -> None:
    assert talk("!2 is a dup of 1") == MERGE
    assert talk("!yes", "bob") == NOTHING
    assert talk("!incident list").startswith("2 open")
    assert talk("!yes") == (
        "⚪ #2 is merged into #1 Claims are slow\n"
        "What is typed in its thread is for #1 now; the post tells of #1 alone."
    )
    assert talk("yes") == "That was answered before: a yes is done once."


@pytest.mark.usefixtures("two")
def test_a_yes_that_cannot_be_kept_says_so_and_does_nothing(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise NotStored("Nothing was stored: the disk is full. Tell an admin, then type it again.")

    assert talk("!2 is a dup of 1") == MERGE
    with monkeypatch.context() as disk:
        disk.setattr(talk.plugin("summary").desk.questions.kept, "change", full)
        assert talk("!yes") == "Nothing was stored: the disk is full. Tell an admin, then type it again."
    assert talk("!incident list").startswith("2 open")
    assert talk("!yes").startswith("⚪ #2 is merged into #1")


@pytest.mark.usefixtures("two")
def test_of_two_one_is_chosen(talk: Conversation) -> None:
    asked = (
        "Did you mean `!incident update 1 two sites` (1) or `!incident note 1 two sites` (2)? "
        "`!yes 1` or `!yes 2` does it."
    )
    assert talk("!1 two sites") == asked
    assert (
        talk("!yes")
        == "Which one? `!yes 1` does `!incident update 1 two sites`, `!yes 2` does `!incident note 1 two sites`."
    )
    assert talk("!yes, the second") == "#1 noted."
    assert talk("!yes 1") == "That was answered before: a yes is done once."


@pytest.mark.usefixtures("two")
def test_a_no_leaves_it_and_a_change_in_between_as_well(talk: Conversation) -> None:
    assert talk("!no") == "Nothing is asked of you here. `!oncall decline` says no to a swap."
    talk("!2 is a dup of 1")
    assert talk("!no") == "Left undone: `!incident merge 2 into 1`."
    assert talk("!yes") == "That was answered before: a yes is done once."
    talk("!2 is a dup of 1")
    assert talk("!note 2 see #1") == "#2 noted."
    assert talk("!yes") == NOTHING


@pytest.mark.usefixtures("two")
def test_a_late_yes_is_told_what_to_type(talk: Conversation, clock: MovedClock) -> None:
    talk("!2 is a dup of 1")
    clock.forward(minutes=11)
    assert talk("!yes") == (
        "I asked more than ten minutes ago, so nothing is asked any more: type `!incident merge 2 into 1`."
    )


@pytest.mark.usefixtures("team", "two")
def test_who_may_not_do_it_is_refused_as_with_the_command_itself(talk: Conversation) -> None:
    desk = talk.plugin("desk").desk
    desk.chat.trusts_everybody = False
    talk("!summary psot", "bob")
    assert talk("!yes", "bob") == ("That is for whoever is on call and the admins. Ask one of them.")
    assert "refused" in talk("!desk audit")


@pytest.mark.usefixtures("two")
def test_what_lies_ahead_is_done_now_or_kept(talk: Conversation) -> None:
    assert talk("!close 1 after the deploy") == (
        "I do nothing later: `!incident resolve 1` (1) does it now, `!incident note 1 close 1 after the deploy` (2) "
        "keeps it as a note. `!yes 1` or `!yes 2` does it."
    )
    assert talk("!yes 2") == "#1 noted."


@pytest.mark.usefixtures("two")
def test_a_change_that_is_sighed_over_or_doubted_is_asked_about_and_one_behind_a_courtesy_is_done(
    talk: Conversation,
) -> None:
    for typed in ("!oops close 1", "!can' close 1", "!close 1, wait", "!ok too close 1"):
        assert talk(typed) == "Did you mean `!incident resolve 1`? `!yes` does it."
    assert talk("!12 ack im 5") == "Did you mean `!incident ack #12`? `!yes` does it."
    assert talk("!ok so incident ack 1 please") == "👀 #1 acknowledged at once."
    assert talk("!hey desk, close 1 restarted") == "✅ #1 resolved after less than a minute: restarted"
