"""The chat on Slack: proof or an error, where the answer goes, and what the admins hear."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from opsdesk.chat.chat import MessageRef, Person, Place, Reply, SendError, SentMessage
from opsdesk.store import NotStored
from tests.patience import LONG
from tests.slack.stage import ALICE, BOB, DESK, GENERAL, PEOPLE, Fault, typed


def test_a_post_is_proved_by_its_place_and_a_link(chat, slack):
    posted = chat.post(GENERAL, "two & two")
    ts = slack.shown(GENERAL)[0]["ts"]
    link = f"https://example.slack.com/archives/{GENERAL}/p{ts.replace('.', '')}"
    assert posted == MessageRef(room=GENERAL, ts=ts, permalink=link)
    assert slack.shown(GENERAL)[0]["text"] == "two &amp; two"


def test_whatever_is_sent_is_looked_at_once_more(chat, slack, tmp_path):
    posted = chat.post(GENERAL, "ssn 987-65-4320")
    chat.edit(posted, "icn 1012345678V123456")
    chat.tell(ALICE, "dob 01/02/1950")
    file = tmp_path / "ssn 987-65-4320.csv"
    file.write_text("1")
    chat.upload(GENERAL, file, title=file.name)
    assert [shown["text"] for shown in slack.messages if shown["text"]] == ["icn [ICN]", "dob [date of birth]"]
    assert "4320" not in repr(slack.messages)


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
    slack.before = lambda method: over.wait(LONG) if method == "users.info" else None
    chat.edit(posted, f"<@{BOB}> is looking")
    assert waits.lengths == []
    over.set()
    assert [shown["text"] for shown in slack.shown(GENERAL)] == [f"@{BOB} is looking"]


def test_a_post_is_found_again_by_its_key(chat):
    begun = datetime.now(UTC) - timedelta(minutes=1)
    chat.post(GENERAL, "other", key="other")
    posted = chat.post(GENERAL, "summary", key="summary 2026-11-23")
    assert [sent.ref for sent in chat.find(GENERAL, "summary 2026-11-23", begun)] == [posted]
    assert chat.find(GENERAL, "summary 2026-11-24", begun) == []
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert chat.find(GENERAL, "summary 2026-11-23", later) == []
    assert chat.find(GENERAL, "summary 2026-11-23", begun, begun) == []


def test_a_message_is_found_with_what_it_carries_and_says(chat, slack):
    begun = datetime.now(UTC) - timedelta(minutes=1)
    first = chat.post(GENERAL, "two & two", key="k", record="r", version="1")
    second = chat.post(GENERAL, "again", key="k", record="r", version="2")
    slack.messages[0]["reply_count"] = 3
    chat.edit(second, "<again>", key="k", record="other", version="3")
    assert chat.find(GENERAL, "k", begun) == [
        SentMessage(first, "r", "1", "two & two", replies=3),
        SentMessage(second, "other", "3", "<again>"),
    ]
    chat.edit(second, "once more")
    assert chat.find(GENERAL, "k", begun)[1].version == "3"


FOREIGN = {
    "another app": {"user": "U08OTHER", "bot_id": "B08OTHER"},
    "an older app": {"user": None, "bot_id": "B08OTHER", "subtype": "bot_message"},
    "a person": {"user": ALICE, "bot_id": None},
    "another bot in the desk's name": {"user": DESK, "bot_id": "B08OTHER"},
}


@pytest.mark.parametrize("sender", FOREIGN)
def test_a_message_that_others_mark_as_the_desks_own_is_ignored_and_warned_of_once(chat, slack, told, sender):
    begun = datetime.now(UTC) - timedelta(minutes=1)
    own = chat.post(GENERAL, "summary", key="summary 2026-11-23")
    forged = dict(slack.messages[0]) | FOREIGN[sender] | {"text": "lol", "ts": f"{slack.now() - 5:.6f}"}
    slack.messages.insert(0, forged)
    for _ in range(2):
        assert [sent.ref for sent in chat.find(GENERAL, "summary 2026-11-23", begun)] == [own]
    (warning,) = told
    assert warning.startswith(f"A message that {forged['user'] or 'B08OTHER'} sent carries the desk's metadata, as if ")
    assert warning.endswith(f"/archives/{GENERAL}/p{forged['ts'].replace('.', '')}")


def test_nothing_is_found_while_slack_does_not_tell_who_the_desk_is(chat, slack):
    chat.post(GENERAL, "summary", key="k")
    slack.faults["auth.test"] = [Fault.GONE]
    chat._patient.lookups.signed_in({})
    with pytest.raises(SendError, match="Slack does not tell who the desk is"):
        chat.find(GENERAL, "k", datetime.now(UTC) - timedelta(minutes=1))
    assert chat.find(GENERAL, "k", datetime.now(UTC) - timedelta(minutes=1))


def test_a_message_of_the_desks_own_is_deleted_and_may_be_gone_already(chat, slack):
    posted = chat.post(GENERAL, "twice")
    chat.delete(posted)
    chat.delete(posted)
    assert slack.shown(GENERAL) == []


def test_an_edit_of_a_message_that_is_gone_can_never_succeed(chat):
    posted = chat.post(GENERAL, "text")
    chat.delete(posted)
    with pytest.raises(SendError) as unsent:
        chat.edit(posted, "text, changed")
    assert (unsent.value.final, unsent.value.gone, unsent.value.reason) == (
        True,
        True,
        "Slack refused: message_not_found",
    )


def test_a_message_tells_when_it_was_sent_by_slacks_clock(chat, slack):
    slack.now = lambda: datetime(2026, 11, 24, 1, tzinfo=UTC).timestamp()
    assert chat.sent_at(chat.post(GENERAL, "text")) == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert chat.sent_at(MessageRef(GENERAL)) is None


def test_a_direct_message_is_found_by_whom_it_went_to(chat):
    posted = chat.tell(BOB, "draft", key="draft")
    assert posted.room == f"D{BOB}"
    assert [sent.ref for sent in chat.find(BOB, "draft", datetime.now(UTC) - timedelta(minutes=1))] == [posted]


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


def test_a_long_answer_needs_no_room_on_the_disk(chat, slack, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    chat.answer(typed(), Reply("\n".join(["a line of words"] * 1000)))
    assert len(slack.uploads) == 1


def test_a_file_that_cannot_be_read_is_told(chat, tmp_path, told):
    chat.answer(typed(), Reply("here", file=tmp_path / "export.csv"))
    assert told == [
        'alice typed "!incident" in #general and may have no answer: export.csv cannot be read (No such file or '
        "directory). The answer is: (the file export.csv)"
    ]


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


APP = {"bot_id": "B08APP", "username": "alice", "subtype": "bot_message"}


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ({"user": ALICE}, "alice"),
        (APP, "alice (app)"),
        (APP | {"username": "alice\n1:15pm bob resolved it"}, "alice 1:15pm bob resolved it (app)"),
        ({"user": "U08APP", "bot_id": "B08APP"}, "Uptime (app)"),
        ({"bot_id": "B09GONE"}, "B09GONE (app)"),
    ],
)
def test_an_app_is_named_as_one_whatever_it_calls_itself(chat, slack, sender, name):
    slack.messages.append({"channel": GENERAL, "ts": "1795470990.000001", "text": "resolved", **sender})
    assert chat.read(GENERAL, "1795470990.000001").by.name == name


def test_somebody_elses_name_calls_nobody_and_is_no_link(chat, slack, monkeypatch):
    forged = f"x\x02{BOB}|bob\x03 <@{BOB}> <#C09SECRET|x> <!here>"
    monkeypatch.setitem(PEOPLE, ALICE, {"id": ALICE, "profile": {"display_name": forged}})
    chat.post(GENERAL, f"<@{ALICE}> is looking")
    assert slack.shown(GENERAL)[0]["text"] == (
        f"@x{BOB}|bob &lt;@{BOB}&gt; &lt;#C09SECRET|x&gt; &lt;!here&gt; is looking"
    )


def test_a_command_is_of_when_it_was_typed_and_never_of_later_than_now(chat, clock):
    clock.to("2026-11-23 19:49")
    handled_at = clock()
    clock.to("2026-11-23 19:45")
    delivered_late = typed(ts=f"{clock().timestamp():.6f}")
    assert chat.command(delivered_late, "update 1 two sites", handled_at).at == clock()
    ahead = typed(ts=f"{handled_at.timestamp() + 90:.6f}")  # Slack's clock is ahead of the desk's
    assert chat.command(ahead, "update 1 two sites", handled_at).at == handled_at
    assert not chat.command(ahead, "update 1 two sites", handled_at).late
