"""No day goes untold: each summary tells of all days since the last one that stands."""

from datetime import date, timedelta

import pytest

from opsdesk.chat.chat import SendError
from opsdesk.errors import UserError
from opsdesk.incidents.rules import Change
from opsdesk.posts.post import PostLine, State
from opsdesk.summary.answer_words import status
from tests.chat.stage import GONE, REFUSED, Message, failing
from tests.oncall.stage import EASTERN, eastern
from tests.summary.stage import ALICE, BOB, MINUTE, Team

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, day) for day in (23, 24, 25))
CLOSED = SendError("edit_window_closed", final=True)


@pytest.fixture
def team(team: Team) -> Team:
    """A desk whose post of Friday stands."""
    team.channel.put(Message("C0LIVE", "0.5", "Friday's", "summary:2026-11-20"))
    team.day_post.post_now("", eastern("2026-11-22 12:00"))
    team.channel.messages.clear()
    return team


def told_status(team: Team, at: str) -> list[str]:
    moment = eastern(at)
    commands = team.day_post
    due, left_out, past = commands.next_due(moment), commands.skipped(moment), commands.past(moment)
    return status(due, left_out, past, moment, EASTERN).splitlines()


def test_an_evening_that_the_desk_missed_is_told_when_it_is_back_and_in_the_next_post(team):
    team.opened("VistA timeouts", "2026-11-23 18:00", severity=1)
    team.restart("2026-11-24 09:00")
    team.run("2026-11-24 09:00", "2026-11-24 20:00")
    head, *_ = team.channel.texts("U0ALICE")[0].splitlines()
    assert head == (
        "The post of Monday, November 23, 2026 was *not posted*: the desk was down. Here is its text to paste:"
    )
    (post,) = team.posted
    assert post.splitlines()[1] == (
        "(no post stands for Monday, November 23: this one tells of that day as well; the counts are of its own day)"
    )
    assert "• #1 VistA timeouts: *investigating*" in post


def test_two_evenings_that_the_desk_missed_are_told_as_one_and_both_days_are_in_the_text(team):
    number = team.opened("VistA timeouts", "2026-11-23 18:00", severity=1)
    team.log.resolve(number, Change(text="restarted"), at=eastern("2026-11-23 19:00"), by=BOB)
    team.restart("2026-11-25 15:00")
    team.run("2026-11-25 15:00", "2026-11-25 20:01")
    told, *drafts = team.channel.texts("U0ALICE")
    assert len(drafts) == 1
    assert told.startswith(
        "The posts of Monday, November 23, 2026 and Tuesday, November 24, 2026 were *not posted*: the desk was down. "
        "Here is a text to paste that tells of all of them:\n\n*Production support summary, Tuesday, November 24"
    )
    for text in (told, *team.posted):
        assert "• #1 VistA timeouts: *resolved*" in text
    assert (
        team.posted[0].splitlines()[1].startswith("(no post stands for Monday, November 23 and Tuesday, November 24:")
    )
    assert [line for line in told_status(team, "2026-11-25 20:05") if line.startswith(("Nov", "yesterday"))] == [
        "yesterday: given up: the desk was down",
        "Nov 23: given up: the desk was down",
    ]


def test_many_evenings_that_the_desk_missed_are_told_by_the_first_and_the_last(team):
    team.opened("VistA timeouts", "2026-11-23 18:00", severity=1)
    team.restart("2026-12-04 15:00")
    team.run("2026-12-04 15:00", "2026-12-04 20:01")
    told = team.channel.texts("U0ALICE")[0]
    evenings = "evenings from Monday, November 23, 2026 to Thursday, December 3, 2026"
    assert told.startswith(f"The posts of the 8 {evenings} were *not posted*")
    assert (
        team.posted[0].splitlines()[1].startswith("(no post stands for the 8 evenings from Monday, November 23 to Thu")
    )
    assert "• #1 VistA timeouts" in team.posted[0]


def test_a_day_that_was_left_out_is_told_by_the_next_post(team):
    team.opened("VistA timeouts", "2026-11-23 14:00", severity=1)
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    team.log.resolve(1, Change(text="restarted"), at=eastern("2026-11-23 19:00"), by=BOB)
    team.run("2026-11-23 19:00", "2026-11-24 20:00")
    assert "• #1 VistA timeouts: *resolved*" in team.posted[0]


def test_once_a_post_stands_the_next_one_tells_of_its_own_day(team):
    team.opened("VistA timeouts", "2026-11-23 14:00")
    team.log.resolve(1, Change(text="restarted"), at=eastern("2026-11-23 15:00"), by=BOB)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    team.run("2026-11-24 20:00", "2026-11-24 20:00")
    assert "VistA" not in team.posted[1]
    assert "no post stands" not in team.posted[1]


def test_days_of_a_rehearsal_are_not_told_again_in_earnest(tmp_path):
    team = Team(tmp_path, "2026-11-23 12:00", rehearsal=True)
    team.opened("VistA timeouts", "2026-11-23 14:00")
    team.log.resolve(1, Change(text="restarted"), at=eastern("2026-11-23 15:00"), by=BOB)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    team.told["rehearsal"] = False
    team.restart("2026-11-24 12:00")
    team.run("2026-11-24 20:00", "2026-11-24 20:00")
    assert "VistA" not in team.posted[0]
    team.store.close()


def test_a_summary_that_was_deleted_is_told_once_and_its_day_is_in_the_next_one(team):
    number = team.opened("VistA timeouts", "2026-11-23 14:00", severity=1)
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    team.channel.messages.clear()
    team.log.resolve(number, Change(text="restarted"), at=eastern("2026-11-23 20:05"), by=BOB)
    team.run("2026-11-23 20:06", "2026-11-23 22:00")
    assert team.channel.texts("U0ALICE") == [
        "The post of Monday, November 23, 2026 was deleted from the channel. The desk does not post it again by "
        "itself.\n`!summary post` does, as long as its day lasts; else the next post tells of that day too."
    ]
    assert told_status(team, "2026-11-23 22:00")[1] == "today: deleted from the channel, as the desk found at 8:06pm"
    team.run("2026-11-24 20:00", "2026-11-24 20:00")
    assert "• #1 VistA timeouts: *resolved*" in team.posted[0]


def test_a_summary_that_was_deleted_is_posted_anew_by_hand(team):
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    team.channel.before = failing("edit", GONE)
    team.opened("VistA timeouts", "2026-11-23 20:05")
    with pytest.raises(
        UserError, match=r"It is no longer in the channel: message_not_found\. Type `!summary post` once"
    ):
        team.day_post.post_now("", eastern("2026-11-23 20:06"))
    team.channel.messages.clear()
    team.day_post.post_now("", eastern("2026-11-23 20:07"))
    assert "VistA timeouts" in team.posted[0]
    assert team.day_post.record(MONDAY).state is State.POSTED


def test_what_changes_after_a_summary_can_no_longer_be_edited_is_told_by_the_status_and_the_next_one(team):
    number = team.opened("VistA timeouts", "2026-11-23 14:00", severity=1)
    team.opened("VEText late", "2026-11-23 14:30")
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    team.channel.before = failing("edit", CLOSED)
    team.log.resolve(number, Change(text="restarted"), at=eastern("2026-11-23 20:05"), by=BOB)
    team.run("2026-11-23 20:06", "2026-11-23 22:00")
    assert team.channel.texts("U0ALICE") == [
        "The post of Monday, November 23, 2026 can no longer be changed: edit_window_closed. It stays as it stands.\n"
        "`!summary` shows what it should say, and the next post tells what has changed since."
    ]
    link = team.day_post.record(MONDAY).proof.permalink
    assert told_status(team, "2026-11-23 22:00")[1] == (
        f"today: posted 8:00pm, can no longer be changed (edit_window_closed); changed since: #1 {link}"
    )
    with pytest.raises(UserError, match=r"What stands there can no longer be changed: edit_window_closed\. `!summary`"):
        team.day_post.post_now("", eastern("2026-11-23 22:01"))
    team.channel.before = lambda call: None
    team.run("2026-11-24 20:00", "2026-11-24 20:00")
    assert (
        "*Changed since Monday's post, which can no longer be edited*\n"
        "• #1 VistA timeouts: *resolved* (sev 1, 2:00pm to 8:05pm, 6 hours 5 minutes). restarted"
    ) in team.posted[1]


def test_a_first_start_after_8pm_takes_over_the_post_that_stands(tmp_path):
    team = Team(tmp_path, "2026-11-23 20:31")
    head = "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET)"
    text = f"{head}\n\n*Production events*\nNo production events today."
    team.channel.post("C0LIVE", text, key="summary:2026-11-23", record="another", version="theirs")
    team.run("2026-11-23 20:31", "2026-11-23 20:40")
    assert told_status(team, "2026-11-23 20:40")[1].startswith("today: posted ")
    team.opened("VistA timeouts", "2026-11-23 20:41")
    team.run("2026-11-23 20:41", "2026-11-23 20:45")
    (post,) = team.posted
    assert "• #1 VistA timeouts" in post
    assert team.channel.texts("U0ALICE") == []
    team.store.close()


@pytest.mark.parametrize("readable", [True, False])
def test_a_first_start_after_8pm_without_a_post_asks_whether_to_send_it(tmp_path, readable):
    team = Team(tmp_path, "2026-11-23 20:31")
    team.admins = ["U0ADMIN"]
    team.channel.before = failing("find", *[REFUSED] * (0 if readable else 99))
    team.restart("2026-11-23 20:31")
    assert told_status(team, "2026-11-23 20:31")[1] == (
        "today: being looked for in the channel: the desk was first started after it was due"
    )
    team.run("2026-11-23 20:31", "2026-11-23 21:40")
    assert team.posted == []
    seen = "the channel has none." if readable else "whether it is in the channel cannot be seen: channel_not_found."
    assert team.channel.texts("U0ADMIN") == [
        "This desk was started for the first time at 8:31pm, after the post of Monday, November 23, 2026 was due, and "
        f"{seen}\nIf it is to be posted, type `!summary post`."
    ]
    assert told_status(team, "2026-11-23 21:40")[1] == (
        "today: not in the channel when the desk was first started: `!summary post` sends today's"
    )
    team.channel.before = lambda call: None
    team.day_post.post_now("", eastern("2026-11-23 21:45"))
    assert len(team.posted) == 1
    assert told_status(team, "2026-11-23 21:50")[1].startswith("today: posted 9:45pm ")
    team.store.close()


def test_a_first_start_before_8pm_or_on_a_weekend_looks_for_nothing(tmp_path):
    team = Team(tmp_path, "2026-11-22 21:00")
    team.run("2026-11-22 21:00", "2026-11-23 12:00", step=10 * MINUTE)
    assert team.channel.messages == []
    assert told_status(team, "2026-11-23 12:00") == ["Next post: 8:00pm.", "None was due yet."]
    team.store.close()


def test_a_window_of_counts_that_was_posted_never_shrinks_whatever_is_done_to_the_clock(team):
    windows = []

    def lines(day, until, at, before):
        windows.append(until)
        return [PostLine(f"counts to {until}", "*Counts*\nCheck-ins clicked: 1765", marked=True)]

    team.counts.lines = lines
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    team.counts.changed = True
    team.tick(eastern("2026-11-23 19:50"))
    assert windows == [eastern("2026-11-23 20:00")] * 2


def test_a_clock_that_was_set_back_looks_back_over_no_more_days_than_there_are(team):
    team.restart("2026-11-25 15:00")
    first = team.day_post._plan.days.told_from(WEDNESDAY + timedelta(days=500))
    assert first <= WEDNESDAY + timedelta(days=500)
