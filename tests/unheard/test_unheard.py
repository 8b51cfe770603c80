"""What was typed while nobody listened: who is told what, and what a ✅ does about it."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from opsdesk.chat import Reaction, SendError, Unheard
from opsdesk.unheard import Listing, UnheardDesk, UnheardMessage
from opsdesk.unheard.listing import MOST_LINES, listed
from tests.conftest import Conversation, MovedClock

ROOM, CALLS = "C0GENERAL", ("!", "<@U09DESK>")
HEAD = "[@bob] I was away, or heard nothing from Slack, when you typed this:"
ALL = "React with ✅ within 30 minutes and I do it as of then, where the incident has not changed since."
SOME = "React with ✅ within 30 minutes and I do those marked ✅ as of then, where the incident has not changed since."
OTHERS = "What else you still want done has to be typed again."


def typed(text: str, at: datetime, by: str = "@bob", thread: str = "") -> Unheard:
    return Unheard(ROOM, f"{at.timestamp():.6f}", thread, by, at, text)


def lines(clock: MovedClock, *texts: str) -> tuple[UnheardMessage, ...]:
    """What is listed of these, typed one after the other."""
    said = [typed(text, clock() + timedelta(seconds=number)) for number, text in enumerate(texts)]
    found = listed(said, CALLS, lambda room, thread, text: ("#1",), clock())
    return found["@bob"].lines if found else ()


@pytest.mark.parametrize(
    "text",
    [
        "!incident update 1 two sites",
        "!note 1 two sites",
        "!incident open VistA is slow",
        "<@U09DESK> summary note Watch the backlog",
        "!incident note 1 a\n!incident list",
    ],
)
def test_what_only_adds_may_be_done_later(clock: MovedClock, text: str) -> None:
    (line,) = lines(clock, text)
    assert line.is_doable


@pytest.mark.parametrize(
    "text",
    [
        "!incident resolve 1 gone",
        "!summary post",
        "!oncall take",
        "!undo",
        "!summary note undo 2",
        "!incident opne VistA is slow",
        "!incident edit 1 two",
        "!incident note 1 a\n!incident resolve 1",
        f"!incident update 1 {'x' * 2_000}",
    ],
)
def test_everything_else_that_changes_has_to_be_typed_again(clock: MovedClock, text: str) -> None:
    (line,) = lines(clock, text)
    assert not line.is_doable


@pytest.mark.parametrize("text", ["!incident list", "!stats today", "!who is on call", "!restart", "!:)", "hello"])
def test_what_only_reads_is_passed_over(clock: MovedClock, text: str) -> None:
    assert lines(clock, text) == ()


def test_a_flood_is_told_in_a_few_lines(clock: MovedClock) -> None:
    said = [typed(f"!incident note 1 step {number}", clock()) for number in range(1_000)]
    listing = listed(said, CALLS, lambda room, thread, text: ("#1",), clock())["@bob"]
    assert (len(listing.lines), listing.more) == (MOST_LINES, 1_000 - MOST_LINES)


def test_private_data_is_not_kept(clock: MovedClock) -> None:
    (line,) = lines(clock, "!incident note 1 123-45-6789 cannot check in")
    assert line.text == "!incident note 1 [SSN] cannot check in"
    assert line.says("!incident note 1 123-45-6789 cannot check in")
    assert not line.says("!incident note 1 cannot check in")


class Stage:
    """A desk that was away, and what Bob typed meanwhile; `done` is what it was asked to do late."""

    def __init__(self, talk: Conversation, clock: MovedClock) -> None:
        self.talk, self.clock, self.done = talk, clock, list[str]()
        self.unheard = talk.plugin("desk").desk.unheard
        self.texts = dict[str, str]()
        self.fails = ""
        talk.tick()
        talk.next()  # the brief of the shift

    def find(self, *texts: str, gap: str = "a gap") -> None:
        self.clock.forward(minutes=1)
        said = [typed(text, self.clock() + timedelta(seconds=number)) for number, text in enumerate(texts)]
        self.texts = {one.ts: one.text for one in said}
        self.clock.forward(minutes=30)
        self.unheard.found(gap, said, CALLS)
        self.talk.tick()

    def tick_off(self, by: str = "@bob", emoji: str = "white_check_mark") -> str:
        """What is answered below the list to an emoji on it."""
        replies: list[str] = []
        ground = SimpleNamespace(
            now=self.clock,
            zone=self.unheard.ground.zone,
            chat=SimpleNamespace(reply=lambda below, text: replies.append(text)),
        )
        desk = UnheardDesk(ground, self.unheard.incidents, self.unheard.posts, self.unheard.kept)
        for key, listing in self.unheard.kept.all(None).items():
            proof = self.unheard.posts.record(self.unheard._scheduled(key, listing)).proof
            desk.reacted(Reaction(emoji, proof.room, proof.ts, by, added=True), self._do)
        return "\n".join(replies)

    def _do(self, late: Unheard, expected: object) -> bool:
        if self.fails:
            raise SendError(self.fails)
        text = self.texts.get(late.ts, "")
        if not expected(text):  # type: ignore[operator]
            return False
        self.done.append(text)
        return True


@pytest.fixture
def stage(talk: Conversation, clock: MovedClock) -> Stage:
    talk("!incident open Claims are slow")
    talk("!incident ack 1")
    return Stage(talk, clock)


def test_each_is_told_once_what_they_typed(stage: Stage) -> None:
    stage.find("!incident update 1 two sites", "!incident list", "!incident resolve 1 `gone`")
    told = [
        HEAD,
        "typed 1:13pm, not done: `!incident update 1 two sites` ✅",
        "typed 1:13pm, not done: `!incident resolve 1 ´gone´`",
        SOME,
        OTHERS,
    ]
    assert stage.talk.next() == "\n".join(told)
    stage.unheard.found("a gap", [typed("!incident update 1 two sites", stage.clock())], CALLS)
    stage.talk.tick()
    assert stage.talk.silent()


def test_after_an_end_in_between_nobody_is_told_again(stage: Stage, start: object) -> None:
    stage.find("!incident note 1 two sites")
    assert stage.talk.next() == f"{HEAD}\ntyped 1:13pm, not done: `!incident note 1 two sites`\n{ALL}"
    again: Conversation = start()  # type: ignore[operator]
    again.tick()
    assert again.silent()


def test_a_tick_does_what_may_be_done_once(stage: Stage) -> None:
    stage.find("!incident update 1 two sites", "!incident resolve 1 gone")
    assert stage.tick_off(by="@alice") == ""
    assert stage.tick_off(emoji="eyes") == ""
    assert stage.done == []
    assert stage.tick_off() == "Done as of 1:13pm: the answer stands where you typed it."
    assert stage.tick_off() == ""
    assert stage.done == ["!incident update 1 two sites"]


def test_a_tick_after_half_an_hour_is_too_late(stage: Stage) -> None:
    stage.find("!incident update 1 two sites")
    stage.clock.forward(minutes=31)
    assert stage.tick_off() == "That was to be answered within 30 minutes: type again what you still want done."
    assert stage.done == []


def test_a_message_that_was_changed_or_deleted_is_not_done(stage: Stage) -> None:
    stage.find("!incident update 1 two sites")
    stage.texts = {}
    assert stage.tick_off() == (
        "1:13pm, not done: `!incident update 1 two sites`. The message, or which incident it is about, has changed "
        "since: type it again."
    )


def test_another_incident_is_never_meant_instead(stage: Stage) -> None:
    stage.find("!incident update two sites")
    stage.talk.next()
    stage.talk("!incident resolve 1 gone")
    stage.talk("!incident open Reminders late")
    assert "which incident it is about, has changed" in stage.tick_off()
    assert stage.done == []


def test_while_slack_fails_a_tick_can_be_put_again(stage: Stage) -> None:
    stage.find("!incident update 1 two sites")
    stage.fails = "Slack failed (HTTP 500)"
    assert stage.tick_off() == (
        "1:13pm, not done: `!incident update 1 two sites`. Slack failed (HTTP 500): type it again."
    )
    stage.fails = ""
    assert stage.tick_off() == "Done as of 1:13pm: the answer stands where you typed it."


def test_the_list_is_kept_without_what_nobody_needs(stage: Stage) -> None:
    stage.find("!incident update 1 two sites")
    ((_, listing),) = stage.unheard.kept.all(None).items()
    assert listing == Listing("@bob", stage.clock(), CALLS, listing.lines)
    stage.clock.forward(days=3)
    stage.unheard.found("another gap", [], CALLS)
    assert stage.unheard.kept.all(None) == {}
