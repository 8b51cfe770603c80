"""Taking back what was done by mistake: an incident voided or merged, one's own last change undone."""

import pytest

from opsdesk.store import NotStored
from tests.conftest import Conversation, MovedClock
from tests.dialogs.test_alerts import came

SUMMARY = """\
*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: nobody named)

*Production events*
• {}

*Counts* (midnight to {} ET; sample counts: no Datadog keys configured)
Completed check-ins % : 63.5%
Completed pre-check-ins % : 41.6%
Check-ins clicked: 1765
Check-ins completed: 1121
Pre-check-ins clicked: 6251
Pre-check-ins completed: 2602

*Incidents* 1 opened, 0 resolved, 0 carried over, 1 still open"""
HINT = "\n(`!undo` takes it back for ten minutes.)"
NOTHING = (
    "You have changed nothing in the last ten minutes that `!undo` takes back: incidents, outage notices, notes "
    "for the summary, what became of alerts. A swap: `!oncall undo`."
)
OPENED = (
    "🔴 #1 VistA timeouts\n"
    "sev 3 · vista · opened by alice 1:12pm · owner alice\n"
    "Ask Shane Elliott or Andy McCarty · `!runbook vista`\n"
    "On vista by its title: `!incident update 1 --on ...` changes it."
)


@pytest.fixture
def told_of_undo() -> bool:
    """Nobody has been told yet."""
    return False


def test_what_was_opened_by_mistake_is_kept_and_counts_no_more(talk: Conversation, clock: MovedClock) -> None:
    talk.knows_undo("alice", "bob")
    talk("!incident open VistA timeouts --sev 2 --on vista")
    talk("!incident open VistA slow --on vista", "bob")
    clock.forward(minutes=5)
    assert talk("!incident void 2") == "Say why: `!incident void 2 opened twice`."
    assert talk("!incident void 2 opened twice") == (
        "⚪ #2 is void: it is kept, and counts no more. `!incident reopen 2 why` takes that back."
    )
    assert talk("!incident list").splitlines()[0] == "1 open"
    assert talk("!incident list today") == (
        "today: 2 opened or changed\n"
        "#1 VistA timeouts · sev 2 · vista · owner alice · 5 minutes\n"
        "#2 VistA slow · sev 3 · vista · void since 1:17pm (alice: opened twice)"
    )
    assert talk("!incident list resolved") == "There is nothing resolved yet."
    assert talk("!incident metrics week") == (
        "Monday, November 23, 2026: 1 opened, 1 of them still open\n"
        "sev 2: 1\n"
        "vista: 1\n"
        "Time to acknowledge: none yet\n"
        "Time to resolve: none yet"
    )
    assert talk("!incident search slow") == "1 with slow\n#2 VistA slow · void since 1:17pm (alice: opened twice)"
    assert talk("!incident show 2") == (
        "⚪ #2 VistA slow\n"
        "sev 3 · vista · void since 1:17pm (alice: opened twice) · opened by bob 1:12pm · owner bob\n"
        "\n"
        "1:12pm bob opened: VistA slow → sev 3, on vista, owner bob\n"
        "1:17pm alice voided it: opened twice"
    )
    assert talk("!incident update 2 still slow") == (
        "#2 was voided by alice 1:17pm (opened twice). `!incident reopen 2 why` takes that back."
    )
    assert talk("!summary") == SUMMARY.format(
        "#1 VistA timeouts: *investigating* (sev 2, vista, since 1:12pm, owner alice)", "1:17pm"
    )
    assert talk("!incident note 2 bob's finger slipped") == "#2 noted."
    assert talk("!incident reopen 2 it is another one") == (
        "🔴 #2 reopened: it is another one\nInvestigating, owner bob"
    )


def test_two_that_are_the_same_go_on_as_one(talk: Conversation, clock: MovedClock) -> None:
    talk.knows_undo("alice", "bob")
    talk("!incident open VistA timeouts --sev 2")
    talk("!incident open VistA slow", "bob")
    clock.forward(minutes=5)
    assert talk("!incident merge 2") == "Which two? Type `!incident merge 7 into 1`: #7 is kept, and goes on as #1."
    assert talk("!incident merge 2 into 2") == ("#2 is that one. Type `!incident merge 2 into` and another's number.")
    assert talk("!incident merge #2 into #1") == (
        "⚪ #2 is merged into #1 VistA timeouts\nWhat is typed in its thread is for #1 now; the post tells of #1 alone."
    )
    assert talk("!incident update 2 still slow") == (
        "#2 was merged into #1 by alice 1:17pm: type it for #1. `!incident reopen 2 why` takes that back."
    )
    shown = (
        "🔴 #1 VistA timeouts\n"
        "sev 2 · vista · opened by alice 1:12pm · owner alice · last update 1:17pm\n"
        "\n"
        "1:12pm alice opened: VistA timeouts → sev 2, on vista, owner alice\n"
        "1:17pm alice merged #2 into it: VistA slow"
    )
    assert talk("!incident show 1") == shown
    assert talk("!summary") == SUMMARY.format(
        "#1 VistA timeouts: *investigating* (sev 2, vista, since 1:12pm, owner alice)", "1:17pm"
    )
    assert talk("!undo") == "#2 is open again, as before: investigating, sev 3, owner bob."
    assert talk("!incident show 1") == f"{shown} (taken back)\n1:17pm alice took back what alice did at 1:17pm"


def test_a_store_that_refuses_the_hint_costs_a_change_no_answer(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*row: object) -> None:
        raise NotStored("Nothing was stored: the disk is full.")

    monkeypatch.setattr(talk.plugin("summary").desk.undoing.told, "change", full)
    opened = talk("!incident open VistA timeouts")
    assert opened.startswith("🔴 #1 VistA timeouts\n"), opened
    assert "undo" not in opened


def test_ones_own_last_change_is_taken_back_for_ten_minutes(talk: Conversation, clock: MovedClock) -> None:
    assert talk("!undo") == NOTHING
    assert talk("!incident open VistA timeouts") == OPENED + HINT
    assert talk("!incident update 1 RPC --status identified") == (
        "#1 identified (was investigating). Less than a minute open."
    )
    clock.forward(minutes=3)
    assert talk("!incident close 1 gone since 1:13") == "✅ #1 resolved after 3 minutes: gone since 1:13"
    assert talk("!undo") == "#1 is open again, as before: identified, sev 3, owner alice."
    assert talk("!undo") == "#1 is as before: investigating, sev 3, owner alice."
    assert talk("!incident assign 1 @bob") == "#1 owner @bob (was alice)."
    assert talk("!undo") == (
        "#1 is as before: investigating, sev 3, owner alice. bob was told that it is theirs: that is not unsent."
    )
    assert talk("!incident note 1 ticket filed") == "#1 noted."
    assert talk("!incident update 1 looking", "bob") == (f"#1 updated, still investigating. 3 minutes open.{HINT}")
    assert talk("!undo") == ("bob has updated #1 since (1:15pm), so it stays as it is. `!incident show 1` tells what.")
    assert talk("!undoo") == "Did you mean `!undo`? `!yes` does it: I ask because it cannot be taken back."
    clock.forward(minutes=11)
    assert talk("!undo", "bob") == NOTHING
    clock.forward(days=1)
    assert talk("!incident update 1 still") == f"#1 updated, still investigating. 1 day open.{HINT}"


@pytest.mark.usefixtures("team")
def test_what_went_out_is_not_unsent_and_the_answer_says_so(talk: Conversation, clock: MovedClock) -> None:
    talk.knows_undo("alice")
    talk("!incident open CHIP gives no token --on chip")
    clock.forward(minutes=1)
    assert talk("!incident escalate 1 none since 1:05pm") == (
        "[#C02G6AB3ZRS] Charley #1 CHIP gives no token (sev 3, since 1:12pm, chip): none since 1:05pm\n"
        "Asked by alice, on call until 8pm. Please answer in this thread, or react 👀."
    )
    assert talk.next() == (
        "Asked Charley in #check-in-experience-engineering at 1:13pm. No answer by 1:28pm: Michael Kimball is next. "
        "Charley could only be named: no Slack id is kept."
    )
    assert talk("!undo") == "Charley was asked for help with #1, and that is not unsent: tell them in that thread."
    clock.forward(minutes=1)
    talk("!oncall swap bob friday")
    talk.next()
    leaves = "Your last change is `!{}`, which `!undo` leaves alone: {}. Nothing was changed."
    assert talk("!undo") == leaves.format("oncall swap", "`!oncall undo` takes it back")
    clock.forward(minutes=1)
    talk("!summary post")
    talk.next()
    assert talk("!undo") == leaves.format("summary post", "what went out stays out")


def test_an_opening_a_note_for_the_summary_and_an_outcome_are_taken_back(talk: Conversation, clock: MovedClock) -> None:
    talk.knows_undo("alice")
    assert talk("!incident open VistA timeouts").startswith("🔴 #1")
    assert talk("!undo") == ("⚪ #1 is void: opened by mistake. `!incident reopen 1 why` takes that back.")
    clock.forward(minutes=1)
    talk("!summary note Watch the backlog")
    assert talk("!undo") == 'Taken back: "Watch the backlog" is no longer handed over.'
    came(talk, "datadog_legacy_attachment")
    clock.forward(minutes=1)
    talk("!alerts noise 1 a deploy")
    assert talk("!undo") == "Alert 1 is untouched again: vista-api RPC socket timeouts"
    talk("!alerts open 1")
    assert talk("!alerts").splitlines()[0] == "*Alerts today* 1: 1 became #2, none untouched"
    talk("!incident void 2 not one of ours")
    assert talk("!alerts").splitlines()[0] == "*Alerts today* 1: 1 untouched"
    assert talk("!undo") == "#2 is open again, as before: investigating, sev 3, owner alice."
    assert talk("!alerts").splitlines()[0] == "*Alerts today* 1: 1 became #2, none untouched"
    talk("!incident open VistA as a whole")
    talk("!incident merge 2 into 3")
    assert talk("!alerts").splitlines()[0] == "*Alerts today* 1: 1 became #3, none untouched"


def test_a_notice_is_taken_back_before_what_was_done_ahead_of_it(talk: Conversation, clock: MovedClock) -> None:
    talk.knows_undo("alice")
    talk("!incident open VistA timeouts --sev 2 --on vista")
    clock.forward(minutes=1)
    talk("!incident notice 1 nobody can check in")
    clock.forward(minutes=1)
    assert talk("!undo") == "The notice of #1 is taken back."
    assert talk("!undo").startswith("⚪ #1 is void: ")


def test_nothing_older_is_taken_back_in_place_of_what_undo_leaves_alone(talk: Conversation, clock: MovedClock) -> None:
    talk.knows_undo("alice")
    talk("!incident open VistA timeouts")
    clock.forward(minutes=1)
    talk("!summary skip nobody is on shift")
    skipped = (
        "Your last change is `!summary skip`, which `!undo` leaves alone: `!summary resume` with the day takes it "
        "back. Nothing was changed."
    )
    assert talk("!undo") == skipped
    assert talk("!undo") == skipped
    assert talk("!incident list").splitlines()[0] == "1 open"
    clock.forward(minutes=1)
    talk("!incident snooze 1 eight hours or so")  # refused: no change
    assert talk("!undo") == skipped
    clock.forward(minutes=1)
    talk("!summary note Watch the backlog")
    assert talk("!undo") == 'Taken back: "Watch the backlog" is no longer handed over.'
    assert talk("!undo") == skipped
    clock.forward(minutes=1)
    talk("!summary note Watch the backlog")
    clock.forward(minutes=1)
    talk("!summary note undo")
    assert talk("!undo") == (
        "Your last change is `!summary note`, which `!undo` leaves alone: type the note anew. Nothing was changed."
    )
    clock.forward(minutes=1)
    talk("!incident update 1 two sites\n!incident snooze 1 2h")
    assert talk.next().startswith("Nobody is reminded of #1")
    assert talk("!undo").startswith("Your last change is `!incident snooze`")
    clock.forward(minutes=1)
    talk("!incident snooze 1 3h\n!incident update 1 three sites")
    talk.next()
    assert talk("!undo") == "#1 is as before: investigating, sev 3, owner alice."
    clock.forward(minutes=11)
    assert talk("!undo").startswith("You have changed nothing in the last ten minutes")


@pytest.mark.usefixtures("told_of_undo")
def test_of_several_changes_of_the_same_moment_the_last_one_made_is_taken_back(talk: Conversation) -> None:
    talk.knows_undo("alice")
    talk("!incident open VistA timeouts\n!incident open VEText down\n!incident note 1 two sites")
    assert [talk.next(), talk.next()][1] == "#1 noted."
    talk("!summary note Watch the backlog")
    talk("!incident note 1 three sites")
    assert talk("!undo") == "The note of 1:12pm is taken back from #1."
    assert talk("!undo").startswith("Taken back:")
    assert talk("!undo") == "The note of 1:12pm is taken back from #1."
    assert talk("!undo").startswith("⚪ #2 is void")
    talk("!watch off 1h deploy")
    assert talk("!undo").startswith("Your last change is `!watch off`")
    talk("!incident note 1 four sites")
    assert talk("!undo") == "The note of 1:12pm is taken back from #1."
