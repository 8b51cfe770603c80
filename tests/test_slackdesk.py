"""What the backend decides by: which messages run, what was taken already, who may deliver."""

import errno
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import ROOT, MovedClock
from opsdesk.slack_delivery import HttpDelivery
from opsdesk.slack_event import Kind, key_of, kind_of, lane_of, message_in, soon_enough, thread_of
from opsdesk.slack_handled import Handled
from opsdesk.slack_lanes import Lanes
from opsdesk.slack_scopes import SCOPES, missing_scopes

TYPED = {"type": "message", "channel": "C01", "user": "U01ALICE", "ts": "1795470990.000001", "text": "!incident"}
POSTED = {"type": "message", "channel": "C01", "bot_id": "B08DATADOG", "ts": "1795470990.000002", "text": "alert"}
SECRET = "signing-secret"


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
        (TYPED, Kind.TYPED),
        (TYPED | {"subtype": "file_share"}, Kind.TYPED),
        (TYPED | {"subtype": "thread_broadcast", "thread_ts": "1.1"}, Kind.TYPED),
        (TYPED | {"subtype": "channel_join"}, Kind.NOTHING),
        (TYPED | {"subtype": "channel_topic"}, Kind.NOTHING),
        (TYPED | {"user": "U09DESK"}, Kind.NOTHING),
        (POSTED, Kind.POSTED),
        (POSTED | {"subtype": "bot_message", "username": "Datadog"}, Kind.POSTED),
        (POSTED | {"user": "U08DATADOG"}, Kind.POSTED),
        (POSTED | {"bot_id": "B09DESK"}, Kind.NOTHING),
        ({"type": "message", "channel": "C01", "ts": "1.1", "text": "of nobody"}, Kind.POSTED),
        ({"type": "message", "channel": "C01", "ts": "1.1", "subtype": "message_deleted"}, Kind.NOTHING),
        (changed(TYPED, TYPED | {"text": "!incident list"}), Kind.RETYPED),
        (changed(TYPED, TYPED | {"attachments": [{"title": "a link, unfolded"}]}), Kind.NOTHING),
        (changed(POSTED, POSTED | {"text": "recovered"}), Kind.REPOSTED),
        (changed(POSTED, POSTED | {"attachments": [{"title": "recovered"}]}), Kind.REPOSTED),
        (changed(POSTED | {"bot_id": "B09DESK"}, POSTED | {"bot_id": "B09DESK", "text": "x"}), Kind.NOTHING),
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


def test_a_message_its_changes_and_its_emoji_are_about_one_thing():
    reaction = {"type": "reaction_added", "item": {"type": "message", "channel": "C01", "ts": TYPED["ts"]}}
    about = {lane_of(TYPED), lane_of(changed(TYPED, TYPED | {"text": "new"})), lane_of(reaction)}
    assert about == {f"C01:{TYPED['ts']}"}
    assert lane_of({"type": "user_change", "user": {"id": "U01"}, "event_ts": "1.1"}) not in about


def test_work_about_one_thing_is_done_in_order_and_other_work_meanwhile():
    lanes, done, held = Lanes(4), [], threading.Event()
    lanes.add("one", lambda: held.wait(20))
    for number in range(50):
        lanes.add("one", lambda number=number: done.append(number))
    other = threading.Event()
    lanes.add("other", other.set)
    assert other.wait(20)
    assert done == []
    held.set()
    assert lanes.close(20)
    assert done == list(range(50))


def test_work_that_comes_at_the_end_is_done_all_the_same():
    lanes, done = Lanes(1), []
    assert lanes.close(20)
    lanes.add("one", lambda: done.append("late"))
    assert done == ["late"]


def test_the_end_waits_no_longer_than_it_is_told_to():
    lanes, held = Lanes(1), threading.Event()
    lanes.add("one", lambda: held.wait(20))
    assert lanes.close(0.01) is False
    held.set()
    assert lanes.close(20) is True


def test_work_that_hangs_does_not_keep_the_desk_from_stopping():
    hanging = """
import threading
from opsdesk.slack_lanes import Lanes
lanes = Lanes(1)
lanes.add("one", threading.Event().wait)
assert lanes.close(0.01) is False
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "plugins")}
    assert subprocess.run([sys.executable, "-c", hanging], env=environment, timeout=20, check=False).returncode == 0


@pytest.fixture
def handled(tmp_path, clock: MovedClock):
    def start():
        return Handled(tmp_path / "errbot" / "handled.jsonl", clock)

    return start


def test_an_event_is_taken_once(handled):
    record = handled()
    assert [record.take("C01:1.1"), record.take("C01:1.1"), record.take("C01:1.2")] == [True, False, True]


def test_what_was_taken_is_known_after_a_restart(handled):
    handled().take("C01:1.1")
    assert handled().take("C01:1.1") is False


def test_after_ten_minutes_it_is_forgotten(handled, clock):
    handled().take("C01:1.1")
    clock.forward(minutes=10)
    assert handled().take("C01:1.1") is True


def test_a_command_that_was_begun_and_not_done_is_unfinished(handled):
    record = handled()
    record.take("C01:1.1", "!incident open a", "1.0")
    record.take("C01:1.2", "!incident open b")
    record.take("C01:1.3")
    record.done("C01:1.2")
    unfinished = handled().unfinished
    assert [(key, taken.command, taken.thread) for key, taken in unfinished.items()] == [
        ("C01:1.1", "!incident open a", "1.0")
    ]


def test_an_unfinished_command_stays_so_however_long_the_desk_was_down(handled, clock):
    handled().take("C01:1.1", "!incident open a")
    for _ in range(2):
        clock.forward(hours=12)
        record = handled()
        assert list(record.unfinished) == ["C01:1.1"]
    record.done("C01:1.1")
    clock.forward(minutes=1)
    assert handled().unfinished == {}


def test_what_is_done_after_the_end_is_written_nowhere(handled, tmp_path):
    record = handled()
    record.take("C01:1.1", "!incident open a")
    record.close()
    with (tmp_path / "other").open("w") as other:  # it has the number now that the closed file had
        record.done("C01:1.1")
        assert record.take("C01:1.2") is True
    assert Path(other.name).read_text() == ""


def test_a_line_that_was_cut_off_harms_no_other(handled, tmp_path):
    handled().take("C01:1.1")
    file = tmp_path / "errbot" / "handled.jsonl"
    file.write_bytes(file.read_bytes() + b'["C01:1.2", "2026-11-')
    record = handled()
    assert [record.take("C01:1.1"), record.take("C01:1.2")] == [False, True]


def test_the_file_keeps_what_is_fresh(handled, tmp_path, clock, monkeypatch):
    monkeypatch.setattr("opsdesk.slack_handled.MOST_LINES", 100)
    record = handled()
    for number in range(150):
        record.take(f"C01:{number}")
        clock.forward(minutes=1)
    assert len((tmp_path / "errbot" / "handled.jsonl").read_bytes().splitlines()) < 100
    assert record.take("C01:149") is False


@pytest.fixture
def full_disk(monkeypatch):
    """Once told to, takes but half of each line, and no new file."""

    def write(end, line, write=os.write):
        return write(end, line[: len(line) // 2])

    def refuse(*told):
        raise OSError(errno.ENOSPC, "No space left on device")

    def fill():
        monkeypatch.setattr("opsdesk.slack_handled.os.write", write)
        monkeypatch.setattr(Path, "write_bytes", refuse)

    return fill


def test_a_full_disk_loses_no_event(handled, clock, full_disk, monkeypatch):
    monkeypatch.setattr("opsdesk.slack_handled.MOST_LINES", 10)
    handled().take("C01:1.1")
    full_disk()
    record = handled()
    assert record.take("C01:1.1") is False
    assert [record.take(f"C01:{number}") for number in range(50)] == [True] * 50
    assert record.take("C01:49") is False
    monkeypatch.undo()
    record.take("C01:later", "!incident open a")
    assert list(handled().unfinished) == ["C01:later"]


def signed(body, at=None, secret=SECRET):
    at = str(int(at if at is not None else time.time()))
    made = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={made}"}


@pytest.fixture
def taken():
    return []


@pytest.fixture
def delivery(taken):
    return HttpDelivery(SECRET, taken.append)


EVENT = json.dumps({"type": "event_callback", "event": TYPED}).encode()


def test_a_signed_event_is_taken(delivery, taken):
    delivery.open()
    assert delivery.receive(EVENT, signed(EVENT)) == ("", 200)
    assert [payload["event"] for payload in taken] == [TYPED]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(EVENT, secret="another"),
        signed(EVENT, at=time.time() - timedelta(hours=1).total_seconds()),
        signed(EVENT) | {"X-Slack-Request-Timestamp": "soon"},
        signed(EVENT) | {"X-Slack-Signature": "v0=é"},
    ],
    ids=["not signed", "by somebody else", "an hour ago", "at no time", "in no letters of Slack's"],
)
def test_an_event_that_slack_did_not_sign_is_refused(delivery, taken, headers):
    delivery.open()
    assert delivery.receive(EVENT, headers)[1] == 401
    assert taken == []


def test_bytes_that_are_no_text_are_refused(delivery, taken):
    delivery.open()
    assert delivery.receive(b"\xff", signed(EVENT))[1] == 401
    assert taken == []


def test_what_is_no_event_is_refused(delivery, taken):
    delivery.open()
    assert delivery.receive(b"<html>", signed(b"<html>"))[1] == 400
    assert taken == []


def test_slack_s_question_for_the_address_is_answered(delivery):
    asked = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    assert delivery.receive(asked, signed(asked)) == ("abc", 200)


def test_before_and_after_its_time_the_desk_asks_for_another_delivery(delivery, taken):
    assert delivery.receive(EVENT, signed(EVENT))[1] == 503
    delivery.open()
    delivery.close()
    assert delivery.receive(EVENT, signed(EVENT))[1] == 503
    assert taken == []


def test_missing_scopes_are_named():
    granted = ",".join(scope for scope in SCOPES if scope not in ("im:write", "users:read"))
    assert missing_scopes(granted) == ["im:write", "users:read"]
    assert missing_scopes(" , ".join(SCOPES)) == []


def manifest_list(name):
    """A list of the Slack app's manifest in the README."""
    readme = (ROOT / "README.md").read_text("utf-8")
    found = re.search(rf"(?m)^ +{name}:\n((?: +- \S+\n)+)", readme)
    assert found, f"the README's manifest has no {name}"
    return re.findall(r"- (\S+)", found[1])


def test_the_manifest_in_the_readme_asks_for_the_scopes_that_are_needed():
    assert manifest_list("bot") == sorted(SCOPES)


def test_the_manifest_in_the_readme_asks_for_the_events_that_are_handled():
    source = (ROOT / "backends" / "slackdesk" / "slackdesk.py").read_text("utf-8")
    reactions = ["reaction_added", "reaction_removed"]  # slackv3's own
    handled = {name for name in re.findall(r"_handle_(\w+)", source)} | set(reactions)
    assert {event.partition(".")[0] for event in manifest_list("bot_events")} == handled
