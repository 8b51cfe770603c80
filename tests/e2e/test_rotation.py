"""Who is on call, on Slack: asked in direct messages, answered with a ✅, by nobody but whoever was asked."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.harness import ALICE, BOB, CHARLIE, GENERAL, GO_LIVE, HERE, ROOT, DeskProcess, Workspace, until

ROTATION = f"""
people.alice = {{ id = "{ALICE}", name = "Alice" }}
people.bob = {{ id = "{BOB}", name = "Bob" }}
people.charlie = {{ id = "{CHARLIE}", name = "Charlie" }}
shifts = [{{ name = "day", start = "1pm", end = "8pm", days = ["monday", "tuesday", "wednesday", "thursday",
  "friday"] }}]
turns = [{{ first_day = 2026-11-16, each = "sprint", order = {{ day = ["alice", "bob", "charlie"] }} }}]
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped files, with a rotation in which Alice is on call for two weeks."""
    folder = tmp_path_factory.mktemp("data") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("state"))
    (folder / "rotation.toml").write_text(ROTATION)
    return folder


@pytest.fixture(scope="module")
def desk(slack: Workspace, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    """The desk on Monday, November 16, 2026, 1:12pm Eastern, for as long as it runs."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "moment").write_text("2026-11-16T18:12+00:00")
    told = {"MOMENT": str(folder / "moment"), "DESK_DATA_DIR": str(data)}
    with DeskProcess(slack, folder, config=HERE / "moved_config.py", **told) as process:
        yield process


def heard(slack: Workspace, room: str, words: str) -> dict:
    """The desk's message with these words, waited for."""
    found = until(lambda: [one for one in slack.desk_messages(room) if words in one["text"]], f'"{words}" in {room}')
    return dict(found[-1])


def test_a_swap_is_accepted_with_a_tick_by_the_one_who_was_asked(slack, desk):
    answer = slack.ask("alice", f"!oncall swap <@{BOB}> tomorrow", raw=True)
    assert answer.startswith("Bob is asked to take your shift tomorrow")
    room = slack.room_with("bob")
    asked = heard(slack, room, "Alice asks you to take over")
    slack.react("bob", asked["ts"], "white_check_mark", room)
    agreed = heard(slack, room, "✅ Bob takes over from Alice")
    assert agreed["thread_ts"] == asked["ts"]
    heard(slack, slack.room_with("alice"), "✅ Bob takes over from Alice")


def test_cover_is_offered_to_the_others_and_goes_to_the_first_tick(slack, desk):
    slack.say("alice", "!oncall cover from 3pm to 5pm wednesday")
    offer = heard(slack, GENERAL, "Alice asks for cover")
    assert f"<@{BOB}> <@{CHARLIE}>" in offer["text"]
    slack.react("alice", offer["ts"], "white_check_mark")
    slack.react("charlie", offer["ts"], "white_check_mark")
    agreed = heard(slack, GENERAL, "✅ Charlie takes over from Alice")
    assert agreed["thread_ts"] == offer["ts"]
    slack.react("bob", offer["ts"], "white_check_mark")
    slack.say("bob", "!oncall accept")
    heard(slack, GENERAL, "Nobody has asked you")


def test_the_shift_is_accepted_with_a_tick_on_the_brief(slack, desk):
    heard(slack, GO_LIVE, f"<@{ALICE}> is on call until 8pm ET")
    room = slack.room_with("alice")
    brief = heard(slack, room, "Take the shift with `!shift accept`")
    slack.react("alice", brief["ts"], "white_check_mark", room)
    heard(slack, room, "✅ Alice has the shift today")
    slack.say("bob", "!shift")
    heard(slack, GENERAL, "Alice, accepted")
