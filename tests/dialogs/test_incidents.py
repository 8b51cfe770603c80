"""Incidents as people talk of them: every command and every refusal, with the words of the desk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Conversation, MovedClock


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


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("close 1", "There is no `!incident close`. Type `!incident resolve 1`."),
        ("Fixed 1 restarted puma", "There is no `!incident Fixed`. Type `!incident resolve 1 restarted puma`."),
        ("new VistA is down\ntwo sites", "There is no `!incident new`. Type `!incident open VistA is down ...`."),
        ("start", "There is no `!incident start`. Type `!incident open`."),
        ("edit 1 two", "There is no `!incident edit`. Type `!incident update 1 two` or `!incident note 1 two`."),
        ("merge 1 2", "There is no `!incident merge`. `!incident` shows what there is."),
        ("merge", "There is no `!incident merge`. `!incident` shows what there is."),
        (
            "opne VistA",
            "There is no `!incident opne`. Did you mean `!incident open` or `!incident reopen`? "
            "`!incident` shows what there is.",
        ),
        (
            "We are down",
            "There is no `!incident We`. To open an incident, type `!incident open We are down`. "
            "`!incident` shows what there is.",
        ),
    ],
)
def test_a_command_there_is_none_of(talk: Conversation, typed: str, answer: str) -> None:
    assert talk(f"!incident {typed}") == answer


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
        "first seen by a clinic\n"
        "then by two → sev 1, on vetext, owner bob, reported by site 688, started 12:50pm"
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
    assert talk("!incident update 1 x --severity 2") == (
        "There is no option --severity. Did you mean --sev? To write it as text, put it in `backticks`."
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
def test_a_missing_number_is_put_before_what_was_said(talk: Conversation, typed: str, again: str) -> None:
    talk("!incident open VistA timeouts")
    assert talk(f"!incident {typed}") == f"Which incident? Type `!incident {again}`\n#1 VistA timeouts"


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
    for typed in ("1 2 both restarted puma", "#1 #2 both restarted puma", "1, 2: both restarted puma"):
        assert talk(f"!incident resolve {typed}") == (
            "One at a time: `!incident resolve 1 both restarted puma`, then the same for #2."
        )
    assert talk("!incident resolve 1 2 3") == "One at a time: `!incident resolve 1`, then the same for #2 and #3."
    assert talk("!incident resolve 1 2 it is --at 1:10pm over") == (
        "One at a time: `!incident resolve 1 it is over --at 1:10pm`, then the same for #2."
    )
    assert talk(f"!incident resolve 1 2 {'x' * 4000}") == (
        f"One at a time: `!incident resolve 1 {'x' * 200} ...`, then the same for #2."
    )
    assert talk("!incident note 3 #2 and\nmore") == "One at a time: `!incident note 3 and ...`, then the same for #2."
    assert talk("!incident note 3 #2 ran `rake`") == "One at a time: `!incident note 3 ...`, then the same for #2."
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


def test_lists(talk: Conversation, clock: MovedClock) -> None:
    clock.to("2026-11-20 18:00")
    talk("!incident open Travel claims rejected", by="bob")
    clock.to("2026-11-22 16:10")
    talk("!incident note 1 still", by="bob")
    clock.to("2026-11-23 13:12")
    talk("!incident open VistA timeouts --sev 2 --on vista")
    talk("!incident open VEText reminders late --on vetext --status monitoring --owner @bob")
    clock.forward(minutes=41)
    talk("!incident resolve 2 restarted")
    claims = (
        "#1 Travel claims rejected · sev 3 · owner bob · open 2 days, last update yesterday 4:10pm ⚠ quiet for 21 hours"
    )
    vista = "#2 VistA timeouts · sev 2 · vista · resolved 1:53pm after 41 minutes"
    reminders = "#3 VEText reminders late · sev 3 · vetext · monitoring · owner bob · 41 minutes"
    assert talk("!incident list") == talk("!incidents") == f"2 open\n{claims}\n{reminders}"
    assert talk("!incident list today") == f"today: 2 opened or changed\n{vista}\n{reminders}"
    assert talk("!incident list nov 22") == f"yesterday: 1 opened or changed\n{claims}"
    assert talk("!incident list resolved") == f"resolved, newest first\n{vista}"
    assert talk("!incident list all") == f"all, newest first\n{reminders}\n{vista}\n{claims}"
    assert talk("!incident list VEText") == f"1 open on vetext\n{reminders}"
    assert talk("!incident list all vista-api") == f"all on vista, newest first\n{vista}"


def test_lists_of_nothing_and_lists_there_are_none_of(talk: Conversation) -> None:
    assert talk("!incident list") == "Nothing is open. `!incident list resolved` shows what was."
    assert talk("!incident list vista") == "Nothing is open on vista. `!incident list resolved vista` shows what was."
    assert talk("!incident list today") == "Nothing was opened or changed today."
    assert talk("!incident list resolved") == "There is nothing resolved yet."
    assert talk("!incident list all chip") == "There is nothing yet on chip."
    assert talk("!incident list all 9") == "There is no page 9 of that. Type `!incident list all` for the first."
    for typed, unknown in (("nowhere", "nowhere"), ("sev 2", "sev"), ("vsta mine", "vsta")):
        assert talk(f"!incident list {typed}") == (
            f'There is no list "{unknown}". Lists: mine, today, yesterday, resolved, all, or a subsystem such as vista.'
        )
    assert talk("!incident list all today") == (
        "A day's list has all of that day. Type `!incident list today`, or `!incident list resolved`."
    )


def test_a_list_of_ones_own(talk: Conversation) -> None:
    assert talk("!incident list mine") == "Nothing of yours is open. `!incident list` shows what is."
    talk("!incident open VistA timeouts --on vista")
    talk("!incident open Reminders late --owner @bob")
    talk("!incident open Claims rejected")
    talk("!incident open Over already", by="bob")
    talk("!incident resolve 4")
    assert talk("!incident list mine", by="bob") == (
        "1 of yours open\n#2 Reminders late · sev 3 · owner bob · less than a minute"
    )
    assert talk("!incident list vista mine") == (
        "1 of yours open on vista\n#1 VistA timeouts · sev 3 · vista · owner alice · less than a minute"
    )
    assert talk("!incidents mine").splitlines()[0] == "2 of yours open"
    assert talk("!incident list mine vista", by="bob") == (
        "Nothing of yours is open on vista. `!incident list` shows what is."
    )
    assert talk("!incident list mine 2") == "There is no page 2 of that. Type `!incident list mine` for the first."


def test_open_ones_come_worst_first_and_numbers_in_a_column(talk: Conversation) -> None:
    for number in range(1, 11):
        talk(f"!incident open Event {number} --sev {3 if number < 9 else 1}")
    lines = talk("!incident list").splitlines()
    assert lines[:4] == [
        "10 open",
        "#9  Event 9 · sev 1 · owner alice · less than a minute",
        "#10 Event 10 · sev 1 · owner alice · less than a minute",
        "#1  Event 1 · sev 3 · owner alice · less than a minute",
    ]


def test_long_lists_go_on_on_another_page_and_stay_in_one_message(talk: Conversation) -> None:
    for _ in range(17):
        talk(f"!incident open {'x' * 200} --on clinician-workflow --sev 1 --status investigating")
    first, second = talk("!incident list"), talk("!incident list 2")
    assert first.splitlines()[0] == "17 open, page 1 of 2"
    assert first.splitlines()[-1] == "More: `!incident list 2`"
    assert len(first.splitlines()) == 17
    assert len(first) < 3500
    assert [line.split()[0] for line in second.splitlines()] == ["17", "#16", "#17"]
    assert talk("!incident list all").splitlines()[0] == "all, newest first, page 1"
    assert talk("!incident list all page 2").splitlines()[0] == "all, newest first, page 2"
    assert talk("!incident list 3") == "There is no page 3 of that. Type `!incident list` for the first."


def test_a_long_timeline_says_how_many_entries_are_hidden_and_shows_them_all_in_pages(talk: Conversation) -> None:
    talk("!incident open VistA timeouts")
    notes = [f"{number:02} " + "word " * 40 + "end" for number in range(40)]
    for note in notes:
        talk(f"!incident note 1 {note}")
    short = talk("!incident show 1")
    assert len(short) < 3500
    hidden = 40 - sum(note in short for note in notes)
    assert (
        f"1:12pm alice opened: VistA timeouts → sev 3, owner alice\n… {hidden} entries hidden: `!incident show 1 all`\n"
        in short
    )
    assert short.endswith(notes[-1])
    pages = [talk(f"!incident show 1 all {page}") for page in (1, 2, 3)]
    assert pages[0].startswith(
        "🔴 #1 VistA timeouts (page 1 of 3)\nsev 3 · opened by alice 1:12pm · owner alice · last update 1:12pm\n\n"
        "1:12pm alice opened"
    )
    assert pages[0].endswith("\nMore: `!incident show 1 all 2`")
    assert all(len(page) < 3500 for page in pages)
    assert [note for page in pages for note in notes if note in page] == notes
    assert talk("!incident show 1 all 4") == (
        "The timeline of #1 has no page 4, its last is 3. Type `!incident show 1 all` for the first."
    )
    assert talk("!incident show 1 everything") == (
        '"everything" is more than I can show. Type `!incident show 1`, or with `all`.'
    )


def test_a_timeline_of_one_page_is_the_same_in_short_and_in_full(talk: Conversation) -> None:
    talk("!incident open VistA timeouts --on vista --sev 2 --reporter “site 688”")
    talk("!incident link 1 https://example.org/a")
    talk("!incident resolve 1 restarted\nall well")
    assert talk("!incident show 1 all") == talk("!incident show 1")
    assert talk("!incident show 1 2") == talk("!incident show 1 all 3") == ("#1 has only one page: `!incident show 1`.")


def test_the_longest_text_is_cut_in_short_and_whole_in_full(talk: Conversation) -> None:
    talk("!incident open VistA timeouts")
    text = "word " * 799 + "last!"
    talk(f"!incident note 1 {text}")
    assert " … (3,600 more characters)" in talk("!incident show 1")
    first, second = talk("!incident show 1 all"), talk("!incident show 1 all 2")
    assert first.startswith("🔴 #1 VistA timeouts (page 1 of 2)\n")
    whole = first.split("noted: ")[1].removesuffix("\nMore: `!incident show 1 all 2`") + second.split("\n")[1]
    assert whole == text


def test_search(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open VistA timeouts\nRPC socket timeouts, and then a long story " + "of waiting " * 20)
    clock.forward(minutes=28)
    talk("!incident resolve 1 it’s restarted")
    talk("!incident open Socket errors in VEText")
    assert talk("!incident search SOCKET") == (
        "2 with SOCKET\n"
        "#2 Socket errors in VEText · investigating\n"
        "#1 VistA timeouts · resolved 1:40pm after 28 minutes\n"
        "      RPC socket timeouts, and then a long story of waiting of waiting of waiting of waiting of waiting "
        "of waiting of waiting of w…"
    )
    assert talk("!incident search it's") == (
        "1 with it's\n#1 VistA timeouts · resolved 1:40pm after 28 minutes\n      it’s restarted"
    )
    assert talk("!incident search socket vetext rpc") == (
        "No title or timeline has socket vetext rpc in it. Try fewer words, or a part of one."
    )
    assert talk('!incident search "errors in" socket') == (
        "1 with errors in socket\n#2 Socket errors in VEText · investigating"
    )
    assert talk("!incident search") == "What shall I look for? Type `!incident search RPC socket`."


def test_a_search_shows_the_word_behind_letters_that_become_two(talk: Conversation) -> None:
    talk(f"!incident open VistA timeouts\n{'ß' * 80} socket {'ß' * 200}")
    assert talk("!incident search socket") == (
        f"1 with socket\n#1 VistA timeouts · investigating\n      …{'ß' * 59} socket {'ß' * 113}…"
    )


def test_a_search_that_finds_many_says_what_is_left_out(talk: Conversation) -> None:
    for _ in range(12):
        talk(f"!incident open {'slow ' * 39}\n" + "slow " * 700)
    found = talk("!incident search slow")
    assert found.splitlines()[0] == "12 with slow; the newest 8 are here, one more word finds others"
    assert [line.split()[0] for line in found.splitlines() if line.startswith("#")] == [
        f"#{n}" for n in range(12, 4, -1)
    ]
    assert len(found) < 3500


def test_exports(talk: Conversation, environment: dict[str, str]) -> None:
    folder = Path(environment["DESK_STATE_DIR"]) / "exports"
    talk("!incident open VistA timeouts")
    assert talk("!incident export 1") == (
        f"The post-mortem of #1, with what its timeline knows; the rest is for you to fill in.\n{folder}/incident-1.md"
    )
    assert (folder / "incident-1.md").read_text().startswith("# #1 VistA timeouts\n\n- Severity: 3\n")
    assert talk("!incident export week") == (
        f"1 incident opened, Monday, November 23, 2026.\n{folder}/incidents-2026-11-23-to-2026-11-23.csv"
    )
    talk("!incident open Late")
    assert talk("!incident export 2026-11") == (
        f"2 incidents opened, Nov 1 to Nov 30, 2026.\n{folder}/incidents-2026-11-01-to-2026-11-30.csv"
    )
    assert len((folder / "incidents-2026-11-01-to-2026-11-30.csv").read_text().splitlines()) == 3


def test_exports_that_are_refused(talk: Conversation) -> None:
    assert talk("!incident export 7") == "There is no incident #7. None was opened yet."
    assert talk("!incident export soon") == (
        '"soon" is not a span of days I can read. Type week, month, 2026-11 or 2026-11-02..2026-11-20.'
    )
    talk("!incident open VistA timeouts")
    assert talk("!incident export") == "Which incident? Type `!incident export 1`\n#1 VistA timeouts"


def test_metrics(talk: Conversation, clock: MovedClock) -> None:
    assert talk("!incident metrics") == "No incidents were opened, Nov 1 to Nov 23, 2026."
    talk("!incident open VistA timeouts --sev 2 --on vista", by="charlie")
    clock.forward(minutes=10)
    talk("!incident note 1 looking", by="bob")
    clock.forward(minutes=20)
    talk("!incident resolve 1")
    told = (
        "1 opened, 0 of them still open\n"
        "sev 2: 1\n"
        "vista: 1\n"
        "Time to acknowledge: median 10 minutes (1 of 1, too few for a 90th percentile)\n"
        "Time to resolve: median 30 minutes (1 of 1, too few for a 90th percentile)"
    )
    assert talk("!incident metrics") == f"Nov 1 to Nov 23, 2026: {told}"
    assert talk("!incident metrics week") == f"Monday, November 23, 2026: {told}"
    assert talk("!incident metrics 2026-11-20..today") == f"Nov 20 to Nov 23, 2026: {told}"
    assert talk("!incident metrics soon") == (
        '"soon" is not a span of days I can read. Type week, month, 2026-11 or 2026-11-02..2026-11-20.'
    )


def test_everything_is_there_after_a_restart(start: Callable[[], Conversation], clock: MovedClock) -> None:
    talk = start()
    talk("!incident open it's “down” & <b>out</b>")
    talk("!incident update 1 שלום\n  🔥 --status monitoring")
    shown = talk("!incident show 1")
    assert "🟡 #1 it's “down” & <b>out</b>" in shown
    assert shown.endswith("1:12pm alice: שלום\n  🔥 → monitoring")
    assert start()("!incident show 1") == shown
