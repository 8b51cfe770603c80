"""A shift typed from habit: every word for a command that people brought along, in one conversation."""

import pytest

from tests.conftest import Conversation, MovedClock

MISSPELT = "Did you mean `!{}`? Type it like that: I ask because it {}."
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
    ("!incident sev 2 3", "`!incident update 3 --sev 2` or `!incident update 2 --sev 3`? Type the one you mean."),
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


def test_help_on_incidents_has_an_example_of_everything(talk: Conversation) -> None:
    told = talk("!help incident").splitlines()
    assert told[:4] == [
        "`!incident 12`: show the commands people need, or one incident",
        "`!incident open VistA timeouts --sev 2 --on vista`: open one",
        "`!incident update 12 two sites, RPC --status identified`: say what is new",
        "`!incident resolve 12 vista-api restarted, errors gone`: end it",
    ]
    assert told[-2].startswith("Options, anywhere in the line: `--status identified`, `--sev 2`, `--on vista`")
    assert told[-1] == "One of them: `!help incident open`"
    assert len(told) == 23


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
