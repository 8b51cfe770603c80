"""Incidents as people talk of them: every command and every refusal, with the words of the desk."""

import pytest

from tests.conftest import Conversation, MovedClock


def test_an_incident_from_its_opening_to_its_end(talk: Conversation, clock: MovedClock) -> None:
    assert talk("!incident open VistA timeouts on pre-check-in --sev 2 --on vista") == (
        "🔴 #1 VistA timeouts on pre-check-in\n"
        "sev 2 · vista · opened by alice 1:12pm · owner alice\n"
        "Ask Shane Elliott or Andy McCarty · `!runbook vista`"
    )
    clock.forward(minutes=18)
    news = "RPC socket timeouts at two sites, vista-api team is looking"
    assert talk(f"!incident update 1 {news} --status identified") == (
        "#1 identified (was investigating). 18 minutes open."
    )
    clock.to("2026-11-23 15:40")
    assert talk("!incident resolve 1 vista-api restarted, errors gone since 3:35pm", by="bob") == (
        "✅ #1 resolved after 2 hours 28 minutes: vista-api restarted, errors gone since 3:35pm"
    )
    assert talk("!incident show #1") == (
        "✅ #1 VistA timeouts on pre-check-in\n"
        "sev 2 · vista · resolved by bob 3:40pm after 2 hours 28 minutes · opened by alice 1:12pm · owner alice\n"
        "vista-api restarted, errors gone since 3:35pm\n"
        "\n"
        "1:12pm alice opened: VistA timeouts on pre-check-in → sev 2, on vista, owner alice\n"
        "1:30pm alice: RPC socket timeouts at two sites, vista-api team is looking → identified\n"
        "3:40pm bob resolved it: vista-api restarted, errors gone since 3:35pm"
    )


def test_the_six_commands_people_need(talk: Conversation) -> None:
    assert talk("!incident") == (
        "Six commands for incidents:\n"
        "`!incident open VistA timeouts on pre-check-in --sev 2 --on vista` opens one\n"
        "`!incident update 12 RPC timeouts at two sites --status identified` says what is new\n"
        "`!incident assign 12 @bob` gives it to somebody\n"
        "`!incident resolve 12 vista-api restarted, errors gone` ends it\n"
        "`!incident list` shows what is open, `!incident list mine` what is yours\n"
        "`!incident show 12` shows its timeline\n"
        "There are also reopen, note, link, snooze, search, export and metrics: `!help incidents`\n"
        "Options, anywhere in the line: `--sev 1` (the worst) to `3`, `--on vista`, `--status monitoring`, "
        '`--owner @bob`, `--reporter "site 688"`, `--at 12:50pm` or `--at "yesterday 4:10pm"`; '
        "in an update also `--title` and `--started`"
    )


def test_a_command_there_is_none_of(talk: Conversation) -> None:
    assert talk("!incident We are down") == (
        "There is no `!incident We`. To open an incident, type `!incident open We are down`. "
        "`!incident` shows what there is."
    )
    assert talk("!incident shows1") == (
        "There is no `!incident shows1`. Did you mean `!incident show`? `!incident` shows what there is."
    )
    assert talk("!incident whatever") == "There is no `!incident whatever`. `!incident` shows what there is."


@pytest.mark.parametrize("typed", ["help", "Help", "help open"])
def test_help_is_the_six_commands(talk: Conversation, typed: str) -> None:
    assert talk(f"!incident {typed}") == talk("!incident")


def test_a_number_alone_shows_it(talk: Conversation) -> None:
    talk("!incident open Late")
    shown = "🔴 #1 Late\nsev 3 · opened by alice 1:12pm · owner alice\n\n1:12pm alice opened: Late → sev 3, owner alice"
    for typed in ("!incident 1", "!incident #1", "!incident INC-1", "!incident show inc-1", "!incident show 1"):
        assert talk(typed) == shown


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
    ["VistA timeouts — sev 1", "VistA timeouts sev:1", "VistA timeouts sev 1", "VistA timeouts, sev1"],
)
def test_a_severity_is_understood_as_people_write_it(talk: Conversation, line: str) -> None:
    assert talk(f"!incident open {line}") == "🔴 #1 VistA timeouts\nsev 1 · opened by alice 1:12pm · owner alice"
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


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("", "What happened? Type `!incident open VistA timeouts on pre-check-in --sev 2 --on vista`."),
        (" --sev 2", "What happened? Type `!incident open VistA timeouts on pre-check-in --sev 2 --on vista`."),
        (" down --sev 4", '"4" is not a severity. Type --sev 1, 2 or 3; 1 is the worst.'),
        (" down --on vsta", '"vsta" is not a subsystem I know. Did you mean `vista`?'),
        (" down --on nowhere", '"nowhere" is not a subsystem I know. `!whois` lists the subsystems.'),
        (" down --status identifed", '"identifed" is not a status. Did you mean identified?'),
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
            "There is no option --sve. Did you mean --sev? To write it as text, put it in `backticks`.",
        ),
        (
            " " + "x" * 201,
            "A title has at most 200 characters, this one has 201. Put the details on a line of their own below it.",
        ),
        (" down\n" + "x" * 4001, "A text has at most 4,000 characters, this one has 4,001. Send it in parts."),
    ],
)
def test_openings_that_are_refused(talk: Conversation, line: str, answer: str) -> None:
    assert talk(f"!incident open{line}") == answer
    assert talk("!incident list") == "Nothing is open. `!incident list resolved` shows what was."


def test_updates_say_what_changed_and_what_was_before(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open VistA timeouts")
    clock.forward(minutes=5)
    assert talk("!incident update 1 two sites now") == "#1 updated, still investigating. 5 minutes open."
    assert talk("!incident update 1 --sev 1 --on vista --owner bob") == (
        "#1 sev 1 (was 3), on vista, owner bob (was alice). 5 minutes open."
    )
    assert talk('!incident update 1 --title "VistA is down" --reporter @charlie --started 12:30pm') == (
        "#1 now called VistA is down (was VistA timeouts), reported by charlie (was alice), "
        "started 12:30pm (was 1:12pm). 47 minutes open."
    )
    assert talk("!incident update 1 restarted --at 1:15pm") == (
        "#1 updated, still investigating. 47 minutes open. Entered for 1:15pm."
    )
    assert talk("!incident update 1 gone --status resolved") == "✅ #1 resolved after 47 minutes: gone"


def test_updates_that_are_refused(talk: Conversation) -> None:
    assert talk("!incident update down") == (
        "Which incident? Nothing is open; `!incident list all` shows the others with their numbers."
    )
    assert talk("!incident update 1 x") == "There is no incident #1. None was opened yet."
    talk("!incident open VistA timeouts --sev 2")
    talk("!incident open Reminders late --sev 1")
    assert talk("!incident update two sites") == (
        "Which incident? Type `!incident update 2 two sites`\n#2 Reminders late\n#1 VistA timeouts"
    )
    assert talk("!incident update 1") == (
        "What is new with #1? Type `!incident update 1 what you know --status identified`."
    )
    assert talk("!incident update 99 x") == (
        "There is no incident #99. The latest is #2; `!incident list` shows what is open."
    )
    assert talk("!incident update 1 x --severty 2") == (
        "There is no option --severty. Did you mean --sev? To write it as text, put it in `backticks`."
    )
    assert talk("!incident resolve 2 --sev 2 fixed") == (
        "This command takes no --sev. `!incident update 2 --sev 2` sets it. To write it as text, put it in `backticks`."
    )


@pytest.mark.parametrize(
    ("typed", "again"),
    [
        ("resolve restarted puma", "resolve 1 restarted puma"),
        ("resolve", "resolve 1 ..."),
        ("update two sites --status identified", "update 1 two sites --status identified"),
        ("note two sites\nthree sites", "note 1 two sites ..."),
        ("note ran `rake`", "note 1 ..."),
        (f"note {'x' * 4000}", f"note 1 {'x' * 200} ..."),
        ("snooze 2h", "snooze 1 2h"),
        ("assign me", "assign 1 me"),
        ("show", "show 1"),
        ("show all", "show 1"),
    ],
)
def test_of_several_a_missing_number_is_asked_for(talk: Conversation, typed: str, again: str) -> None:
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


def test_an_incident_is_acknowledged_once(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open VistA timeouts", by="eve")
    clock.forward(minutes=3)
    assert talk("!incident ack 1") == "👀 #1 acknowledged after 3 minutes."
    assert talk("!incident ack 1", by="bob") == (
        "#1 was acknowledged by alice 1:15pm already. `!incident update 1 ...` says what is new, "
        "`!incident assign 1 me` takes it."
    )
    assert talk("!incident ack 1 on it too", by="bob") == ("#1 was acknowledged by alice 1:15pm; your words are kept.")
    talk("!incident resolve 1 restarted")
    assert talk("!incident ack 1").startswith("#1 was resolved by alice 1:15pm.")
    assert talk("!incident show 1").splitlines()[-4:] == [
        "1:12pm eve opened: VistA timeouts → sev 3, owner eve",
        "1:15pm alice acknowledged it",
        "1:15pm bob acknowledged it: on it too",
        "1:15pm alice resolved it: restarted",
    ]


def test_the_end_and_what_comes_after(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open VistA timeouts")
    clock.to("2026-11-24 13:00")
    assert talk('!incident resolve 1 --at "yesterday 4:10pm"', by="bob") == (
        "✅ #1 resolved after 2 hours 58 minutes. What ended it? `!incident note 1 ...`"
    )
    over = (
        "by bob yesterday 4:10pm. `!incident note 1 ...` adds to its timeline, `!incident reopen 1 why` opens it again."
    )
    assert talk("!incident resolve 1 restarted") == f"#1 was already resolved {over}"
    assert talk("!incident update 1 restarted") == f"#1 was resolved {over}"
    assert talk("!incident assign 1 @bob") == f"#1 was resolved {over}"
    assert talk("!incident note 1 a restart did it") == "#1 noted."
    assert talk("!incident reopen 1 errors are back --status identified") == (
        "🟠 #1 reopened (was resolved by bob yesterday 4:10pm): errors are back\nIdentified, owner alice"
    )
    assert talk("!incident reopen 1") == "#1 is open (identified). `!incident update 1 ...` says what is new."


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


def test_the_longest_texts_are_cut_in_answers(talk: Conversation) -> None:
    text = "x" * 4000
    talk("!incident open VistA timeouts")
    assert talk(f"!incident resolve 1 {text}") == (
        f"✅ #1 resolved after less than a minute: {'x' * 1000} … (3,000 more characters)"
    )
    assert talk(f"!incident reopen 1 {text}") == (
        f"🔴 #1 reopened (was resolved by alice 1:12pm): {'x' * 1000} … (3,000 more characters)\n"
        "Investigating, owner alice"
    )


def test_assignments(talk: Conversation) -> None:
    talk("!incident open VistA timeouts")
    assert talk("!incident assign 1 @bob please look") == "#1 owner @bob (was alice)."
    assert talk("!incident assign 1 me") == "#1 owner alice (was bob)."
    assert talk("!incident assign 1 alice") == (
        "#1 is alice's already. `!incident assign 1 @somebody` gives it to another."
    )
    assert talk("!incident assign 1") == (
        "Who shall own #1? Type `!incident assign 1 @somebody`, or `me` for yourself."
    )
    assert talk("!incident assign 1 a/b") == 'I know nobody called "a/b". Type the name as @bob, or me for yourself.'
    assert talk("!incident show 1").splitlines()[-2:] == [
        "1:12pm alice: please look → owner bob",
        "1:12pm alice → owner alice",
    ]


def test_notes_and_links(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open VistA timeouts")
    assert talk("!incident note 1") == "What is worth noting about #1? Type `!incident note 1 your words`."
    assert talk("!incident note 1 a deploy went out --at 11am") == "#1 noted. Entered for 11:00am."
    assert talk("!incident link 1 the board") == "There is no link in that. Type `!incident link 1 https://...`."
    assert talk("!incident link 1 https://example.org/a the board") == "#1 link kept."
    assert talk("!incident link 1 https://example.org/b") == "#1 link kept; it has 2 now."
    clock.to("2026-11-24 13:00")
    talk("!incident note 1 more")
    assert talk("!incident show 1") == (
        "🔴 #1 VistA timeouts\n"
        "sev 3 · opened by alice Nov 23 1:12pm · owner alice · last update 1:00pm\n"
        "Links: https://example.org/a https://example.org/b\n"
        "\n"
        "Monday, November 23, 2026\n"
        "11:00am alice noted: a deploy went out (entered 1:12pm)\n"
        "1:12pm alice opened: VistA timeouts → sev 3, owner alice\n"
        "1:12pm alice linked: https://example.org/a the board\n"
        "1:12pm alice linked: https://example.org/b\n"
        "Tuesday, November 24, 2026\n"
        "1:00pm alice noted: more"
    )
    assert talk("!incident link 1 https://example.org/b") == (
        "#1 has that link already. `!incident note 1 ...` adds words."
    )
