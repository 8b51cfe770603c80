"""Jobs that fail are done again later, and keep no others waiting but those about the same thing."""

import threading
from datetime import timedelta

import pytest

from opsdesk.chat import outbox as jobs
from opsdesk.chat.chat import SendError
from opsdesk.chat.outbox import Job, Outbox
from opsdesk.clock import Backoff
from tests.patience import LONG

IN_AN_HOUR = SendError("Slack asks to wait 3600 seconds", retry_after=timedelta(hours=1))
BUSY = SendError("Slack asks to wait 0 seconds", retry_after=timedelta(0))


class Work:
    """What was done, in order; `faults` are met by the next jobs of that name. The first waits for `begin`."""

    def __init__(self):
        self.jobs, self.begin = Outbox(), threading.Event()
        self.done, self.failed, self.faults = [], [], {}
        self.jobs.add(Job("beginning", lambda: self.begin.wait(LONG), print))

    def add(self, name, about="", **more):
        self.jobs.add(Job(name, lambda: self.do(name), self.failed.append, about=about, **more))

    def do(self, name):
        if self.faults.get(name):
            raise self.faults[name].pop(0)
        self.done.append(name)

    def until(self, name):
        """Does what was added, and another job last."""
        over = threading.Event()
        self.jobs.add(Job(name, over.set, print))
        self.begin.set()
        assert over.wait(LONG)


@pytest.fixture
def work(monkeypatch):
    monkeypatch.setattr(jobs, "BACKOFF", Backoff(timedelta(milliseconds=1), timedelta(milliseconds=1)))
    work = Work()
    yield work
    work.begin.set()
    work.jobs.close()


def test_a_job_that_waits_for_an_hour_keeps_no_other_waiting(work):
    work.faults = {"first": [IN_AN_HOUR]}
    work.add("first")
    work.add("second")
    work.until("the end")
    assert work.done == ["second"]


def test_jobs_about_the_same_thing_keep_their_order(work):
    work.faults = {"lost": [IN_AN_HOUR]}
    work.add("lost", about="the connection")
    work.add("back", about="the connection")
    work.add("other")
    work.until("the end")
    assert work.done == ["other"]


def test_a_job_that_failed_comes_before_later_ones_about_the_same_thing(work):
    work.faults = {"on": [BUSY, BUSY]}
    over = threading.Event()
    for name in ("on", "off", "on"):
        work.add(name, about="a message")
    work.jobs.add(Job("over", over.set, print, about="a message"))
    work.begin.set()
    assert over.wait(LONG)
    assert work.done == ["on", "off", "on"]


def test_of_two_jobs_with_one_name_only_one_waits(work):
    work.add("same")
    work.add("same")
    work.until("the end")
    assert work.done == ["same"]


def test_a_job_that_has_to_wait_does_not_keep_the_desk_from_stopping(work):
    work.faults = {"first": [IN_AN_HOUR]}
    work.add("first")
    work.until("the end")
    work.jobs.close()
    assert not work.jobs._thread.is_alive()
    assert (work.done, work.failed) == ([], [])


def test_a_job_is_given_up_after_its_last_attempt(work):
    work.faults = {"first": [BUSY] * jobs.ATTEMPTS}
    over = threading.Event()
    work.jobs.add(Job("first", lambda: work.do("first"), lambda reason: (work.failed.append(reason), over.set())))
    work.begin.set()
    assert over.wait(LONG)
    assert (work.done, work.failed) == ([], [BUSY.reason])


def test_each_of_many_jobs_is_looked_at_a_few_times(work, monkeypatch):
    looked, lane = [], Job.lane.fget
    monkeypatch.setattr(Job, "lane", property(lambda job: looked.append(job.name) or lane(job)))
    for number in range(1_000):
        work.add(f"card {number}")
    work.until("the end")
    assert len(work.done) == 1_000
    assert len(looked) < 20_000
