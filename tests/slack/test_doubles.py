"""What Slack carries out late stands twice only until the desk looks."""

import threading
from datetime import timedelta

import pytest

from opsdesk import clock
from opsdesk.chat.chat import Reply, SendError
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.doubles import Doubles, UnansweredMessage
from opsdesk.store import open_store
from tests.patience import LONG, until
from tests.slack.stage import GENERAL, Fault, typed


class Late:
    """A Slack that carries out the first post late: right after the next one. `over`: the minute has passed."""

    def __init__(self, slack, waits) -> None:
        self.slack, self.waits, self.told, self.over = slack, waits, list[str](), threading.Event()
        self.lost: list[dict] = []
        self.do, slack.do = slack.do, self.does
        self.start((timedelta(), timedelta()))

    def start(self, looks) -> None:
        self.doubles = Doubles(self.told.append, looks)
        self.web = SlackWeb("xoxb-test", base_url=self.slack.url, stopping=self.waits, doubles=self.doubles)
        self.chat = SlackChat(self.web)

    def does(self, method, asked):
        if method == "chat.postMessage" and not self.lost:
            self.lost.append(asked)
            return {"ok": False, "error": "internal_error"}
        done = self.do(method, asked)
        if method == "chat.postMessage" and len(self.lost) == 1:
            self.lost.append(self.do(method, self.lost[0]))
        return done

    def settle(self) -> None:
        self.over.set()
        until(lambda: not self.doubles._sought, "both looks")

    @property
    def shown(self):
        return [message["text"] for message in self.slack.shown(GENERAL)]


@pytest.fixture
def late(slack, waits, monkeypatch):
    late, look = Late(slack, waits), SlackWeb.own_messages
    monkeypatch.setattr(SlackWeb, "own_messages", lambda web, sent: late.over.wait(LONG) and look(web, sent))
    yield late
    late.over.set()
    late.doubles.close()


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path / "state")
    yield store
    store.close()


@pytest.mark.parametrize("key", ["incident 1", ""], ids=["with a key", "without"])
def test_an_answer_that_was_carried_out_twice_stands_once(late, key):
    kept = []
    late.chat.answer(typed(), Reply("#1 VistA slow", key=key, posted=kept.append))
    assert late.shown == ["#1 VistA slow", "#1 VistA slow"]
    late.settle()
    assert [one["ts"] for one in late.slack.shown(GENERAL)] == [kept[0].ts]
    assert late.told == []


def test_one_with_replies_becomes_a_link_to_the_one_that_counts(late):
    late.chat.answer(typed(), Reply("#1 VistA slow"))
    first, second = late.slack.messages
    second["reply_count"] = 2
    late.settle()
    link = late.chat.link(GENERAL, first["ts"])
    assert late.shown == ["#1 VistA slow", f"(sent twice by mistake: what counts is {link})"]


def test_it_is_looked_for_after_a_start_and_what_slack_confirmed_counts(late, store):
    late.start((timedelta(hours=1),))
    late.doubles.open(late.web, store, clock.now())
    kept = []
    late.chat.answer(typed(), Reply("#1 VistA slow", key="incident 1", posted=kept.append))
    late.doubles.close()
    late.slack.messages.reverse()
    late.start((timedelta(), timedelta()))
    late.doubles.open(late.web, store, clock.now())
    late.settle()
    assert [one["ts"] for one in late.slack.shown(GENERAL)] == [kept[0].ts]
    assert store.keyed("sent twice", UnansweredMessage, passing=True).all(None) == {}


def test_what_is_a_day_old_is_not_looked_for_after_a_start(late, store):
    late.start((timedelta(hours=1),))
    late.doubles.open(late.web, store, clock.now())
    late.chat.answer(typed(), Reply("#1 VistA slow"))
    late.doubles.close()
    late.start((timedelta(hours=1),))
    late.doubles.open(late.web, store, clock.now() + timedelta(days=2))
    assert late.doubles._sought == {}


def test_the_admins_hear_of_one_that_cannot_be_deleted(late):
    late.chat.answer(typed(), Reply("#1 VistA slow"))
    late.slack.faults["chat.delete"] = [Fault.CLOSED, Fault.CLOSED]
    late.settle()
    link = late.chat.link(GENERAL, late.slack.messages[1]["ts"])
    told = f"A message was sent twice; the second could not be deleted (Slack refused: is_archived): {link}"
    assert late.told == [told]


def test_a_post_that_has_a_record_is_left_to_whoever_keeps_that(late):
    with pytest.raises(SendError):
        late.chat.post(GENERAL, "the day", key="summary:2026-11-23", record="a", version="1")
    assert late.doubles._sought == {}


def test_what_slack_confirms_is_not_looked_for(late):
    late.lost = [{}, {}]
    late.chat.answer(typed(), Reply("#1 VistA slow"))
    assert late.doubles._sought == {}
