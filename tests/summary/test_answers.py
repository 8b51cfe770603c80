"""What is said of a day is what is true: of days long ago, and of what changes on another day than the post's."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from opsdesk.incidents.rules import Change
from opsdesk.posts.post import State
from opsdesk.summary.answer_words import shown
from tests.oncall.stage import EASTERN, eastern
from tests.summary.stage import BOB, Team

SECOND = timedelta(seconds=1)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """From Friday on, so that a post stands when Monday comes."""
    team = Team(tmp_path, "2026-11-20 00:00")
    yield team
    team.store.close()


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
