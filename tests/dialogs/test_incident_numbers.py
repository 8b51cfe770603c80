"""Which incident people mean: by its number, without one, and by several at once."""

import pytest

from tests.conftest import Conversation


def test_a_number_alone_shows_it(talk: Conversation) -> None:
    talk("!incident open Late")
    shown = "🔴 #1 Late\nsev 3 · opened by alice 1:12pm · owner alice\n\n1:12pm alice opened: Late → sev 3, owner alice"
    for typed in ("!incident 1", "!incident #1", "!incident INC-1", "!incident show inc-1", "!incident show 1"):
        assert talk(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown", "answer"),
    [
        ("resolve restarted puma", "resolve restarted puma", "✅ #2 resolved after less than a minute: restarted puma"),
        ("update two sites --status identified", "", "#2 identified (was investigating). Less than a minute open."),
        ("note two sites\nthree sites", "note two sites ...", "#2 noted."),
        ("assign bob", "", "#2 owner @bob (was alice)."),
    ],
)
def test_of_several_the_one_that_is_meant_is_chosen_by_its_number(
    talk: Conversation, typed: str, shown: str, answer: str
) -> None:
    talk.knows_undo("alice")
    talk("!incident open VistA timeouts --sev 2")
    talk("!incident open Reminders late")
    assert talk(f"!incident {typed}") == (
        f"Which incident? `!yes 1` or `!yes 2` does `!incident {shown or typed}` for it.\n"
        "#1 VistA timeouts\n#2 Reminders late"
    )
    assert talk("!yes 2") == answer


@pytest.mark.parametrize(
    ("typed", "again"),
    [
        ("update", "update 1 ..."),
        ("note ran `rake`", "note 1 ..."),
        (f"note {'x' * 4000}", f"note 1 {'x' * 200} ..."),
    ],
)
def test_of_several_a_missing_number_is_asked_for_where_a_yes_cannot_say_all(
    talk: Conversation, typed: str, again: str
) -> None:
    talk("!incident open VistA timeouts --sev 2")
    talk("!incident open Reminders late")
    assert talk(f"!incident {typed}") == (
        f"Which incident? Type `!incident {again}`\n#1 VistA timeouts\n#2 Reminders late"
    )


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("update two sites", "#1 updated, still investigating. Less than a minute open."),
        ("note two sites", "#1 noted."),
        ("assign bob", "#1 owner @bob (was alice)."),
        ("link https://example.org/a", "#1 link kept."),
        ("snooze 2h", "Nobody is reminded of #1 until 3:12pm."),
        ("ack", "👀 #1 acknowledged at once."),
        ("resolve restarted puma", "✅ #1 resolved after less than a minute: restarted puma"),
        ("reopen", "Which incident? Type `!incident reopen 12 why`; `!incident list resolved` shows the numbers."),
    ],
)
def test_a_missing_number_is_that_of_the_one_open_incident(talk: Conversation, typed: str, answer: str) -> None:
    talk("!incident open VistA timeouts")
    assert talk(f"!incident {typed}") == answer


def test_a_number_alone_is_no_title(talk: Conversation) -> None:
    assert talk("!incident open 1") == (
        "1 is no title. `!incident show 1` shows #1, `!incident reopen 1 why` opens it again; "
        "a title is words: `!incident open VistA is slow`."
    )
    assert talk("!open #1 please").startswith("#1 please is no title. `!incident show 1` shows #1")


def test_incidents_are_resolved_one_at_a_time(talk: Conversation) -> None:
    for title in ("VistA timeouts", "Reminders late", "Claims rejected"):
        talk(f"!incident open {title}")
    hint = " A number in your text goes into `backticks`."
    for typed in ("1 2", "#1 #2", "1, 2:", "1 and 2", "1 & #2"):
        assert talk(f"!incident resolve {typed} both restarted puma") == (
            f"One at a time: `!incident resolve 1 both restarted puma`, then the same for #2.{hint}"
        )
    assert talk("!incident resolve 1 2 3") == (
        f"One at a time: `!incident resolve 1`, then the same for #2 and #3.{hint}"
    )
    assert talk("!incident resolve 1 2 it is --at 1:10pm over") == (
        f"One at a time: `!incident resolve 1 it is over --at 1:10pm`, then the same for #2.{hint}"
    )
    assert talk(f"!incident resolve 1 2 {'x' * 4000}") == (
        f"One at a time: `!incident resolve 1 {'x' * 200} ...`, then the same for #2.{hint}"
    )
    assert talk("!incident note 3 #2 and\nmore") == (
        f"One at a time: `!incident note 3 and ...`, then the same for #2.{hint}"
    )
    assert talk("!incident note 3 #2 ran `rake`") == (
        f"One at a time: `!incident note 3 ...`, then the same for #2.{hint}"
    )
    assert talk("!incident note 3 and #2 share a cause") == "#3 noted."
    assert talk("!incident list").splitlines()[0] == "3 open"


def test_a_number_that_is_no_other_open_incident_is_text(talk: Conversation) -> None:
    for title in ("VistA timeouts", "Reminders late", "Claims rejected"):
        talk(f"!incident open {title}")
    assert talk("!incident note 1 2 sites") == "#1 noted."
    assert talk("!incident note 1 9 sites, #9") == "#1 noted."
    assert talk("!incident resolve 1 9 sites are back") == "✅ #1 resolved after less than a minute: 9 sites are back"
    assert talk("!incident resolve 2 1 site is back") == "✅ #2 resolved after less than a minute: 1 site is back"
    assert talk("!incident resolve 3 3 sites are back") == "✅ #3 resolved after less than a minute: 3 sites are back"
