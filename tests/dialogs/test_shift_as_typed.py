"""A shift typed from habit, and one by somebody who read `!help` alone: every answer, and how often they type again."""

from collections.abc import Iterable

import pytest

from tests.conftest import ROOT, Conversation, MovedClock

AGAIN = ("Type it like that", "Type it as", "Type the one", "I know no ", "There is no help on ")
MISSPELT = "Did you mean `!{}`? `!yes` does it: I ask because it {}."
OUT, LASTS = "goes out to others", "cannot be taken back"

SHIFT = (
    ("!open Claims are slow", "🔴 #1 Claims are slow\nsev 3 · opened by alice 1:12pm · owner alice"),
    ("!incident new Reminders late", "🔴 #2 Reminders late\nsev 3 · opened by alice 1:12pm · owner alice"),
    ("!Incident Open Letters", "🔴 #3 Letters\nsev 3 · opened by alice 1:12pm · owner alice"),
    ("!update 1 two sites", "#1 updated, still investigating. Less than a minute open."),
    ("!incident 2 update still looking", "#2 updated, still investigating. Less than a minute open."),
    ("!note 1 ticket filed", "#1 noted."),
    ("!incidents notes 1 another one", "#1 noted."),
    ("!incident comment 1 and a third", "#1 noted."),
    ("!incident assign to bob 1", "#1 owner @bob (was alice)."),
    ("!incident 1 take", "#1 owner alice (was bob)."),
    (
        "!incident sev 2 3",
        "`!incident update 3 --sev 2` (1) or `!incident update 2 --sev 3` (2)? `!yes 1` or `!yes 2` does it.",
    ),
    ("!incident 3 sev2", "#3 sev 2 (was 3). Less than a minute open."),
    ("!incident 3 resolve fixed", "✅ #3 resolved after less than a minute: fixed"),
    (
        "!list mine",
        "2 of yours open\n#1 Claims are slow · sev 3 · owner alice · less than a minute\n"
        "#2 Reminders late · sev 3 · owner alice · less than a minute",
    ),
    ("!handover Watch the backlog", "Noted under Handing over: the next post is due 8:00pm."),
    (
        "!notes",
        "*Handing over* in the post of today\n1. Watch the backlog (alice, 1:12pm)\n"
        "`!summary note undo 1` takes one back.",
    ),
    ("!resolve 2 — went by itself", "✅ #2 resolved after less than a minute: went by itself"),
    ("!incident closed it was the deploy", "✅ #1 resolved after less than a minute: it was the deploy"),
    ("!whois oncall", "On call: *Alice* until 8pm ET\nNext: Bob, Mon Nov 30 1pm to 8pm ET"),
    ("!oncall tomorrow", "Tomorrow: Alice 1pm to 8pm"),
    ("!summary psot", MISSPELT.format("summary post", OUT)),
    ("!summary skp friday x", MISSPELT.format("summary skip friday x", OUT)),
    ("!incident viod 3 x", MISSPELT.format("incident void 3 x", LASTS)),
    ("!incident mrge 3 into 2", MISSPELT.format("incident merge 3 into 2", LASTS)),
    ("!incident escalte 3 x", MISSPELT.format("incident escalate 3 x", OUT)),
    ("!alerts mte 3 2h", MISSPELT.format("alerts mute 3 2h", OUT)),
    ("!oncall swp bob friday", MISSPELT.format("oncall swap bob friday", OUT)),
    ("!oncall covr 3pm to 5pm", MISSPELT.format("oncall cover 3pm to 5pm", OUT)),
    ("!incident list", "Nothing is open. `!incident list resolved` shows what was."),
)


def typed_again(told: Iterable[str]) -> int:
    """How many answers ask for the command once more."""
    return sum(any(words in answer for words in AGAIN) for answer in told)


@pytest.mark.usefixtures("team")
def test_nobody_types_anything_twice(talk: Conversation) -> None:
    for typed, answer in SHIFT:
        assert talk(typed) == answer, typed


def test_with_one_open_a_missing_number_means_it_in_every_word_for_it(talk: Conversation, clock: MovedClock) -> None:
    talk("!open Claims are slow", "eve")
    clock.forward(minutes=3)
    assert talk("!ack") == "👀 #1 acknowledged after 3 minutes."
    assert talk("!take it") == "#1 owner alice (was eve)."
    assert talk("!comment two sites") == "#1 noted."
    assert talk("!make it sev 1") == "#1 sev 1 (was 3). 3 minutes open."
    assert talk("!close it gone") == "✅ #1 resolved after 3 minutes: gone"


def test_a_chart_is_drawn_of_samples(talk: Conversation) -> None:
    told, path = talk("!stats chart").splitlines()
    assert told == (
        "Check-in counts, midnight to 1:12pm ET, Monday November 23 (sample counts: no Datadog keys configured)"
    )
    assert path.endswith("/charts/day-2026-11-23-as-of-2026-11-23-131200.png")


def test_an_open_one_alike_is_shown_and_option_like_words_are_options(talk: Conversation) -> None:
    opened = (
        "sev {} · vista · opened by alice 1:12pm · owner alice\nAsk Shane Elliott or Andy McCarty · `!runbook vista`"
    )
    by_title = "On vista by its title: `!incident update {0} --on ...` changes it."
    assert talk("!incident open RPC timeouts -sev 2") == f"🔴 #1 RPC timeouts\n{opened.format(2)}\n{by_title.format(1)}"
    assert talk("!incident open RPC timeouts") == (
        f"🔴 #2 RPC timeouts\n{opened.format(3)}\n{by_title.format(2)}\n"
        "#1 RPC timeouts is open on vista: add to it with `!incident update 1 ...`"
    )


OPEN_NOW = """\
2 open
#1 VistA is slow · sev 2 · vista · owner alice · {}
#2 Letters late · sev 3 · owner alice · {}"""

SUMMARY = """\
*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice, accepted 1:17pm)

*Production events*
• #1 VistA is slow: *resolved* (sev 2, vista, 1:12pm to 1:22pm, 10 minutes). fixed
• #2 Letters late: *resolved* (sev 3, 1:13pm to 1:19pm, 6 minutes). the sender was restarted

*Counts* (midnight to 1:22pm ET; sample counts: no Datadog keys configured)
Completed check-ins % : 63.5%
Completed pre-check-ins % : 41.6%
Check-ins clicked: 1765
Check-ins completed: 1121
Pre-check-ins clicked: 6251
Pre-check-ins completed: 2602

*Incidents* 2 opened, 2 resolved, 0 carried over
*Handing over* Watch the VEText backlog"""

FROM_HELP = (  # what is typed how many minutes after what was before, and the answer
    (
        0,
        "!incident open VistA is slow --sev 2",
        "🔴 #1 VistA is slow\nsev 2 · vista · opened by alice 1:12pm · owner alice\n"
        "Ask Shane Elliott or Andy McCarty · `!runbook vista`\n"
        "On vista by its title: `!incident update 1 --on ...` changes it.",
    ),
    (1, "!incident update 1 two sites", "#1 updated, still investigating. 1 minute open."),
    (0, "!Incident Open Letters late", "🔴 #2 Letters late\nsev 3 · opened by alice 1:13pm · owner alice"),
    (4, "!INCIDENT LIST", OPEN_NOW.format("5 minutes", "4 minutes")),
    (0, "!incident: list", OPEN_NOW.format("5 minutes", "4 minutes")),
    (0, "\u200b!incident list", OPEN_NOW.format("5 minutes", "4 minutes")),
    (0, "`!incident list`", OPEN_NOW.format("5 minutes", "4 minutes")),
    (0, "incident list", OPEN_NOW.format("5 minutes", "4 minutes")),
    (0, "!alerts", "No alert today."),
    (0, "!traces", "Error traces unavailable: not configured. `!links error-traces` leads to them."),
    (0, "!summary note Watch the VEText backlog", "Noted under Handing over: the next post is due 8:00pm."),
    (0, "!oncall", "On call: *Alice* until 8pm ET\nNext: Bob, Mon Nov 30 1pm to 8pm ET"),
    (0, "!shift accept", "✅ Alice has the shift today, 1pm to 8pm."),
    (0, "!whois charlie", "*Charlie* · on the rotation, next Mon Dec 7 · `!oncall when charlie`"),
    (0, "!incident assign to bob 1", "#1 owner @bob (was alice)."),
    (
        0,
        "!undo",
        "#1 is as before: investigating, sev 2, owner alice. bob was told that it is theirs: that is not unsent.",
    ),
    (2, "!incident 2 update still looking", "#2 updated, still investigating. 6 minutes open."),
    (0, "!resolve 2", "✅ #2 resolved after 6 minutes. What ended it? `!incident note 2 ...`"),
    (0, "!note 2 the sender was restarted", "#2 noted."),
    (3, "!incident 1 resolve fixed", "✅ #1 resolved after 10 minutes: fixed"),
    (0, "!incident list mine", "Nothing of yours is open. `!incident list` shows what is."),
    (
        0,
        "!incident open Letters late",
        "🔴 #3 Letters late\nsev 3 · opened by alice 1:22pm · owner alice\n"
        "Like #2 Letters late (today): the sender was restarted",
    ),
    (
        0,
        "!incident void 3 opened twice",
        "⚪ #3 is void: it is kept, and counts no more. `!incident reopen 3 why` takes that back.",
    ),
    (0, "!summary", SUMMARY),
    (0, "!summary status", "Next post: 8:00pm.\nNone was due yet."),
)


@pytest.mark.usefixtures("team")
def test_whoever_read_help_alone_does_a_shift_and_types_nothing_twice(talk: Conversation, clock: MovedClock) -> None:
    told = [talk("!help"), talk("!help incident open")]
    for minutes, typed, answer in FROM_HELP:
        clock.forward(minutes=minutes)
        told.append(talk(typed))
        assert told[-1] == answer, typed
    assert typed_again(told) == 0


@pytest.mark.usefixtures("team")
def test_of_the_first_fifty_phrasings_none_is_typed_again(talk: Conversation) -> None:
    for number in range(1, 13):
        talk(f"!incident open Number {number}")
    lines = (ROOT / "tests" / "recordings" / "phrasings.txt").read_text().partition("\n# And other")[0].splitlines()
    told = {}
    for typed in (line.partition(" => ")[0] for line in lines if not line.startswith("#")):
        told[typed] = talk(typed)
        talk("!incident reopen 12 for the next phrasing")
    assert len(told) > 50
    assert not [typed for typed, answer in told.items() if "resolved by" in answer and "#12 was" in answer]
    assert typed_again(told.values()) == 0
    assert told["!post the sumary"] == "Did you mean `!summary post`? `!yes` does it."


@pytest.mark.usefixtures("team")
def test_days_without_a_year_on_the_day_before_the_last(talk: Conversation, clock: MovedClock) -> None:
    clock.to("2026-12-30 13:12")
    assert talk("!oncall jan 5") == talk("!oncall on jan 5") == "Tue Jan 5 2027: Alice 1pm to 8pm"
    assert talk("!oncall on feb 29") == "Tue Feb 29 2028: Alice 1pm to 8pm"
    assert talk("!summary skip feb 29 leap day") == (
        "The post of Tuesday, February 29, 2028 is left out. `!summary resume 2028-02-29` takes that back."
    )
    for typed, day in (("feb 29", "Feb 29 2024"), ("dec 31", "Dec 31 2025"), ("dec 29", "yesterday")):
        for before in ("", "on "):
            assert talk(f"!incident list {before}{typed}") == f"Nothing was opened or changed {day}."
    assert talk("!stats on dec 29") == talk("!stats dec 29")
