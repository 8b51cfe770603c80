"""The messages that show incidents follow them; what is pinned below them is kept."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

import pytest

from opsdesk.chat import outbox as jobs
from opsdesk.chat.chat import Message, MessageRef, Person, SendError, SentMessage
from opsdesk.clock import Backoff
from opsdesk.incidents.cards import Cards
from opsdesk.incidents.timeline_words import lines
from tests.incidents.stage import ALICE, BOB, CHARLIE, HERE, Shift
from tests.oncall.stage import EASTERN
from tests.patience import LONG

CARD = MessageRef(HERE.room, "1795470990.000001")
SAID = "1795471000.000001"
BUSY = SendError("Slack asks to wait 1 second", retry_after=timedelta(0))
GONE = SendError("Slack refused: cant_update_message")
DELETED = SendError("Slack refused: message_not_found", gone=True)


@dataclass
class Thread:
    """A chat with one thread in it; `faults` are met by the next calls."""

    shown: dict[str, str] = field(default_factory=dict)
    posts: list[tuple[str, str]] = field(default_factory=list)
    faults: list[SendError] = field(default_factory=list)
    said: dict[str, Message] = field(default_factory=dict)
    edits: bool = True
    keys: dict[str, MessageRef] = field(default_factory=dict)

    def post(self, room, text, *, thread="", key=""):
        card = MessageRef(room, f"179547200{len(self.keys)}.000001", thread=thread)
        self.keys[key] = card
        self.shown[card.ts] = text
        return card

    def find(self, room, key, since, *, thread=""):
        found = self.keys.get(key)
        return [SentMessage(found, "", "", "")] if found else []

    def _do(self, what):
        if self.faults:
            raise self.faults.pop(0)
        what()

    def edit(self, posted, text):
        self._do(lambda: self.shown.update({posted.ts: text}))

    def read(self, room, ts):
        self._do(lambda: None)
        return self.said.get(ts)

    def reply(self, below, text):
        self.posts.append((below.thread or below.ts, text))

    def person(self, named):
        return {"<@U02BOB>": BOB, "<@U03CHARLIE>": CHARLIE}.get(named)


@dataclass
class Stage:
    shift: Shift
    chat: Thread
    cards: Cards
    complaints: list[str]

    def settle(self):
        """Waits until nothing is left to do."""
        done, waiting = threading.Event(), self.cards._jobs._waiting

        def end():
            if waiting:
                raise BUSY
            done.set()

        self.cards._jobs.add(jobs.Job("the end", end, lambda reason: None, lasts=True))
        assert done.wait(LONG)

    def react(self, emoji="pushpin", by="U02BOB", *, added=True, ts=SAID):
        item = {"type": "message", "channel": HERE.room, "ts": ts}
        action = "added" if added else "removed"
        self.cards.reacted(
            SimpleNamespace(reaction_name=emoji, reacted_to=item, action=action, reactor=SimpleNamespace(person=by))
        )
        self.settle()


def words(incident, at):
    return f"#{incident.number} {incident.status}"


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "BACKOFF", Backoff(first=timedelta(milliseconds=1), longest=timedelta(milliseconds=1)))
    shift, chat, complaints = Shift(tmp_path), Thread(), []
    cards = Cards(
        shift.log,
        chat,
        words,
        lambda: shift.at,
        complaints.append,
    )
    shift.listeners.append(cards.follow)
    yield Stage(shift, chat, cards, complaints)
    cards.close()
    shift.store.close()


@pytest.fixture
def card(stage):
    """An open incident with its message."""
    number = stage.shift.open().number
    stage.shift.log.place(number, CARD)
    return number


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


def test_a_chat_that_cannot_change_messages_is_not_asked_to(tmp_path):
    shift, chat = Shift(tmp_path), Thread(edits=False)
    cards = Cards(shift.log, chat, lambda incident, at: "", lambda: shift.at, print)
    shift.listeners.append(cards.follow)
    shift.open()
    shift.do("note", 1, "two sites")
    cards.close()
    assert chat.shown == {}
    shift.store.close()


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
