"""A day's post is left out where somebody says so, and sent after all where that is taken back."""

from datetime import date

import pytest

from opsdesk.errors import UserError
from opsdesk.posts.post import PostStep, State
from tests.oncall.stage import eastern
from tests.summary.stage import ALICE, BOB, before, refuse_in_room


def test_a_skipped_day_has_no_post_and_whoever_is_on_call_is_told_so(team):
    team.day_post.skip("2026-11-23 site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    team.run("2026-11-23 19:30", "2026-11-23 23:59")
    assert team.posted == []
    assert team.channel.texts("U0ALICE") == [
        "The post of Monday, November 23, 2026 is left out by Alice: site holiday.\n"
        "`!summary resume` sends it after all."
    ]
    with pytest.raises(UserError, match="Today's post is left out"):
        team.day_post.post_now("", eastern("2026-11-23 21:00"))


def test_a_skip_taken_back_is_posted(team):
    day = date(2026, 11, 23)
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    team.day_post.resume(day, by=ALICE, at=eastern("2026-11-23 16:00"))
    team.run("2026-11-23 19:59", "2026-11-23 20:01")
    assert len(team.posted) == 1


def test_what_was_posted_cannot_be_skipped(team):
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    with pytest.raises(UserError, match="posted already"):
        team.day_post.skip("too late", by=ALICE, at=eastern("2026-11-23 20:05"))


SKIPS = {
    "site holiday": date(2026, 11, 23),
    "today site holiday": date(2026, 11, 23),
    "tomorrow bob is away": date(2026, 11, 24),
    "Tuesday holiday": date(2026, 11, 24),
    "next friday bob is away": date(2026, 11, 27),
    "nov 25 nobody is on shift": date(2026, 11, 25),
    "2026-11-25 nobody is on shift": date(2026, 11, 25),
}


@pytest.mark.parametrize("typed", SKIPS)
def test_the_day_that_is_typed_is_the_day_that_is_left_out(team, typed):
    at = eastern("2026-11-23 15:00")
    assert team.day_post.skip(typed, by=ALICE, at=at) == SKIPS[typed]
    assert [day for day, _ in team.day_post.skipped(at)] == [SKIPS[typed]]


NO_SKIPS = {
    "": "Say why: `!summary skip today nobody is on shift`.",
    "2026-11-25": "Say why: `!summary skip 2026-11-25 nobody is on shift`.",
    "yesterday foo": "Sunday, November 22, 2026 is over: there is nothing to skip. "
    "Today's: `!summary skip today <why>`.",
    "saturday off": "No post is due on Saturday, November 28, 2026: there is nothing to skip.",
    "11/25/2026 off": "“11/25/2026” is not a day I can read. Type today, yesterday or 2026-11-20.",
}


@pytest.mark.parametrize("typed", NO_SKIPS)
def test_what_cannot_be_left_out_is_refused_and_todays_post_stays(team, typed):
    with pytest.raises(UserError) as refused:
        team.day_post.skip(typed, by=ALICE, at=eastern("2026-11-23 15:00"))
    assert str(refused.value).replace('"', "“", 1).replace('"', "”", 1) == NO_SKIPS[typed]
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert len(team.posted) == 1


MONDAY = date(2026, 11, 23)


def test_a_post_taken_up_again_late_says_that_it_was_left_out(team):
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    team.run("2026-11-23 20:00", "2026-11-23 20:39")
    team.day_post.resume(MONDAY, by=ALICE, at=eastern("2026-11-23 20:40"))
    team.run("2026-11-23 20:41", "2026-11-23 20:41")
    assert team.posted[0].startswith("(late: due 8:00pm, it was left out until then)\n*Production support summary")


def test_a_post_is_not_taken_up_again_once_its_day_is_over(team):
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    with pytest.raises(
        UserError, match="Monday, November 23, 2026 is over: its post is not sent any more, and the next"
    ):
        team.day_post.resume(MONDAY, by=ALICE, at=eastern("2026-11-24 00:40"))
    assert team.day_post.record(MONDAY).state is State.SKIPPED


def test_a_post_taken_up_again_at_the_end_of_its_day_is_given_up_as_left_out_too_long(team):
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    team.day_post.resume(MONDAY, by=ALICE, at=eastern("2026-11-23 23:59"))
    team.run("2026-11-24 00:41", "2026-11-24 00:41")
    assert team.day_post.record(MONDAY).last(PostStep.GIVEN_UP).text == "it was left out until it was too late"


def test_a_post_taken_up_again_in_time_and_given_up_says_that_the_desk_was_down(team):
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 14:00"))
    team.day_post.resume(MONDAY, by=ALICE, at=eastern("2026-11-23 15:00"))
    team.restart("2026-11-24 00:10")
    team.run("2026-11-24 00:10", "2026-11-24 00:10")
    assert team.day_post.record(MONDAY).last(PostStep.GIVEN_UP).text == "the desk was down"


def test_what_was_given_up_cannot_be_skipped(team):
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    with pytest.raises(UserError, match="is given up already: there is nothing to skip"):
        team.day_post.skip("too late", by=ALICE, at=eastern("2026-11-23 20:40"))


def test_of_two_who_take_a_skip_back_the_second_does_not_have_it_posted_again(team, monkeypatch):
    def resumed_and_posted() -> None:
        team.day_post.resume(MONDAY, by=ALICE, at=eastern("2026-11-23 20:00"))
        team.run("2026-11-23 20:00", "2026-11-23 20:00")

    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    before(team, monkeypatch, "note", resumed_and_posted)
    with pytest.raises(UserError, match="was not left out"):
        team.day_post.resume(MONDAY, by=BOB, at=eastern("2026-11-23 20:00"))
    assert team.day_post.record(MONDAY).state is State.POSTED
