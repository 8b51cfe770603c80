"""A post on a store that desks share: sent and changed by whoever has the lease, and by nobody whose turn is over."""

import pytest

from opsdesk.errors import UserError
from opsdesk.posts.post import PostEntry, PostRecord, PostStep, State
from opsdesk.posts.scheduler import NOT_ITS_TURN
from tests.posts.stage import EIGHT, MINUTE, Lease, Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.desks = Lease()
    stage.start(EIGHT - 60 * MINUTE)
    return stage


@pytest.mark.parametrize("leads", [True, False])
def test_what_is_scheduled_is_planned_once_a_tick(stage: Stage, leads: bool) -> None:
    asked: list[object] = []
    stage.plans.append(lambda at: asked.append(at) or [])
    stage.desks.leads = leads
    stage.posts.tick(EIGHT - MINUTE)
    assert asked == [EIGHT - MINUTE]


def test_a_post_is_not_sent_by_hand_without_the_lease(stage: Stage) -> None:
    stage.desks.has = False
    with pytest.raises(UserError, match=NOT_ITS_TURN):
        stage.posts.post_now(stage.scheduled, EIGHT - MINUTE)
    assert (stage.channel.messages, stage.record.state) == ([], State.WAITING)


def test_a_post_whose_lease_is_lost_right_before_it_is_sent_by_hand_is_not_told_as_sent(stage: Stage) -> None:
    stage.channel.reads_back = False
    claimed = stage.records.change

    def change(*given: object) -> object:
        stage.desks.has = False
        return claimed(*given)

    stage.records.change = change
    with pytest.raises(UserError, match=NOT_ITS_TURN):
        stage.posts.post_now(stage.scheduled, EIGHT - MINUTE)
    assert (stage.channel.messages, stage.record.state) == ([], State.UNCONFIRMED)


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_post_that_was_left_out_at_another_desk_a_moment_ago_is_not_sent(stage: Stage, by_hand: bool) -> None:
    def leave_out(call: str) -> None:
        stage.channel.before = lambda call: None
        entry = PostEntry(EIGHT, PostStep.SKIPPED, "nobody is on shift", by="Bob")
        stage.records.change(
            stage.scheduled.day, stage.scheduled.key, lambda record: (record or stage.record).then(entry)
        )

    stage.channel.before = leave_out
    if by_hand:
        with pytest.raises(UserError, match="It is left out"):
            stage.posts.post_now(stage.scheduled, EIGHT, refuse_left_out)
    else:
        stage.posts.tick(EIGHT)
    assert (stage.channel.messages, stage.record.state) == ([], State.SKIPPED)


def test_an_older_text_is_not_written_over_a_newer_one_by_a_desk_whose_turn_is_over(stage: Stage) -> None:
    stage.posts.tick(EIGHT)
    stage.words, stage.changed, stage.desks.has = "an old text", True, False
    stage.posts.tick(EIGHT + MINUTE)
    assert [message.text for message in stage.channel.messages] == ["Summary\nthe day"]
    stage.words, stage.desks.has = "the newer text", True
    stage.posts.tick(EIGHT + 2 * MINUTE)
    assert "the newer text" in stage.channel.messages[0].text


def refuse_left_out(record: PostRecord) -> None:
    if record.state is State.SKIPPED:
        raise UserError("It is left out.")
