"""What stands in the chat is kept right, and found where nobody knew of it."""

import threading
from datetime import timedelta

import pytest
from msgspec.structs import replace

from opsdesk.posts.post import PostStep, State
from tests.chat.stage import BUSY, LOST, REFUSED, failing
from tests.patience import LONG
from tests.posts.stage import EIGHT, MINUTE, SECOND, Stage, mistaken


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_an_edit_whose_answer_makes_no_sense_is_tried_again_after_a_pause(stage):
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.changed, stage.words = True, "the day, resolved"
    stage.channel.before = mistaken("edit")
    stage.run(EIGHT + 7 * MINUTE, EIGHT + 7 * MINUTE + 2 * SECOND)
    refused = [entry.at - EIGHT - 7 * MINUTE for entry in stage.record.entries if entry.step is PostStep.EDIT_REFUSED]
    assert refused == [timedelta(0), SECOND]


def test_a_post_given_up_unseen_is_kept_right_once_it_is_seen(stage):
    stage.channel.before, stage.channel.after = failing("find", None, *[REFUSED] * 51), failing("post", LOST)
    stage.run(EIGHT, EIGHT + 31 * MINUTE)
    assert stage.record.state is State.GIVEN_UP
    stage.words = "the day, resolved"
    stage.run(EIGHT + 31 * MINUTE, EIGHT + 60 * MINUTE)
    assert stage.record.state is State.POSTED
    assert stage.channel.texts("go-live") == ["Summary\nthe day, resolved (updated 8:33pm)"]


def test_a_post_given_up_unseen_is_not_sent_again_by_hand_while_it_cannot_be_seen(stage):
    stage.channel.before, stage.channel.after = failing("find", None, *[REFUSED] * 99), failing("post", LOST)
    stage.run(EIGHT, EIGHT + 30 * MINUTE)
    assert stage.record.state is State.GIVEN_UP
    stage.posts.post_now(stage.scheduled, EIGHT + 45 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_what_changes_afterwards_is_edited_in_place_with_its_time(stage):
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.changed, stage.words = True, "the day, resolved"
    stage.posts.tick(EIGHT + 7 * MINUTE)
    stage.posts.tick(EIGHT + 8 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day, resolved (updated 8:07pm)"]


def test_after_its_last_hour_a_post_is_left_alone(stage):
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.changed, stage.words = True, "another day"
    stage.run(EIGHT + 1020 * MINUTE, EIGHT + 1022 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_refused_edit_is_tried_again(stage):
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.changed, stage.words = True, "the day, resolved"
    stage.channel.before = failing("edit", REFUSED, BUSY)
    stage.run(EIGHT + 7 * MINUTE, EIGHT + 9 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day, resolved (updated 8:07pm)"]


def test_a_clock_that_was_ahead_for_a_while_does_not_keep_the_post_from_what_changes(stage):
    reread = EIGHT + 10 * MINUTE
    stage.scheduled = replace(stage.scheduled, stale=lambda record, at, looked: looked is None or looked < reread <= at)
    stage.run(EIGHT, EIGHT + SECOND)
    stage.posts.look_again()
    stage.run(EIGHT + 120 * MINUTE, EIGHT + 120 * MINUTE)
    stage.words = "the numbers, read again"
    stage.run(EIGHT + 9 * MINUTE, EIGHT + 11 * MINUTE)
    assert stage.channel.texts("go-live")[0].startswith("Summary\nthe numbers, read again")


def test_a_post_sent_by_hand_is_edited_at_its_time_instead_of_posted_again(stage):
    stage.posts.post_now(stage.scheduled, EIGHT - 60 * MINUTE)
    stage.words = "the whole day"
    stage.changed = True
    stage.run(EIGHT, EIGHT + MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe whole day"]


def test_whoever_changes_something_does_not_wait_for_a_chat_that_hangs(stage):
    went_on = []

    def change_meanwhile(call: str) -> None:
        changing = threading.Thread(target=stage.posts.look_again)
        changing.start()
        changing.join(LONG)
        went_on.append(not changing.is_alive())

    stage.channel.before = change_meanwhile
    stage.posts.tick(EIGHT)
    assert went_on
    assert all(went_on)


def test_a_change_in_the_middle_of_a_look_is_seen_by_the_next(stage):
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.scheduled = replace(stage.scheduled, stale=lambda record, at, looked: looked is None)
    stage.channel.before = lambda call: stage.posts.look_again()
    stage.words = "the day, resolved"
    stage.posts.look_again()
    stage.posts.tick(EIGHT + 7 * MINUTE)
    stage.words = "the day, resolved and told"
    stage.posts.tick(EIGHT + 8 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day, resolved and told (updated 8:08pm)"]
