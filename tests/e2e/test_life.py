"""Starting, stopping and being stopped."""

import signal
import urllib.error
import urllib.request

import pytest

from tests.e2e.harness import DESK, GENERAL, HASTY, RECORDED, SCOPES, DeskProcess, StartedDesk, Workspace, until
from tests.patience import LONG


@pytest.fixture(params=["socket", "events"])
def slack(request):
    with Workspace(request.param) as workspace:
        yield workspace


@pytest.fixture
def socket_slack():
    with Workspace("socket") as workspace:
        yield workspace


def test_a_restart_in_the_middle_loses_nothing(slack, tmp_path):
    with StartedDesk(slack, tmp_path) as desk:
        slack.say("alice", "!incident open VistA timeouts")
        card = slack.answer()
        assert desk.stop() == 0
        slack.say("bob", "!incident update two sites --status identified", thread=card["ts"])
        desk.start()
        assert slack.answer()["text"].startswith("#1 identified")
        until(lambda: slack.message(card["ts"])["text"].startswith("🟠 #1"), "the card to follow")
        assert len(slack.desk_messages()) == 2


def test_a_second_desk_on_the_same_folder_ends_and_takes_no_event(slack, tmp_path):
    with DeskProcess(slack, tmp_path) as desk, DeskProcess(slack, tmp_path, ready="Another desk") as second:
        assert second.ended() == 1
        assert f"The desk cannot start: Another desk (process {desk.process.pid}) uses {desk.state}." in second.log
        assert slack.front.opened <= 1
        assert slack.ask("alice", "!incident open VistA timeouts").startswith("🔴 #1 VistA timeouts")


def test_a_desk_that_cannot_start_ends_and_says_why_to_the_admins_once(slack, tmp_path):
    why = f"The desk cannot start: desk.toml is missing: it should be {tmp_path / 'desk.toml'}."
    with StartedDesk(slack, tmp_path, ready="cannot start", DESK_DATA_DIR=str(tmp_path)) as desk:
        assert desk.ended() == 1
        assert why in desk.log
        desk.start()
        assert desk.ended() == 1
    told = [message["text"] for message in slack.desk_messages(slack.room_with("charlie"))]
    assert [text.splitlines()[0] for text in told] == [why]


def test_what_was_handled_before_a_restart_is_not_handled_again(slack, tmp_path):
    with DeskProcess(slack, tmp_path, config=RECORDED) as desk:
        ts = slack.say("alice", "!count once")
        assert slack.answer()["text"] == "ran once"
        seen = desk.state / "passing.json"
        until(
            lambda: [line for line in seen.read_text().splitlines() if ts in line and '"done":true' in line], "its end"
        )
        desk.kill()
        desk.start()
        event = {"type": "message", "channel": GENERAL, "user": "U01ALICE", "ts": ts, "text": "!count once"}
        slack.front.deliver(event)
        assert slack.ask("bob", "!count later") == "ran later"
        assert [line["args"] for line in desk.recorded("ran")] == ["once", "later"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_command_in_hand_is_answered_before_the_desk_stops(slack, tmp_path, how):
    with StartedDesk(slack, tmp_path, config=RECORDED) as desk:
        desk.hold()
        slack.say("alice", "!hold on")
        until(lambda: desk.recorded("held"), "the command to begin")
        desk.process.send_signal(how)
        desk.wait_for("Asked to stop")
        desk.let_go()
        assert desk.ended() == 0
        assert slack.answer()["text"] == "held on"
        assert len(desk.recorded("deactivated")) == 1
        assert "Process exiting" in desk.log


def test_a_command_that_was_cut_short_is_told_of(slack, tmp_path):
    with DeskProcess(slack, tmp_path, config=RECORDED) as desk:
        desk.hold()
        ts = slack.say("alice", "!hold tight")
        until(lambda: desk.recorded("held"), "the command to begin")
        desk.kill()
        desk.let_go()
        slack.front.fail("chat.postMessage", "429", where=lambda told: told["channel"] == GENERAL)
        desk.start()
        told = slack.answer()
        assert told["text"].startswith("I was stopped while I did this.")
        assert told["thread_ts"] == ts
        assert '"!hold tight"' in slack.answer(slack.room_with("charlie"))["text"]
        assert len(desk.recorded("held")) == 1


def test_a_command_whose_answer_cannot_be_sent_before_the_end_is_told_of(socket_slack, tmp_path):
    slack = socket_slack
    with DeskProcess(slack, tmp_path, config=HASTY) as desk:
        assert slack.ask("bob", "!count before") == "ran before"
        fault = slack.front.fail("chat.postMessage", "429", times=1000)
        slack.say("alice", "!count unanswered")
        until(lambda: fault.times < 1000, "the answer to be refused")
        assert desk.stop() == 0
        fault.times = 0
        desk.start()
        assert slack.answer()["text"].startswith("I was stopped while I did this.")
        assert '"!count unanswered"' in slack.answer(slack.room_with("charlie"))["text"]
        assert [line["args"] for line in desk.recorded("ran")] == ["before", "unanswered"]


def test_a_command_that_was_put_right_and_cut_short_is_told_of(slack, tmp_path):
    with DeskProcess(slack, tmp_path, config=RECORDED) as desk:
        desk.hold()
        thread = slack.say("alice", "a thread")
        ts = slack.say("alice", "!hodl tight", thread=thread)
        assert 'I know no "hodl"' in slack.answer()["text"]
        slack.edit("alice", ts, "!hold tight")
        until(lambda: desk.recorded("held"), "the command to begin")
        desk.kill()
        desk.let_go()
        desk.start()
        told = slack.answer()
        assert told["text"].startswith("I was stopped while I did this.")
        assert told["thread_ts"] == thread
        assert len(desk.recorded("held")) == 1


def test_an_admin_restarts_the_desk_from_the_chat(slack, tmp_path):
    with StartedDesk(slack, tmp_path) as desk:
        room = slack.room_with("charlie")
        assert "not allowed" in slack.ask("alice", "!restart")
        slack.say("charlie", "!restart", room)
        until(lambda: desk.log.count("The desk is ready") == 2, "the second start")
        assert "The desk is ready." in slack.ask("alice", "!desk status")
        assert [message["text"] for message in slack.desk_messages(room)] == [
            "Deactivating all the plugins...",
            "Restarting",
        ]


def test_a_stop_while_the_desk_starts_ends_it(socket_slack, tmp_path):
    socket_slack.front.fail("auth.test", "hang")
    desk = DeskProcess(socket_slack, tmp_path)
    desk.start(ready=False)
    until(lambda: socket_slack.front.made("auth.test"), "the desk to sign in")
    assert desk.stop() == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "Slack does not take SLACK_BOT_TOKEN (Slack refused: invalid_auth)."),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "Slack does not take SLACK_APP_TOKEN (Slack refused: invalid_auth)."),
        ({"SLACK_BOT_TOKEN": "xoxb-placeholder"}, "SLACK_BOT_TOKEN holds a placeholder, not a value."),
        ({"SLACK_APP_TOKEN": ""}, "SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET"),
        ({"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "s", "DESK_WEB": ""}, "SLACK_SIGNING_SECRET needs DESK_WEB="),
    ],
)
def test_a_wrong_setting_ends_the_desk_with_a_sentence(socket_slack, tmp_path, wrong, sentence):
    desk = DeskProcess(socket_slack, tmp_path, **wrong)
    desk.start(ready=False)
    assert desk.ended() == 1
    assert desk.log.count(sentence) == 1


def test_a_missing_scope_ends_the_desk_with_a_sentence(tmp_path):
    with Workspace(scopes=SCOPES.replace(",files:write", "")) as slack:
        desk = DeskProcess(slack, tmp_path)
        desk.start(ready=False)
        assert desk.ended() == 1
        assert "The Slack app lacks the scopes files:write. Add them under OAuth & Permissions" in desk.log


def test_a_token_that_is_taken_back_ends_the_desk(slack, tmp_path):
    with DeskProcess(slack, tmp_path, config=HASTY) as desk:
        slack.front.fail("*", "token_revoked", times=1000)
        slack.say("alice", "!count revoked")
        assert desk.ended() == 1
        assert "Slack does not take the desk's token any more (Slack refused: token_revoked)." in desk.log
        assert len(desk.recorded("deactivated")) == 1


def test_health_tells_whether_commands_are_heard(socket_slack, tmp_path):
    with DeskProcess(socket_slack, tmp_path) as desk:
        assert desk.healthz()[0] == 200
        socket_slack.front.refuse_sockets = True
        socket_slack.front.close_sockets()
        until(lambda: desk.healthz()[0] == 503, "the health page to say so")
        assert desk.healthz()[1] == {"ready": False}
        socket_slack.front.refuse_sockets = False
        until(lambda: desk.healthz()[0] == 200, "the connection to come back")


def test_the_admins_hear_that_slack_holds_events_back(tmp_path):
    with Workspace("events") as slack, DeskProcess(slack, tmp_path):
        slack.front.notify({"type": "app_rate_limited", "team_id": "T01TEST", "minute_rate_limited": 1795470960})
        told = slack.answer(slack.room_with("charlie"))["text"]
        assert told == "Slack delivers no more events for a minute: what is typed now may get no answer."


def test_only_slack_is_listened_to(tmp_path):
    with Workspace("events") as slack, DeskProcess(slack, tmp_path):
        forged = urllib.request.Request(
            slack.front.desk,
            b'{"type":"event_callback","event":{}}',
            {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1"},
        )
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(forged, timeout=LONG)
        echo = slack.front.desk.replace("/slack/events", "/echo")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(echo, timeout=LONG)


@pytest.mark.parametrize("mode", ["socket", "events"])
def test_the_desk_runs_on_the_stand_in_alone(tmp_path, mode):
    with Workspace(mode, plain=True) as slack, StartedDesk(slack, tmp_path):
        assert "incident open" in slack.ask("alice", "!help incidents")
        slack.say("alice", "!incident open VistA timeouts --sev 2")
        card = slack.answer()
        assert slack.ask("bob", "!incident resolve over", thread=card["ts"]).startswith("✅ #1 resolved")
        until(lambda: slack.message(card["ts"])["text"].startswith("✅ #1"), "the card to follow")
        assert "incident open" in slack.ask("bob", f"<@{DESK}> incident", raw=True)
        assert "The desk is ready." in slack.ask("bob", "!desk status", slack.room_with("bob"))


def test_once_names_are_known_a_command_costs_its_answer_and_chatter_nothing(slack, tmp_path):
    with DeskProcess(slack, tmp_path, config=RECORDED) as desk:
        slack.ask("alice", "!count warm")
        before = len(slack.front.calls)
        slack.ask("alice", "!count warm")
        spoken = [slack.say("alice", f"chatter {n} about <@{DESK}>") for n in range(5)]
        until(lambda: len([m for m in desk.recorded("message") if m["ts"] in spoken]) == 5, "the chatter")
        assert [call.method for call in slack.front.calls[before:]] == ["chat.postMessage"]
