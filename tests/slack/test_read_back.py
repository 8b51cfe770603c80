"""What was typed while the desk did not listen, read back from Slack: each command once, and no more than that."""

from datetime import timedelta

import pytest

from opsdesk.chat import Unheard
from opsdesk.errors import UserError
from opsdesk.slack.gaps import Gap, Gaps
from opsdesk.slack.read_back import GapReadBack, Meanwhile
from opsdesk.slack.seen import SeenEvents
from opsdesk.store import open_store
from tests.slack.stage import ALICE, BOB, DESK, GENERAL, Fault

GUEST = "U0GUEST"


class Stage:
    """A reading back, with what it found; `say` puts a message into the channel."""

    def __init__(self, slack, web, waits, store, clock, told):
        self.slack, self.clock, self.found, self.refuses = slack, clock, [], False
        self.gaps = Gaps(store, clock)
        self.seen = SeenEvents(store, clock)
        self.since = clock() - timedelta(hours=1)
        self.gap = Gap(self.since, clock(), clock())
        waits.is_set = lambda: False
        self.reading = GapReadBack(
            web,
            self.gaps,
            self.seen,
            meanwhile=Meanwhile(lambda: [(GENERAL, ""), (GENERAL, "")], lambda user: user != GUEST, self.take),
            calls=lambda: ("!", f"<@{DESK}>"),
            tell_admins=told.append,
            stopping=waits,
        )

    def take(self, gap, typed, calls):
        if self.refuses:
            raise UserError("The disk is full.")
        self.found.append((gap, list(typed), tuple(calls)))

    def say(self, text, minutes=5.0, **more):
        ts = f"{(self.since + timedelta(minutes=minutes)).timestamp():.6f}"
        self.slack.messages.append(
            {"channel": GENERAL, "type": "message", "user": ALICE, "ts": ts, "text": text} | more
        )
        return ts

    def read(self):
        self.reading.read(self.gap)
        ((_, typed, _),) = self.found
        return [one.text for one in typed]


@pytest.fixture
def stage(slack, web, waits, clock, told, tmp_path):
    store = open_store(tmp_path / "state")
    yield Stage(slack, web, waits, store, clock, told)
    store.close()


def test_what_was_typed_is_found_with_where_and_when(stage):
    ts = stage.say("!incident update 12 two sites", minutes=7, thread_ts="1795470000.000001")
    stage.say("good morning")
    stage.reading.read(stage.gap)
    at = stage.since + timedelta(minutes=7)
    update = Unheard(GENERAL, ts, "1795470000.000001", ALICE, at, "!incident update 12 two sites")
    assert stage.found == [(stage.gap.key, [update], ("!", f"<@{DESK}>"))]


def test_commands_come_in_the_order_of_their_typing(stage):
    stage.say("!incident open b", minutes=9)
    stage.say(f"<@{DESK}> incident open a", minutes=8, user=BOB)
    assert stage.read() == [f"<@{DESK}> incident open a", "!incident open b"]


def test_what_was_handled_is_not_found(stage):
    handled, _ = stage.say("!incident open a", minutes=1), stage.say("!incident open b", minutes=2)
    stage.seen.take(f"{GENERAL}:{handled}", "!incident open a")
    assert stage.read() == ["!incident open b"]


def test_neither_bots_nor_guests_nor_the_desk_itself_are_found(stage):
    stage.say("!incident open a", user=GUEST)
    stage.say("!incident open b", minutes=6, bot_id="B08APP")
    stage.say("!incident open c", minutes=7, user=DESK)
    stage.say("!incident open d", minutes=8, subtype="channel_topic")
    assert stage.read() == []


def test_what_was_typed_before_or_after_is_not_found(stage):
    stage.say("!incident open a", minutes=-1)
    stage.say("!incident open b", minutes=61)
    assert stage.read() == []


def test_a_thousand_messages_are_read_page_by_page_with_pauses(stage, waits, told):
    for number in range(1_300):
        stage.say(f"!incident open {number}", minutes=number / 60)
    assert len(stage.read()) == 1_300
    assert waits.lengths == [2.0, 2.0]
    assert stage.slack.calls.count("conversations.history") == 7
    assert told == []


def test_of_more_than_can_be_read_the_admins_are_told(stage, told, monkeypatch):
    monkeypatch.setattr("opsdesk.slack.read_back.MOST_LOOKS", 1)
    for number in range(1_001):
        stage.say(f"!incident open {number}", minutes=number / 60)
    assert len(stage.read()) == 1_000
    assert told == [f"More was said in <#{GENERAL}> while I did not listen than I can read back."]


def test_a_channel_that_slack_does_not_show_keeps_nothing_else_back(stage):
    stage.slack.faults["conversations.history"] = [Fault.NOT_IN]
    stage.say("!incident open a")
    assert stage.read() == []


@pytest.mark.parametrize("fails", ["Slack", "the store"])
def test_what_could_not_be_read_or_kept_is_read_again(stage, clock, fails):
    stage.gaps.follow(True)
    clock.forward(minutes=30)
    stage.gaps._broken = True
    stage.gaps.follow(True)
    stage.say("!incident open a", minutes=65)
    if fails == "Slack":
        stage.slack.faults["conversations.history"] = [Fault.BUSY] * 50
    stage.refuses = fails == "the store"
    tick(stage, clock)
    assert stage.found == []
    stage.slack.faults.clear()
    stage.refuses = False
    tick(stage, clock)
    assert stage.found == []  # not at once
    clock.forward(minutes=1)
    tick(stage, clock)
    ((_, (typed,), _),) = stage.found
    assert typed.text == "!incident open a"
    assert stage.gaps.due() is None


def tick(stage, clock):
    """One look, and what it began is over."""
    stage.reading.tick(clock())
    stage.reading._worker.do(lambda: None).result(60)


def test_a_message_is_read_as_it_stands_now(stage):
    ts = stage.say("!incident open a")
    assert stage.reading.message(GENERAL, ts, "")["text"] == "!incident open a"
    assert stage.reading.message(GENERAL, "1795470990.000009", "") is None
