"""Work about one thing is done in order, and other work meanwhile."""

import os
import subprocess
import sys
import threading

import pytest

from opsdesk import workers
from opsdesk.chat import Job, Outbox
from opsdesk.workers import Lanes, Repeating, Urgent, Workers
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


@pytest.mark.parametrize("failed", [ZeroDivisionError, SystemExit])
def test_work_that_fails_holds_up_nothing_behind_it(failed):
    def fails():
        raise failed

    lanes, done = Lanes(1, "work"), []
    lanes.add("one", fails)
    lanes.add("one", lambda: done.append("behind"))
    assert lanes.close(LONG)
    assert done == ["behind"]


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


def test_a_thread_that_is_done_does_what_comes_next_and_ends_once_nothing_does(monkeypatch):
    worker = Workers(1, "work")
    first = worker.do(threading.current_thread).result(LONG)
    assert worker.do(threading.current_thread).result(LONG) is first
    monkeypatch.setattr(workers, "IDLE", 0.0)
    soon = Workers(1, "work").do(threading.current_thread).result(LONG)
    soon.join(LONG)
    assert not soon.is_alive()


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
    assert done.wait(LONG)
    repeating.close()


def test_a_job_that_hangs_does_not_keep_the_end_waiting():
    held = threading.Event()
    repeating = Repeating(lambda: held.wait(LONG) and None, 0.01, "hanging")
    repeating.close(0.01)
    held.set()


def test_what_nobody_waits_for_waits_until_all_that_somebody_waits_for_is_done() -> None:
    urgent, seen = Urgent(), list[bool]()
    assert urgent.is_over(0)
    with urgent:
        with urgent:
            assert not urgent.is_over(0)
        assert not urgent.is_over(0)
        waiting = threading.Thread(target=lambda: seen.append(urgent.is_over(LONG)))
        waiting.start()
    waiting.join(LONG)
    assert seen == [True]


def test_what_fails_is_waited_for_no_longer() -> None:
    urgent = Urgent()
    with pytest.raises(ZeroDivisionError), urgent:
        1 // 0  # noqa: B018
    assert urgent.is_over(0)


@pytest.fixture
def no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine has no thread to give, until the test undoes that."""

    def start(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)


@pytest.mark.usefixtures("no_thread")
def test_where_the_machine_has_no_thread_to_give_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    workers, outbox, sent = Workers(1, "work"), Outbox(), threading.Event()
    assert workers.do(lambda: "done at once").result(0) == "done at once"
    outbox.add(Job("first", lambda: None, print))
    monkeypatch.undo()
    assert workers.do(lambda: "done in a thread").result(LONG) == "done in a thread"
    outbox.add(Job("second", sent.set, print))
    assert sent.wait(LONG)
    outbox.close()
