"""What people type waits its turn in several lanes at once: their own, their thread's, their incident's."""

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from opsdesk.workers import Lanes
from tests.patience import LONG


def test_work_about_two_things_waits_for_both_and_holds_both():
    lanes, done, held = Lanes(4, "work"), [], [threading.Event(), threading.Event()]
    lanes.add("alice", lambda: held[0].wait(LONG))
    lanes.add("thread", lambda: held[1].wait(LONG))
    lanes.add(("alice", "thread", "#1"), lambda: done.append("both"))
    lanes.add("#1", lambda: done.append("behind"))
    held[1].set()
    free = threading.Event()
    lanes.add("thread of its own", free.set)
    assert free.wait(LONG)
    assert done == []
    held[0].set()
    assert lanes.close(20)
    assert done == ["both", "behind"]


def test_what_was_typed_earlier_and_arrives_later_is_done_earlier_unless_that_has_begun():
    lanes, done, held = Lanes(4, "work"), [], threading.Event()
    lanes.add(("alice", "#1"), lambda: held.wait(LONG), at=5)
    for at in (9, 7, 3, 8):
        lanes.add(("alice", "#1") if at % 2 else ("#1", "bob"), lambda at=at: done.append(at), at=at)
    held.set()
    assert lanes.close(20)
    assert done == [3, 7, 8, 9]


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sets(st.sampled_from("abc"), min_size=1), st.integers(0, 9)), max_size=30))
def test_whatever_the_lanes_no_work_waits_for_ever(some):
    lanes, done = Lanes(3, "work"), []
    for number, (where, at) in enumerate(some):
        lanes.add(sorted(where), lambda number=number: done.append(number), at=at if at else None)
    assert lanes.close(LONG)
    assert sorted(done) == list(range(len(some)))
