"""What is asked without a message is done once, answered where it belongs, and told of if it was cut short."""

import json
import threading
from types import SimpleNamespace
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from opsdesk.chat import Doing, Field, FieldKind, Form, MessageRef, Misfilled, Reply
from opsdesk.errors import UserError
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.asked import asked_in, asker_in, tell_outcome
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.intake import FLOODED, NOT_DONE, UNFINISHED, Intake
from opsdesk.slack.interactions import PRESSED, SLASH, SLOW, Interactions
from opsdesk.slack.seen import SeenEvents
from opsdesk.store import open_store
from tests.patience import LONG, until
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


def offers(elsewhere=""):
    """Two buttons and a form about an incident."""

    def pressed(act, about):
        if act == "odd":
            raise UserError("That button does nothing.")
        return (
            Doing(form="note", about=about)
            if act == "note"
            else Doing("incident_assign", f"#{about} me", about=about, seen=3)
        )

    def form(name, about):
        if about == "9":
            raise UserError("#9 was resolved by bob 1:12pm.")
        fields = (Field("words", "Note", FieldKind.WORDS),)
        return Form(name, about, f"Note on #{about}", "Add", fields, f"!incident note {about} words")

    def filled(form, at):
        if form.values["words"] == "odd":
            raise Misfilled({"words": "What is odd?"})
        return Doing("incident_note", f"#{form.about} {form.values['words']}")

    return SimpleNamespace(
        words=lambda command, text: f"!{command[1:]} {text}",
        form_for=lambda command, text: "open" if text == "open" else "",
        pressed=pressed,
        form=form,
        stands=lambda act, about: MessageRef("C05CARD", "9.0") if about == "12" else None,
        opening=lambda what, link, at: form("open", what),
        filled=filled,
        field_of=lambda form, refusal: "words",
        typed=lambda command, text: f"!{command.replace('_', ' ')} {text}",
        elsewhere=elsewhere,
    )


class Web:
    """A Slack that shows forms, or refuses to with `error`."""

    def __init__(self):
        self.views, self.error = [], ""

    def views_open(self, *, trigger_id, view):
        if self.error:
            raise SlackApiError("refused", SlackResponse(**ANSWER, data={"ok": False, "error": self.error}))
        self.views.append((trigger_id, view))


ANSWER = {"client": None, "http_verb": "POST", "api_url": "", "req_args": {}, "headers": {}, "status_code": 200}


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
        self.web, self.whispers = Web(), []
        self.linked, self.notices = [], []
        chat = SimpleNamespace(
            whisper=lambda event, text: self.whispers.append((event["user"], text)),
            tell_admins=self.notices.append,
            link=lambda room, ts, *, thread: self.linked.append((room, ts)) or "https://slack.example/1",
        )
        self.asked = Interactions(self.intake, chat, self.web, lambda event: event["user"] != "U0GUEST", self.clock)
        self.asked.open(offers())


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


def press(act="take", about="12", **more):
    """A press on a message of Slack's."""
    container = {"type": "message", "message_ts": "1795470000.000001", "channel_id": GENERAL}
    action = {"type": "button", "action_id": act, "value": about}
    told = {"type": "block_actions", "user": {"id": ALICE, "name": ""}, "container": container, "enterprise": {}}
    return told | {"trigger_id": "1.1", "channel": {"id": GENERAL}, "actions": [action]} | more


def test_a_press_is_what_is_typed_in_the_thread_of_what_is_pressed(desk):
    assert desk.asked.receive(PRESSED, press()) == {}
    assert desk.intake.finish(LONG)
    (event,) = desk.heard
    asked = asked_in(event)
    assert (event["text"], event["thread_ts"]) == ("!incident assign #12 me", "1795470000.000001")
    assert (asked.name, asked.text, asked.seen) == ("incident_assign", "#12 me", 3)


def test_an_entry_of_a_menu_is_a_press(desk):
    action = {"type": "overflow", "action_id": "menu", "selected_option": {"value": "take 7"}}
    desk.asked.receive(PRESSED, press(actions=[action]))
    assert desk.intake.finish(LONG)
    assert desk.heard[0]["text"] == "!incident assign #7 me"


def wait_for(found):
    return until(lambda: list(found), "it")


def test_a_press_shows_a_form_at_once(desk):
    desk.asked.receive(PRESSED, press("note"))
    ((trigger, view),) = wait_for(desk.web.views)
    assert (trigger, view["callback_id"], view["title"]["text"]) == ("1.1", "note", "Note on #12")
    assert desk.heard == []


def test_a_slash_command_without_its_words_shows_a_form(desk):
    desk.asked.receive(SLASH, COMMAND | {"text": "open"})
    assert wait_for(desk.web.views)[0][0] == "13345.7"


@pytest.mark.parametrize(
    ("act", "about", "error", "told"),
    [
        ("odd", "1", "", "That button does nothing."),
        ("note", "9", "", "#9 was resolved by bob 1:12pm."),
        ("note", "1", "expired_trigger_id", "Slack did not show the form (Slack refused: expired_trigger_id). "),
    ],
)
def test_whoever_cannot_be_shown_a_form_is_told_why(desk, act, about, error, told):
    desk.web.error = error
    assert desk.asked.receive(PRESSED, press(act, about)) == {}
    ((user, text),) = wait_for(desk.whispers)
    assert (user, text[: len(told)]) == (ALICE, told)
    assert not error or text.endswith("Press again, or type `!incident note 1 words`.")


def test_of_a_form_that_slack_does_not_take_the_admins_hear_once(desk):
    for error, trigger in (("expired_trigger_id", "1"), ("invalid_arguments", "2"), ("invalid_arguments", "3")):
        desk.web.error = error
        desk.asked.receive(PRESSED, press("note", trigger_id=trigger))
        until(lambda: len(desk.whispers) == int(trigger), "what to type")  # noqa: B023
    desk.asked.receive(PRESSED, press("note", trigger_id="4"))
    until(lambda: len(desk.whispers) == 4, "what to type")
    assert desk.notices == [
        "Slack refused a form (note: Slack refused: invalid_arguments). People are told what to type instead."
    ]


def test_a_guest_is_shown_no_form(desk):
    desk.asked.receive(PRESSED, press("note", user={"id": "U0GUEST"}))
    desk.asked.receive(PRESSED, press("note", "2", trigger_id="2.2"))
    assert [view["title"]["text"] for _, view in wait_for(desk.web.views)] == ["Note on #2"]


def shortcut(**more):
    """A shortcut of Alice's, from everywhere or from a message."""
    return {"type": "shortcut", "callback_id": "incident.open", "user": {"id": ALICE}, "trigger_id": "3.3"} | more


def test_a_shortcut_shows_the_form_that_opens_an_incident(desk):
    assert desk.asked.receive(PRESSED, shortcut()) == {}
    ((_, view),) = wait_for(desk.web.views)
    kept = json.loads(view["private_metadata"])
    assert (view["callback_id"], kept["about"], kept["channel"]) == ("open", "", "")


def test_a_message_s_shortcut_fills_it_in_with_what_it_says_and_stays_in_its_thread(desk):
    message = {"ts": "1795470000.000001", "text": "VistA is &lt;slow&gt;\nmore", "user": "U02BOB"}
    told = {"type": "message_action", "channel": {"id": GENERAL}, "message": message}
    desk.asked.receive(PRESSED, shortcut(**told))
    ((_, view),) = wait_for(desk.web.views)
    kept = json.loads(view["private_metadata"])
    assert (kept["about"], kept["channel"], kept["thread"]) == ("VistA is <slow>", GENERAL, message["ts"])
    assert desk.linked == [(GENERAL, message["ts"])]


def sent(words, number="V1", **more):
    """A form that Alice sends."""
    kept = json.dumps({"about": "12", "before": {}, "channel": GENERAL, "thread": "1.0"})
    state = {"values": {"words": {"v": {"type": "plain_text_input", "value": words}}}}
    view = {"id": number, "callback_id": "note", "private_metadata": kept, "state": state}
    return {"type": "view_submission", "user": {"id": ALICE}, "view": view} | more


def done(desk, refusal=""):
    """Has the desk do what it hears, as the chat's answer tells it."""

    def hear(event):
        desk.heard.append(event)
        tell_outcome(asked_in(event).outcome, refusal)

    desk.hear = hear


def test_a_form_is_acknowledged_once_it_is_done_and_done_once(desk):
    done(desk)
    assert desk.asked.receive(PRESSED, sent("a <b> & !c")) == desk.asked.receive(PRESSED, sent("a <b> & !c")) == {}
    assert desk.intake.finish(LONG)
    (event,) = desk.heard
    asked = asked_in(event)
    assert (event["text"], event["channel"], event["thread_ts"]) == (
        "!incident note #12 a &lt;b&gt; &amp; !c",
        GENERAL,
        "1.0",
    )
    assert (asked.text, asked.form) == ("#12 a <b> & !c", "V1")


def test_what_is_wrong_stands_below_its_field(desk):
    assert desk.asked.receive(PRESSED, sent("odd"))["errors"] == {"words": "What is odd?"}
    done(desk, "That message is in the timeline already.")
    told = desk.asked.receive(PRESSED, sent("twice"))
    assert told == {"response_action": "errors", "errors": {"words": "That message is in the timeline already."}}
    done(desk)
    assert desk.asked.receive(PRESSED, sent("twice")) == {}
    assert len(desk.heard) == 2


def test_a_form_that_takes_long_is_sent_again_and_done_once(desk, monkeypatch):
    monkeypatch.setattr("opsdesk.slack.interactions.SOON", 0.01)
    let_go = threading.Event()

    def hear(event):
        let_go.wait(LONG)
        desk.heard.append(event)
        tell_outcome(asked_in(event).outcome, "")

    desk.hear = hear
    assert desk.asked.receive(PRESSED, sent("slow"))["errors"] == {"words": SLOW}
    let_go.set()
    until(lambda: desk.asked.receive(PRESSED, sent("slow")) == {}, "that it is done")
    assert len(desk.heard) == 1


def test_a_form_that_was_not_done_does_not_vanish(desk):
    assert desk.asked.receive(PRESSED, sent("lost"))["errors"] == {"words": NOT_DONE}


def test_a_flood_of_forms_is_refused_in_the_form(desk):
    done(desk)
    told = [desk.asked.receive(PRESSED, sent(f"{number}", f"V{number}")) for number in range(40)]
    assert [one["errors"]["words"] for one in told if one] == [FLOODED] * 10


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
    desk.asked.open(offers(elsewhere))
    desk.asked.receive(SLASH, COMMAND | more)
    assert desk.intake.finish(LONG)
    assert asked_in(desk.heard[-1])
    chat.answer(SimpleNamespace(extras={"slack_event": desk.heard[-1]}), reply, refused=refused)


def in_the_home_tab(kind="view"):
    """A press where there is no channel and no message."""
    container = {"type": kind, "view_id": "V9", "channel_id": "", "message_ts": ""}
    return press(container=container, channel={"id": ""}, view={"type": "home", "id": "V9"})


@pytest.mark.parametrize("kind", ["view", "message"])
def test_what_is_changed_in_the_home_tab_is_told_below_the_message_it_is_about(chat, slack, desk, kind):
    desk.asked.receive(PRESSED, in_the_home_tab(kind))
    assert desk.intake.finish(LONG)
    chat.answer(SimpleNamespace(extras={"slack_event": desk.heard[0]}), Reply("#12 owner alice"))
    told, alone = slack.messages
    assert (told["channel"], told["text"]) == ("C05CARD", "alice: #12 owner alice")
    assert (alone["channel"], alone["text"].partition(": https")[0]) == (
        f"D{ALICE}",
        "#12 owner alice\nIt stands here",
    )


def test_a_form_of_the_home_tab_has_closed_which_says_enough(chat, slack, desk):
    def hear(event):
        chat.answer(SimpleNamespace(extras={"slack_event": event}), Reply("#12 updated"))

    desk.hear = hear
    kept = json.dumps({"about": "12", "before": {}, "channel": "", "thread": ""})
    told = sent("two sites")
    assert desk.asked.receive(PRESSED, told | {"view": told["view"] | {"private_metadata": kept}}) == {}
    assert desk.intake.finish(LONG)
    assert [(one["channel"], one["text"]) for one in slack.messages] == [
        ("C05CARD", "alice: #12 updated\n&gt; two sites")
    ]


def test_what_is_refused_in_the_home_tab_is_told_to_whoever_pressed(chat, slack, desk):
    desk.asked.receive(PRESSED, in_the_home_tab())
    assert desk.intake.finish(LONG)
    chat.answer(SimpleNamespace(extras={"slack_event": desk.heard[0]}), Reply("bob was sooner"), refused=True)
    assert [(one["channel"], one["text"]) for one in slack.messages] == [(f"D{ALICE}", "bob was sooner")]


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
    assert said == [
        ("https://hooks.example/1", {"text": "SSN [SSN]", "response_type": "ephemeral", "replace_original": False})
    ]
    assert slack.alone == []
    answer(chat, desk, Reply("1 open", alone=True), response_url="https://hooks.example/busy", trigger_id="8")
    assert [one["text"] for one in slack.alone] == ["1 open"]
