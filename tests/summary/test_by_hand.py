"""What is said of a post tried by hand is what is true of it."""

from datetime import date, timedelta

import pytest

from opsdesk.chat.chat import SendError
from opsdesk.errors import UserError
from opsdesk.incidents.rules import Change
from opsdesk.posts.post import PostStep, State
from opsdesk.summary.answer_words import posted, status
from tests.chat.stage import BUSY, LOST, REFUSED, failing
from tests.oncall.stage import EASTERN, eastern
from tests.summary.stage import ALICE, BOB, before, refuse_in_room

MONDAY = date(2026, 11, 23)
SECOND = timedelta(seconds=1)


NOT_SLACK = SendError("what answered was not Slack", retry_after=SECOND, unclear=True)
ENDED = SendError("the app is not in the channel.")
BY_HAND = {
    ("2026-11-23 18:00", REFUSED): "The chat refused it: channel_not_found. "
    "The desk tries again when the post is due, at 8:00pm.",
    ("2026-11-23 18:00", LOST): "The chat did not confirm it: the connection was cut. "
    "It may stand there: the desk looks for it when the post is due, at 8:00pm.",
    ("2026-11-23 20:05", NOT_SLACK): "The chat did not confirm it: what answered was not Slack. "
    "It may stand there: the desk looks for it again, and sends it only if it does not.",
    ("2026-11-23 18:00", ENDED): "The chat refused it: the app is not in the channel. "
    "The desk tries again when the post is due, at 8:00pm.",
    ("2026-11-23 20:05", BUSY): "The chat refused it: ratelimited. The desk goes on trying.",
    ("2026-11-22 18:00", REFUSED): "The chat refused it: channel_not_found. "
    "No post is due today: nothing is tried again unless you type `!summary post` again.",
}


@pytest.mark.parametrize(("at", "fault"), BY_HAND)
def test_a_try_by_hand_that_fails_says_what_happens_next(team, at, fault):
    team.channel.before = failing("post", fault)
    with pytest.raises(UserError) as refused:
        team.day_post.post_now("", eastern(at))
    assert str(refused.value) == BY_HAND[at, fault]


def test_a_try_by_hand_that_fails_after_the_post_was_given_up_says_that_it_is_too_late(team):
    team.channel.before = failing("post", *[REFUSED] * 99)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    with pytest.raises(UserError) as refused:
        team.day_post.post_now("", eastern("2026-11-23 20:45"))
    assert str(refused.value) == (
        "The chat refused it: channel_not_found. It is too late for the desk to try again by itself: "
        "whoever is on call gets the text to paste, and `!summary post` tries once more."
    )
    team.channel.before = lambda call: None
    team.run("2026-11-23 20:46", "2026-11-23 20:47")
    assert team.posted == []
    assert team.day_post.record(MONDAY).state is State.GIVEN_UP
    told = [text for text in team.channel.texts("U0ALICE") if text.startswith("The post of Monday")]
    assert len(told) == 1


def test_a_third_try_by_hand_that_gives_the_post_up_does_not_say_that_it_was_sent(team):
    team.channel.reads_back = team.channel.edits = False
    team.channel.after = failing("post", LOST, LOST)
    for second in (0, 10):
        with pytest.raises(UserError, match="did not confirm it"):
            team.day_post.post_now("", eastern(f"2026-11-23 18:00:{second:02}"))
    with pytest.raises(UserError) as refused:
        team.day_post.post_now("", eastern("2026-11-23 18:01"))
    assert str(refused.value) == (
        "It was not sent again, since it may stand there: it was never confirmed. Whoever is on call gets the text "
        "to paste, and `!summary post` tries once more."
    )


def test_an_edit_by_hand_that_fails_says_that_the_desk_goes_on_trying(team):
    number = team.opened("VEText reminders late", "2026-11-23 18:05")
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    team.log.resolve(number, Change(text="backlog empty"), at=eastern("2026-11-23 20:06"), by=BOB)
    team.channel.before = failing("edit", REFUSED)
    with pytest.raises(UserError) as refused:
        team.day_post.post_now("", eastern("2026-11-23 20:06"))
    assert str(refused.value) == (
        "It could not be brought up to date: channel_not_found. "
        "What stands there stays as it was; the desk goes on trying."
    )
    team.run("2026-11-23 20:07", "2026-11-23 20:07")
    assert "backlog empty (updated 8:07pm)" in team.posted[0]


def mistaken(day, until, at, before):
    raise ZeroDivisionError("no such thing")


def test_a_mistake_in_writing_the_post_is_told_as_one(team, monkeypatch):
    monkeypatch.setattr(team.counts, "lines", mistaken)
    with pytest.raises(UserError) as refused:
        team.day_post.post_now("", eastern("2026-11-23 18:00"))
    assert str(refused.value) == (
        "It was not sent: it could not be written (no such thing). "
        "The desk tries again when the post is due, at 8:00pm."
    )
    team.run("2026-11-23 20:00", "2026-11-23 20:02", step=SECOND)
    at = eastern("2026-11-23 20:02")
    told = status(team.day_post.next_due(at), (), team.day_post.past(at), at, EASTERN)
    assert told.splitlines()[1] == "today: being tried: it could not be written (no such thing)"
    monkeypatch.undo()
    team.run("2026-11-23 20:02", "2026-11-23 20:05", step=SECOND)
    assert team.posted[0].startswith("(late: due 8:00pm, it could not be written (no such thing))\n")


def test_a_mistake_in_writing_what_changed_is_told_and_tried_again(team, monkeypatch):
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    monkeypatch.setattr(team.counts, "lines", mistaken)
    with pytest.raises(UserError, match=r"could not be brought up to date: it could not be written \(no such thing\)"):
        team.day_post.post_now("", eastern("2026-11-23 20:05"))
    assert team.day_post.record(MONDAY).last(PostStep.EDIT_REFUSED)


def test_a_post_given_up_does_not_blame_what_failed_by_hand_before_its_time(team):
    team.channel.before = failing("post", REFUSED)
    with pytest.raises(UserError):
        team.day_post.post_now("", eastern("2026-11-23 15:00"))
    team.restart("2026-11-24 00:10")
    team.run("2026-11-24 00:10", "2026-11-24 00:10")
    assert team.day_post.record(MONDAY).last(PostStep.GIVEN_UP).text == "the desk was down"


def test_a_post_by_hand_gives_way_to_a_skip_that_comes_first(team, monkeypatch):
    at = eastern("2026-11-23 19:59")
    skipped = lambda: team.day_post.skip("today site holiday", by=ALICE, at=at)  # noqa: E731  # by then
    before(team, monkeypatch, "post_now", skipped)
    with pytest.raises(UserError, match=r"Today's post is left out \(site holiday\)"):
        team.day_post.post_now("", at)
    assert team.posted == []


def test_what_is_posted_by_hand_after_its_time_is_not_said_to_have_its_time_to_come(team):
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    team.channel.before = lambda call: None
    at = eastern("2026-11-23 20:45")
    told = posted(team.day_post.post_now("", at), at, EASTERN, edits=True)
    assert told.startswith("Posted. What changes is brought up to date there. https://")


def test_what_is_found_by_hand_is_said_to_stand_and_not_to_be_posted_now(team):
    team.channel.after = failing("post", LOST)
    with pytest.raises(UserError):
        team.day_post.post_now("", eastern("2026-11-23 18:00"))
    at = eastern("2026-11-23 18:10")
    told = posted(team.day_post.post_now("", at), at, EASTERN, edits=True)
    link = team.channel.messages[0].ts
    assert (
        told == f"It stands since 6:00pm. What changes is brought up to date there. https://chat.example/C0LIVE/{link}"
    )


def test_a_post_that_was_down_at_its_time_does_not_blame_what_failed_by_hand_before(team):
    team.channel.before = failing("post", REFUSED)
    with pytest.raises(UserError):
        team.day_post.post_now("", eastern("2026-11-23 18:00"))
    team.restart("2026-11-23 20:20")
    team.run("2026-11-23 20:20", "2026-11-23 20:20")
    assert team.posted[0].startswith("(late: due 8:00pm, the desk was down)\n")


def test_a_post_by_hand_that_is_deleted_before_its_time_is_sent_at_its_time(team):
    team.day_post.post_now("", eastern("2026-11-23 17:00"))
    team.run("2026-11-23 17:01", "2026-11-23 17:02")
    team.channel.messages.clear()
    team.opened("VistA slow", "2026-11-23 17:05")
    team.run("2026-11-23 17:05", "2026-11-23 17:06")
    (told,) = team.channel.texts("U0ALICE")
    assert "was deleted from the channel. It is sent anew at its time.\n`!summary skip <reason>` leaves" in told
    assert team.day_post.note("Watch it", by=ALICE, at=eastern("2026-11-23 17:10")).day == MONDAY
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert len(team.posted) == 1
    assert "*Handing over* Watch it" in team.posted[0]


def test_a_post_by_hand_that_was_deleted_unseen_is_sent_at_its_time(team):
    team.day_post.post_now("", eastern("2026-11-23 17:00"))
    team.channel.messages.clear()
    team.counts.answer = "Check-ins clicked: 1800"
    team.run("2026-11-23 20:00", "2026-11-23 20:01", SECOND)
    assert len(team.posted) == 1
    team.channel.messages.clear()
    team.opened("VistA slow", "2026-11-23 20:05")
    team.run("2026-11-23 20:05", "2026-11-23 20:06", SECOND)
    assert team.posted == []


def test_a_post_by_hand_that_was_deleted_can_be_skipped(team):
    team.day_post.post_now("", eastern("2026-11-23 17:00"))
    team.channel.messages.clear()
    team.opened("VistA slow", "2026-11-23 17:05")
    team.run("2026-11-23 17:05", "2026-11-23 17:06")
    team.day_post.skip("nobody is on shift", by=ALICE, at=eastern("2026-11-23 17:10"))
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    assert team.posted == []


def test_a_post_given_up_while_nobody_can_tell_is_said_to_be_looked_for(team):
    lost = SendError("what answered was not Slack", retry_after=SECOND, unclear=True)
    team.channel.before = lambda call: refuse_as(lost, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    at = eastern("2026-11-23 20:35")
    told = status(None, [], team.day_post.past(at), at, EASTERN)
    assert "today: given up: what answered was not Slack. It may stand there: the desk follows it if it finds" in told


def refuse_as(fault: SendError, call: str) -> None:
    if call in ("post", "find"):
        raise fault
