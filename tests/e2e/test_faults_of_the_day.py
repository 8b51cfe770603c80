"""Slack fails where nobody typed anything: at the start of a shift, and around the post at 8pm."""

import pytest

from tests.datadog.stage import DatadogStandIn
from tests.e2e import kinds
from tests.e2e.harness import ALICE, GO_LIVE, Workspace, until
from tests.e2e.test_day import Day

SUMMARY = "*Production support summary, "


@pytest.fixture
def day(tmp_path):
    with Workspace() as slack, DatadogStandIn() as datadog:
        yield Day(slack, tmp_path, datadog, SLACK_TIMEOUT="1")


def told(day, room, words):
    return [message for message in day.slack.desk_messages(room) if words in message["text"]]


def used_up(faults):
    return all(fault.times == 0 for fault in faults)


@pytest.mark.parametrize("how", kinds.FAILURES)
def test_a_shift_begins_once_whatever_fails(day, how):
    faults = [day.slack.front.fail(kind, how) for kind in kinds.SHIFT]
    room = day.slack.room_with("alice")
    with day.desk:
        day.at("2026-11-09 13:00:00")
        until(lambda: used_up(faults), "all to fail")

        def begun():
            line = told(day, GO_LIVE, f"<@{ALICE}> is on call")
            return line and told(day, room, "!shift accept") and "Alice" in day.slack.front.topics.get(GO_LIVE, "")

        day.runs("2026-11-09 13:00:10", begun, "the brief, the line and the topic")
        assert "Alice" in day.slack.ask("bob", "!shift")
    assert (len(told(day, room, "!shift accept")), len(told(day, GO_LIVE, "is on call"))) == (1, 1)


@pytest.mark.parametrize("how", kinds.FAILURES)
def test_a_post_cut_short_is_read_back_whatever_fails_and_stands_once(day, how):
    day.at("2026-11-09 19:30:00")
    day.desk.environment["SLACK_TIMEOUT"] = "20"  # so that it is killed before it gives the answer up
    with day.desk:
        day.slack.ask("alice", "!incident open VistA timeouts on pre-check-in")
        lost = day.slack.front.fail("chat.postMessage", "hang after", where=lambda sent: SUMMARY in sent["text"])
        day.at("2026-11-09 20:00:00")
        until(lambda: told(day, GO_LIVE, SUMMARY), "the post, whose answer hangs")
        day.desk.kill()
        day.desk.environment["SLACK_TIMEOUT"] = "1"
        unread = day.slack.front.fail("conversations.history", how)
        day.desk.start()
        until(lambda: used_up([lost, unread]), "the reading to fail")
        day.at("2026-11-09 20:00:10")
        day.slack.ask("alice", "!incident resolve 1 it is over")
        day.runs("2026-11-09 20:00:10", lambda: told(day, GO_LIVE, "it is over (updated 8:0"), "the edit")
    assert len(told(day, GO_LIVE, SUMMARY)) == 1


@pytest.mark.parametrize("how", kinds.FAILURES)
def test_the_answer_to_a_tick_stands_once_whatever_fails(day, how):
    room = day.slack.room_with("alice")
    with day.desk:
        day.at("2026-11-09 13:00:00")
        brief = until(lambda: told(day, room, "!shift accept"), "the brief")[0]
        fault = day.slack.front.fail("chat.postMessage", how, where=lambda sent: "has the shift today" in sent["text"])
        day.slack.react("alice", brief["ts"], "white_check_mark", room)
        until(lambda: used_up([fault]) and told(day, room, "has the shift today"), "the answer")
        assert "Alice, accepted" in day.slack.ask("bob", "!shift")
        assert [answer["thread_ts"] for answer in told(day, room, "has the shift today")] == [brief["ts"]]


def test_a_message_of_another_app_that_carries_the_desks_metadata_stops_nothing_and_is_warned_of(day):
    day.at("2026-11-09 19:30:00")
    with day.desk:
        day.slack.ask("alice", "!incident open VistA timeouts on pre-check-in")
        forged = day.slack.other_bot_posts(GO_LIVE, "lol")
        payload = {
            "event_type": "desk_post",
            "event_payload": {"key": "summary:2026-11-09", "record": "r", "version": "v"},
        }
        day.slack.front.metadata[GO_LIVE, forged] = payload
        day.at("2026-11-09 20:00:00")
        day.post("VistA timeouts on pre-check-in")
        warned = until(lambda: told(day, day.slack.room_with("charlie"), "carries the desk's metadata"), "the warning")
        assert forged.replace(".", "") in warned[0]["text"]
        assert day.slack.message(forged, GO_LIVE)["text"] == "lol"
        day.slack.ask("alice", "!incident resolve 1 it is over")
        day.post("it is over (updated 8:00pm)")
