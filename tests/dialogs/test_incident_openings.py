"""What people type to open an incident: everything it may say, and what is refused."""

import pytest

from tests.conftest import Conversation

REFUSED = (  # what stands behind "open", and the answer
    ("", "What happened? Type `!incident open VistA timeouts on pre-check-in --sev 2 --on vista`."),
    (" --sev 2", "What happened? Type `!incident open VistA timeouts on pre-check-in --sev 2 --on vista`."),
    (" down --sev 4", '"4" is not a severity. Type --sev 1, 2 or 3; 1 is the worst.'),
    (
        " down --on vsta",
        '"vsta" is not a subsystem I know. Did you mean `!incident open down --on vista`? `!yes` does it.',
    ),
    (" vsta down --on vsta", '"vsta" is not a subsystem I know. Did you mean `vista`?'),
    (" down --on nowhere", '"nowhere" is not a subsystem I know. `!whois` lists the subsystems.'),
    (
        " down --status identifed",
        '"identifed" is not a status. Did you mean `!incident open down --status identified`? `!yes` does it.',
    ),
    (
        " down --status great",
        '"great" is not a status. Type investigating, identified, monitoring, resolved.',
    ),
    (
        " down --status resolved",
        "Open it without --status resolved, then type `!incident resolve` with what ended it.",
    ),
    (" down --owner a/b", 'I know nobody called "a/b". Type the name as @bob, or me for yourself.'),
    (" down --at soon", '"soon" is not a time I can read. Type it as 12:50pm or 20:15.'),
    (
        " down --at 3pm",
        "3:00pm is still to come. Give a time that has passed, such as `--at 12:52pm`, or none.",
    ),
    (
        " down --sve 2",
        "There is no option --sve. To write it as text, put it in `backticks`. "
        "Did you mean `!incident open down --sev 2`? `!yes` does it.",
    ),
    (
        " " + "x" * 201,
        "A title has at most 200 characters, this one has 201. Put the details on a line of their own below it.",
    ),
    (" down\n" + "x" * 4001, "A text has at most 4,000 characters, this one has 4,001. Send it in parts."),
)


def test_opening_with_everything_said(talk: Conversation) -> None:
    opening = "--on VETEXT Reminders late —sev 1 owner=@bob --status monitoring --at 12:50pm --reporter “site 688”"
    assert talk(f"!incident open {opening}\nfirst seen by a clinic\nthen by two") == (
        "🟡 #1 Reminders late\n"
        "sev 1 · vetext · monitoring · started 12:50pm · opened by alice 1:12pm · owner bob\n"
        "Ask Rob Durkin · `!runbook vetext`"
    )
    assert talk("!incident show 1") == (
        "🟡 #1 Reminders late\n"
        "sev 1 · vetext · monitoring · started 12:50pm · opened by alice 1:12pm · owner bob\n"
        "Reported by site 688\n"
        "\n"
        "1:12pm alice opened: Reminders late\n"
        "┊ first seen by a clinic\n"
        "┊ then by two → sev 1, on vetext, owner bob, reported by site 688, started 12:50pm"
    )


@pytest.mark.parametrize(
    "line",
    ["Login timeouts — sev 1", "Login timeouts sev:1", "Login timeouts sev 1", "Login timeouts, sev1"],
)
def test_a_severity_is_understood_as_people_write_it(talk: Conversation, line: str) -> None:
    assert talk(f"!incident open {line}") == "🔴 #1 Login timeouts\nsev 1 · opened by alice 1:12pm · owner alice"
    assert talk("!incident update 1 sev 2 alarms are over, sev 3") == "#1 sev 3 (was 1). Less than a minute open."
    assert talk("!incident show 1").splitlines()[-1] == "1:12pm alice: sev 2 alarms are over → sev 3"


def test_a_new_title_needs_no_quotes(talk: Conversation) -> None:
    talk("!incident open Somthing is slow")
    assert talk("!incident update 1 --title VistA is slow —sev 2 two sites") == (
        "#1 sev 2 (was 3), now called VistA is slow (was Somthing is slow). Less than a minute open."
    )
    assert talk("!incident update 1 --title VistA is down") == (
        "#1 now called VistA is down (was VistA is slow). Less than a minute open."
    )
    assert talk("!incident show 1").splitlines()[-2:] == [
        "1:12pm alice: two sites → sev 2, now called VistA is slow",
        "1:12pm alice → now called VistA is down",
    ]


def test_openings_that_are_refused(talk: Conversation) -> None:
    for line, answer in REFUSED:
        assert talk(f"!incident open{line}") == answer
    assert talk("!incident list") == "Nothing is open. `!incident list resolved` shows what was."
