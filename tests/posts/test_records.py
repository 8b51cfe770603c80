"""What became of a post is known whatever the disk takes."""

import pytest

from opsdesk.errors import UserError
from opsdesk.posts.post import PostEntry, PostStep, State
from tests.chat.stage import Channel
from tests.posts.stage import EIGHT, MINUTE, SECOND, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_full_disk_does_not_keep_the_post_from_going_out_once(stage):
    stage.records.full = True
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.start(EIGHT + MINUTE)
    stage.run(EIGHT + MINUTE, EIGHT + 2 * MINUTE)
    stage.records.full = False
    stage.changed, stage.words = True, "the day, told better"
    stage.posts.tick(EIGHT + 3 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day\nthe day, told better (updated 8:03pm)"]
    assert stage.record.state is State.POSTED


def test_what_a_full_disk_refused_is_stored_once_there_is_room():
    stage = Stage(Channel(reads_back=False, edits=False))
    stage.records.full = True
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.records.full = False
    stage.run(EIGHT + MINUTE, EIGHT + 2 * MINUTE)
    stage.start(EIGHT + 3 * MINUTE)
    stage.run(EIGHT + 3 * MINUTE, EIGHT + 4 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_note_on_a_disk_that_has_room_again_comes_with_what_it_refused_before(stage):
    stage.records.full = True
    stage.run(EIGHT, EIGHT)
    stage.records.full = False
    record = stage.posts.note(stage.scheduled, PostEntry(EIGHT + SECOND, PostStep.NOTED, "Watch the backlog"))
    assert record.state is State.POSTED


def refuse_skipped(record):
    if record.state is State.SKIPPED:
        raise UserError("it is left out already")


def test_a_note_is_checked_against_what_another_desk_has_noted_meanwhile(stage, monkeypatch):
    def skip(check):
        return stage.posts.note(stage.scheduled, PostEntry(EIGHT - MINUTE, PostStep.SKIPPED, "holiday"), check)

    def interrupted(*given):
        monkeypatch.undo()
        skip(refuse_skipped)
        return change(*given)

    change = stage.records.change
    monkeypatch.setattr(stage.records, "change", interrupted)
    with pytest.raises(UserError, match="left out already"):
        skip(refuse_skipped)
    assert [entry.step for entry in stage.record.entries] == [PostStep.SKIPPED]


def test_a_lost_state_folder_does_not_repeat_the_post(stage):
    stage.run(EIGHT, EIGHT + MINUTE)
    stage.records.kept.clear()
    stage.start(EIGHT + 2 * MINUTE)
    stage.run(EIGHT + 2 * MINUTE, EIGHT + 3 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]
