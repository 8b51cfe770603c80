"""The chat's clock is the second one: people hear that they differ, and a post is late by the chat's."""

import pytest

from opsdesk.chat.chat import SendError
from opsdesk.posts.post import State
from tests.chat.stage import BUSY, failing
from tests.posts.stage import EIGHT, MINUTE, SECOND, Stage

HOUR = 60 * MINUTE


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_desk_an_hour_ahead_posts_early_and_does_not_call_it_late(stage):
    stage.chats_clock = lambda at: at - HOUR
    stage.run(EIGHT + 59 * MINUTE, EIGHT + HOUR)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]
    assert stage.told == [
        "The desk's clock is 1 hour ahead of the chat's: it shows 8:59pm where the chat's shows 7:59pm. What is due "
        "goes by the desk's clock: please set the clock of the machine it runs on. Whether a post is late goes by the "
        "chat's."
    ]


def test_clocks_on_different_days_are_told_with_the_day(stage):
    stage.chats_clock = lambda at: at - 24 * HOUR
    stage.run(EIGHT, EIGHT)
    assert "1 day ahead of the chat's: it shows Nov 23 8:00pm where the chat's shows 8:00pm." in stage.told[0]


def test_a_desk_that_is_behind_calls_its_post_late(stage):
    stage.chats_clock = lambda at: at + 20 * MINUTE
    stage.run(EIGHT, EIGHT + MINUTE)
    assert stage.channel.texts("go-live") == ["(late: due 8:00pm, the desk's clock was slow)\nSummary\nthe day"]
    assert stage.told[0].startswith("The desk's clock is 20 minutes behind the chat's: it shows 8:00pm where the chat")


@pytest.mark.parametrize("off", [50 * SECOND, -50 * SECOND])
def test_clocks_that_differ_by_less_than_a_minute_are_no_news(stage, off):
    stage.chats_clock = lambda at: at + off
    stage.run(EIGHT, EIGHT + 2 * MINUTE)
    assert (stage.channel.texts("go-live"), stage.told) == (["Summary\nthe day"], [])


def test_a_post_by_hand_long_after_its_time_is_not_called_late_by_a_clock_that_is_right(stage):
    stage.start(EIGHT + HOUR)
    stage.posts.post_now(stage.scheduled, EIGHT + HOUR)
    stage.changed, stage.words = True, "the day, resolved"
    stage.run(EIGHT + HOUR + MINUTE, EIGHT + HOUR + 2 * MINUTE)
    assert stage.channel.texts("go-live")[0].startswith("Summary\n")


def test_a_tick_tells_when_something_is_due_next(stage):
    assert stage.posts.tick(EIGHT - 5 * MINUTE) == EIGHT
    stage.channel.before = failing("post", BUSY)
    assert stage.posts.tick(EIGHT) == EIGHT + 30 * SECOND
    assert stage.posts.tick(EIGHT + 30 * SECOND) == EIGHT + 35 * SECOND
    assert stage.record.state is State.POSTED
    for after in (5 * SECOND, MINUTE):
        next_at = stage.posts.tick(stage.record.proof.at + after)
    assert next_at == stage.record.proof.at + 5 * MINUTE
    assert stage.posts.tick(next_at) is None


def test_one_quick_failure_costs_a_second(stage):
    stage.channel.before = failing("post", SendError("Slack failed", retry_after=SECOND, unclear=True))
    assert stage.posts.tick(EIGHT) == EIGHT + SECOND
