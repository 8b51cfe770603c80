"""Whoever asks for too much is told so once, and nobody else notices."""

import pytest

from tests.e2e.harness import DeskProcess, fresh_slack, until

slack = pytest.fixture(fresh_slack)


def replies(slack, ts):
    return [one["text"] for one in slack.desk_messages() if one.get("thread_ts") == ts]


def test_a_flood_is_refused_once_and_others_are_answered_meanwhile(slack, tmp_path):
    with DeskProcess(slack, tmp_path):
        typed = [slack.say("alice", "!incident list") for _ in range(60)]
        assert slack.ask("bob", "!incident list mine", slack.room_with("bob")).startswith("Nothing of yours")
        until(lambda: len(slack.desk_messages()) >= 31, "thirty answers and a refusal")
        (refused,) = [ts for ts in typed if replies(slack, ts)]
        assert typed.index(refused) == 30
        assert replies(slack, refused)[0].startswith("Sorry, this is more than I can follow at once")
        assert len(slack.desk_messages()) == 31


def test_a_command_that_is_too_long_is_refused_before_errbot_takes_it_apart(slack, tmp_path):
    with DeskProcess(slack, tmp_path):
        typed = [slack.say(who, "!incident open " + "a " * 19_000) for who in ("alice", "bob", "charlie") * 4]
        until(lambda: all(replies(slack, ts) for ts in typed), "the refusals")
        assert {replies(slack, ts)[0][:36] for ts in typed} == {"That is 38,015 characters long, and "}
        assert slack.ask("alice", "!incident list", slack.room_with("alice")).startswith("Nothing is open")
