"""A shift's own messages, pressed: the brief, a swap, a reminder, the draft, by Socket Mode and by the Events API."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.e2e.harness import BOB, GENERAL, ROOT, SCOPES, Clock, DeskProcess, Json, Workspace, until
from tests.e2e.pressing import buttons_of, form, press
from tests.e2e.test_rotation import ROTATION, heard
from tests.patience import MILDLY


@pytest.fixture(scope="module", params=["socket", "events"])
def slack(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A Slack whose app has the scope for buttons."""
    with Workspace(request.param, scopes=f"{SCOPES},commands") as workspace:
        yield workspace


@pytest.fixture(scope="module")
def clock(slack: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Clock:
    """A clock for each Slack: it stands at 1:12pm Eastern on Monday, November 16, 2026, until it is moved."""
    return Clock(tmp_path_factory.mktemp("clock") / "moment", "2026-11-16T18:12:00+00:00")


@pytest.fixture(scope="module")
def desk(slack: Workspace, clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    """The desk, with Alice on call and Bob next."""
    data = tmp_path_factory.mktemp("data") / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("state"))
    (data / "rotation.toml").write_text(ROTATION)
    told = {"MOMENT": str(clock.file), "DESK_DATA_DIR": str(data)}
    with DeskProcess(slack, tmp_path_factory.mktemp("desk"), **told) as process:
        yield process


def shown_with(slack: Workspace, labels: list[str], *rooms: str) -> Callable[[], list[tuple[str, Json]]]:
    """Gives the desk's messages in these rooms that have exactly these buttons."""
    return lambda: [
        (room, one) for room in rooms for one in slack.desk_messages(room) if list(buttons_of(one)) == labels
    ]


def waited_for(clock: Clock, shown: Callable[[], list[tuple[str, Json]]]) -> tuple[str, Json]:
    """What is shown, with its room: the clock goes on meanwhile, so that what Slack was too slow for is tried again."""

    def look() -> list[tuple[str, Json]]:
        clock.to(clock.at + timedelta(seconds=1))
        return shown()

    return until(look, "a message with its buttons", every=MILDLY)[0]


def test_the_messages_of_a_shift_are_answered_by_pressing(slack, clock, desk):
    alice, bob = slack.room_with("alice"), slack.room_with("bob")
    press(slack, "alice", heard(slack, alice, "Take the shift with `!shift accept`"), "I have the shift", alice)
    heard(slack, alice, "✅ Alice has the shift today")
    slack.say("alice", f"!oncall swap <@{BOB}> tomorrow", raw=True)
    press(slack, "bob", heard(slack, bob, "Alice asks you to take over tomorrow"), "Decline", bob)
    heard(slack, alice, "Bob says no: you still have the shift tomorrow")
    slack.say("alice", f"!oncall swap <@{BOB}> wednesday", raw=True)
    press(slack, "bob", heard(slack, bob, "Alice asks you to take over on Wed"), "Accept", bob)
    heard(slack, alice, "✅ Bob takes over from Alice on Wed")

    slack.say("alice", "!incident open VistA is down --sev 1")
    heard(slack, GENERAL, "🔴 #1 VistA is down")
    clock.to("2026-11-16T18:43:00+00:00")
    room, reminder = waited_for(clock, shown_with(slack, ["Update", "Quiet for 2 hours"], GENERAL, alice))
    press(slack, "alice", reminder, "Quiet for 2 hours", room)
    heard(slack, room, "until 3:4")

    clock.to("2026-11-17T00:45:00+00:00")
    _, draft = waited_for(clock, shown_with(slack, ["Add a note", "Preview"], alice))
    press(slack, "alice", draft, "Add a note", alice)
    assert form(slack).send("alice", words="Watch VEText") == {}
    heard(slack, alice, "Noted under Handing over: the next post is due 8:00pm.")
    press(slack, "alice", draft, "Preview", alice)
    assert "*Handing over* Watch VEText" in slack.told_alone("alice", alice)
