"""Incidents as people talk of them: every command, and what it refuses, with the words of the desk."""

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
        "There are also reopen, void, merge, note, link, action, snooze, search, export and metrics: `!help incident`\n"
        "Options, anywhere in the line: `--sev 1` (the worst) to `3`, `--on vista`, `--status monitoring`, "
        '`--owner @bob`, `--reporter "site 688"`, `--at 12:50pm` or `--at "yesterday 4:10pm"`; '
        "in an update also `--title` and `--started`"
    )


def test_a_command_there_is_none_of(talk: Conversation) -> None:
    assert talk("!incident We are down") == (
        "There is no `!incident We`. `!incident` shows what there is. "
        "To open an incident, type `!incident open We are down`. `!yes` does it."
    )
    assert talk("!incident shows1") == (
        "There is no `!incident shows1`. `!incident` shows what there is. "
        "Did you mean `!incident show`? `!yes` does it."
    )
    assert talk("!incident whatever") == "There is no `!incident whatever`. `!incident` shows what there is."


def test_updates_say_what_changed_and_what_was_before(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open Login timeouts")
    clock.forward(minutes=5)
    assert talk("!incident update 1 two sites now") == "#1 updated, still investigating. 5 minutes open."
    assert talk("!incident update 1 --sev 1 --on vista --owner bob") == (
        "#1 sev 1 (was 3), on vista, owner bob (was alice). 5 minutes open."
    )
    assert talk('!incident update 1 --title "VistA is down" --reporter @charlie --started 12:30pm') == (
        "#1 now called VistA is down (was Login timeouts), reported by charlie (was alice), "
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
    talk("!incident open Login timeouts --sev 2")
    talk("!incident open Reminders late --sev 1")
    assert talk("!incident update two sites") == (
        "Which incident? `!yes 2` or `!yes 1` does `!incident update two sites` for it.\n"
        "#2 Reminders late\n#1 Login timeouts"
    )
    assert talk("!incident update 1") == (
        "What is new with #1? Type `!incident update 1 what you know --status identified`."
    )
    assert talk("!incident update 99 x") == (
        "There is no incident #99. The latest is #2; `!incident list` shows what is open."
    )
    assert talk("!incident update 1 x --severty 2") == (
        "There is no option --severty. To write it as text, put it in `backticks`. "
        "Did you mean `!incident update 1 x --sev 2`? `!yes` does it."
    )
    assert talk("!incident resolve 2 --sev 2 fixed") == (
        "This command takes no --sev. `!incident update 2 --sev 2` sets it. To write it as text, put it in `backticks`."
    )


def test_an_incident_is_acknowledged_once(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open Login timeouts", by="eve")
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
        "1:12pm eve opened: Login timeouts → sev 3, owner eve",
        "1:15pm alice acknowledged it",
        "1:15pm bob acknowledged it: on it too",
        "1:15pm alice resolved it: restarted",
    ]


def test_the_end_and_what_comes_after(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open Login timeouts")
    clock.to("2026-11-24 13:00")
    assert talk('!incident resolve 1 --at "yesterday 4:10pm"', by="bob") == (
        "✅ #1 resolved after 2 hours 58 minutes. What ended it? `!incident note 1 ...`"
    )
    over = (
        "by bob yesterday 4:10pm. `!incident note 1 ...` adds to its timeline, `!incident reopen 1 why` opens it again."
    )
    assert talk("!incident resolve 1") == f"#1 was already resolved {over}"
    assert talk("!incident resolve 1 restarted") == (
        "#1 was already resolved by bob yesterday 4:10pm. Did you mean `!incident note 1 restarted`? `!yes` does it."
    )
    assert talk("!incident update 1 restarted") == f"#1 was resolved {over}"
    assert talk("!incident assign 1 @bob") == f"#1 was resolved {over}"
    assert talk("!incident note 1 a restart did it") == "#1 noted."
    assert talk("!incident reopen 1 errors are back --status identified") == (
        "🟠 #1 reopened (was resolved by bob yesterday 4:10pm): errors are back\nIdentified, owner alice"
    )
    assert talk("!incident reopen 1") == "#1 is open (identified). `!incident update 1 ...` says what is new."


def test_the_longest_texts_are_cut_in_answers(talk: Conversation) -> None:
    text = "x" * 4000
    talk("!incident open Login timeouts")
    assert talk(f"!incident resolve 1 {text}") == (
        f"✅ #1 resolved after less than a minute: {'x' * 1000} … (3,000 more characters)"
    )
    assert talk(f"!incident reopen 1 {text}") == (
        f"🔴 #1 reopened (was resolved by alice 1:12pm): {'x' * 1000} … (3,000 more characters)\n"
        "Investigating, owner alice"
    )


def test_assignments(talk: Conversation) -> None:
    talk("!incident open Login timeouts")
    assert talk("!incident assign 1 @bob please look") == "#1 owner @bob (was alice)."
    assert talk("!incident assign 1 me") == "#1 owner alice (was bob)."
    assert talk("!incident assign 1 alice") == (
        "#1 is alice's already. `!incident assign 1 @somebody` gives it to another."
    )
    assert talk("!incident assign 1") == (
        "Who shall own #1? Type `!incident assign 1 @somebody`, or `me` for yourself."
    )
    assert talk("!incident assign 1 2 hours").startswith('I know nobody called "2".')
    assert talk("!incident assign 1 a/b") == 'I know nobody called "a/b". Type the name as @bob, or me for yourself.'
    assert talk("!incident show 1").splitlines()[-2:] == [
        "1:12pm alice: please look → owner bob",
        "1:12pm alice → owner alice",
    ]


def test_notes_and_links(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open Login timeouts")
    assert talk("!incident note 1") == "What is worth noting about #1? Type `!incident note 1 your words`."
    assert talk("!incident note 1 a deploy went out --at 11am") == "#1 noted. Entered for 11:00am."
    assert talk("!incident link 1 the board") == "There is no link in that. Type `!incident link 1 https://...`."
    assert talk("!incident link 1 https://example.org/a the board") == "#1 link kept."
    assert talk("!incident link 1 https://example.org/b") == "#1 link kept; it has 2 now."
    clock.to("2026-11-24 13:00")
    talk("!incident note 1 more")
    assert talk("!incident show 1") == (
        "🔴 #1 Login timeouts\n"
        "sev 3 · opened by alice Nov 23 1:12pm · owner alice · last update 1:00pm\n"
        "Links: https://example.org/a https://example.org/b\n"
        "\n"
        "Monday, November 23, 2026\n"
        "11:00am alice noted: a deploy went out (entered 1:12pm)\n"
        "1:12pm alice opened: Login timeouts → sev 3, owner alice\n"
        "1:12pm alice linked: https://example.org/a the board\n"
        "1:12pm alice linked: https://example.org/b\n"
        "Tuesday, November 24, 2026\n"
        "1:00pm alice noted: more"
    )
    assert talk("!incident link 1 https://example.org/b") == (
        "#1 has that link already. `!incident note 1 ...` adds words."
    )
