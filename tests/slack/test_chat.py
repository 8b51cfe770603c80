"""The chat on Slack: proof or an error, where the answer goes, and what the admins hear."""

import threading
from datetime import UTC, datetime, timedelta

from opsdesk.chat.chat import MessageRef, Person, Place, Reply
from opsdesk.store import NotStored
from tests.slack.stage import ALICE, BOB, GENERAL, Fault, typed


def test_a_post_is_proved_by_its_place_and_a_link(chat, slack):
    posted = chat.post(GENERAL, "two & two")
    ts = slack.shown(GENERAL)[0]["ts"]
    link = f"https://example.slack.com/archives/{GENERAL}/p{ts.replace('.', '')}"
    assert posted == MessageRef(room=GENERAL, ts=ts, permalink=link)
    assert slack.shown(GENERAL)[0]["text"] == "two &amp; two"


def test_a_post_does_not_wait_for_a_name_that_slack_does_not_tell(chat, slack, monkeypatch):
    monkeypatch.setattr("opsdesk.slack.chat.NAMES_WITHIN", 0.05)
    over = threading.Event()
    slack.before = lambda method: over.wait() if method == "users.info" else None
    chat.post(GENERAL, f"<@{BOB}> is looking")
    over.set()
    assert [shown["text"] for shown in slack.shown(GENERAL)] == [f"@{BOB} is looking"]


def test_an_edit_does_not_wait_for_a_name_that_slack_does_not_tell(chat, slack, waits, monkeypatch):
    monkeypatch.setattr("opsdesk.slack.chat.NAMES_WITHIN", 0.05)
    posted = chat.post(GENERAL, "nobody is looking")
    over = threading.Event()
    slack.before = lambda method: over.wait(20) if method == "users.info" else None
    chat.edit(posted, f"<@{BOB}> is looking")
    assert waits.lengths == []
    over.set()
    assert [shown["text"] for shown in slack.shown(GENERAL)] == [f"@{BOB} is looking"]


def test_a_post_is_found_again_by_its_key(chat):
    begun = datetime.now(UTC) - timedelta(minutes=1)
    chat.post(GENERAL, "other", key="other")
    posted = chat.post(GENERAL, "summary", key="summary 2026-11-23")
    assert chat.find(GENERAL, "summary 2026-11-23", begun) == posted
    assert chat.find(GENERAL, "summary 2026-11-24", begun) is None
    assert chat.find(GENERAL, "summary 2026-11-23", datetime.now(UTC) + timedelta(minutes=1)) is None


def test_a_direct_message_is_found_by_whom_it_went_to(chat):
    posted = chat.tell(BOB, "draft", key="draft")
    assert posted.room == f"D{BOB}"
    assert chat.find(BOB, "draft", datetime.now(UTC) - timedelta(minutes=1)) == posted


def test_an_edit_keeps_to_the_message(chat, slack):
    posted = chat.post(GENERAL, "before")
    chat.edit(posted, "after <b>")
    assert [message["text"] for message in slack.shown(GENERAL)] == ["after &lt;b&gt;"]


def test_an_emoji_that_is_there_already_is_no_error(chat):
    posted = chat.post(GENERAL, "text")
    chat.react(posted, "eyes")
    chat.react(posted, "eyes")


def test_an_answer_goes_where_the_command_stands_and_is_proved(chat, slack):
    proofs = []
    chat.answer(typed(thread_ts="1795470000.000001"), Reply("answer", key="k", posted=proofs.append))
    assert [(proof.room, proof.thread) for proof in proofs] == [(GENERAL, "1795470000.000001")]
    assert proofs[0].permalink.endswith(f"?thread_ts=1795470000.000001&cid={GENERAL}")


def test_an_answer_that_cannot_be_sent_is_told_to_the_admins(chat, slack, told, waits):
    slack.faults["chat.postMessage"] = [Fault.BUSY] * 20
    chat.answer(typed("!incident list"), Reply("2 open"))
    assert sum(waits.lengths) <= 120
    assert told == [
        'alice typed "!incident list" in #general and may have no answer: Slack asks to wait 20 seconds. '
        "The answer is: 2 open"
    ]


def test_an_answer_whose_place_cannot_be_kept_stands_and_the_admins_are_told(chat, slack, told):
    def full(posted):
        raise NotStored("The disk is full: nothing was stored.")

    chat.answer(typed("!incident open VistA"), Reply("#1 VistA", posted=full))
    assert [message["text"] for message in slack.shown(GENERAL)] == ["#1 VistA"]
    assert told == [
        'alice typed "!incident open VistA" in #general and has the answer, but where it stands could not be kept, '
        "so that nothing in its thread or on it is followed: The disk is full: nothing was stored."
    ]


def test_what_the_desk_tells_the_admins_goes_the_patient_way(chat, slack, told):
    chat.tell_admins("A file is damaged.")
    assert (told, slack.calls) == (["A file is damaged."], [])


def test_what_belongs_into_a_thread_waits_as_long_as_slack_asks(chat, slack, waits):
    slack.faults["chat.postMessage"] = [Fault.BUSY, Fault.CUT_AFTER]
    chat.reply(MessageRef(GENERAL, "1795470990.000001"), "agreed")
    assert [message["text"] for message in slack.shown(GENERAL)] == ["agreed"]
    assert waits.lengths == [20, 0.5]


def test_what_a_thread_may_lack_is_told_to_the_admins(chat, slack, told):
    slack.faults["chat.postMessage"] = [Fault.GONE]
    chat.reply(MessageRef(GENERAL, "1795470990.000001"), "agreed")
    assert told == [
        "What belongs into a thread in #general may be missing: Slack refused: channel_not_found. It is: agreed"
    ]


def test_a_long_answer_is_sent_whole_as_a_file(chat, slack):
    chat.answer(typed(), Reply("\n".join(["a line of words"] * 1000)))
    text = slack.shown(GENERAL)[0]["text"]
    assert len(text) <= 4000
    assert text.endswith("left out: the whole answer is in the file below.")
    assert len(slack.uploads) == 1


def test_a_file_that_cannot_be_sent_is_told(chat, slack, tmp_path, told):
    file = tmp_path / "export.csv"
    file.write_text("a,b")
    slack.faults["files.completeUploadExternal"] = [Fault.GONE]
    chat.answer(typed(), Reply("here", file=file))
    assert told[0].endswith("Slack refused: channel_not_found. The answer is: (the file export.csv)")


def test_what_was_said_has_slack_s_ids(chat):
    said = chat.command(typed(), "some\x02 text of 123-45-6789", datetime(2026, 11, 23, tzinfo=UTC))
    assert (said.text, said.ts) == ("some text of [SSN]", "1795470990.000001")
    assert said.by == Person(ALICE, "alice")
    assert said.place == Place(GENERAL, "#general", "")


def test_a_direct_message_is_in_no_room(chat):
    said = chat.command(typed(channel="D01"), "text", datetime(2026, 11, 23, tzinfo=UTC))
    assert said.place == Place()
