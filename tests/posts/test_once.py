"""Exactly once also against ourselves: late calls, other desks, and records put back from a snapshot."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from opsdesk.chat.chat import SendError
from opsdesk.posts.post import PostEntry, PostRecord, PostStep, State
from opsdesk.posts.scheduled import Scheduled
from tests.chat.stage import BUSY, LOST, REFUSED, Message, failing
from tests.posts.stage import EIGHT, MINUTE, SECOND, Stage

OTHERS = {"key": "summary:2026-11-23", "record": "another desk's", "version": "theirs"}


@pytest.fixture
def stage() -> Stage:
    return Stage()


def carried_out_late(stage: Stage, **more: object) -> None:
    """The first call to post is given up, and carried out once the second one was."""
    late: list[Message] = []

    def held(call: str) -> None:
        if call == "post" and not late:
            claim = stage.record.last(PostStep.CLAIMED)
            late.append(
                Message("go-live", "9.0", "Summary\nthe day", stage.scheduled.key, "", stage.record.id, claim.version)
            )
            raise LOST

    stage.channel.before = held
    stage.run(EIGHT, EIGHT + 2 * SECOND)
    stage.channel.put(replace_message(late[0], **more))


def replace_message(message: Message, **more: object) -> Message:
    return Message(**{**message.__dict__, **more})


def test_what_the_chat_carries_out_after_the_post_was_sent_again_is_deleted(stage):
    carried_out_late(stage)
    assert len(stage.channel.texts("go-live")) == 2
    stage.run(EIGHT + 3 * SECOND, EIGHT + 2 * MINUTE)
    assert [one.ts for one in stage.channel.messages] == [stage.record.proof.ts] == ["1.0"]
    assert stage.record.last(PostStep.REPEATED).ts == "9.0"


def moved_after(stage: Stage) -> None:
    """After a first try the post's channel is changed, and the desk started anew."""
    stage.posts.tick(EIGHT)
    stage.scheduled = replace(stage.scheduled, room="go-live-2")
    stage.start(EIGHT + 2 * SECOND)
    stage.run(EIGHT + 3 * SECOND, EIGHT + 2 * MINUTE)


def test_what_was_sent_before_its_channel_was_changed_is_found_there_and_not_sent_again(stage):
    stage.channel.after = failing("post", LOST)
    moved_after(stage)
    assert [(one.room, one.text) for one in stage.channel.messages] == [("go-live", "Summary\nthe day")]
    assert (stage.record.state, stage.record.proof.room) == (State.POSTED, "go-live")


def test_a_channel_that_refused_the_post_is_not_looked_through_for_it(stage):
    stage.channel.before = failing("post", REFUSED)
    moved_after(stage)
    assert (stage.record.proof.room, stage.record.rooms) == ("go-live-2", ("go-live-2",))


def test_of_two_the_first_by_the_chat_is_kept_and_followed(stage):
    carried_out_late(stage, ts="0.5")
    stage.run(EIGHT + 3 * SECOND, EIGHT + 2 * MINUTE)
    stage.changed, stage.words = True, "the day, resolved"
    stage.posts.tick(EIGHT + 7 * MINUTE)
    assert [(one.ts, one.text) for one in stage.channel.messages] == [
        ("0.5", "Summary\nthe day, resolved (updated 8:07pm)")
    ]


def test_a_second_one_with_replies_becomes_a_line_with_the_link_to_the_first(stage):
    carried_out_late(stage, replies=2)
    stage.run(EIGHT + 3 * SECOND, EIGHT + 7 * MINUTE)
    assert stage.channel.texts("go-live") == [
        "Summary\nthe day",
        "(sent twice by mistake: what counts is https://chat.example/go-live/1.0)",
    ]


def test_a_second_one_is_deleted_as_soon_as_the_chat_lets_the_desk(stage):
    carried_out_late(stage)
    stage.channel.before = failing("delete", BUSY, BUSY)
    stage.run(EIGHT + 3 * SECOND, EIGHT + 2 * MINUTE)
    assert len(stage.channel.texts("go-live")) == 1


def test_a_second_one_that_can_never_be_deleted_is_kept_on_record(stage):
    carried_out_late(stage)
    stage.channel.before = failing("delete", REFUSED)
    stage.run(EIGHT + 3 * SECOND, EIGHT + 20 * MINUTE)
    assert len(stage.channel.texts("go-live")) == 2
    repeated = [entry for entry in stage.record.entries if entry.step is PostStep.REPEATED]
    assert [(entry.ts, entry.text) for entry in repeated] == [("9.0", "channel_not_found")]


def test_a_look_that_fails_is_made_again(stage):
    carried_out_late(stage)
    stage.channel.before = failing("find", BUSY, BUSY, BUSY)
    stage.run(EIGHT + 3 * SECOND, EIGHT + 3 * MINUTE)
    assert len(stage.channel.texts("go-live")) == 1


def notice() -> Scheduled:
    """A direct message that need not be punctual."""
    return replace(Stage().scheduled, key="draft", room="", person="alice", punctual=False, edits_until=None)


@pytest.mark.parametrize("lost", [True, False])
def test_a_notice_is_looked_for_again_only_after_a_lost_answer(stage, lost):
    stage.scheduled, made = notice(), []
    faults = failing("post", *[LOST] * lost)
    stage.channel.before = lambda call: made.append(call) or faults(call)
    stage.run(EIGHT, EIGHT + 10 * MINUTE)
    assert made == (["find", "post", "find", "post", "find", "find", "find"] if lost else ["find", "post"])


def test_a_notice_sent_again_after_the_desk_was_killed_stands_once(stage):
    stage.scheduled = notice()
    claim = PostEntry(EIGHT - SECOND, PostStep.CLAIMED, version="1")
    stage.records.change(stage.scheduled.day, "draft", lambda none: PostRecord("draft", (claim,), id="a"))
    stage.posts.tick(EIGHT)
    stage.channel.put(Message("alice", "9.0", "Summary\nthe day", "draft", "", "a", "1"))  # what the first try sent
    stage.run(EIGHT + SECOND, EIGHT + 2 * MINUTE)
    assert [one.ts for one in stage.channel.messages] == ["1.0"]


def test_a_notice_that_is_carried_out_late_and_cannot_be_deleted_is_for_the_admins(stage):
    stage.scheduled = notice()
    carried_out_late(stage, room="alice")
    stage.channel.before = failing("delete", REFUSED)
    stage.run(EIGHT + 3 * SECOND, EIGHT + 2 * MINUTE)
    assert stage.told == [
        "A message was sent twice, and the second could not be deleted (channel_not_found): "
        "https://chat.example/alice/9.0"
    ]


def test_a_post_of_another_desk_found_before_sending_keeps_its_lines_and_gets_what_it_lacks(stage):
    stage.channel.post("go-live", "Summary\nanother desk's incident", **OTHERS)
    stage.run(EIGHT - MINUTE, EIGHT + 5 * SECOND)
    assert stage.channel.texts("go-live") == ["Summary\nanother desk's incident\nthe day (updated 8:00pm)"]
    assert stage.record.proof.step is PostStep.TAKEN_OVER


def test_two_desks_that_edit_one_post_take_nothing_from_each_other(stage):
    other = Stage(stage.channel)
    other.words = "the other day"
    for desk in (stage, other):
        desk.run(EIGHT, EIGHT)
    for minute, (desk, words) in enumerate(
        [(stage, "the day, told better"), (other, "the other day, too"), (stage, "3")]
    ):
        desk.changed, desk.words = True, words
        desk.posts.tick(EIGHT + (2 + minute) * MINUTE)
        desk.changed = False
    (text,) = stage.channel.texts("go-live")
    assert [line.partition(" (")[0] for line in text.splitlines()] == [
        "Summary", "the day, told better", "the other day, too", "3"
    ]  # fmt: skip


def test_posts_of_two_desks_that_were_sent_at_once_both_stay(stage):
    def at_once(call: str) -> None:
        if call == "post":
            stage.channel.after = lambda call: None
            stage.channel.post("go-live", "Summary\nof another desk", **OTHERS)

    stage.channel.after = at_once
    stage.run(EIGHT, EIGHT + 10 * MINUTE)
    stage.changed, stage.words = True, "the day, resolved"
    stage.posts.tick(EIGHT + 20 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day, resolved (updated 8:20pm)", "Summary\nof another desk"]
    beside = [(entry.at - EIGHT, entry.ts) for entry in stage.record.entries if entry.step is PostStep.OTHER]
    assert beside == [(5 * SECOND, "2.0")]


@pytest.mark.parametrize("since", [EIGHT - MINUTE, EIGHT + 2 * MINUTE], ids=["before the post", "after it"])
def test_a_record_put_back_from_a_snapshot_takes_nothing_from_its_own_post(stage, since):
    stage.run(EIGHT - MINUTE, since)
    snapshot = dict(stage.records.kept)
    stage.run(since, EIGHT + 2 * MINUTE)
    stage.changed, stage.words = True, "the day, with an incident"
    stage.run(EIGHT + 3 * MINUTE, EIGHT + 3 * MINUTE)
    stage.records.kept, stage.words = snapshot, "the day"
    stage.start(EIGHT + 10 * MINUTE)
    stage.run(EIGHT + 10 * MINUTE, EIGHT + 11 * MINUTE)
    stage.words = "the day, with another incident"
    stage.run(EIGHT + 12 * MINUTE, EIGHT + 13 * MINUTE)
    (text,) = stage.channel.texts("go-live")
    assert "the day, with an incident" in text
    assert "the day, with another incident" in text


def test_an_edit_cut_short_by_the_end_of_the_desk_is_known_as_its_own(stage):
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.changed, stage.words = True, "the day, resolved"
    stage.channel.after = failing("edit", LOST)
    stage.posts.tick(EIGHT + 7 * MINUTE)
    stage.start(EIGHT + 8 * MINUTE)
    stage.run(EIGHT + 8 * MINUTE, EIGHT + 9 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day, resolved (updated 8:08pm)"]
    assert not stage.record.taken_over


CLOSED = {
    SendError("message_not_found", gone=True): State.DELETED,
    SendError("edit_window_closed", final=True): State.POSTED,
}


@pytest.mark.parametrize(("refusal", "state"), CLOSED.items(), ids=str)
def test_an_edit_that_can_never_succeed_is_tried_once(stage, refusal, state):
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.changed, stage.words, tried = True, "the day, resolved", []
    faults = failing("edit", *[refusal] * 99)
    stage.channel.before = lambda call: tried.append(call) or faults(call)
    stage.run(EIGHT + 7 * MINUTE, EIGHT + 60 * MINUTE)
    assert tried.count("edit") == 1
    assert stage.record.state is state
    assert stage.record.last(PostStep.CLOSED, PostStep.DELETED).text == refusal.reason


def test_a_post_that_somebody_deleted_is_sent_again_by_hand_alone(stage):
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.channel.messages.clear()
    stage.changed, stage.words = True, "the day, resolved"
    stage.run(EIGHT + 7 * MINUTE, EIGHT + 20 * MINUTE)
    assert stage.channel.messages == []
    stage.posts.post_now(stage.scheduled, EIGHT + 30 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day, resolved"]


FOUND_ONLY = {"there": "Summary\nthe day, whole", "not there": ""}


@pytest.mark.parametrize("text", FOUND_ONLY.values(), ids=FOUND_ONLY)
def test_what_is_only_to_be_found_is_followed_if_it_is_there_and_never_sent(stage, text):
    if text:
        stage.channel.post("go-live", text, **OTHERS)
    stage.scheduled = replace(stage.scheduled, found_only=True)
    stage.run(EIGHT + 30 * MINUTE, EIGHT + 40 * MINUTE)
    assert stage.channel.texts("go-live") == ([f"{text}\nthe day (updated 8:30pm)"] if text else [])
    assert stage.record.state is (State.POSTED if text else State.ABSENT)


def test_what_is_only_to_be_found_is_looked_for_until_the_chat_can_be_read(stage):
    stage.channel.post("go-live", "Summary\nthe day", **OTHERS)
    stage.scheduled = replace(stage.scheduled, found_only=True)
    stage.channel.before = failing("find", BUSY, BUSY, REFUSED)
    stage.run(EIGHT + 30 * MINUTE, EIGHT + 40 * MINUTE)
    assert stage.record.state is State.POSTED


def test_what_cannot_be_looked_for_is_taken_for_absent_with_the_reason(stage):
    stage.scheduled = replace(stage.scheduled, found_only=True)
    stage.channel.before = failing("find", *[REFUSED] * 99)
    stage.run(EIGHT + 30 * MINUTE, EIGHT + 90 * MINUTE)
    absent = stage.record.last(PostStep.ABSENT)
    assert absent.text == "channel_not_found"
    assert timedelta(0) <= absent.at - (EIGHT + 60 * MINUTE) <= MINUTE
