"""The messages that show incidents follow them; what is pinned below them is kept."""

import pytest

from opsdesk.chat import Command, Place
from opsdesk.chat import outbox as jobs
from opsdesk.incidents.cards import Cards
from opsdesk.incidents.typed import IncidentReader
from tests.incidents.cards import BUSY, CARD, DELETED, GONE, Thread, opened, staged
from tests.incidents.stage import BOB, HERE, Shift
from tests.oncall.stage import EASTERN

stage, card = pytest.fixture(staged), pytest.fixture(opened)


def test_a_card_follows_its_incident(stage, card):
    stage.shift.forward(minutes=1)
    stage.shift.do("update", card, "two sites", status="identified")
    stage.settle()
    assert stage.chat.shown == {CARD.ts: "#1 identified"}


def test_an_incident_that_was_just_opened_is_posted_by_whoever_opened_it(stage):
    stage.shift.open()
    stage.settle()
    assert stage.chat.shown == {}


def test_a_card_that_is_posted_late_follows_too(stage):
    number = stage.shift.open().number
    stage.shift.do("update", number, "two sites", status="identified")
    stage.shift.log.place(number, CARD)
    stage.settle()
    assert stage.chat.shown == {CARD.ts: "#1 identified"}


def test_a_card_is_changed_again_while_the_chat_fails(stage, card):
    stage.chat.faults = [BUSY, BUSY, BUSY]
    stage.shift.do("resolve", card, "over")
    stage.settle()
    assert (stage.chat.shown, stage.complaints) == ({CARD.ts: "#1 resolved"}, [])


@pytest.mark.parametrize("faults", [[GONE], [BUSY] * jobs.ATTEMPTS], ids=["refused for good", "failing for too long"])
def test_a_card_that_cannot_be_changed_is_said_to_be_out_of_date(stage, card, faults):
    stage.chat.faults = list(faults)
    stage.shift.do("resolve", card, "over")
    stage.settle()
    reason = faults[-1].reason
    assert stage.complaints == [f"The message that shows #1 could not be changed and is out of date: {reason}."]
    outdated = f"The message that shows this incident could not be changed ({reason}). It stands like this:"
    assert stage.chat.posts == [(CARD.ts, f"{outdated}\n#1 resolved")]


ANEW = "(The message that showed this incident was deleted: here it is again.)"


def test_a_card_that_was_deleted_is_posted_anew(stage, card):
    stage.chat.faults = [DELETED]
    stage.shift.do("update", card, "two sites", status="identified")
    stage.settle()
    (anew,) = stage.chat.keys.values()
    assert stage.chat.shown == {anew.ts: f"{ANEW}\n#1 identified"}
    assert stage.shift.log.by_thread(HERE.room, anew.ts).number == card
    stage.shift.do("resolve", card, "over")
    stage.settle()
    assert (stage.chat.shown, stage.complaints) == ({anew.ts: "#1 resolved"}, [])


def test_a_card_that_is_deleted_again_stays_away(stage, card):
    for status in ("identified", "monitoring", "investigating"):
        stage.chat.faults = [DELETED]
        stage.shift.do("update", card, "two sites", status=status)
        stage.settle()
    assert [text for text in stage.chat.shown.values()] == [f"{ANEW}\n#1 identified"]
    assert stage.complaints == []


def test_a_card_that_was_posted_anew_just_before_the_desk_ended_is_not_posted_again(stage, card):
    stage.chat.post(HERE.room, "#1 investigating", key="incident 1 anew")
    stage.chat.faults = [DELETED]
    stage.shift.do("update", card, "two sites", status="identified")
    stage.settle()
    assert stage.shift.log.get(card).card == stage.chat.keys["incident 1 anew"]
    assert len(stage.chat.shown) == 1


def test_the_deleted_card_of_an_incident_that_is_over_stays_away(stage, card):
    stage.shift.do("resolve", card, "over")
    stage.settle()
    stage.chat.shown.clear()
    stage.chat.faults = [DELETED]
    stage.cards.refresh([stage.shift.log.get(card)])
    stage.settle()
    assert stage.chat.shown == {}


def test_after_a_start_cards_are_brought_up_to_date(stage, card):
    stage.chat.edits = True
    stage.shift.do("update", card, "two sites", status="identified")
    stage.settle()
    stage.chat.shown.clear()
    stage.cards.refresh(stage.shift.log.open_ones())
    stage.settle()
    assert stage.chat.shown == {CARD.ts: "#1 identified"}


def test_a_card_that_was_posted_just_before_the_desk_was_killed_is_found_by_the_next_command_in_its_thread(stage):
    number = stage.shift.open().number
    stage.chat.post(HERE.room, "#1 investigating", key="incident 1")
    card = stage.chat.keys["incident 1"]
    place = Place(HERE.room, HERE.name, card.ts)
    command = Command("two sites", BOB, place, stage.shift.at)
    reader = IncidentReader(stage.shift.log, EASTERN, {}.get, str, stage.cards.find_lost)
    assert reader.which(command, "note") == (number, "two sites")
    assert stage.shift.log.get(number).card == card


def test_a_card_that_was_posted_just_before_the_desk_was_killed_is_found_at_the_start(stage):
    number = stage.shift.open().number
    stage.chat.post(HERE.room, "#1 investigating", key="incident 1")
    stage.cards.refresh(stage.shift.log.open_ones())
    stage.settle()
    assert stage.shift.log.get(number).card == stage.chat.keys["incident 1"]


def test_a_chat_that_cannot_change_messages_is_not_asked_to(tmp_path):
    shift, chat = Shift(tmp_path), Thread(edits=False)
    cards = Cards(shift.log, chat, lambda incident, at: "", lambda: shift.at, print)
    shift.listeners.append(cards.follow)
    shift.open()
    shift.do("note", 1, "two sites")
    cards.close()
    assert chat.shown == {}
    shift.store.close()
