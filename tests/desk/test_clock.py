"""One value describes every back-off."""

from datetime import timedelta

import pytest

from opsdesk.clock import Backoff

SECOND = timedelta(seconds=1)
BACKOFF = Backoff(first=SECOND, longest=60 * SECOND)


@pytest.mark.parametrize(("tries", "seconds"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1_000_000, 60)])
def test_each_pause_is_twice_as_long_as_the_last_up_to_the_longest(tries, seconds):
    assert BACKOFF.after(tries) == seconds * SECOND


@pytest.mark.parametrize(("asked", "seconds"), [(0.5, 4), (30, 30), (600, 600)])
def test_a_pause_is_never_shorter_than_what_was_asked_for(asked, seconds):
    assert BACKOFF.after(3, asked * SECOND) == seconds * SECOND
