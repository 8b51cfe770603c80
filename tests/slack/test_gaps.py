"""Whether the desk listened to Slack, and when what was typed meanwhile is read back."""

from datetime import timedelta

import pytest

from opsdesk.slack.gaps import OVERLAP, SETTLED_AFTER, Gap, Gaps
from opsdesk.slack.seen import SeenEvents
from opsdesk.store import open_store


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path / "state")
    yield store
    store.close()


@pytest.fixture
def gaps(store, clock):
    gaps = Gaps(store, clock)
    gaps.follow(True)
    return gaps


def read(gaps):
    """The gaps that are due now, read back one after the other."""
    found = []
    while gap := gaps.due():
        found.append(gap)
        gaps.done(gap)
    return found


def test_a_desk_that_listens_has_nothing_to_read_back(gaps, clock):
    for _ in range(20):
        clock.forward(minutes=10)
        gaps.follow(True)
    assert read(gaps) == []


def test_before_its_first_start_nobody_typed_to_it(store, clock):
    gaps = Gaps(store, clock)
    gaps.follow(True)
    assert read(gaps) == []


def test_a_socket_that_comes_back_within_a_minute_leaves_no_gap(gaps, clock):
    gaps.follow(False)
    clock.forward(seconds=50)
    gaps.follow(True)
    clock.forward(minutes=10)
    assert read(gaps) == []


def test_what_slack_delivers_no_more_is_read_back_at_once_and_the_rest_once_it_has(gaps, clock):
    lost = clock()
    gaps.follow(False)
    clock.forward(minutes=40)
    back = clock()
    gaps.follow(True)
    assert read(gaps) == [Gap(lost - OVERLAP, back - SETTLED_AFTER, back)]
    assert read(gaps) == []
    clock.forward(minutes=6)
    assert read(gaps) == [Gap(back - SETTLED_AFTER, back + OVERLAP, clock())]
    assert read(gaps) == []


def test_a_desk_that_was_away_reads_back_a_day_at_most(gaps, store, clock):
    clock.forward(days=3)
    again = Gaps(store, clock)
    again.follow(True)
    assert again.due().since == clock() - timedelta(days=1) - OVERLAP


def test_a_gap_is_kept_over_another_end_until_it_is_read(gaps, store, clock):
    clock.forward(minutes=40)
    Gaps(store, clock).follow(True)
    (gap,) = [Gaps(store, clock).due()]
    clock.forward(seconds=40)
    third = Gaps(store, clock)
    third.follow(True)
    assert third.due() == gap
    clock.forward(days=1, minutes=7)
    assert third.due() is None


def test_what_was_handled_before_a_gap_is_known_until_it_is_read_back(store, clock, gaps):
    seen = SeenEvents(store, clock, gaps.needed_since)
    clock.forward(seconds=40)
    gaps.follow(True)
    assert seen.take("C01:1", "!incident open x")
    seen.done("C01:1")
    gaps.follow(False)
    clock.forward(hours=2)
    after = Gaps(store, clock)
    known = SeenEvents(store, clock, after.needed_since)
    after.follow(True)
    assert known.holds("C01:1")
    clock.forward(minutes=7)
    read(after)
    after.follow(True)
    clock.forward(minutes=11)
    assert not SeenEvents(store, clock, after.needed_since).holds("C01:1")
