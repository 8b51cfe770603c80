"""What was typed while the desk was away and Slack gave up on: told once to whoever typed it, done by their ✅."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.harness import GO_LIVE, MOVED, Clock, DeskProcess, fresh_slack
from tests.e2e.test_rotation import heard

AWAY = timedelta(minutes=8)  # longer than Slack tries again, and less than a question waits for its answer
HEAD = "I was away, or heard nothing from Slack, when you typed this:"

slack = pytest.fixture(fresh_slack)


def test_what_nobody_heard_is_told_once_and_done_as_of_then(slack, tmp_path):
    clock = Clock(tmp_path / "moment", datetime.now(UTC))
    with DeskProcess(slack, tmp_path, config=MOVED, MOMENT=str(clock.file)) as desk:
        card = slack.ask("alice", "!incident open Claims are slow", GO_LIVE)
        assert card.startswith("🔴 #1 Claims are slow")
        slack.say("bob", "!incident viod 1 opened twice", GO_LIVE)
        asked = slack.answer(GO_LIVE)
        assert asked["text"] == (
            "Did you mean `!incident void 1 opened twice`? ✅ or `!yes` does it: I ask because it cannot be taken back."
        )
        assert desk.stop() == 0
        slack.front.deliveries = 0  # Slack has given up on all of this when the desk is back
        slack.say("alice", "!incident update 1 two sites", GO_LIVE)
        slack.say("alice", "!incident list", GO_LIVE)
        slack.say("alice", "!incident resolve 1 gone", GO_LIVE)
        slack.say("bob", "!stats today", GO_LIVE)
        clock.to(clock.at + AWAY)
        desk.start()
        room = slack.room_with("alice")
        told = heard(slack, room, HEAD)
        first, update, resolve, *rest = told["text"].splitlines()
        assert first == HEAD
        assert update.endswith("m, not done: `!incident update 1 two sites` ✅")
        assert resolve.endswith("m, not done: `!incident resolve 1 gone`")
        assert len(rest) == 2
        slack.front.deliveries = 1
        slack.react("bob", told["ts"], "white_check_mark", room)
        slack.react("alice", told["ts"], "white_check_mark", room)
        done = heard(slack, room, "Done as of")
        assert done["thread_ts"] == told["ts"]
        heard(slack, GO_LIVE, "#1 updated, still investigating. Less than a minute open.")
        for who in ("alice", "bob"):
            slack.react(who, asked["ts"], "white_check_mark", GO_LIVE)
        heard(slack, GO_LIVE, "bob: ⚪ #1 is void")
        assert desk.stop() == 0
        desk.start()
        clock.to(clock.at + timedelta(minutes=7))
        slack.read_all()
        assert slack.ask("alice", "!incident show 1", GO_LIVE).count("two sites") == 1
        assert len([one for one in slack.desk_messages(room) if one["text"].startswith(HEAD)]) == 1
        assert slack.desk_messages(slack.room_with("bob")) == []
