"""Which of Slack's messages run, and what their events have in common."""

import pytest

from opsdesk.slack.events import (
    EventKind,
    key_of,
    kind_of,
    lane_of,
    message_in,
    soon_enough,
    thread_for_answer,
    thread_of,
)

TYPED = {"type": "message", "channel": "C01", "user": "U01ALICE", "ts": "1795470990.000001", "text": "!incident"}


POSTED = {"type": "message", "channel": "C01", "bot_id": "B08DATADOG", "ts": "1795470990.000002", "text": "alert"}


def changed(before, after, **event):
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C01",
        "ts": "1795471000.000001",
        "event_ts": "1795471000.000001",
        "previous_message": {key: value for key, value in before.items() if key != "channel"},
        "message": {key: value for key, value in after.items() if key != "channel"},
    } | event


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (TYPED, EventKind.TYPED),
        (TYPED | {"subtype": "file_share"}, EventKind.TYPED),
        (TYPED | {"subtype": "thread_broadcast", "thread_ts": "1.1"}, EventKind.TYPED),
        (TYPED | {"subtype": "channel_join"}, EventKind.NOTHING),
        (TYPED | {"subtype": "channel_topic"}, EventKind.NOTHING),
        (TYPED | {"user": "U09DESK"}, EventKind.NOTHING),
        (POSTED, EventKind.POSTED),
        (POSTED | {"subtype": "bot_message", "username": "Datadog"}, EventKind.POSTED),
        (POSTED | {"user": "U08DATADOG"}, EventKind.POSTED),
        (POSTED | {"bot_id": "B09DESK"}, EventKind.NOTHING),
        ({"type": "message", "channel": "C01", "ts": "1.1", "text": "of nobody"}, EventKind.POSTED),
        ({"type": "message", "channel": "C01", "ts": "1.1", "subtype": "message_deleted"}, EventKind.NOTHING),
        (changed(TYPED, TYPED | {"text": "!incident list"}), EventKind.RETYPED),
        (changed(TYPED, TYPED | {"attachments": [{"title": "a link, unfolded"}]}), EventKind.NOTHING),
        (changed(POSTED, POSTED | {"text": "recovered"}), EventKind.REPOSTED),
        (changed(POSTED, POSTED | {"attachments": [{"title": "recovered"}]}), EventKind.REPOSTED),
        (changed(POSTED | {"bot_id": "B09DESK"}, POSTED | {"bot_id": "B09DESK", "text": "x"}), EventKind.NOTHING),
    ],
)
def test_what_a_message_is_to_the_desk(event, kind):
    assert kind_of(event, "U09DESK", "B09DESK") is kind


def test_a_delivery_and_its_repetition_have_one_key():
    assert key_of(TYPED) == key_of(TYPED | {"event_ts": "later"}) == "C01:1795470990.000001"


def test_each_change_of_a_message_has_a_key_of_its_own():
    once = changed(TYPED, TYPED | {"text": "a", "edited": {"user": "U01ALICE", "ts": "1795471000.000000"}})
    twice = changed(TYPED, TYPED | {"text": "b", "edited": {"user": "U01ALICE", "ts": "1795471001.000000"}})
    assert len({key_of(TYPED), key_of(once), key_of(twice)}) == 3


@pytest.mark.parametrize(("seconds", "soon"), [(1, True), (120, True), (121, False)])
def test_a_change_is_soon_enough_for_two_minutes(seconds, soon):
    edited = {"edited": {"ts": f"{1795470990 + seconds}.000001"}}
    assert soon_enough(changed(TYPED, TYPED | edited)) is soon


def test_a_changed_message_is_the_message_itself_in_its_channel():
    message = message_in(changed(TYPED, TYPED | {"text": "new", "thread_ts": TYPED["ts"]}))
    assert (message["channel"], message["ts"], message["text"]) == ("C01", TYPED["ts"], "new")
    assert "thread_ts" not in message


def test_the_head_of_a_thread_stands_in_none():
    assert thread_of({"ts": "1.1", "thread_ts": "1.1"}) == ""
    assert thread_of({"ts": "1.2", "thread_ts": "1.1"}) == "1.1"


def test_a_long_answer_in_a_channel_makes_a_thread():
    lines = "\n".join(["a line of words"] * 20)
    assert thread_for_answer(TYPED, lines, stays=False) == TYPED["ts"]
    assert thread_for_answer(TYPED, "a word " * 300, stays=False) == TYPED["ts"]
    assert thread_for_answer(TYPED, "2 open", stays=False) == ""
    assert thread_for_answer(TYPED, lines, stays=True) == ""
    assert thread_for_answer(TYPED | {"channel": "D01"}, lines, stays=False) == ""
    assert thread_for_answer(TYPED | {"thread_ts": "1.1"}, "2 open", stays=False) == "1.1"


def test_a_message_its_changes_and_its_emoji_are_about_one_thing():
    reaction = {"type": "reaction_added", "item": {"type": "message", "channel": "C01", "ts": TYPED["ts"]}}
    about = {lane_of(TYPED), lane_of(changed(TYPED, TYPED | {"text": "new"})), lane_of(reaction)}
    assert about == {f"C01:{TYPED['ts']}"}
    assert lane_of({"type": "user_change", "user": {"id": "U01"}, "event_ts": "1.1"}) not in about
