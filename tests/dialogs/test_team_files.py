"""The team's files as people save them, read all the same."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Conversation
from tests.contacts.stage import LOROTA, VISTA

WINDOWS = ("counts.toml", "contacts.toml", "links.toml", "desk.toml", "rotation.toml", "runbooks/lorota.md")
COUNTS = """\
Completed check-ins % : 63.5%
Completed pre-check-ins % : 41.6%
Check-ins clicked: 1765
Check-ins completed: 1121
Pre-check-ins clicked: 6251
Pre-check-ins completed: 2602"""
SAMPLES = "sample counts: no Datadog keys configured"


@pytest.fixture
def windows(environment: dict[str, str], start: Callable[..., Conversation]) -> Conversation:
    """A desk on files that were saved on Windows: with its mark before the text, and its line ends."""
    for name in WINDOWS:
        file = Path(environment["DESK_DATA_DIR"]) / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    return start()


def test_files_saved_on_windows_say_what_they_say_elsewhere(windows: Conversation) -> None:
    talk = windows
    assert talk("!stats today") == (f"Check-in counts, midnight to 1:12pm ET, Monday November 23 ({SAMPLES})\n{COUNTS}")
    assert talk("!summary") == (
        "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: nobody named)\n\n"
        "*Production events*\nNo production events today.\n\n"
        f"*Counts* (midnight to 1:12pm ET; {SAMPLES})\n{COUNTS}\n\n"
        "*Incidents* 0 opened, 0 resolved, 0 carried over"
    )
    assert talk("!whois vista") == VISTA
    assert talk("!runbook lorota") == LOROTA
    assert "The team's files: right" in talk("!desk status").splitlines()


@pytest.mark.usefixtures("team")
def test_what_is_wrong_in_a_file_is_told_in_plain_words(
    talk: Conversation, edit: Callable[[str, str, str], None]
) -> None:
    order, a_day = 'order.support = ["alice", "bob", "charlie"]', "first_day = 2026-11-23"
    zones = '[people.bob] zone: "EST" is the same all year, summer and winter. Name a place, such as America/New_York'
    for name, before, after, told in (
        ("rotation.toml", order, 'order = ["alice"]', "[turns.1] order: a table belongs here, not a list"),
        (
            "rotation.toml",
            a_day,
            "first_day = 2026-13-45",
            "cannot be read: line 13 is `first_day = 2026-13-45`: write a day as 2026-11-23",
        ),
        ("rotation.toml", '"America/Los_Angeles"', '"EST"', zones),
        (
            "desk.toml",
            'quiet_after = "4h"',
            'quiet_after = "0h"',
            'quiet_after: "0h" is no length. Type it as 4h or 30m',
        ),
    ):
        talk("!oncall")
        edit(name, before, after)
        told_of = [line for line in talk("!desk status").splitlines() if line.startswith("⚠")]
        assert told_of == [f"⚠ {name} {told}. What it said when it was last right stays in force."]
        assert talk("!oncall") == "On call: *Alice* until 8pm ET\nNext: Bob, Mon Nov 30 1pm to 8pm ET"
        edit(name, after, before)


def test_who_is_nobody_is_told_who_there_is(talk: Conversation) -> None:
    assert talk("!whois nobody") == (
        'I know nobody and nothing called "nobody". I know these:\n'
        "*Subsystems* vista, vetext, chip, lorota, clinician-workflow, vets-api, front-end, vse-cs, devops, sentry, "
        "datadog\n"
        "*Teams* CIE, TEVI, CHIP team\n"
        "*People* Shane Elliott, Andy McCarty, Rob Durkin, Charley, Michael Kimball, Gaurav Gupta, Kanchana, "
        "Lee Delarm, Brian Seek(s), John Woolschlager, Stephen Mammay, Nathan Douglas, Eric Oliver, Shawn Adams, "
        "Adrian Rollett, Bethany, Chris Wilmsen, James Mullen, Mike Olasin, Chance Crawford, Alex de los Reyes\n"
        "*Channels* #check-in-go-live, #check-in-experience-apm, #check-in-experience-engineering, "
        "#check-in-experience, #check-in-monitoring, #check-in-releases, #check-in-experience-devops, "
        "#check-in-experience-devops-test, #vetext-production-support"
    )


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
