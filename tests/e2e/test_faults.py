"""Slack fails in every way there is: nothing is lost, nothing is done twice, and what is missing is said."""

import pytest

from tests.e2e import kinds
from tests.e2e.harness import ALERTS, ALICE, GENERAL, HASTY, DeskProcess, fresh_slack, hasty_desk, until
from tests.patience import MILDLY

slack, desk = pytest.fixture(fresh_slack), pytest.fixture(hasty_desk)


def answers_with(slack, words, channel=GENERAL):
    return [message for message in slack.desk_messages(channel) if words in message["text"]]


@pytest.mark.parametrize("how", kinds.FAILURES)
def test_every_kind_of_call_fails_once_and_nothing_is_lost_or_doubled(slack, desk, how):
    faults = [slack.front.fail(kind, how) for kind in kinds.TALK]
    title, room = f"Timeouts, {how}", slack.room_with("bob")

    slack.say("alice", f"!incident open {title} --owner @bob")
    card = slack.answer()
    number = card["text"].split("#")[1].split()[0]
    shown = f"!incident show {number}"
    until(lambda: "/archives/" in slack.ask("bob", shown, room), "the desk to know its card", every=MILDLY)
    said = slack.say("bob", f"the broker dropped them, {how}", thread=card["ts"])
    slack.react("bob", said, "pushpin")
    slack.say("alice", "!incident update two sites --status identified", thread=card["ts"])
    assert slack.answer()["text"].startswith(f"#{number} identified")
    slack.say("alice", "!incident export", thread=card["ts"])
    assert "post-mortem" in slack.answer()["text"]
    assert [file["name"][10:] for file in slack.answer()["files"]] == [f"-timeouts-{how.replace(' ', '-')}.md"]
    until(lambda: slack.message(card["ts"])["text"].startswith(f"🟠 #{number}"), "the card to follow")
    until(lambda: "bob noted" in slack.ask("bob", shown, room), "the pin", every=MILDLY)
    alert = slack.other_bot_posts(ALERTS, "[Triggered] RPC timeouts")
    until(lambda: [read for read in desk.recorded("message") if read["ts"] == alert], "the alert")
    for way in ("on", "off"):
        assert slack.ask("alice", f"!mark {way} {said}").startswith(f"not {way}: ")
        assert slack.ask("alice", f"!mark {way} {said}") == f"{way} it is"

    timeline = slack.ask("bob", shown, room)
    assert (timeline.count("two sites"), timeline.count("the broker dropped them")) == (1, 1)
    assert len(answers_with(slack, title)) == 1
    assert len([m for m in slack.desk_messages() if m.get("thread_ts") == card["ts"]]) == 3
    assert [fault.method for fault in faults if fault.times] == []


UNKNOWN = 'I know no "nonsense". `!help` shows what people do.'


@pytest.mark.parametrize("how", ["429", "cut before", "cut after", "500 after"])
def test_an_answer_in_a_thread_or_of_errbot_itself_stands_once(slack, desk, how):
    thread = slack.say("alice", "a thread")
    for words in ("ran thread", "nonsense"):
        slack.front.fail("chat.postMessage", how, where=lambda told, words=words: words in told["text"])
    slack.say("alice", "!count thread", thread=thread)
    slack.say("alice", "!nonsense")
    assert {slack.answer()["text"], slack.answer()["text"]} == {"ran thread", UNKNOWN}
    assert slack.ask("bob", "!count settled") == "ran settled"
    assert len(slack.desk_messages()) == 3


def test_calls_that_hang_are_given_up_and_made_again(slack, desk):
    slack.front.fail("users.info", "hang", where=lambda told: told.get("user") == ALICE)
    for how in ("hang", "hang after"):
        slack.front.fail("chat.postMessage", how, where=lambda told, how=how: told["text"] == f"ran bob, {how}")
        slack.say("bob", f"!count bob, {how}")
    slack.say("alice", "!count alice")
    answers = {slack.answer()["text"] for _ in range(3)}
    assert answers == {"ran alice", "ran bob, hang", "ran bob, hang after"}
    assert slack.ask("charlie", "!count settled") == "ran settled"
    assert len(slack.desk_messages()) == 4
    assert [line["args"] for line in desk.recorded("ran")].count("alice") == 1


@pytest.mark.parametrize("command", ["!incident", "!apropos incident"], ids=["of the desk", "of Errbot"])
def test_an_answer_that_slack_refuses_for_good_is_told_to_the_admins(slack, desk, command):
    slack.front.fail("chat.postMessage", "not_in_channel", where=lambda told: told["channel"] == GENERAL)
    slack.front.fail("conversations.open", "429")
    slack.say("charlie", command)
    told = slack.answer(slack.room_with("charlie"))["text"]
    assert "incident open" in told
    assert told.splitlines()[1] in desk.log
    assert "not_in_channel" in desk.log


def test_a_card_that_cannot_be_changed_is_said_to_be_out_of_date(slack, desk):
    slack.say("alice", "!incident open a card that stays")
    card = slack.answer()
    number = card["text"].split("#")[1].split()[0]
    slack.front.fail("chat.update", "cant_update_message")
    slack.say("bob", "!incident update more", thread=card["ts"])
    told = sorted(slack.answer()["text"] for _ in range(2))  # the card is tried beside the answer
    assert told[0].startswith(f"#{number} updated")
    assert "could not be changed (Slack refused: cant_update_message)" in told[1]
    assert f"#{number} could not be changed" in slack.answer(slack.room_with("charlie"))["text"]


@pytest.mark.parametrize("how", ["429", "500", "cut before", "hang"])
def test_the_desk_waits_for_a_slack_that_is_not_there_yet(slack, tmp_path, how):
    faults = [slack.front.fail(kind, how) for kind in kinds.START]
    with DeskProcess(slack, tmp_path, config=HASTY) as desk:
        assert "The desk is ready." in slack.ask("alice", "!desk status")
        assert [fault.method for fault in faults if fault.times] == []
        assert desk.stop() == 0
