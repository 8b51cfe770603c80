"""A rehearsal is the day as it will be, in another channel: what is answered to a message there has its effect."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from opsdesk import process, settings
from opsdesk.chat import Person, Reaction, Unheard
from opsdesk.desk import Desk
from opsdesk.settings import Channel as Room
from opsdesk.store import Duty
from tests.chat.stage import Channel
from tests.conftest import MovedClock
from tests.oncall.stage import ROTATION_TOML
from tests.patience import until

TRIAL = "C0TRIAL"


class Trial(Channel):
    """The chat, whose people are known by their ids."""

    def person(self, named: str) -> Person:
        return Person(named, named)


@pytest.fixture
def channel() -> Channel:
    return Trial()


@pytest.fixture
def desk(environment: dict[str, str], channel: Channel, clock: MovedClock) -> Iterator[Desk]:
    (Path(environment["DESK_DATA_DIR"]) / "rotation.toml").write_text(ROTATION_TOML)
    told = settings.read(environment)
    channels = replace(told.file.channels, rehearsal=Room(id=TRIAL), alerts=(Room(id="C0ALERTS"),))
    told = replace(told, rehearsal=True, file=replace(told.file, channels=channels))
    with closing(process.start_desk(told, channel, clock)) as made:  # type: ignore[arg-type]  # as far as it is asked
        assert made.store.desks.duty() is Duty.LEADS
        yield made


def said(desk: Desk, channel: Channel, words: str) -> str:
    """The ts of the rehearsed message with these words, once it stands."""

    def look() -> str:
        desk.posts.tick(desk.now())
        found = [one for one in channel.messages if words in one.text]
        assert all(one.room == TRIAL for one in channel.messages)
        return found[0].ts if found else ""

    return until(look, f"the message with {words!r}")


def test_what_was_not_heard_is_done_by_a_tick_in_the_rehearsal_channel(
    desk: Desk, channel: Channel, clock: MovedClock
) -> None:
    typed = Unheard("C0GENERAL", "1.0", "", "U0BOB", clock(), "!incident open VistA timeouts")
    desk.unheard.found("gap", [typed], ("!",))
    tick = Reaction("white_check_mark", TRIAL, said(desk, channel, "when you typed this"), "U0BOB", True)
    done = list[Unheard]()

    def do(message: Unheard, is_as_expected: object) -> bool:
        done.append(message)
        return True

    desk.unheard.reacted(tick, do)
    assert [one.text for one in done] == [typed.text]


def test_a_shift_is_accepted_by_a_tick_on_the_rehearsed_brief(desk: Desk, channel: Channel) -> None:
    brief = said(desk, channel, "You are on call until")
    asked = desk.oncall.handover.asked_by(TRIAL, brief, desk.now())
    assert asked is not None
    assert asked.name == "Alice"
