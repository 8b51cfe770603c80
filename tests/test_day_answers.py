"""What is said of the day's post is what is true: about notes, tries by hand, days long ago, and what went wrong."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from channel import BUSY, LOST, REFUSED, failing
from opsdesk.errors import Refusal
from opsdesk.incident_rules import Change
from opsdesk.posts import PostRecord, State, What
from opsdesk.render.day_post import noted, posted, shown, status
from test_day_post import ALICE, BOB, EASTERN, Team, eastern, refuse_in_room

MONDAY = date(2026, 11, 23)
SECOND = timedelta(seconds=1)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    team = Team(tmp_path, "2026-11-20 00:00")
    yield team
    team.store.close()


def note(team: Team, at: str) -> str:
    """What Alice is answered to a note."""
    return noted(team.day_post.note("Watch the VEText backlog", by=ALICE, at=eastern(at)), eastern(at), EASTERN)


def test_what_changes_on_another_day_than_the_posts_says_which(team):
    number = team.opened("VEText reminders late", "2026-11-20 18:05")
    team.run("2026-11-20 20:00", "2026-11-20 20:01")
    team.log.resolve(number, Change(text="backlog empty"), at=eastern("2026-11-21 09:29"), by=BOB)
    team.run("2026-11-21 09:30", "2026-11-21 09:31")
    assert "backlog empty (updated Nov 21 9:30am)\n" in team.posted[0]


def test_a_long_day_of_which_everything_changes_on_another_stays_one_message(team):
    for number in range(1, 61):
        team.opened(f"Event {number} with a title that goes on for quite some time", "2026-12-30 14:00")
    team.run("2026-12-30 20:00", "2026-12-30 20:00")
    for number in range(1, 61):
        team.log.resolve(number, Change(text="over"), at=eastern("2026-12-31 09:00"), by=BOB)
    team.run("2026-12-31 12:50", "2026-12-31 12:50")
    assert team.posted[0].count(" (updated Dec 31 12:50pm)") > 10
    assert len(team.posted[0]) <= 3_600


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


BY_HAND = {
    ("2026-11-23 18:00", REFUSED): "The chat refused it: channel_not_found. "
    "The desk tries again when the post is due, at 8:00pm.",
    ("2026-11-23 18:00", LOST): "The chat did not confirm it: the connection was cut. "
    "The desk tries again when the post is due, at 8:00pm.",
    ("2026-11-23 20:05", BUSY): "The chat refused it: ratelimited. The desk goes on trying.",
    ("2026-11-22 18:00", REFUSED): "The chat refused it: channel_not_found. "
    "No post is due today: nothing is tried again unless you type `!summary post` again.",
}


@pytest.mark.parametrize(("at", "fault"), BY_HAND)
def test_a_try_by_hand_that_fails_says_what_happens_next(team, at, fault):
    team.channel.before = failing("post", fault)
    with pytest.raises(Refusal) as refused:
        team.day_post.post_now("", eastern(at))
    assert str(refused.value) == BY_HAND[at, fault]


def test_a_try_by_hand_that_fails_after_the_post_was_given_up_says_that_it_is_too_late(team):
    team.channel.before = failing("post", *[REFUSED] * 99)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    with pytest.raises(Refusal) as refused:
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
        with pytest.raises(Refusal, match="did not confirm it"):
            team.day_post.post_now("", eastern(f"2026-11-23 18:00:{second:02}"))
    with pytest.raises(Refusal) as refused:
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
    with pytest.raises(Refusal) as refused:
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
    with pytest.raises(Refusal) as refused:
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
    with pytest.raises(Refusal, match=r"could not be brought up to date: it could not be written \(no such thing\)"):
        team.day_post.post_now("", eastern("2026-11-23 20:05"))
    assert team.day_post.record(MONDAY).last(What.EDIT_REFUSED)


def test_a_post_taken_up_again_late_says_that_it_was_left_out(team):
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    team.run("2026-11-23 20:00", "2026-11-23 20:39")
    team.day_post.resume(MONDAY, by=ALICE, at=eastern("2026-11-23 20:40"))
    team.run("2026-11-23 20:41", "2026-11-23 20:41")
    assert team.posted[0].startswith("(late: due 8:00pm, it was left out until then)\n*Production support summary")


def test_a_post_taken_up_again_on_another_day_is_given_up_as_left_out_too_long(team):
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    team.day_post.resume(MONDAY, by=ALICE, at=eastern("2026-11-24 00:40"))
    team.run("2026-11-24 00:41", "2026-11-24 00:41")
    assert team.day_post.record(MONDAY).last(What.GIVEN_UP).text == "it was left out until it was too late"


def test_a_post_taken_up_again_in_time_and_given_up_says_that_the_desk_was_down(team):
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 14:00"))
    team.day_post.resume(MONDAY, by=ALICE, at=eastern("2026-11-23 15:00"))
    team.restart("2026-11-24 00:10")
    team.run("2026-11-24 00:10", "2026-11-24 00:10")
    assert team.day_post.record(MONDAY).last(What.GIVEN_UP).text == "the desk was down"


def test_a_post_given_up_does_not_blame_what_failed_by_hand_before_its_time(team):
    team.channel.before = failing("post", REFUSED)
    with pytest.raises(Refusal):
        team.day_post.post_now("", eastern("2026-11-23 15:00"))
    team.restart("2026-11-24 00:10")
    team.run("2026-11-24 00:10", "2026-11-24 00:10")
    assert team.day_post.record(MONDAY).last(What.GIVEN_UP).text == "the desk was down"


def test_what_was_given_up_cannot_be_skipped(team):
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    with pytest.raises(Refusal, match="is given up already: there is nothing to skip"):
        team.day_post.skip("too late", by=ALICE, at=eastern("2026-11-23 20:40"))


def before(team: Team, monkeypatch: pytest.MonkeyPatch, call: str, do: Callable[[], object]) -> None:
    """Has something else done just before the next `call` of the posts."""
    as_it_is = getattr(team.posts, call)

    def later(*given: object) -> PostRecord:
        monkeypatch.setattr(team.posts, call, as_it_is)
        do()
        return as_it_is(*given)

    monkeypatch.setattr(team.posts, call, later)


def test_of_two_who_take_a_skip_back_the_second_does_not_have_it_posted_again(team, monkeypatch):
    def resumed_and_posted() -> None:
        team.day_post.resume(MONDAY, by=ALICE, at=eastern("2026-11-23 20:00"))
        team.run("2026-11-23 20:00", "2026-11-23 20:00")

    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    before(team, monkeypatch, "note", resumed_and_posted)
    with pytest.raises(Refusal, match="was not left out"):
        team.day_post.resume(MONDAY, by=BOB, at=eastern("2026-11-23 20:00"))
    assert team.day_post.record(MONDAY).state is State.POSTED


def test_a_post_by_hand_gives_way_to_a_skip_that_comes_first(team, monkeypatch):
    at = eastern("2026-11-23 19:59")
    skipped = lambda: team.day_post.skip("today site holiday", by=ALICE, at=at)  # noqa: E731  # by then
    before(team, monkeypatch, "post_now", skipped)
    with pytest.raises(Refusal, match=r"Today's post is left out \(site holiday\)"):
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
    with pytest.raises(Refusal):
        team.day_post.post_now("", eastern("2026-11-23 18:00"))
    at = eastern("2026-11-23 18:10")
    told = posted(team.day_post.post_now("", at), at, EASTERN, edits=True)
    assert told == "It stands since 6:00pm. What changes is brought up to date there."


def test_a_post_that_is_given_up_is_told_to_the_admins_where_nobody_knows_who_is_on_call(team, monkeypatch):
    def damaged(at):
        raise Refusal("What belongs to no day cannot be read.")

    team.admins = ["U0ADMIN"]
    team.restart("2026-11-23 19:00")
    monkeypatch.setattr(team, "to_tell", damaged)
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    told = team.channel.texts("U0ADMIN")[-1]
    assert told.startswith("The post of Monday, November 23, 2026 was *not posted*: channel_not_found.")


def test_a_post_that_was_down_at_its_time_does_not_blame_what_failed_by_hand_before(team):
    team.channel.before = failing("post", REFUSED)
    with pytest.raises(Refusal):
        team.day_post.post_now("", eastern("2026-11-23 18:00"))
    team.restart("2026-11-23 20:20")
    team.run("2026-11-23 20:20", "2026-11-23 20:20")
    assert team.posted[0].startswith("(late: due 8:00pm, the desk was down)\n")


def test_a_day_long_ago_is_told_without_reading_all_days_since(team, monkeypatch):
    day = date(2026, 11, 20)
    for ahead in range(120):
        number = team.opened("VEText reminders late", f"{day + timedelta(days=ahead)} 14:00")
        team.log.resolve(number, Change(text="over"), at=eastern(f"{day + timedelta(days=ahead)} 15:00"), by=BOB)
    team.restart("2027-03-20 12:00")
    team.log.open_ones()  # finds that none is
    read: set[str] = set()
    as_it_is = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.add(path.stem) or as_it_is(path))
    told = team.day_post.shown(day, eastern("2027-03-20 12:00"))
    assert shown(told, EASTERN).startswith(
        "(no post was made that day: this is what there is to tell of it; "
        "what was carried over may be missing if it was resolved more than two weeks later)\n"
        "*Production support summary, Friday, November 20, 2026* (1pm to 8pm ET, on call: Alice)\n"
        "\n"
        "*Production events*\n"
        "• #1 VEText reminders late: *resolved* (sev 3, 2:00pm to 3:00pm, 1 hour). over\n"
    )
    assert max(read - {"index", "undated"}) == "2026-12-07"


def test_what_was_carried_over_and_resolved_within_two_weeks_is_in_a_day_long_ago(team):
    number = team.opened("Travel claims rejected", "2026-11-18 16:10")
    team.log.resolve(number, Change(text="BTSSS is back"), at=eastern("2026-12-03 10:00"), by=BOB)
    told = team.day_post.shown(date(2026, 11, 20), eastern("2027-03-20 12:00"))
    assert "• #1 Travel claims rejected: *investigating* (sev 3, open 2 days, owner Alice)" in shown(told, EASTERN)


def test_in_the_minute_before_a_post_an_older_one_is_not_looked_at(team):
    team.restart("2026-11-23 19:59")
    team.run("2026-11-23 19:59", "2026-11-23 19:59", step=SECOND)
    friday = team.day_post.record(date(2026, 11, 20))
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert friday.state is State.WAITING
    assert [message.room for message in team.channel.messages if "summary:" in message.key] == ["C0LIVE"]
    assert team.day_post.record(date(2026, 11, 20)).state is State.GIVEN_UP
