"""What is asked without a message is done once, answered where it belongs, and told of if it was cut short."""

import threading
from types import SimpleNamespace
from urllib.error import URLError

import pytest

from opsdesk.chat import MessageRef, Reply
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.asked import asked_in, asker_in
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.intake import FLOODED, UNFINISHED, Intake
from opsdesk.slack.interactions import SLASH, Interactions, Offers
from opsdesk.slack.seen import SeenEvents
from opsdesk.store import open_store
from tests.patience import LONG
from tests.slack.stage import ALICE, GENERAL, Fault, Slack, serving

COMMAND = {
    "command": "/incident",
    "text": "resolve 1 &lt;done&gt;",
    "user_id": ALICE,
    "user_name": "",
    "channel_id": GENERAL,
    "trigger_id": "13345.7",
    "response_url": "",
}


class Desk:
    """What an intake hands what was asked to."""

    def __init__(self, folder, clock):
        self.heard, self.told, self.replies, self.clock = [], [], [], clock
        self.hear, self.store, self.folder = self.heard.append, None, folder
        self.start()

    def start(self):
        if self.store:
            self.store.close()
        self.store, self.active = open_store(self.folder), threading.Event()
        self.intake = Intake(
            lambda event: self.hear(event),
            hears=lambda room, beginning: beginning.startswith("!"),
            tell_admins=self.told.append,
            reply=lambda below, text: self.replies.append((below, text)),
            admits=lambda event: True,
            active=self.active,
            stopping=threading.Event(),
            now=self.clock,
        )
        self.intake.open(SeenEvents(self.store))
        self.active.set()
        self.asked = Interactions(self.intake, self.clock)
        self.asked.open(Offers(lambda command, text: f"!{command[1:]} {text}"))


@pytest.fixture
def desk(tmp_path, clock):
    desk = Desk(tmp_path / "state", clock)
    yield desk
    desk.store.close()


def test_a_slash_command_reads_like_a_message(desk):
    assert desk.asked.receive(SLASH, COMMAND) == {}
    assert desk.intake.finish(LONG)
    (event,) = desk.heard
    assert (event["channel"], event["user"], event["text"]) == (GENERAL, ALICE, "!incident resolve 1 &lt;done&gt;")


def test_each_is_done_once_whatever_else_is_asked(desk):
    for number in ("1", "2", "1", "3"):
        desk.asked.receive(SLASH, COMMAND | {"trigger_id": number, "text": f"note 1 {number}"})
    assert desk.intake.finish(LONG)
    assert [event["text"] for event in desk.heard] == [f"!incident note 1 {number}" for number in ("1", "2", "3")]


def test_what_was_cut_short_is_told_to_whoever_asked(desk):
    hung = threading.Event()
    desk.hear = lambda event: hung.set() or threading.Event().wait()
    desk.asked.receive(SLASH, COMMAND | {"text": "resolve 1 `done`"})
    assert hung.wait(LONG)
    desk.hear = desk.heard.append
    desk.start()
    desk.intake.tell_unfinished()
    assert desk.intake.finish(LONG)
    assert desk.replies == [(MessageRef(ALICE), f"`!incident resolve 1 ´done´`: {UNFINISHED}")]


def test_too_many_are_refused_to_whoever_asks(desk):
    for number in range(40):
        desk.asked.receive(SLASH, COMMAND | {"trigger_id": str(number)})
    assert desk.intake.finish(LONG)
    assert (len(desk.heard), desk.replies) == (30, [(MessageRef(ALICE), FLOODED)])


def test_an_interaction_that_nothing_offers_is_acknowledged_and_left(desk):
    assert desk.asked.receive("interactive", {"type": "message_action"}) == {}
    assert desk.heard == []


def test_whoever_asked_is_known_by_the_key():
    assert (asker_in("by U01ALICE:13345.7"), asker_in("C01:1795470990.000001")) == ("U01ALICE", "")


@pytest.fixture
def slack():
    with serving(Slack()) as api:
        yield api


@pytest.fixture
def chat(slack):
    slack.told = []
    return SlackChat(SlackWeb("xoxb", base_url=slack.url), tell_admins=slack.told.append)


def answer(chat, desk, reply, *, refused=False, elsewhere="C09GOLIVE", **more):
    """Answers a slash command of Alice's in the general channel."""
    desk.asked.open(Offers(lambda command, text: text, elsewhere))
    desk.asked.receive(SLASH, COMMAND | more)
    assert desk.intake.finish(LONG)
    assert asked_in(desk.heard[-1])
    chat.answer(SimpleNamespace(extras={"slack_event": desk.heard[-1]}), reply, refused=refused)


@pytest.mark.parametrize(("alone", "refused"), [(True, False), (False, True)])
def test_an_answer_or_a_refusal_is_for_whoever_asked(chat, slack, desk, alone, refused):
    answer(chat, desk, Reply("1 open & <more>", alone=alone), refused=refused)
    assert [(one["channel"], one["user"], one["text"]) for one in slack.alone] == [
        (GENERAL, ALICE, "1 open &amp; &lt;more&gt;")
    ]
    assert slack.messages == []


def test_a_change_is_told_where_it_was_asked_for_with_who_it_was(chat, slack, desk):
    answer(chat, desk, Reply("✅ #1 resolved"))
    assert [(one["channel"], one["text"]) for one in slack.messages] == [(GENERAL, "alice: ✅ #1 resolved")]
    assert slack.alone == []


def test_a_card_where_the_desk_is_not_stands_in_go_live(chat, slack, desk):
    kept = []
    slack.faults["chat.postMessage"] = [Fault.NOT_IN]
    answer(chat, desk, Reply("🔴 #1 VistA", posted=kept.append))
    assert [(one["channel"], one["text"]) for one in slack.messages] == [("C09GOLIVE", "🔴 #1 VistA")]
    assert [place.room for place in kept] == ["C09GOLIVE"]
    assert slack.alone[0]["text"].startswith("🔴 #1 VistA\nIt stands elsewhere, since I am not in here: https://")


def test_a_change_where_the_desk_is_not_is_told_to_whoever_asked(chat, slack, desk):
    slack.faults["chat.postMessage"] = [Fault.GONE]
    answer(chat, desk, Reply("✅ #1 resolved"))
    assert (slack.messages, [one["text"] for one in slack.alone]) == ([], ["✅ #1 resolved"])


def test_where_nobody_can_be_told_alone_it_is_by_direct_message(chat, slack, desk):
    slack.faults["chat.postEphemeral"] = [Fault.NOT_IN]
    answer(chat, desk, Reply("1 open", alone=True))
    assert [(one["channel"], one["text"]) for one in slack.messages] == [(f"D{ALICE}", "1 open")]


def test_an_answer_at_slack_s_own_address_shows_no_private_data(chat, slack, desk, monkeypatch):
    said = []

    class Address:
        def __init__(self, url, **more):
            self.url = url

        def send(self, **message):
            said.append((self.url, message))
            if "busy" in self.url:
                raise URLError("busy")
            return type("Answer", (), {"status_code": 200})

    monkeypatch.setattr("opsdesk.slack.aside.WebhookClient", Address)
    answer(chat, desk, Reply("SSN 123-45-6789", alone=True), response_url="https://hooks.example/1")
    assert said == [("https://hooks.example/1", {"text": "SSN [SSN]", "response_type": "ephemeral"})]
    assert slack.alone == []
    answer(chat, desk, Reply("1 open", alone=True), response_url="https://hooks.example/busy", trigger_id="8")
    assert [one["text"] for one in slack.alone] == ["1 open"]
