"""What is pinned below the message of an incident is kept with it."""

import pytest

from opsdesk.chat import outbox as jobs
from opsdesk.chat.chat import Message, Person
from opsdesk.errors import UserError
from opsdesk.incidents import Change, undo
from opsdesk.incidents.post_mortem import post_mortem
from opsdesk.incidents.timeline_words import lines
from tests.incidents.cards import BUSY, CARD, GONE, SAID, opened, staged
from tests.incidents.stage import ALICE, BOB, CHARLIE, HERE
from tests.oncall.stage import EASTERN

stage, card = pytest.fixture(staged), pytest.fixture(opened)


def say(stage, text="the broker dropped them", by=CHARLIE, thread=CARD.ts, **more):
    stage.chat.said[SAID] = Message(text, by, stage.shift.at, thread, **more)


def notes(stage, number):
    return [(entry.by.name, entry.text, entry.at) for entry in stage.shift.log.get(number).standing[1:]]


def test_a_pinned_message_is_kept_with_its_own_author_and_time(stage, card):
    say(stage)
    at = stage.shift.at
    stage.shift.forward(minutes=20)
    stage.react()
    assert notes(stage, card) == [("charlie", "the broker dropped them", at)]
    (line,) = (line.text for line in lines(stage.shift.log.get(card), EASTERN) if " noted" in line.text)
    assert line.partition(" ")[2] == ("charlie noted: the broker dropped them (pinned by bob) (entered 1:32pm)")
    assert stage.shift.log.get(card).entries[-1].pinned_by == BOB


def test_a_post_mortem_tells_by_id_who_pinned_a_message(stage, card):
    say(stage)
    stage.react()
    stage.shift.restart()
    incident = stage.shift.log.get(card)
    assert incident.entries[-1].pinned_by.id == BOB.id
    assert f"(pinned by bob, {BOB.id})" in post_mortem(incident, stage.shift.at, EASTERN)


def test_a_pinned_message_follows_its_source_while_it_is_pinned(stage, card):
    say(stage)
    stage.react()
    stage.shift.forward(minutes=2)
    say(stage, text="the broker dropped them at 1:05pm")
    for _ in range(2):
        stage.cards.source_changed(HERE.room, CARD.ts, SAID)
        stage.settle()
    stage.chat.said.clear()
    stage.cards.source_changed(HERE.room, CARD.ts, SAID)
    stage.settle()
    assert [line.text for line in lines(stage.shift.log.get(card), EASTERN)][1:] == [
        "1:12pm charlie noted: the broker dropped them (pinned by bob) (entered 1:12pm) (withdrawn)",
        "1:14pm charlie reworded it: the broker dropped them at 1:05pm (pinned by bob)",
        "1:14pm charlie deleted the message that was noted (pinned by bob)",
    ]
    stage.cards.source_changed(HERE.room, CARD.ts, "1795471000.000009")
    stage.settle()
    assert len(stage.shift.log.get(card).entries) == 4


def test_a_second_pin_changes_nothing(stage, card):
    say(stage)
    stage.react()
    stage.react(by="U03CHARLIE")
    assert len(notes(stage, card)) == 1


def test_the_last_pin_taken_off_takes_the_message_back(stage, card):
    say(stage, emoji=frozenset({"pushpin"}))
    stage.react()
    stage.react(added=False)
    assert len(notes(stage, card)) == 1
    say(stage)
    stage.react(by="U03CHARLIE", added=False)
    assert notes(stage, card) == []
    assert stage.shift.log.get(card).entries[-1].by == CHARLIE


def test_a_pin_that_comes_back_keeps_the_message_again(stage, card):
    say(stage)
    stage.react()
    stage.react(added=False)
    stage.react()
    assert len(notes(stage, card)) == 1


@pytest.mark.parametrize(
    "more", [{"thread": ""}, {"thread": "1795470000.000001"}, {"own": True}], ids=["no thread", "another", "the desk's"]
)
def test_a_pin_elsewhere_keeps_nothing(stage, card, more):
    say(stage, **more)
    stage.react()
    assert notes(stage, card) == []


def test_other_emoji_keep_nothing(stage, card):
    say(stage)
    stage.react("eyes")
    assert notes(stage, card) == []


def test_a_pin_is_looked_at_again_while_the_chat_fails(stage, card):
    say(stage)
    stage.chat.faults = [BUSY, BUSY]
    stage.react()
    assert len(notes(stage, card)) == 1


def test_a_pin_that_is_lost_is_told(stage, card):
    stage.chat.faults = [GONE]
    stage.react()
    lost = f"📌 on {HERE.room}/{SAID} by U02BOB did not get into the timeline: {GONE.reason}."
    assert stage.complaints == [lost]


def test_a_message_that_is_too_long_to_keep_is_said(stage, card):
    say(stage, text="x" * 5000)
    stage.react()
    assert notes(stage, card) == []
    assert stage.chat.posts[0][1].startswith("A text has at most 4,000 characters")


def test_a_mistake_in_one_job_is_told_and_ends_no_other(stage, card):
    stage.cards._jobs.add(jobs.Job("mistaken", lambda: 1 / 0, stage.complaints.append))
    stage.shift.do("update", card, "two sites", status="identified")
    stage.settle()
    assert stage.chat.shown == {CARD.ts: "#1 identified"}
    assert stage.complaints == ["ZeroDivisionError('division by zero')"]


def test_somebody_slack_does_not_name_is_told_by_id(stage, card):
    say(stage)
    stage.react()
    stage.react(by="U0STRANGER", added=False)
    assert stage.shift.log.get(card).entries[-1].by == Person("U0STRANGER", "U0STRANGER")
    assert ALICE not in {entry.by for entry in stage.shift.log.get(card).entries[1:]}


def test_undo_takes_back_nothing_older_than_a_pin(stage, card):
    def undone():
        last = undo.last_change(stage.shift.log, BOB, stage.shift.at)
        with pytest.raises(UserError) as refused:
            last.undo()
        return str(refused.value)

    stage.shift.log.update(card, Change("two sites"), at=stage.shift.at, by=BOB)
    say(stage)
    stage.shift.forward(minutes=1)
    stage.react()
    assert undone() == (
        f"Your last change is the 📌 on a message of #{card}: take it off there, and the note is withdrawn."
    )
    stage.shift.forward(minutes=1)
    stage.react(added=False)
    assert undone() == f"Your last change is the 📌 you took off a message of #{card}: put it on again there."
    assert undo.last_change(stage.shift.log, CHARLIE, stage.shift.at) is None
