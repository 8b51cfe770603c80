"""A summary asked for at a desk that does not send what is scheduled: the desk that does sends it, once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from opsdesk.errors import UserError
from opsdesk.summary import asked
from opsdesk.summary.asked import SummaryRequest
from opsdesk.summary.commands import SummaryCommands
from tests.chat.stage import REFUSED, failing
from tests.oncall.stage import eastern
from tests.patience import LONG, until
from tests.posts.stage import Lease
from tests.summary.stage import BOB, CALENDAR, Team

SIX = eastern("2026-11-23 18:00")


class Two:
    """Two desks on one store: `holder` sends what is scheduled, `other` is asked."""

    def __init__(self, team: Team) -> None:
        self.team, self.kept = team, team.store.keyed("summaries asked for", SummaryRequest, passing=True)
        self.holder, self.other = (
            SummaryCommands(team.plan, team.posts, lambda: CALENDAR, self.kept, Lease(leads=leads))
            for leads in (True, False)
        )

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """The holder does what is due until this is over."""
        over = threading.Event()

        def tick() -> None:
            while not over.wait(0.01):
                self.holder.tick(SIX + timedelta(seconds=2))

        thread = threading.Thread(target=tick)
        thread.start()
        yield
        over.set()
        thread.join()


@pytest.fixture
def two(team: Team) -> Two:
    return Two(team)


def test_it_is_sent_by_the_desk_that_has_the_lease(two: Two) -> None:
    with two.ticking():
        record = two.other.post_now("", SIX)
    assert record.proof is not None
    assert len(two.team.posted) == 1
    assert [one.answered for one in two.kept.all(None).values()] == [True]


@pytest.mark.parametrize("minutes", [-2, 2])
def test_the_clocks_of_the_two_desks_may_differ(two: Two, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    monkeypatch.setattr(asked, "PATIENCE", LONG)
    monkeypatch.setattr(two.holder._asked, "_post", lambda day, at: taken.append(day))
    taken: list[date] = []
    with two.ticking():
        two.other._asked.post(date(2026, 11, 23), SIX + timedelta(minutes=minutes))
    assert taken == [date(2026, 11, 23)]


def test_one_that_stands_is_brought_up_to_date(two: Two) -> None:
    with two.ticking():
        two.other.post_now("", SIX)
        two.team.opened("VistA timeouts", "2026-11-23 18:00")
        two.other.post_now("", SIX + timedelta(seconds=20))
    assert len(two.team.posted) == 1
    assert "VistA timeouts" in two.team.posted[0]


@pytest.mark.parametrize("reason", ["left out", "refused by the chat"])
def test_whoever_asked_hears_why_it_was_not(two: Two, reason: str) -> None:
    if reason == "left out":
        two.other.skip("nobody is on shift", by=BOB, at=SIX)
        told = r"Today's post is left out \(nobody is on shift\)\. Type `!summary resume` first\."
    else:
        two.team.channel.before = failing("post", REFUSED)
        told = "The chat refused it: channel_not_found. The desk tries again when the post is due, at 8:00pm."
    with two.ticking(), pytest.raises(UserError, match=told):
        two.other.post_now("", SIX)
    assert two.team.posted == []


def test_a_mistake_is_told_too(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two.holder._asked, "_post", lambda day, at: 1 / 0)
    with two.ticking(), pytest.raises(UserError, match="by a mistake of the desk's own"):
        two.other.post_now("", SIX)


def test_where_no_desk_takes_it_nothing_is_sent_later_either(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "PATIENCE", 0)
    with pytest.raises(UserError, match="does not answer: nothing was posted"):
        two.other.post_now("", SIX)
    two.holder.tick(SIX)
    assert two.team.posted == []


def test_what_was_asked_for_long_ago_is_not_sent(two: Two) -> None:
    two.kept.change(
        None, "of a desk that died", lambda _: SummaryRequest(date(2026, 11, 23), SIX - timedelta(minutes=4))
    )
    two.holder.tick(SIX)
    assert two.team.posted == []


def test_one_under_way_is_not_said_to_be_nothing(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "PATIENCE", 0.5)
    begun, go_on = threading.Event(), threading.Event()
    monkeypatch.setattr(two.holder._asked, "_post", lambda day, at: (begun.set(), go_on.wait()))
    with two.ticking():
        try:
            with pytest.raises(UserError, match="Another desk is about to post it"):
                two.other.post_now("", SIX)
            until(begun.is_set, "the other desk")
        finally:
            go_on.set()
