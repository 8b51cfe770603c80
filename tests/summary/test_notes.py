"""What is noted stands in the post of its day."""

from datetime import date, datetime

import pytest

from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.posts.post import PostStep
from opsdesk.summary.answer_words import noted, notes, withdrawn
from opsdesk.summary.undo import last_note
from tests.chat.stage import BUSY, failing
from tests.oncall.stage import EASTERN, eastern
from tests.summary.stage import ALICE, BOB, Team, refuse_in_room


def test_a_note_on_a_weekend_stands_in_mondays_post(team):
    note = team.day_post.note("Watch the VEText backlog", by=ALICE, at=eastern("2026-11-21 15:00"))
    assert note.day == date(2026, 11, 23)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert team.posted[0].endswith("*Handing over* Watch the VEText backlog")


def test_a_long_note_leaves_room_for_the_others(team):
    for text in ("x" * 900, "Monitor 116657 is muted until 9am"):
        team.day_post.note(text, by=ALICE, at=eastern("2026-11-23 19:00"))
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert team.posted[0].endswith("x…; Monitor 116657 is muted until 9am")


def test_a_note_too_long_or_empty_is_refused(team):
    at = eastern("2026-11-23 15:00")
    with pytest.raises(UserError, match="at most 1,000 characters"):
        team.day_post.note("x" * 1001, by=ALICE, at=at)
    with pytest.raises(UserError, match="Type what to hand over"):
        team.day_post.note("  ", by=ALICE, at=at)
    assert team.day_post.handed_to(day_of(at, EASTERN)) == ()
    assert team.day_post.record(day_of(at, EASTERN)).last(PostStep.NOTED) is None


MONDAY = date(2026, 11, 23)


def note(team: Team, at: str) -> str:
    """What Alice is answered to a note."""
    return noted(team.day_post.note("Watch the VEText backlog", by=ALICE, at=eastern(at)), eastern(at), EASTERN)


def listed(team: Team, at: datetime) -> str:
    """What `!summary notes` answers."""
    return notes(team.day_post.notes(at), team.day_post.handed_over(at), at, EASTERN)


def test_after_a_skip_a_note_is_for_the_next_post_and_stands_in_it(team):
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    team.day_post.skip("2026-11-24 nobody is on shift", by=ALICE, at=eastern("2026-11-23 15:00"))
    told = note(team, "2026-11-23 16:00")
    assert told == "Noted under Handing over in the post of Wednesday, November 25, 2026."
    team.run("2026-11-25 20:00", "2026-11-25 20:00")
    assert team.posted[-1].endswith("*Handing over* Watch the VEText backlog")


def test_after_a_post_was_given_up_a_note_is_for_the_next_one_and_stands_in_it(team):
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    told = note(team, "2026-11-23 20:40")
    assert told == "Noted under Handing over in the post of Tuesday, November 24, 2026."
    team.run("2026-11-24 20:00", "2026-11-24 20:00")
    assert team.posted[-1].endswith("*Handing over* Watch the VEText backlog")


def test_where_a_post_cannot_be_changed_a_note_is_for_the_next_one(team):
    team.channel.edits = False
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    told = note(team, "2026-11-23 20:40")
    assert told == "Noted under Handing over in the post of Tuesday, November 24, 2026."


def test_a_note_while_the_post_is_tried_is_in_it(team):
    team.channel.before = failing("post", BUSY)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert note(team, "2026-11-23 20:00") == "Noted under Handing over in today's post, which is still being sent."
    team.run("2026-11-23 20:01", "2026-11-23 20:01")
    assert team.posted[-1].endswith("*Handing over* Watch the VEText backlog")


def test_a_note_after_the_post_is_added_to_it(team):
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert note(team, "2026-11-23 20:01") == "Noted: it is added to the post that stands."
    team.run("2026-11-23 20:02", "2026-11-23 20:02")
    assert team.posted[-1].endswith("*Handing over* Watch the VEText backlog (updated 8:02pm)")


def test_on_the_day_of_the_first_start_after_8pm_a_note_is_for_the_next_post(tmp_path):
    team = Team(tmp_path, "2026-11-23 21:00")
    assert note(team, "2026-11-23 21:05") == "Noted under Handing over in the post of Tuesday, November 24, 2026."


def test_the_next_shift_is_handed_what_was_noted_for_the_last_post_and_since(team):
    note(team, "2026-11-20 16:00")
    team.day_post.note("Monitor 116657 is muted until 9am", by=BOB, at=eastern("2026-11-21 10:00"))
    assert team.day_post.handed_to(MONDAY) == ("Watch the VEText backlog", "Monitor 116657 is muted until 9am")


def test_what_the_last_shift_handed_over_is_listed_before_what_this_one_does(team):
    note(team, "2026-11-23 16:00")
    one = "1. Watch the VEText backlog (Alice, 4:00pm)\n`!summary note undo 1` takes one back."
    assert listed(team, eastern("2026-11-23 20:05")) == f"*Handing over* in the post of today\n{one}"
    at = eastern("2026-11-24 13:05")
    handed = "*Handed over* yesterday\n• Watch the VEText backlog (Alice, yesterday 4:00pm)\n"
    assert listed(team, at) == f"{handed}Nothing is noted to hand over. `!summary note <text>` adds to it."
    team.day_post.note("Call Bob", by=ALICE, at=at)
    assert listed(team, at) == (
        f"{handed}*Handing over* in the post of today\n1. Call Bob (Alice, 1:05pm)\n"
        "`!summary note undo 1` takes one back."
    )


def test_a_note_can_be_taken_back(team):
    at = eastern("2026-11-23 15:00")
    for text, by in (("Watch the VEText backlog", ALICE), ("Monitor 116657 is muted", BOB), ("Call Bob", ALICE)):
        team.day_post.note(text, by=by, at=at)
    assert listed(team, at) == (
        "*Handing over* in the post of today\n"
        "1. Watch the VEText backlog (Alice, 3:00pm)\n"
        "2. Monitor 116657 is muted (Bob, 3:00pm)\n"
        "3. Call Bob (Alice, 3:00pm)\n"
        "`!summary note undo 3` takes one back."
    )
    undone, record = team.day_post.withdraw(0, by=ALICE, at=at)
    assert withdrawn(undone, record, edits=True) == 'Taken back: "Call Bob" is no longer handed over.'
    team.day_post.withdraw(2, by=ALICE, at=at)
    for number in (0, 2, 9):
        with pytest.raises(UserError, match=r"`!summary notes` shows what is\."):
            team.day_post.withdraw(number, by=BOB, at=at)
    assert team.day_post.handed_to(MONDAY) == ("Watch the VEText backlog",)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert team.posted[0].endswith("*Handing over* Watch the VEText backlog")


def test_a_note_taken_back_is_taken_out_of_the_post_that_stands(team):
    note(team, "2026-11-23 15:00")
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    undone, record = team.day_post.withdraw(1, by=BOB, at=eastern("2026-11-23 20:05"))
    assert withdrawn(undone, record, edits=True).endswith("It is taken out of the post that stands.")
    team.run("2026-11-23 20:06", "2026-11-23 20:06")
    assert "Handing over" not in team.posted[0]


@pytest.mark.parametrize(("typed", "number"), [("undo", 0), ("undo 2", 2), ("Undo #12", 12), ("undo the mute", None)])
def test_undo_alone_or_with_a_number_takes_a_note_back(team, typed, number):
    assert team.day_post.undone(typed) == number


def test_without_a_note_there_is_none_to_list(team):
    at = eastern("2026-11-23 15:00")
    assert listed(team, at) == "Nothing is noted to hand over. `!summary note <text>` adds to it."


def test_undo_takes_back_ones_own_note_and_not_that_of_another_day_with_its_number(team):
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:25")
    team.day_post.note("Watch the VEText backlog", by=ALICE, at=eastern("2026-11-23 20:26"))
    team.run("2026-11-23 20:27", "2026-11-23 20:31")  # given up: what is noted now is for the next day
    team.day_post.note("Call the VA about VistA", by=BOB, at=eastern("2026-11-23 20:32"))
    at = eastern("2026-11-23 20:33")
    undo = last_note(team.day_post, ALICE, at, edits=True)
    assert undo is not None
    assert undo.undo() == 'Taken back: "Watch the VEText backlog" is no longer handed over.'
    assert [note.text for day in team.day_post.notes(at) for note in day.notes.values()] == ["Call the VA about VistA"]
