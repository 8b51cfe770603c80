"""A day that is damaged in both copies: what people hear of it, and that everything else goes on."""

from pathlib import Path

import pytest

from tests.conftest import Conversation, MovedClock

MISSING = "⚠ What was stored on Nov 19 cannot be read: incidents opened that day are missing here."

OPEN = "#2 Queue backlog · sev 3 · owner bob · less than a minute"


@pytest.fixture
def talk(start, clock: MovedClock, environment) -> Conversation:
    """A desk on Tuesday, with an incident of Thursday, which it has lost, and one of Tuesday."""
    clock.to("2026-11-19 14:00")
    start()("!incident open VistA timeouts")
    clock.to("2026-11-24 14:00")
    start()("!incident open Queue backlog", by="bob")
    folder = Path(environment["DESK_STATE_DIR"])

    def lose() -> None:
        for root in (folder, folder / "mirror"):
            (root / "days" / "2026-11-19.json").write_bytes(b"")

    return start(lose)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!incident list", f"1 open\n{OPEN}\n{MISSING}"),
        ("!incident list mine", f"None that can be read.\n{MISSING}"),
        ("!incident list 2026-11-19", f"None that can be read.\n{MISSING}"),
        ("!incident list today", f"today: 1 opened or changed\n{OPEN}"),
        ("!incident list all", f"all, newest first\n{OPEN}\n{MISSING}"),
        ("!incident search backlog", f"1 with backlog\n#2 Queue backlog · investigating\n{MISSING}"),
        (
            "!incident search VistA",
            "No title or timeline that can be read has VistA in it. Try fewer words, or a part of one.\n" + MISSING,
        ),
        ("!incident update", f"Which incident? Type `!incident update 2 ...`\n#2 Queue backlog\n{MISSING}"),
    ],
)
def test_a_list_says_which_day_it_leaves_out(talk: Conversation, typed: str, answer: str):
    assert talk(typed) == answer


def test_incidents_of_other_days_go_on(talk: Conversation):
    assert talk("!incident update 2 looking at it") == "#2 updated, still investigating. Less than a minute open."
    assert talk("!incident open Mail is stuck") == ("🔴 #3 Mail is stuck\nsev 3 · opened by alice 2:00pm · owner alice")
    assert talk("!incident resolve 3 restarted") == "✅ #3 resolved after less than a minute: restarted"


def test_what_only_the_lost_day_can_tell_is_refused_by_name(talk: Conversation):
    for typed in ("!incident show 1", "!incident update 1 news", "!incident export 2026-11-19"):
        assert talk(typed).startswith("What was stored on 2026-11-19 cannot be read: ")
    assert talk("!incident resolve").startswith("Which incident? ")


def test_the_days_post_tells_what_it_can_and_which_day_is_missing(talk: Conversation):
    told = talk("!summary")
    assert f"*Production events*\n{MISSING}\n• #2 Queue backlog: *investigating*" in told
    assert told.endswith("*Incidents* at least 1 opened, 0 resolved, 0 carried over, 1 still open")


def test_the_admins_are_told_once_and_the_status_says_it(talk: Conversation):
    told: list[str] = []
    for _ in range(2):
        talk("!incident list")
        talk.tick()
        talk.say("!echo that was all")
        told += iter(talk.next, "that was all")
    (lost,) = (words for words in told if "2026-11-19" in words)
    assert lost.startswith("[@alice] What was stored on 2026-11-19 cannot be read: ")
    assert "days/2026-11-19.json is empty" in lost
    assert "⚠ What was stored on 2026-11-19 cannot be read: " in talk("!desk status")
