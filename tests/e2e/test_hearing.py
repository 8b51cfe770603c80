"""What is typed is heard, whatever becomes of the desk's socket."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.harness import HASTY, HERE, RECORDED, DeskProcess, fresh_slack, hasty_desk, until


class Clock:
    """What moved_config.py takes for the time: a minute later whenever it is moved."""

    def __init__(self, file: Path) -> None:
        self.file, self._at = file, datetime(2026, 11, 7, 12, tzinfo=UTC)
        self.forward()

    def forward(self, minutes: int = 1) -> bool:
        self._at += timedelta(minutes=minutes)
        after = self.file.with_suffix(".after")
        after.write_text(self._at.isoformat())
        after.replace(self.file)
        return True


slack, desk = pytest.fixture(fresh_slack), pytest.fixture(hasty_desk)


def runs(desk, what):
    return [line["args"] for line in desk.recorded("ran")].count(what)


@pytest.mark.parametrize("how", ["disconnect", "close_sockets", "drop_sockets", "cut_sockets", "fall_silent"])
def test_what_is_typed_while_the_socket_is_gone_is_answered_once(slack, desk, how):
    getattr(slack.front, how)()
    assert slack.ask("alice", f"!count {how}") == f"ran {how}"
    assert slack.ask("bob", "!count settled") == "ran settled"
    assert runs(desk, how) == 1


def test_what_comes_by_two_sockets_is_answered_once(slack, desk):
    slack.front.deliveries = 2
    slack.front.disconnect()
    assert slack.ask("alice", "!count both") == "ran both"
    slack.front.deliveries = 1
    assert slack.ask("bob", "!count settled") == "ran settled"
    assert runs(desk, "both") == 1


def test_a_socket_that_falls_silent_is_left_in_time(slack, tmp_path):
    with DeskProcess(slack, tmp_path, config=RECORDED) as desk:
        assert slack.ask("alice", "!count before") == "ran before"
        slack.front.fall_silent()
        slack.say("alice", "!count unheard")
        until(lambda: slack.front.opened == 2, "another socket")
        assert slack.answer()["text"] == "ran unheard"
        assert slack.ask("bob", "!count settled") == "ran settled"
        assert runs(desk, "unheard") == 1
        assert "stale" in desk.log


def test_a_socket_that_is_silent_from_the_start_is_left(slack, tmp_path):
    slack.front.mute_sockets = 2
    with DeskProcess(slack, tmp_path, config=HASTY) as desk:
        assert slack.ask("alice", "!count unheard") == "ran unheard"
        assert slack.ask("bob", "!count settled") == "ran settled"
        assert runs(desk, "unheard") == 1
        assert desk.log.count("Slack's socket stands and is silent. The desk leaves it for another.") == 2
        assert desk.healthz()[0] == 200


@pytest.mark.parametrize("call", ["apps.connections.open", "socket"])
@pytest.mark.parametrize("how", ["429", "500", "cut before", "hang"])
def test_another_socket_is_opened_whatever_fails(slack, desk, call, how):
    slack.front.mute_sockets = 1
    fault = slack.front.fail(call, how, times=2)
    slack.front.cut_sockets()
    assert slack.ask("alice", "!count unheard") == "ran unheard"
    assert slack.ask("bob", "!count settled") == "ran settled"
    assert (runs(desk, "unheard"), fault.times) == (1, 0)


def test_no_other_socket_is_had_at_once_for_a_silent_one(slack, desk):
    slack.front.fall_silent()
    slack.front.mute_sockets = 1
    until(lambda: slack.front.opened == 2, "the silent socket")
    fault = slack.front.fail("apps.connections.open", "500")
    assert slack.ask("alice", "!count unheard") == "ran unheard"
    assert (fault.times, slack.front.opened) == (0, 3)
    assert "There is no other socket yet: Slack failed (HTTP 500)" in desk.log


def test_the_admins_are_told_how_long_nothing_was_heard(slack, tmp_path):
    clock, room = Clock(tmp_path / "moment"), slack.room_with("charlie")
    with DeskProcess(slack, tmp_path, config=HERE / "moved_config.py", MOMENT=str(clock.file)) as desk:
        slack.front.refuse_sockets = True
        slack.front.close_sockets()
        until(lambda: clock.forward() and slack.desk_messages(room), "the admins to be told")
        assert slack.answer(room)["text"].startswith("I hear nothing from Slack any more")
        clock.forward(minutes=12)
        slack.front.refuse_sockets = False
        assert "It delivers again for 5 minutes only" in slack.answer(room)["text"]
        assert desk.log.count("I hear Slack again, after ") == 1


def test_the_admins_are_told_that_no_socket_says_a_word(slack, tmp_path):
    clock, room = Clock(tmp_path / "moment"), slack.room_with("charlie")
    slack.front.mute_sockets = 1000
    with DeskProcess(slack, tmp_path, config=HERE / "moved_config.py", MOMENT=str(clock.file)) as desk:
        nothing = "I hear nothing from Slack any more"
        until(lambda: clock.forward() and told(slack, room, nothing), "the admins to be told")
        assert desk.healthz()[0] == 503
        slack.front.mute_sockets = 0
        until(lambda: told(slack, room, "I hear Slack again"), "the admins to be told")
        assert len(told(slack, room, nothing)) == 1
        assert slack.ask("alice", "!desk status").startswith("The desk is ready.")


def told(slack, room, words):
    return [message for message in slack.desk_messages(room) if message["text"].startswith(words)]
