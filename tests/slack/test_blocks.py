"""Messages with buttons and forms keep to Slack's limits, whatever people typed."""

import json

import pytest

from opsdesk.chat import Button, Field, FieldKind, Form, Panel, Person, mention
from opsdesk.slack import mrkdwn
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.blocks import blocks_of, filled_in, pressed_in, view_of
from opsdesk.slack.chat import SlackChat
from tests.e2e.limits import refused_blocks
from tests.slack.stage import GENERAL, Fault, Slack, serving

HOSTILE = "*a* _b_ & <!channel> <@U01ALICE> `c` " * 5
BUTTONS = tuple(Button(f"Press {n}", f"act.{n}", f"{n}", f"Press number {n}") for n in range(3))
PANEL = Panel("🔴 #1 VistA", "sev 2 · vista", "alice 1:12pm: two sites", "Ask Andy\nMore", BUTTONS, BUTTONS)


def written(text):
    return mrkdwn.write(text, lambda user: "alice")


@pytest.mark.parametrize("title", ["VistA", HOSTILE, "x" * 5_000, "𝐕" * 3_000, "&" * 3_000])
@pytest.mark.parametrize("facts", ["", "sev 2", HOSTILE * 30, "<" * 2_000])
def test_whatever_is_in_it_a_message_is_taken(title, facts):
    panel = Panel(title, facts, facts, f"{facts}\n\n{facts}", BUTTONS, BUTTONS + BUTTONS[:2])
    assert refused_blocks("chat.postMessage", {"blocks": blocks_of(panel, written)}) in ("", "msg_blocks_too_long")


def test_what_people_typed_means_nothing_to_slack():
    title, facts, *_ = blocks_of(Panel("<!channel> <#C01|general> & <@U01ALICE>", "<!here> *a*"), written)
    assert title["text"] == {"type": "plain_text", "text": "<!channel> #general & @alice", "emoji": True}
    assert facts["elements"] == [{"type": "mrkdwn", "text": "&lt;!here&gt; *a*", "verbatim": True}]


def test_a_message_without_parts_keeps_its_lines_its_mentions_and_its_links():
    text = f"{mention(Person('U01ALICE', 'alice'))}: look\nhttps://example.org/a?b=1&c=2. <!here>"
    section, _ = blocks_of(Panel(text=text, buttons=BUTTONS), written)
    assert section["text"] == {
        "type": "mrkdwn",
        "text": "<@U01ALICE>: look\n<https://example.org/a?b=1&amp;c=2>. &lt;!here&gt;",
        "verbatim": True,
    }
    long = blocks_of(Panel(text="\n".join(["x" * 500] * 8), buttons=BUTTONS), written)
    assert refused_blocks("chat.postMessage", {"blocks": long}) == ""


def test_of_a_long_address_the_query_is_not_shown():
    address = "https://example.org/apm/traces?query=env&b=" + "x" * 200
    section, _ = blocks_of(Panel(text=f"Traces: {address}", buttons=BUTTONS), written)
    whole = address.replace("&", "&amp;")
    assert section["text"]["text"] == f"Traces: <{whole}|https://example.org/apm/traces…>"
    far = "https://example.org/" + "a" * 58 + "&b" + "x" * 40  # cut inside of what stands for &
    section, _ = blocks_of(Panel(text=far, buttons=BUTTONS), written)
    assert section["text"]["text"].endswith(f"|{far[:78]}…>")


def test_what_is_pressed_no_more_reads_as_it_did():
    text = "📟 Became #1\nhttps://example.org/apm/traces?query=env&b=" + "x" * 200
    (section,) = blocks_of(Panel(text=text), written)
    assert section["text"]["text"].endswith("|https://example.org/apm/traces…>")


def test_every_button_reads_alone_and_tells_what_it_does():
    *_, actions = blocks_of(PANEL, written)
    *buttons, menu = actions["elements"]
    assert [one["accessibility_label"] for one in buttons] == [f"Press number {n}" for n in range(3)]
    assert [pressed_in(one) for one in buttons] == [(f"act.{n}", f"{n}") for n in range(3)]
    assert [pressed_in({**menu, "selected_option": one}) for one in menu["options"]] == [
        (f"act.{n}", f"{n}") for n in range(3)
    ]


@pytest.mark.parametrize("action", [{}, {"action_id": "link"}, {"value": None}, {"selected_option": None}])
def test_an_action_of_another_kind_is_read(action):
    assert isinstance(pressed_in(action)[0], str)


FORM = Form(
    "incident.update",
    "12",
    "Update an incident, whichever it is",
    "Update",
    (
        Field("what", "What", FieldKind.LINE, HOSTILE, most=100, is_optional=False),
        Field("words", "Words", FieldKind.WORDS, "x" * 4_000, hint="All of them"),
        Field("severity", "Severity", FieldKind.CHOICE, "2", (("1", "sev 1"), ("2", "sev 2"))),
        Field("where", "Where", FieldKind.LIST, "", tuple((f"s{n}", f"s{n}") for n in range(150))),
        Field("nowhere", "Nowhere", FieldKind.LIST),
        Field("owner", "Owner", FieldKind.PERSON, "@bob"),
    ),
    "!incident update 12 words",
)


def test_whatever_is_in_it_a_form_is_taken():
    assert refused_blocks("views.open", {"view": view_of(FORM, {"channel": GENERAL, "thread": "1.0"})}) == ""


def test_a_form_comes_back_as_it_was_filled_in():
    view = view_of(FORM, {"channel": GENERAL, "thread": "1.0"})
    state = {
        "what": {"v": {"type": "plain_text_input", "value": None}},
        "severity": {"v": {"type": "radio_buttons", "selected_option": {"value": "1"}}},
        "where": {"v": {"type": "static_select", "selected_option": None}},
        "owner": {"v": {"type": "users_select", "selected_user": "U02BOB"}},
    }
    filled, channel, thread = filled_in(json.loads(json.dumps(view)) | {"state": {"values": state}})
    assert (filled.name, filled.about, channel, thread) == ("incident.update", "12", GENERAL, "1.0")
    assert dict(filled.values) == {"what": "", "severity": "1", "where": "", "owner": "U02BOB"}
    assert (filled.changed("severity"), filled.changed("where"), filled.before["severity"]) == ("1", "", "2")


@pytest.fixture
def slack():
    with serving(Slack()) as api:
        yield api


@pytest.fixture
def told():
    return []


@pytest.fixture
def chat(slack, told):
    chat = SlackChat(SlackWeb("xoxb", base_url=slack.url), tell_admins=told.append)
    chat.show_buttons(True)
    return chat


def test_a_message_has_its_buttons_and_all_of_its_text(chat, slack):
    posted = chat.post(GENERAL, "the whole card", panel=PANEL)
    assert (slack.messages[0]["text"], slack.messages[0]["blocks"]) == ("the whole card", blocks_of(PANEL, written))
    chat.edit(posted, "over", panel=Panel("✅ #1"))
    assert len(slack.messages[0]["blocks"]) == 1


def test_without_the_scope_there_are_no_buttons(chat, slack):
    chat.show_buttons(False)
    chat.edit(chat.post(GENERAL, "the whole card", panel=PANEL), "over", panel=PANEL)
    assert (slack.messages[0]["text"], slack.messages[0].get("blocks")) == ("over", None)


def test_what_slack_refuses_goes_out_as_text_and_the_admins_hear_once(chat, slack, told):
    slack.faults = {"chat.postMessage": [Fault.BLOCKS], "chat.update": [Fault.BLOCKS]}
    posted = chat.post(GENERAL, "the whole card", panel=PANEL)
    chat.edit(posted, "over", panel=PANEL)
    assert [(one["text"], one.get("blocks")) for one in slack.messages] == [("over", None)]
    assert [text[:55] for text in told] == ["Slack refused the buttons of a message (invalid_blocks)"]


def test_what_slack_refuses_for_another_reason_is_refused(chat, slack):
    slack.faults = {"chat.postMessage": [Fault.GONE]}
    with pytest.raises(Exception, match="channel_not_found"):
        chat.post(GENERAL, "the whole card", panel=PANEL)
