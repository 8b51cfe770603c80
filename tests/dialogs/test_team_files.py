"""The team's files as people save them, read all the same."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Conversation

WINDOWS = ("counts.toml", "contacts.toml", "links.toml", "desk.toml", "rotation.toml", "runbooks/vista-api.md")


@pytest.fixture
def windows(environment: dict[str, str], start: Callable[..., Conversation]) -> Conversation:
    """A desk on files that were saved on Windows: with its mark before the text, and its line ends."""
    for name in WINDOWS:
        file = Path(environment["DESK_DATA_DIR"]) / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    return start()


def test_files_saved_on_windows_say_what_they_say_elsewhere(windows: Conversation) -> None:
    talk = windows
    counts = talk("!stats today")
    assert counts.splitlines()[1:] == [
        "Completed check-ins % : 63.5%",
        "Completed pre-check-ins % : 41.6%",
        "Check-ins clicked: 1765",
        "Check-ins completed: 1121",
        "Pre-check-ins clicked: 6251",
        "Pre-check-ins completed: 2602",
    ]
    assert talk("!whois vista").startswith("*VistA* · also vista-api\n1. Shane Elliott\n2. Andy McCarty\n")
    runbook = talk("!runbook vista-api")
    assert runbook.startswith("*vista-api*\n1. Open the vista-api dashboard")
    assert "\r" not in runbook
    assert "The team's files: right" in talk("!desk status")


def test_who_is_nobody_is_told_who_there_is(talk: Conversation) -> None:
    told = talk("!whois nobody").splitlines()
    assert told[0] == 'I know nobody and nothing called "nobody". I know these:'
    assert told[1].startswith("*Subsystems* vista, vetext, chip, lorota, ")
    assert told[2] == "*Teams* CIE, TEVI, CHIP team"
    assert told[3].startswith("*People* Shane Elliott, Andy McCarty, ")
    assert told[4].startswith("*Channels* #check-in-go-live, ")


def test_the_counts_of_last_week(talk: Conversation) -> None:
    assert talk("!stats last week").splitlines() == [
        "Check-in counts, last week: Nov 16 to Nov 22, 2026 (sample counts: no Datadog keys configured)",
        "Completed check-ins % : 63.5%",
        "Completed pre-check-ins % : 41.6%",
        "Check-ins clicked: 12355",
        "Check-ins completed: 7847",
        "Pre-check-ins clicked: 43757",
        "Pre-check-ins completed: 18214",
    ]


@pytest.mark.usefixtures("team")
def test_files_that_are_wrong_at_a_start_leave_what_they_said_when_they_were_last_right(
    environment: dict[str, str], start: Callable[..., Conversation]
) -> None:
    data = Path(environment["DESK_DATA_DIR"])
    broken = ("desk.toml", "rotation.toml", "permissions.toml")

    def damage() -> None:
        for name in broken:
            (data / name).write_text("not = right = at all\n")

    talk = start()
    on_call = talk("!oncall")
    talk.tick()
    talk = start(damage)
    assert talk("!oncall") == on_call
    kept = "What it said when it was last right, before this start, stays in force."
    wrong = [f"{name} cannot be read: line 1 is `not = right = at all`: put text in quotes." for name in broken]
    told = talk("!desk status").splitlines()
    assert sorted(line for line in told if line.startswith("⚠")) == sorted(f"⚠ {one} {kept}" for one in wrong)
    talk.tick()
    assert sorted(talk.next() for _ in broken) == sorted(f"[@alice] {one}\n{kept}" for one in wrong)
