"""The day's post goes out at its time whatever else hangs, and once all the same."""

import threading
from concurrent.futures import Future

import pytest
from msgspec.structs import replace

from opsdesk.errors import UserError
from opsdesk.posts import read_back
from opsdesk.posts.post import PostStep, State
from tests.chat.stage import BUSY, LOST, REFUSED, Channel, failing
from tests.patience import LONG
from tests.posts.stage import EIGHT, MINUTE, SECOND, Hanging, Stage


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """How long the desk was ready to wait for the chat to be read back, each time; it waits for a moment only."""
    waited: list[float | None] = []

    def wait(asked: list[Future[object]], timeout: float | None) -> None:
        waited.append(timeout)
        if timeout is not None:
            timeout = 0.05
        first_done(asked, timeout)

    first_done = read_back.wait
    monkeypatch.setattr(read_back, "wait", wait)
    return waited


@pytest.fixture
def stage(hanging: Hanging) -> Stage:
    return Stage(Channel(before=hanging.before))


def test_a_chat_that_cannot_be_read_back_at_8pm_is_waited_for_a_second(stage, hanging, waits):
    stage.run(EIGHT - 2 * MINUTE, EIGHT - 61 * SECOND)
    assert hanging.calls == []
    stage.run(EIGHT - MINUTE, EIGHT - SECOND)
    hanging.call = "find"
    stage.run(EIGHT, EIGHT)
    assert (hanging.calls, waits) == (["find", "find", "post"], [2.0, 1.0])
    assert stage.record.proof.at == EIGHT


def test_right_before_it_is_sent_a_post_is_looked_for_once_more(stage):
    stage.run(EIGHT - MINUTE, EIGHT - SECOND)
    stage.channel.post("go-live", "Summary\nof another desk", key=stage.scheduled.key, record="other", version="1")
    stage.run(EIGHT, EIGHT)
    assert stage.channel.texts("go-live") == ["Summary\nof another desk"]


def test_reading_back_that_hangs_since_before_8pm_does_not_hold_the_post(stage, hanging, waits):
    hanging.call = "find"
    stage.run(EIGHT - MINUTE, EIGHT)
    assert (hanging.calls, waits) == (["find", "post"], [2.0])
    assert stage.record.proof.at == EIGHT


def test_a_desk_just_started_reads_back_while_it_writes_and_waits_two_seconds_at_most(stage, hanging, waits):
    hanging.call = "find"

    def composed(at, record):
        hanging.begun.wait()
        hanging.calls.append("compose")
        return stage.compose(at, record)

    stage.scheduled = replace(stage.scheduled, compose=composed)
    stage.start(EIGHT - SECOND)
    stage.run(EIGHT, EIGHT)
    assert (hanging.calls, waits) == (["find", "compose", "post"], [2.0])


def test_a_post_that_is_late_anyway_waits_for_the_chat_to_be_read_back(stage, hanging, waits):
    stage.start(EIGHT + 20 * MINUTE)
    stage.run(EIGHT + 20 * MINUTE, EIGHT + 20 * MINUTE)
    assert (hanging.calls, waits) == (["find", "find", "post"], [None, None])


def test_a_post_by_hand_just_before_8pm_is_not_held_up_either_and_not_repeated(stage, hanging, waits):
    hanging.call = "find"
    stage.run(EIGHT - MINUTE, EIGHT - 2 * SECOND)
    assert stage.posts.post_now(stage.scheduled, EIGHT - 2 * SECOND).state is State.POSTED
    assert (hanging.calls, waits) == (["find", "post"], [2.0])
    hanging.call = ""
    stage.run(EIGHT - SECOND, EIGHT + MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_post_by_hand_long_before_8pm_waits_for_the_chat_to_be_read_back(stage, hanging, waits):
    stage.posts.post_now(stage.scheduled, EIGHT - 300 * MINUTE)
    assert (hanging.calls, waits) == (["find", "post"], [None])


def test_an_answer_lost_just_before_8pm_is_looked_for_again_whatever_was_seen_before(stage):
    stage.run(EIGHT - MINUTE, EIGHT - 2 * SECOND)
    stage.channel.after = failing("post", LOST)
    stage.posts.post_now(stage.scheduled, EIGHT - 2 * SECOND)
    stage.run(EIGHT - SECOND, EIGHT + MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]
    assert stage.record.last(PostStep.FOUND)


def test_an_answer_lost_just_before_8pm_is_not_sent_again_while_the_chat_cannot_be_read_back(stage):
    stage.run(EIGHT - MINUTE, EIGHT - 2 * SECOND)
    stage.channel.before, stage.channel.after = failing("find", *[REFUSED] * 99), failing("post", LOST)
    stage.posts.post_now(stage.scheduled, EIGHT - 2 * SECOND)
    stage.run(EIGHT - SECOND, EIGHT + 20 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


@pytest.mark.parametrize("again", [EIGHT - 30 * MINUTE, EIGHT - SECOND, EIGHT])
def test_posted_by_hand_before_the_state_folder_was_lost_it_is_not_repeated_at_8pm(stage, again):
    stage.posts.post_now(stage.scheduled, EIGHT - 60 * MINUTE)
    stage.records.kept.clear()
    stage.start(again)
    stage.run(again, EIGHT + 2 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]
    assert stage.record.state is State.POSTED


def test_a_record_that_a_full_disk_lost_with_the_desk_is_not_repeated_a_moment_later(stage):
    stage.records.full = True
    stage.run(EIGHT - MINUTE, EIGHT + 5 * SECOND)
    stage.start(EIGHT + 10 * SECOND)
    stage.run(EIGHT + 10 * SECOND, EIGHT + MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_mistake_in_reading_back_does_not_keep_the_post_from_going_out(stage):
    stage.channel.before = lambda call: 1 / 0 if call == "find" else None
    stage.run(EIGHT - MINUTE, EIGHT)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_question_that_failed_before_8pm_is_asked_again_before_then(stage):
    stage.posts.post_now(stage.scheduled, EIGHT - 60 * MINUTE)
    stage.records.kept.clear()
    stage.start(EIGHT - 50 * SECOND)
    stage.channel.before = failing("find", BUSY)
    stage.run(EIGHT - 50 * SECOND, EIGHT)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_chat_that_asks_for_a_pause_is_not_asked_again_before_its_end(stage, hanging):
    asked = []

    def busy(call: str) -> None:
        if call == "find":
            asked.append(call)
            raise BUSY

    stage.channel.before = busy
    stage.run(EIGHT - MINUTE, EIGHT - SECOND)
    assert len(asked) == 2


def test_the_post_is_written_while_the_chat_is_still_read_back(stage, hanging, monkeypatch):
    hanging.call = "find"
    waiting = threading.Event()

    def composed(at, record):
        if not waiting.wait(LONG):
            raise TimeoutError
        return stage.compose(at, record)

    monkeypatch.setattr(read_back, "wait", lambda asked, timeout: waiting.set())
    stage.scheduled = replace(stage.scheduled, compose=composed)
    stage.run(EIGHT, EIGHT)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_desk_that_is_stopping_posts_nothing_by_hand(stage):
    stage.channel.reads_back = False
    stage.run(EIGHT, EIGHT)
    stage.posts.close()
    stage.records.kept.clear()
    with pytest.raises(UserError, match="The desk is stopping: nothing was posted"):
        stage.posts.post_now(stage.scheduled, EIGHT + SECOND)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_desk_that_is_stopping_sends_nothing_for_want_of_its_records(stage):
    stage.run(EIGHT, EIGHT + SECOND)
    stage.posts.close()
    stage.records.kept.clear()
    stage.channel.messages.clear()
    stage.run(EIGHT + 2 * SECOND, EIGHT + MINUTE)
    assert stage.channel.messages == []
