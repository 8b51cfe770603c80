"""What people type without having read how: done, where it is plain what is meant."""

import pytest

from tests.conftest import Conversation, MovedClock

CARD = "🔴 #1 Claims are slow\nsev 3 · opened by alice 1:12pm · owner alice"
SHOWN = f"{CARD}\n\n1:12pm alice opened: Claims are slow → sev 3, owner alice"
ONE_OPEN = "1 open\n#1 Claims are slow · sev 3 · owner alice · less than a minute"
OPENINGS = (
    "!incident start Claims are slow",
    "!incident new Claims are slow",
    "!incident create Claims are slow",
    "!open Claims are slow",
    "!open an incident: Claims are slow",
    "!Incident Open Claims are slow",
    "!inc open Claims are slow",
    "\u200b!incident  open   Claims are slow",
    "！incident open Claims are slow",
    "`!incident open Claims are slow`",
)
WITH_OPTIONS = (
    "Claims are slow --on:vista --owner:bob --at:12:50pm -sev 2",
    "Claims are slow — sev 2 — on vista — owner @bob — at 12:50pm",
    "Claims are slow --sev\u200b 2 on:vista owner=@bob --at 12:50 PM ET",
    "sev2 Claims are slow -on vista -owner bob --at 12:50 PM ET",
    "Claims are slow, sev2 --subsystem vista --assignee bob --at 12:50pm",
    "— Claims are slow −on vista ‑owner bob --at 12:50pm (sev 2)",
    "Claims are slow, sev2 i think, -on vista -owner bob --at 12:50pm",
    "[SEV2] Claims are slow, on:vista owner:@bob at:12:50pm",
    "sev 2: Claims are slow on:vista owner:@bob at:12:50pm",
    "Claims are slow on:vista owner:@bob at:12:50pm severity 2",
)


def test_the_words_people_have_for_resolving(talk: Conversation, clock: MovedClock) -> None:
    for number, typed in enumerate(
        ("!incident close {}", "!incident done {}", "!incident fix {}", "!resolve {}", "!close incident {}"), 1
    ):
        talk("!incident open Claims are slow")
        clock.forward(minutes=2)
        answer = f"✅ #{number} resolved after 2 minutes: gone since 3"
        assert talk(f"{typed.format(number)} gone since 3", by="bob") == answer


def test_the_words_people_have_for_opening(talk: Conversation) -> None:
    for number, typed in enumerate(OPENINGS, 1):
        assert talk(typed) == CARD.replace("#1", f"#{number}"), typed
        talk(f"!incident void {number} to type it in another way")


def test_a_letter_wrong_is_taken_and_said(talk: Conversation) -> None:
    assert talk("!incident opne Claims are slow") == f"{CARD}\n(open, I take it.)"
    assert talk("!incidnet shwo 1") == f"{SHOWN}\n(incident show, I take it.)"
    assert (
        talk("!incident shwo 9")
        == "There is no incident #9. The latest is #1; `!incident list` shows what is open.\n(show, I take it.)"
    )


def test_what_goes_out_to_others_is_asked_about(talk: Conversation) -> None:
    assert talk("!summary psot") == (
        "Did you mean `!summary post`? `!yes` does it: I ask because it goes out to others."
    )
    assert talk("!summary status") == "Next post: 8:00pm.\nNone was due yet."


def test_a_command_in_the_plural_is_that_command_or_asked_about(talk: Conversation) -> None:
    talk("!incident open Claims are slow")
    assert talk("!incidents") == talk("!lists").removesuffix("\n(list, I take it.)") == ONE_OPEN
    assert talk("!incidents notes 1 two sites") == "#1 noted."
    assert talk("!acks") == "Did you mean `!incident ack`? `!yes` does it."
    assert talk("!resolves") == "Did you mean `!incident resolve`? `!yes` does it."
    assert talk("!incident voids 1 twice") == (
        "Did you mean `!incident void 1 twice`? `!yes` does it: I ask because it cannot be taken back."
    )
    assert talk("!incident resolves 1 gone") == "✅ #1 resolved after less than a minute: gone"


def test_the_number_may_come_first(talk: Conversation) -> None:
    talk("!incident open Claims are slow")
    talk("!incident open Reminders late")
    assert talk("!incident 2 update still looking") == "#2 updated, still investigating. Less than a minute open."
    assert talk("!incident assign to bob 1") == "#1 owner @bob (was alice)."
    assert talk("!incident assign to alice 1") == "#1 owner alice (was bob)."
    assert talk("!incident 1 assign bob") == "#1 owner @bob (was alice)."
    assert (
        talk("!incident sev 2 1")
        == "`!incident update 1 --sev 2` (1) or `!incident update 2 --sev 1` (2)? `!yes 1` or `!yes 2` does it."
    )
    assert talk("!incident 1 sev 2") == "#1 sev 2 (was 3). Less than a minute open."
    assert talk("!incident 2 resolve fixed") == "✅ #2 resolved after less than a minute: fixed"
    assert talk("!incident sev 1 1") == "#1 sev 1 (was 2). Less than a minute open."
    assert talk("!incident take") == "#1 owner alice (was bob)."


def test_a_severity_and_a_number_are_told_apart_by_what_is_open(talk: Conversation) -> None:
    for title in ("Claims are slow", "Reminders late", "VEText down --on vetext"):
        talk(f"!incident open {title}")
    talk("!incident resolve 2 over")
    assert talk("!incident sev 2 3") == "#3 sev 2 (was 3). Less than a minute open."


def test_other_words_for_other_commands(talk: Conversation) -> None:
    talk("!incident open Claims are slow")
    assert talk("!incident comment 1 two sites") == "#1 noted."
    assert talk("!note 1 two sites") == "#1 noted."
    assert talk("!update 1 two sites") == "#1 updated, still investigating. Less than a minute open."
    assert talk("!list mine") == "1 of yours open\n#1 Claims are slow · sev 3 · owner alice · less than a minute"
    assert talk("!inc list") == talk("!INCIDENT LIST") == talk("!incident: list") == talk("!incidents")
    assert talk("!ack 1") == (
        "#1 was acknowledged by alice 1:12pm already. `!incident update 1 ...` says what is new, "
        "`!incident assign 1 me` takes it."
    )
    assert talk("!handover Watch the backlog") == talk("!summary note Watch the backlog")
    assert talk("!history of claims") == talk("!incident search claims")
    assert talk("!status 1") == talk("!incident show 1")


@pytest.mark.usefixtures("team")
def test_in_a_direct_message_no_sign_is_needed_and_the_desk_s_name_is_one(talk: Conversation) -> None:
    talk("!incident open Claims are slow")
    for name in ("", "@desk ", "@Desk: ", "@desk, !", "desk, ", "hey desk "):
        assert talk(f"{name}Incident list") == ONE_OPEN, name
        assert talk(f"{name}who is on call?") == (
            "On call: *Alice* until 8pm ET\nNext: Bob, Mon Nov 30 1pm to 8pm ET"
        ), name
    assert talk("Resolve 1 gone") == "✅ #1 resolved after less than a minute: gone"


def test_signs_without_a_word_are_no_command(talk: Conversation) -> None:
    for typed in ("!!!", "!?", "!:)", "! ", "!"):
        talk.say(typed)
    assert talk.silent()


def test_the_last_command_is_not_done_again_by_signs(talk: Conversation) -> None:
    talk("!incident open Claims are slow")
    talk.say("!!")
    assert talk.silent()
    assert talk("!1") == SHOWN
    assert talk("!incident list") == ONE_OPEN


def test_a_command_on_the_next_line_is_done_too(talk: Conversation) -> None:
    assert talk("!incident open Claims are slow\n!incident open Reminders late\n!incident list") == CARD
    assert talk.next() == "🔴 #2 Reminders late\nsev 3 · opened by alice 1:12pm · owner alice"
    assert talk.next() == f"{ONE_OPEN}\n#2 Reminders late · sev 3 · owner alice · less than a minute".replace(
        "1", "2", 1
    )
    assert talk("!incident note 1 they said:\n!important") == "#1 noted."
    assert talk("!incident update 1 two sites\n!resovle 2 gone") == (
        "#1 updated, still investigating. Less than a minute open."
    )
    assert talk.next() == "✅ #2 resolved after less than a minute: gone\n(resolve, I take it.)"
    assert talk("!incident note 1 three sites\n!echo heard") == "#1 noted."
    assert talk.next() == "heard"
    assert talk("!incident note 1 four sites\n!restart", "bob") == "#1 noted."
    assert talk.next() == "This command requires bot-admin privileges"
    assert talk("!incident show 1") == (
        f"{CARD} · last update 1:12pm\n\n1:12pm alice opened: Claims are slow → sev 3, owner alice\n"
        "1:12pm alice noted: they said:\n┊ !important\n1:12pm alice: two sites\n"
        "1:12pm alice noted: three sites\n1:12pm bob noted: four sites"
    )


def test_options_as_people_write_them(talk: Conversation) -> None:
    for number, typed in enumerate(WITH_OPTIONS, 1):
        assert talk(f"!incident open {typed}") == (
            f"🔴 #{number} Claims are slow\n"
            "sev 2 · vista · started 12:50pm · opened by alice 1:12pm · owner bob\n"
            "Ask Shane Elliott or Andy McCarty · `!runbook vista`"
        ), typed
        talk(f"!incident void {number} to type it in another way")


def test_what_starts_like_an_option_and_is_none_is_refused(talk: Conversation) -> None:
    known = (
        "The options are --sev, --on, --status, --owner, --at, --reporter. To write it as text, put it in `backticks`."
    )
    for typed in ("foo -zzz 3", "foo -zzz", "foo -zzz=3 -sev 2", "foo —zzz 3"):
        dash = "--" if "—" in typed else "-"
        assert talk(f"!incident open {typed}") == f"There is no option {dash}zzz. {known}"
    assert talk("!incident list") == "Nothing is open. `!incident list resolved` shows what was."
    assert talk("!incident open Claims -slow for all") == (
        "🔴 #1 Claims -slow for all\nsev 3 · opened by alice 1:12pm · owner alice"
    )


def test_an_incident_is_offered_to_whoever_is_called_so_and_to_no_other_word(talk: Conversation) -> None:
    talk("!incident open Claims are slow", by="bob")
    assert talk("!1 leaked") == (
        "Did you mean `!incident update 1 leaked` (1) or `!incident note 1 leaked` (2)? `!yes 1` or `!yes 2` does it."
    )
    assert talk("!1 still slow") == (
        "Did you mean `!incident update 1 still slow` (1) or `!incident note 1 still slow` (2)? "
        "`!yes 1` or `!yes 2` does it."
    )
    for who in ("bob", "alice", "@charlie"):
        asked = f"Did you mean `!incident assign 1 {who}` (1) or `!incident note 1 {who}` (2)?"
        assert talk(f"!1 {who}") == f"{asked} `!yes 1` or `!yes 2` does it."


def test_a_dash_before_a_text_is_not_kept(talk: Conversation) -> None:
    talk("!incident open Claims are slow")
    assert talk("!incident resolve 1 — fixed") == "✅ #1 resolved after less than a minute: fixed"
    assert talk("!incident open - Letters late") == "🔴 #2 Letters late\nsev 3 · opened by alice 1:12pm · owner alice"
    assert talk("!resolve – over") == "✅ #2 resolved after less than a minute: over"
    talk("!summary note — Watch it")
    assert talk("!summary notes") == (
        "*Handing over* in the post of today\n1. Watch it (alice, 1:12pm)\n`!summary note undo 1` takes one back."
    )


@pytest.mark.usefixtures("team")
class TestDays:
    def test_a_coming_day_without_a_year_is_the_next_one(self, talk: Conversation, clock: MovedClock) -> None:
        clock.to("2026-12-30 13:12")
        assert talk("!summary skip jan 4") == "Say why: `!summary skip 2027-01-04 nobody is on shift`."
        assert talk("!summary skip jan 4 holiday") == (
            "The post of Monday, January 4, 2027 is left out. `!summary resume 2027-01-04` takes that back."
        )
        assert talk("!summary resume jan 4") == "The post of Monday, January 4, 2027 is sent after all."
        assert talk("!oncall swap bob jan 5") == (
            "[@bob] Alice asks you to take over on Tue Jan 5 2027, 1pm to 8pm. "
            "Type `!oncall accept` or react with ✅; `!oncall decline` says no."
        )
        assert talk.next() == (
            "Bob is asked to take your shift on Tue Jan 5 2027, 1pm to 8pm; nothing changes until Bob accepts."
        )

    def test_who_is_on_call_on_a_day(self, talk: Conversation) -> None:
        assert talk("!oncall today") == "Today: Alice 1pm to 8pm"
        assert talk("!oncall tomorrow") == "Tomorrow: Alice 1pm to 8pm"
        assert talk("!oncall on saturday") == "There is no shift on Saturday, November 28, 2026."
        assert talk("!whois oncall") == talk("!who's on call?") == talk("!oncall")


def test_lists_of_a_week(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open Claims are slow")
    clock.to("2026-11-25 13:12")
    quiet = "last update Nov 23 1:12pm ⚠ quiet for"
    assert talk("!incident list week") == (
        "week (Nov 23 to Nov 25, 2026): 1 opened or changed\n"
        f"#1 Claims are slow · sev 3 · owner alice · open 2 days, {quiet} 2 days"
    )
    clock.to("2026-11-30 13:12")
    assert talk("!incident list last week") == (
        "last week (Nov 23 to Nov 29, 2026): 1 opened or changed\n"
        f"#1 Claims are slow · sev 3 · owner alice · open 7 days, {quiet} 7 days"
    )
    assert talk("!incident list week") == "Nothing was opened or changed today."


def test_a_runbook_that_is_only_near_is_offered(talk: Conversation) -> None:
    assert talk("!runbook travel") == (
        'There is no runbook for "travel". Did you mean *Error traces*, `!runbook error-traces`? `!yes` does it.'
    )


@pytest.mark.usefixtures("team")
def test_what_is_said_to_the_desk_is_answered_with_what_to_type(talk: Conversation) -> None:
    talk("!incident open VistA is slow --on vista")
    for typed in ("!oops", "!nvm", "never mind", "!scratch that", "oops, wrong incident"):
        assert talk(typed) == "Did you mean `!undo`? `!yes` does it.", typed
    assert talk("!im here") == "Did you mean `!shift accept`? `!yes` does it."
    assert (
        talk("!taking over") == "Did you mean `!shift accept` (1) or `!oncall take` (2)? `!yes 1` or `!yes 2` does it."
    )
    assert talk("!taking over 1") == "#1 is alice's already. `!incident assign 1 @somebody` gives it to another."
    assert talk("!remind me about 1 in 1h") == (
        "Did you mean `!incident snooze 1 1h`? `!yes` does it: I ask because it cannot be taken back."
    )
    assert talk("!i cant do friday") == (
        "Did you mean `!oncall swap @somebody friday`? Type it like that: I ask because it goes out to others."
    )
    assert talk("!shift").splitlines()[0] == "Shift today, 1pm to 8pm: Alice, not accepted yet: `!shift accept`"


def test_how_things_stand_is_asked_in_many_ways(talk: Conversation) -> None:
    assert talk("!is vista down") == "Nothing is open on vista. `!incident list resolved vista` shows what was."
    assert talk("!vista is down") == (
        "🔴 #1 vista is down\n"
        "sev 3 · vista · opened by alice 1:12pm · owner alice\n"
        "Ask Shane Elliott or Andy McCarty · `!runbook vista`\n"
        "On vista by its title: `!incident update 1 --on ...` changes it."
    )
    open_now = "1 open\n#1 vista is down · sev 3 · vista · owner alice · less than a minute"
    for typed in ("!what's broken", "!how bad is it", "!any updates?", "!how many open incidents?"):
        assert talk(typed) == open_now, typed
    assert talk("!is vista ok?") == open_now.replace("1 open", "1 open on vista")
    assert talk("vista is down") == (
        "#1 vista is down: did you mean `!incident update 1 vista is down` (1) or `!incident open vista is down` (2)? "
        "`!yes 1` or `!yes 2` does it."
    )
    assert talk("!what did i miss") == talk("!summary")
