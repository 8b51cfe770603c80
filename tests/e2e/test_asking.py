"""What people ask by Slack's own means, by Socket Mode and by the Events API."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import pytest

from opsdesk.home.counts import ASKED
from tests.e2e import kinds
from tests.e2e.harness import ALERTS, GENERAL, GO_LIVE, HASTY, ROOT, SCOPES, DeskProcess, Workspace, until
from tests.e2e.pressing import buttons_of, form, forms_shown, open_home, press, press_home, said_by
from tests.oncall.stage import EASTERN
from tests.patience import LONG, MILDLY


@pytest.fixture(scope="module", params=["socket", "events"])
def slack(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A Slack whose app has the scope for it."""
    with Workspace(request.param, scopes=f"{SCOPES},commands", crowd=2) as workspace:
        workspace.front.people[workspace.people["typist0"]] = {"is_restricted": True}
        workspace.front.people[workspace.people["typist1"]] = {"team_id": "T0EVE000", "is_stranger": True}
        yield workspace


@pytest.fixture(scope="module")
def desk(slack: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    """The desk on it, which waits for it but a second."""
    data = tmp_path_factory.mktemp("data") / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("state"))
    file = data / "desk.toml"
    file.write_text(post_far_off(file.read_text().replace("C02U11L00TF", ALERTS)))
    with DeskProcess(slack, tmp_path_factory.mktemp("desk"), config=HASTY, DESK_DATA_DIR=str(data)) as process:
        yield process


def post_far_off(settings):
    """The settings with the day's post at another time of day than now: around it the Home tab asks for no counts."""
    if datetime.now(EASTERN).hour < 12:
        return settings
    for evening, night in (("7:40pm", "1:40am"), ("8pm", "2am"), ("8:10pm", "2:10am"), ("8:30pm", "2:30am")):
        settings = settings.replace(f'= "{evening}"', f'= "{night}"')
    return settings


def number_in(card):
    return re.search(r"#(\d+) ", card)[1]


# First of all: a page of open incidents shows fifteen.
def test_the_home_tab_shows_the_shift_and_is_worked_from(slack, desk):
    _, number = opened(slack, "Home *is* & <!channel>")
    said = until(lambda: is_counted(words_of(open_home(slack, "bob"))), "the counts", every=MILDLY)
    assert f"🔴 #{number} Home ∗is∗ & <!channel>" in said
    assert "Who is on call\n" in said
    assert "Next post: " in said
    assert "Counts unavailable: " in said  # without keys, and never an example on Slack
    forms = len(forms_shown(slack))
    assert press_home(slack, "bob", "Note for the hand-over") == {}
    assert form(slack, forms).send("bob", words="Watch VEText") == {}
    told_directly(slack, "bob", "Noted under Handing over")
    assert press_home(slack, "bob", "Preview today's post") == {}
    told_directly(slack, "bob", "*Production support summary, ")


def test_an_incident_is_updated_from_the_home_tab_below_its_own_message(slack, desk):
    card, number = opened(slack, "From Home")
    shows = lambda: f"#{number} From Home" in words_of(open_home(slack, "bob"))  # noqa: E731  # not what was on its way
    until(shows, "the incident in the Home tab", every=MILDLY)
    forms = len(forms_shown(slack))
    press_home(slack, "bob", "Update", number)
    assert form(slack, forms).send("bob", words="two sites") == {}
    answer = slack.answer()
    assert answer["text"].startswith(f"bob: #{number} updated")
    assert answer["thread_ts"] == card["ts"]


def test_a_slash_command_is_what_is_typed(slack, desk):
    slack.command("alice", "/incident", "open VistA timeouts & <b> --sev 2")
    card = slack.answer()["text"]
    number = number_in(card)
    assert card.startswith(f"🔴 #{number} VistA timeouts &amp; &lt;b&gt;\nsev 2 · vista · opened by alice")
    slack.command("bob", "/incident", f"show {number}")
    assert slack.told_alone("bob").startswith(f"🔴 #{number} VistA timeouts")
    slack.command("bob", "/desk", "status")
    assert slack.told_alone("bob").startswith("The desk is ready.\nSlack: connected")
    slack.command("bob", "/incident", "resolve 700")
    assert slack.told_alone("bob").startswith("There is no incident #700.")
    slack.command("bob", "/incident", f"resolve {number} restarted")
    assert re.fullmatch(f"bob: ✅ #{number} resolved after .+: restarted", slack.answer()["text"])


def all_hang(slack):
    """Has every call hang but those by which a busy machine's desk comes by another socket."""
    return [slack.front.fail(kind, "hang", times=99) for kind in kinds.ALL.difference(kinds.START)]


def all_go_on(faults):
    for fault in faults:
        fault.times = 0


def test_what_is_asked_is_acknowledged_while_slack_hangs(slack, desk):
    faults = all_hang(slack)
    slack.command("charlie", "/incident", "open Claims rejected")  # returns once it is acknowledged
    hanging = [call for call in slack.front.calls if call.outcome == "hang"]
    assert not any(call.over for call in hanging)
    all_go_on(faults)
    assert "Claims rejected" in slack.answer()["text"]


def test_who_may_not_type_may_not_ask(slack, desk):
    asked = {"user_id": "U7STRANGER", "user_name": "", "channel_id": GENERAL, "team_id": "T7OTHER", "text": "open mine"}
    slack.front.ask("slash_commands", asked | {"command": "/incident", "trigger_id": "7.7", "response_url": ""})
    audit = lambda: [one for one in slack.ask("charlie", "!desk audit").splitlines() if "U7STR" in one]  # noqa: E731
    refused = until(audit, "it", every=MILDLY)
    assert "!incident open mine" in refused[0]


def test_a_stranger_who_presses_or_sends_a_form_has_nothing_done(slack, desk):
    card, _ = opened(slack, "Not for strangers")
    forms = len(forms_shown(slack))
    assert press(slack, "typist1", card, "Take it") == {}
    assert slack.told_alone("typist1").startswith("You are of another workspace.")
    press(slack, "alice", card, "Update")
    assert form(slack, forms).send("typist1", words="mine")["words"].startswith("This was not done: ")
    press(slack, "bob", card, "Timeline")
    timeline = slack.told_alone("bob")
    assert "owner alice" in timeline
    assert "mine" not in timeline


def test_whatever_is_pressed_or_sent_is_acknowledged_while_slack_hangs(slack, desk):
    opened(slack, "Beside it")  # what names no incident is not about the only one, then, and waits for nothing
    card, number = opened(slack, "Pressed while Slack hangs")
    for who in ("bob", "charlie"):  # whose names are known by then
        slack.command(who, "/incident", f"show {number}")
        slack.told_alone(who)
    forms = len(forms_shown(slack))
    slack.front.ask("interactive", said_by(slack, "charlie", type="shortcut", callback_id="incident.open"))
    one = form(slack, forms)
    faults = all_hang(slack)
    assert press(slack, "bob", card, "Take it") == {}
    assert one.send("charlie", what="Opened while Slack hangs") == {}
    assert slack.front.ask("interactive", said_by(slack, "alice", type="shortcut", callback_id="incident.open")) == {}
    assert press(slack, "alice", card, "Add a note") == {}
    assert not any(call.over for call in slack.front.calls if call.outcome == "hang")
    all_go_on(faults)
    assert slack.answer()["text"] == f"bob: #{number} owner bob (was alice)."
    assert "Opened while Slack hangs" in slack.answer(GO_LIVE)["text"]


def test_of_two_who_press_at_once_one_acts_and_the_other_reads_who_did(slack, desk):
    card, number = opened(slack, "Pressed at once")
    with ThreadPoolExecutor(2) as both:
        assert list(both.map(lambda who: press(slack, who, card, "Take it"), ("bob", "charlie"))) == [{}, {}]
    answer = slack.answer()["text"]
    winner = answer.partition(":")[0]
    (loser,) = {"bob", "charlie"} - {winner}
    assert answer == f"{winner}: #{number} owner {winner} (was alice)."
    assert slack.told_alone(loser).startswith(f"{winner} was sooner: #{number} is {winner}'s since ")


def test_a_button_below_a_question_does_the_command_once_for_whoever_was_asked(slack, desk):
    _, number = opened(slack, "Looked at twice")
    slack.say("alice", f"!{number} two sites")
    asked = slack.answer()
    assert list(buttons_of(asked)) == [
        f"!incident update {number} two sites"[:30],
        f"!incident note {number} two sites",
    ]
    note = f"!incident note {number} two sites"
    assert press(slack, "bob", asked, note) == {}
    read_alone(slack, "bob", "That was asked of somebody else: type the command yourself.")
    press(slack, "alice", asked, note)
    noted = slack.answer()
    assert (noted["text"], noted.get("thread_ts")) == (f"alice: #{number} noted.", None)
    press(slack, "alice", asked, note)
    read_alone(slack, "alice", "That was answered before: a yes is done once.")
    stands = lambda: next(one for one in slack.desk_messages(GENERAL) if one["ts"] == asked["ts"])  # noqa: E731
    until(lambda: stands()["text"] == f"Answered with yes: `{note}`.", "what was answered")
    assert buttons_of(stands()) == {}


def read_alone(slack, who, words):
    """Waits until `who` alone reads these words, whatever they read before."""
    until(lambda: slack.told_alone(who) == words, words)


def asked_for(slack, ts, before):
    """The calls after `before` others that are about the message `ts`, or about people and forms."""
    about = ("respond", "views.open", "chat.postEphemeral", "users.info", "conversations.open")
    calls = slack.front.calls[before:]
    return [
        call
        for call in calls
        if ts in (call.arguments.get("ts"), call.arguments.get("thread_ts")) or call.method in about
    ]


def test_a_press_costs_its_answer_and_its_card(slack, desk):
    slack.ask("bob", "!oncall")  # who that is has been looked up by now
    card, _ = opened(slack, "What it costs")
    for label, who, costs in (
        ("Take it", "bob", ["chat.postMessage", "chat.update"]),
        ("Timeline", "bob", ["respond"]),
        ("Quiet for 2 hours", "bob", ["chat.postMessage"]),
    ):
        before = len(slack.front.calls)
        press(slack, who, card, label)
        made = partial(asked_for, slack, card["ts"], before)
        until(lambda made=made, costs=costs: len(made()) >= len(costs) and all(one.over for one in made()), label)
        assert sorted(call.method for call in made()) == costs
    slack.told_alone("bob")
    slack.read_all()


def opened(slack, title):
    """The card of a new incident, and its number."""
    slack.say("alice", f"!incident open {title} --sev 3 --on vista")
    card = slack.answer()
    return card, number_in(card["text"])


def test_an_incident_is_worked_on_by_pressing(slack, desk):
    card, number = opened(slack, "VistA *timeouts* & <!channel> " + "x" * 170)
    forms = len(forms_shown(slack))
    assert press(slack, "bob", card, "Take it") == {}
    assert slack.answer()["text"] == f"bob: #{number} owner bob (was alice)."
    press(slack, "charlie", card, "Take it")  # on the card as it stood before
    assert slack.told_alone("charlie").startswith(f"bob was sooner: #{number} is bob's since ")
    press(slack, "bob", card, "Timeline")
    assert "· owner bob ·" in slack.told_alone("bob")
    press(slack, "bob", card, "Update")
    update = form(slack, forms)
    assert (update.stands("severity"), update.stands("owner")) == ("3", "U02BOB")
    assert update.send("bob") == {
        "words": f"What is new with #{number}? Type `!incident update {number} what you know --status identified`."
    }
    assert update.send("bob", words="two sites", severity="1") == {}
    answer = slack.answer()
    assert answer["text"].startswith(f"bob: #{number} sev 1 (was 3). ")
    assert answer["thread_ts"] == card["ts"]
    until(lambda: "\nsev 1 · " in slack.message(card["ts"])["text"], "the card")
    press(slack, "bob", card, "Resolve")
    press(slack, "charlie", card, "Resolve")
    first, second = form(slack, forms + 1), form(slack, forms + 2)
    before = len(slack.front.calls)
    assert first.send("bob", words="restarted") == first.send("bob", words="restarted") == {}
    assert re.fullmatch(f"bob: ✅ #{number} resolved after .+: restarted", slack.answer()["text"])
    over = until(lambda: "Reopen" in buttons_of(now := slack.message(card["ts"])) and now, "the card")
    said = [call.method for call in asked_for(slack, card["ts"], before) if call.method.startswith("chat.")]
    assert sorted(said) == ["chat.postMessage", "chat.update"]
    assert over["text"].startswith(f"✅ #{number} VistA ∗timeouts∗ &amp; &lt;!channel&gt;")
    assert second.send("charlie", words="me too")["words"].startswith(f"#{number} was already resolved by bob ")
    press(slack, "charlie", card, "Update")
    assert slack.told_alone("charlie").startswith(f"#{number} was resolved by bob ")


def test_a_form_survives_a_restart_and_opens_one_incident(slack, desk):
    forms = len(forms_shown(slack))
    slack.front.ask("slash_commands", slash(slack, "open"))
    one = form(slack, forms)
    assert one.stands("severity") == "3"
    assert list(one.send("alice", what="Claims rejected", since="tomorrow 3pm")) == ["since"]
    desk.stop()
    desk.start()
    assert one.send("alice", what="Claims rejected", where="vista") == {}
    number = number_in(slack.answer()["text"])
    assert one.send("alice", what="Claims rejected", where="vista") == {}
    desk.stop()
    desk.start()
    assert one.send("alice", what="Claims rejected", where="vista") == {}
    assert number_in(slack.answer()["text"]) == number


def slash(slack, text):
    """A slash command by Alice, whom Slack does not name."""
    trigger = "123.456"
    slack.front.triggered(trigger)
    asked = {"user_id": slack.people["alice"], "user_name": "", "channel_id": GENERAL, "response_url": ""}
    return asked | {"command": "/incident", "text": text, "trigger_id": trigger}


def test_a_form_that_slack_does_not_show_is_typed_instead(slack, desk):
    card, number = opened(slack, "Queue stuck")
    slack.front.lasts = -1.0
    press(slack, "bob", card, "Add a note")
    told = slack.told_alone("bob")
    slack.front.lasts = LONG
    assert told == (
        "Slack did not show the form (Slack refused: expired_trigger_id). "
        f"Press again, or type `!incident note {number} ticket is filed`."
    )


def test_without_its_blocks_a_card_is_text(slack, desk):
    slack.front.fail("chat.postMessage", "invalid_blocks", where=lambda call: "blocks" in call)
    card, number = opened(slack, "Text alone")
    assert (card["text"].splitlines()[0], card.get("blocks")) == (f"🔴 #{number} Text alone", None)


def test_an_alert_is_dealt_with_by_pressing(slack, desk):
    told = {"title": "Triggered: RPC timeouts", "title_link": "https://tevi.ddog-gov.com/monitors/1", "text": "vista"}
    slack.other_bot_posts(ALERTS, "Triggered: RPC timeouts", attachments=[told])
    reply = slack.answer(ALERTS)
    assert list(buttons_of(reply)) == ["Looking", "Noise", "Open an incident"]
    assert "react 👀 looking" in reply["text"]
    press(slack, "bob", reply, "Looking", ALERTS)
    answer = slack.answer(ALERTS)
    assert answer["text"].startswith("bob: Acknowledged by bob at ")
    assert answer["thread_ts"] == reply["thread_ts"]
    press(slack, "charlie", reply, "Looking", ALERTS)  # on the reply as it stood before
    assert re.match(r"bob has alert \d+ since ", slack.told_alone("charlie", ALERTS))

    def now():
        return slack.message(reply["ts"], ALERTS)

    until(lambda: list(buttons_of(now())) == ["Open an incident", "Take it back"], "what is left to press")
    press(slack, "bob", reply, "Open an incident", ALERTS)
    assert "RPC timeouts" in slack.answer(ALERTS)["text"]
    press(slack, "charlie", reply, "Open an incident", ALERTS)
    assert re.match(r"bob was sooner: alert \d+ became #\d+ ", slack.told_alone("charlie", ALERTS))
    until(lambda: not buttons_of(now()), "nothing left to press")


def test_an_incident_is_opened_from_a_message_and_from_everywhere(slack, desk):
    ts = slack.say("alice", "Claims are *rejected* at 688\nsince noon")
    forms, message = len(forms_shown(slack)), slack.message(ts)
    told = said_by(slack, "bob", type="message_action", callback_id="incident.open", channel={"id": GENERAL})
    told |= {"message": message, "message_ts": ts, "response_url": slack.front.address(GENERAL, slack.people["bob"])}
    assert slack.front.ask("interactive", told) == {}
    one = form(slack, forms)
    assert one.stands("what") == "Claims are *rejected* at 688"
    assert one.stands("words").endswith(f"/archives/{GENERAL}/p{ts.replace('.', '')}")
    assert one.send("bob") == {}
    card = slack.answer()
    assert (card["text"].splitlines()[0].split(" ", 2)[2], card["thread_ts"]) == ("Claims are ∗rejected∗ at 688", ts)
    slack.front.ask("interactive", said_by(slack, "bob", type="shortcut", callback_id="incident.open"))
    assert form(slack, forms + 1).send("bob", what="From everywhere") == {}
    assert "From everywhere" in slack.answer(GO_LIVE)["text"]


def words_of(view):
    """All that a view says, in the order in which it stands there."""
    texts = [block.get("text") for block in view["blocks"]]
    texts += [
        one.get("text") if one["type"] == "button" else one for b in view["blocks"] for one in b.get("elements", ())
    ]
    return "\n".join(text["text"] for text in texts if text)


def is_counted(said):
    """What a Home tab says, once Datadog was asked."""
    return "" if ASKED in said else said


def told_directly(slack, who, words):
    """Waits until the desk has told somebody these words in a direct message."""
    room = slack.room_with(who)
    until(lambda: any(words in one["text"] for one in slack.desk_messages(room)), f"{words} to {who}")


def test_a_stranger_who_opens_the_home_tab_reads_whom_to_ask(slack, desk):
    assert [block["text"]["text"] for block in open_home(slack, "typist0")["blocks"]] == [
        "You are a guest of this workspace. Production support is for its members: ask one of them."
    ]
