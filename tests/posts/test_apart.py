"""A message that hangs holds up no other, and is sent once all the same."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from opsdesk.posts import apart
from opsdesk.posts.post import PostLine, State
from opsdesk.posts.scheduled import Scheduled, saying
from tests.chat.stage import Channel
from tests.patience import LONG, until
from tests.posts.stage import DAY, EIGHT, MINUTE, SECOND, Hanging, Stage


def message(to: str, number: int = 0) -> Scheduled:
    text = saying([PostLine("words", f"{to}, {number}")])
    return Scheduled(f"{to}:{number}", DAY, EIGHT, EIGHT + 30 * MINUTE, EIGHT + 60 * MINUTE, text, person=to)


class SomeHang(Channel):
    """A chat that does not answer who tells certain people something, until the test is over."""

    hanging: Hanging
    hangs_for: tuple[str, ...] = ()

    def tell(self, person, text, **more):
        if person in self.hangs_for:
            self.hanging.before(self.hanging.call)
        return super().tell(person, text, **more)


@pytest.fixture
def stage(hanging: Hanging, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(apart, "PATIENCE", 0.02)
    monkeypatch.setattr(apart, "LITTLE", 0.01)
    hanging.call = "tell"
    stage = Stage(SomeHang(), apart=True)
    stage.channel.hanging = hanging
    yield stage
    hanging.over.set()


def ticked(stage: Stage, at, *told: str) -> None:
    """Goes on with ticks at a moment until these people have each been told."""
    until(lambda: stage.posts.tick(at) or all(stage.channel.texts(one) for one in told), "them to be told", LONG)


def test_of_many_that_hang_each_is_tried_once_and_the_others_are_told(stage: Stage, hanging: Hanging) -> None:
    slow = [f"slow {number}" for number in range(5)]
    stage.channel.hangs_for = tuple(slow)
    stage.plans[:] = [lambda at: [message(one) for one in (*slow, "bob", "charlie")]]
    ticked(stage, EIGHT, "bob", "charlie")
    until(lambda: hanging.calls.count("tell") == len(slow), "all of them to hang")
    ticked(stage, EIGHT + 20 * MINUTE, "bob", "charlie")
    assert hanging.calls.count("tell") == len(slow)
    hanging.over.set()
    ticked(stage, EIGHT + 21 * MINUTE, *slow)
    assert [len(stage.channel.texts(one)) for one in (*slow, "bob", "charlie")] == [1] * 7


def test_when_as_many_hang_as_may_the_rest_is_told_once_one_does_not(stage: Stage, hanging: Hanging) -> None:
    slow = [f"slow {number}" for number in range(apart.MOST)]
    stage.channel.hangs_for = tuple(slow)
    stage.plans[:] = [lambda at: [message(one) for one in (*slow, "bob")]]
    until(lambda: stage.posts.tick(EIGHT) or hanging.calls.count("tell") == apart.MOST, "all of them to hang")
    stage.posts.tick(EIGHT + SECOND)
    assert stage.channel.messages == []
    hanging.over.set()
    ticked(stage, EIGHT + 2 * SECOND, *slow, "bob")
    assert len(stage.channel.messages) == apart.MOST + 1


def test_those_that_do_not_hang_are_sent_in_order(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE", LONG)
    stage.plans[:] = [lambda at: [message("alice", number) for number in range(40)]]
    stage.posts.tick(EIGHT)
    assert stage.channel.texts("alice") == [f"alice, {number}" for number in range(40)]


def test_what_changes_while_it_is_sent_is_brought_up_to_date(stage: Stage, hanging: Hanging) -> None:
    one = replace(message("alice"), compose=stage.compose, edits_until=EIGHT + 60 * MINUTE)
    one = replace(one, stale=lambda record, at, looked: looked is None)
    stage.channel.hangs_for = ("alice",)
    stage.plans[:] = [lambda at: [one]]
    until(lambda: stage.posts.tick(EIGHT) or hanging.held, "it to hang")
    stage.words = "changed meanwhile"
    stage.posts.look_again()
    stage.posts.tick(EIGHT + SECOND)
    hanging.over.set()
    until(lambda: stage.posts.record(one).state is State.POSTED, "it to be sent")
    until(lambda: stage.posts.tick(EIGHT + MINUTE) or "changed meanwhile" in stage.channel.texts("alice")[0], "news")
