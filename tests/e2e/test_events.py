"""What is delivered twice, changed, or posted by others."""

import time

import pytest

from tests.e2e.harness import ALERTS, ALICE, GENERAL, RECORDED, DeskProcess, until


@pytest.fixture(scope="module")
def desk(slack, tmp_path_factory):
    with DeskProcess(slack, tmp_path_factory.mktemp("desk"), config=RECORDED) as process:
        yield process


def ran(desk, what):
    return [line for line in desk.recorded("ran") if line["args"] == what]


def quiet(slack):
    """Waits until everything said so far has been handled: an answer to something later has come."""
    assert slack.ask("bob", "!count quiet") == "ran quiet"


def test_a_message_that_is_delivered_twice_is_run_once(slack, desk):
    slack.front.deliveries = 3
    assert slack.ask("alice", "!count twice") == "ran twice"
    slack.front.deliveries = 1
    quiet(slack)
    assert len(ran(desk, "twice")) == 1


def test_a_changed_message_does_not_run_again(slack, desk):
    ts = slack.say("alice", "!count changed")
    assert slack.answer()["text"] == "ran changed"
    slack.edit("alice", ts, "!count changed twice")
    quiet(slack)
    assert ran(desk, "changed twice") == []


def test_a_command_that_nobody_knows_is_run_once_it_is_put_right(slack, desk):
    ts = slack.say("alice", "!ctnuo right")
    assert 'I know no "ctnuo"' in slack.answer()["text"]
    slack.edit("alice", ts, "!count right")
    assert slack.answer()["text"] == "ran right"
    slack.edit("alice", ts, "!count right again")
    quiet(slack)
    assert (len(ran(desk, "right")), ran(desk, "right again")) == (1, [])


def test_a_refused_command_is_run_once_it_is_put_right(slack, desk):
    ts = slack.say("alice", "!incident open VistA --svr 2")
    assert "--sev" in slack.answer()["text"]
    slack.edit("alice", ts, "!incident open VistA --sev 2")
    assert "VistA\nsev 2" in slack.answer()["text"]


def test_a_command_put_right_after_two_minutes_is_not_run(slack, desk):
    ts = slack.say("alice", "!ctnuo late")
    slack.answer()
    inner = {"type": "message", "user": ALICE, "ts": ts, "text": "!count late"}
    late = {"edited": {"user": ALICE, "ts": f"{float(ts) + 121:.6f}"}}
    event = {"type": "message", "subtype": "message_changed", "channel": GENERAL, "ts": ts, "event_ts": ts}
    slack.front.deliver(event | {"message": inner | late, "previous_message": inner | {"text": "!ctnuo late"}})
    quiet(slack)
    assert ran(desk, "late") == []


def test_a_link_that_slack_unfolds_does_not_run_its_command_again(slack, desk):
    text = "!unfolded <https://example.org>"
    ts = slack.say("alice", text, raw=True)
    slack.answer()
    inner = {"type": "message", "user": ALICE, "ts": ts, "text": text, "attachments": [{"title": "Example"}]}
    event = {"type": "message", "subtype": "message_changed", "channel": GENERAL, "ts": ts, "event_ts": ts}
    slack.front.deliver(event | {"message": inner, "previous_message": inner | {"attachments": []}})
    quiet(slack)
    assert len([answer for answer in slack.desk_messages() if "unfolded" in answer["text"]]) == 1


@pytest.mark.parametrize("bot_message", [True, False], ids=["an older integration", "an app with a bot user"])
def test_another_bot_never_runs_a_command_but_is_read(slack, desk, bot_message):
    ts = slack.other_bot_posts(ALERTS, "!count by a bot", bot_message=bot_message)
    until(lambda: [m for m in desk.recorded("message") if m["ts"] == ts], "the alert")
    quiet(slack)
    assert ran(desk, "by a bot") == []


def test_a_message_of_nobody_never_runs_a_command_but_is_read(slack, desk):
    nobody = {"type": "message", "channel": ALERTS, "ts": "1795470000.000001", "text": "!count by nobody"}
    slack.front.deliver(nobody)
    until(lambda: [m for m in desk.recorded("message") if m["ts"] == nobody["ts"]], "the message")
    quiet(slack)
    assert ran(desk, "by nobody") == []


def test_an_alert_that_its_bot_changes_is_read_as_changed(slack, desk):
    ts = slack.other_bot_posts(ALERTS, "", attachments=[{"title": "[Triggered] RPC timeouts"}])
    slack.other_bot_edits(ALERTS, ts, "", attachments=[{"title": "[Recovered] RPC timeouts"}])

    def read():
        return [(m["edited"], m["titles"]) for m in desk.recorded("message") if m["ts"] == ts]

    until(lambda: len(read()) == 2, "both")
    assert read() == [(False, ["[Triggered] RPC timeouts"]), (True, ["[Recovered] RPC timeouts"])]


def test_text_reaches_the_plugins_as_it_was_typed(slack, desk):
    typed = "“curly” — <b> & co\nsecond"
    ts = slack.say("alice", typed)
    until(lambda: [m for m in desk.recorded("message") if m["ts"] == ts], "the message")
    assert [m["body"] for m in desk.recorded("message") if m["ts"] == ts] == [typed]


def test_the_desk_does_not_hear_itself(slack, desk):
    answer = slack.ask("alice", "!count itself")
    quiet(slack)
    assert answer not in [m["body"] for m in desk.recorded("message")]


def test_a_name_that_changes_at_slack_is_asked_for_again(slack, desk):
    slack.ask("alice", "!count name")
    asked = len(slack.front.made("users.info", user=ALICE))
    slack.ask("alice", "!count name")
    assert len(slack.front.made("users.info", user=ALICE)) == asked
    slack.front.deliver({"type": "user_change", "user": {"id": ALICE}})
    quiet(slack)
    slack.ask("alice", "!count name")
    assert len(slack.front.made("users.info", user=ALICE)) == asked + 1


def test_what_is_made_a_command_by_an_edit_is_done_and_a_mended_title_is_told_how(slack, desk):
    ts = slack.say("alice", "incident open Claims are slow --sev 3")
    slack.edit("alice", ts, "!incident open Claims are slow --sev 3")
    card = slack.answer()
    number = card["text"].split()[1].removeprefix("#")
    slack.edit("alice", ts, "!incident open Claims are very slow --sev 3")
    told = slack.answer()
    assert told["thread_ts"] == ts
    assert told["text"] == (
        "I took that as you first typed it: an edit changes nothing. "
        f'`!incident update {number} --title "Claims are very slow"` changes it. '
        "✅ or `!yes` does it."
    )
    slack.say("alice", "!yes", thread=ts)
    changed = slack.answer()
    assert changed["text"].startswith(f"#{number} ")
    assert changed["thread_ts"] == ts


def test_a_command_that_comes_late_is_of_when_it_was_typed(slack, desk):
    typed_at = time.time() - 240

    def typed(text, seconds):
        ts = f"{typed_at + seconds:.6f}"
        slack.front.deliver({"type": "message", "channel": GENERAL, "user": ALICE, "ts": ts, "text": text})
        return slack.answer()["text"]

    number = typed("!incident open Late words", 0).splitlines()[0].removeprefix("🔴 #").removesuffix(" Late words")
    assert typed(f"!incident ack {number}", 90) == f"👀 #{number} acknowledged after 1 minute."
    assert typed(f"!incident resolve {number} gone", 185) == f"✅ #{number} resolved after 3 minutes: gone"
