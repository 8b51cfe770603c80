"""The sign of life is given once for a post that stands, and never holds one up."""

from contextlib import closing

import pytest
from msgspec.structs import replace

from opsdesk import process as desks
from opsdesk import settings
from opsdesk.posts.post import PostStep, State
from tests.chat.stage import REFUSED, Channel, failing
from tests.posts.stage import EIGHT, MINUTE, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_the_heartbeat_is_fetched_once_for_a_proven_post(stage):
    stage.run(EIGHT - MINUTE, EIGHT + 5 * MINUTE)
    stage.start(EIGHT + 5 * MINUTE)
    stage.run(EIGHT + 5 * MINUTE, EIGHT + 6 * MINUTE)
    assert stage.beats == 1


def test_no_heartbeat_for_a_post_that_was_refused(stage):
    stage.channel.before = failing("post", *[REFUSED] * 99)
    stage.run(EIGHT, EIGHT + 40 * MINUTE)
    assert stage.beats == 0


def test_a_heartbeat_address_that_is_none_keeps_no_post_from_its_answer(stage):
    def no_address() -> None:
        raise ValueError("unknown url type: 'beat.example'")

    stage.beat = no_address
    stage.start(EIGHT)
    stage.run(EIGHT, EIGHT + MINUTE)
    assert stage.record.state is State.POSTED
    assert stage.record.last(PostStep.BEAT) is None


@pytest.mark.parametrize(("rehearsal", "beats"), [(False, True), (True, False)])
def test_a_rehearsal_keeps_no_alarm_quiet(environment, clock, rehearsal, beats):
    told = settings.read(environment | {"DESK_HEARTBEAT_URL": "http://127.0.0.1:9/"})
    with closing(desks.start_desk(replace(told, rehearsal=rehearsal), Channel(), clock)) as desk:
        assert (desk.summary.heartbeat is not None) is beats
