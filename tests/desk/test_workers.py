"""Work about one thing is done in order, and other work meanwhile."""

import os
import subprocess
import sys
import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from opsdesk.workers import Lanes, Repeating
from tests.conftest import ROOT
from tests.patience import LONG


def test_work_about_one_thing_is_done_in_order_and_other_work_meanwhile():
    lanes, done, held = Lanes(4, "work"), [], threading.Event()
    lanes.add("one", lambda: held.wait(LONG))
    for number in range(50):
        lanes.add("one", lambda number=number: done.append(number))
    other = threading.Event()
    lanes.add("other", other.set)
    assert other.wait(LONG)
    assert done == []
    held.set()
    assert lanes.close(20)
    assert done == list(range(50))


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


def test_work_that_comes_at_the_end_is_done_all_the_same():
    lanes, done = Lanes(1, "work"), []
    assert lanes.close(20)
    lanes.add("one", lambda: done.append("late"))
    assert done == ["late"]


def test_the_end_waits_no_longer_than_it_is_told_to():
    lanes, held = Lanes(1, "work"), threading.Event()
    lanes.add("one", lambda: held.wait(LONG))
    assert lanes.close(0.01) is False
    held.set()
    assert lanes.close(20) is True


def test_work_that_hangs_does_not_keep_the_desk_from_stopping():
    hanging = """
import threading
from opsdesk.workers import Lanes
lanes = Lanes(1, "work")
lanes.add("one", threading.Event().wait)
assert lanes.close(0.01) is False
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "plugins")}
    assert subprocess.run([sys.executable, "-c", hanging], env=environment, timeout=LONG, check=False).returncode == 0


def test_a_job_that_repeats_is_done_when_it_says_so_whatever_it_raises():
    again, done = iter([0.0, 0.0, None, 0.0]), threading.Event()

    def job() -> float | None:
        try:
            due = next(again)
        except StopIteration:
            done.set()
            return 3600
        if due is None:
            raise ZeroDivisionError
        return due

    repeating = Repeating(job, 0.01, "repeating")
    assert done.wait(60)
    repeating.close()


def test_a_job_that_hangs_does_not_keep_the_end_waiting():
    held = threading.Event()
    repeating = Repeating(lambda: held.wait(60) and None, 0.01, "hanging")
    repeating.close(0.01)
    held.set()
