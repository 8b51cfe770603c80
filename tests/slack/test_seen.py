"""What was received already is known, whatever became of the desk and of its disk."""

import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from opsdesk.slack import seen
from opsdesk.slack.seen import SeenEvent, SeenEvents
from opsdesk.store import open_store
from opsdesk.store.desks import Alone


class Stage:
    """The events of a desk that may be started again, on the store of its folder."""

    def __init__(self, folder, clock):
        self.folder, self.clock, self.store = folder, clock, None
        self.start()

    def start(self):
        if self.store:
            self.store.close()
        self.store = open_store(self.folder)
        self.events = SeenEvents(self.store, self.clock)
        return self.events

    def kept(self):
        """What is stored."""
        return dict(self.store.keyed("seen events", SeenEvent, passing=True).all(None))


@pytest.fixture
def stage(tmp_path, clock):
    stage = Stage(tmp_path, clock)
    yield stage
    stage.store.close()


def test_an_event_is_taken_once(stage):
    assert [stage.events.take(key) for key in ("C01:1.1", "C01:1.1", "C01:1.2")] == [True, False, True]


def test_an_event_that_many_threads_receive_is_taken_once(stage):
    barrier = threading.Barrier(10)

    def take(_):
        barrier.wait()
        return stage.events.take("C01:1.1")

    with ThreadPoolExecutor(10) as threads:
        assert sorted(threads.map(take, range(10))) == [False] * 9 + [True]


class Unheard(Alone):
    """A desk that shares its store and has not heard of any other yet."""

    shared = True

    def __init__(self, name):
        self.name = name

    def is_here(self, name):
        return name == self.name


def test_a_desk_that_has_just_come_is_not_taken_for_gone(stage, clock):
    stage.store.desks = Unheard("second")
    SeenEvents(stage.store, clock).take("C01:1.1", "!incident open VistA timeouts")
    stage.store.desks = Unheard("first")
    first = SeenEvents(stage.store, clock)
    assert first.unfinished == first.left_behind() == {}
    clock.forward(seconds=10)
    assert list(first.left_behind()) == ["C01:1.1"]


def test_what_was_taken_is_known_after_a_restart(stage):
    stage.events.take("C01:1.1")
    assert stage.start().take("C01:1.1") is False


def test_after_ten_minutes_it_is_forgotten(stage, clock):
    stage.events.take("C01:1.1")
    clock.forward(minutes=10)
    assert stage.events.take("C01:1.1") is True


def test_a_command_that_was_begun_and_not_done_is_unfinished(stage):
    stage.events.take("C01:1.1", "!incident open a", "1.0")
    stage.events.take("C01:1.2", "!incident open b")
    stage.events.take("C01:1.3")
    for key in ("C01:1.2", "C01:1.3", "C01:never-taken"):
        stage.events.done(key)
    unfinished = stage.start().unfinished
    assert [(key, one.command, one.thread) for key, one in unfinished.items()] == [
        ("C01:1.1", "!incident open a", "1.0")
    ]


def test_an_unfinished_command_stays_so_however_long_the_desk_was_down(stage, clock):
    stage.events.take("C01:1.1", "!incident open a")
    for _ in range(2):
        clock.forward(hours=12)
        assert list(stage.start().unfinished) == ["C01:1.1"]
    stage.events.done("C01:1.1")
    clock.forward(minutes=1)
    assert stage.start().unfinished == {}


def test_after_the_store_was_closed_events_are_taken_and_nothing_is_written(stage):
    stage.events.take("C01:1.1", "!incident open a")
    stage.store.close()
    stage.events.done("C01:1.1")
    assert [stage.events.take("C01:1.2"), stage.events.take("C01:1.2")] == [True, False]
    assert list(stage.start().unfinished) == ["C01:1.1"]
    assert list(stage.kept()) == ["C01:1.1"]


def test_what_is_no_longer_needed_is_forgotten(stage, clock, monkeypatch):
    monkeypatch.setattr(seen, "FORGET_EVERY", 20)
    stage.events.take("C01:command", "!incident open a")
    for number in range(150):
        stage.events.take(f"C01:{number}")
        clock.forward(minutes=1)
    kept = list(stage.kept())
    assert kept[0] == "C01:command"
    assert len(kept) < 40
    assert stage.events.take("C01:149") is False


@pytest.fixture
def full_disk(monkeypatch):
    """Once told to, takes nothing more, until the fixture's `monkeypatch` is undone."""

    def refuse(*told):
        raise OSError(errno.ENOSPC, "No space left on device")

    return lambda: monkeypatch.setattr(os, "write", refuse)


def test_a_full_disk_loses_no_event(stage, full_disk, monkeypatch):
    stage.events.take("C01:1.1")
    full_disk()
    stage.start()
    assert stage.events.take("C01:1.1") is False
    assert [stage.events.take(f"C01:{number}", "!incident open a") for number in range(50)] == [True] * 50
    assert stage.events.take("C01:49") is False
    stage.events.done("C01:49")
    monkeypatch.undo()
    assert stage.events.take("C01:49") is False
    stage.events.take("C01:later", "!incident open a")
    assert list(stage.start().unfinished) == ["C01:later"]


def test_what_a_full_disk_did_not_take_is_forgotten_after_ten_minutes_too(stage, full_disk, clock):
    full_disk()
    stage.events.take("C01:1.1")
    clock.forward(minutes=10)
    assert [stage.events.take("C01:1.1"), stage.events.take("C01:1.1")] == [True, False]


def test_a_damaged_record_of_events_stops_no_start(stage, tmp_path):
    stage.events.take("C01:1.1")
    stage.store.close()
    for root in ("", "mirror"):
        (tmp_path / root / "passing.json").write_bytes(b"damaged")
    assert stage.start().take("C01:1.1") is True
    assert "passing.json was damaged in both copies" in stage.store.warnings()[0]


def test_a_command_costs_two_durable_changes_and_any_other_event_one(stage, monkeypatch):
    stage.events.take("C01:the first write of a start is of the whole file")
    synced, real = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(handle) or real(handle))
    stage.events.take("C01:1.1", "!incident open a")
    stage.events.done("C01:1.1")
    assert len(synced) == 2
    stage.events.take("C01:1.2")
    stage.events.done("C01:1.2")
    stage.events.take("C01:1.2")
    assert len(synced) == 3
