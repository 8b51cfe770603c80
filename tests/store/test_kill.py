"""Kills: what was acknowledged is there, whenever the process is killed."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forks import ForkServer
from tests.store.kills import KeepChanging
from tests.store.stage import Shelf

ROUNDS = 200


@pytest.fixture(scope="module")
def forks() -> Iterator[ForkServer]:
    """Where the processes come from that are killed."""
    with ForkServer("tests.store.kills") as forks:
        yield forks


class Expected:
    """What a folder has to hold after what a killed child told."""

    def __init__(self) -> None:
        self.acknowledged: dict[int, str] = {}
        self.unanswered: tuple[int, str] | None = None
        self.count = 0

    def follow(self, told: bytes) -> None:
        self.unanswered = None
        for line in told.decode().splitlines(keepends=True):
            mark, number, text = line.split(" ")
            if not line.endswith("\n"):
                continue
            self.unanswered = (int(number), text.strip()) if mark == "?" else None
            if mark == "!":
                self.acknowledged[int(number)] = text.strip()
                self.count += 1

    def check(self, shelf: Shelf) -> None:
        stored = {event.number: event.text for event in shelf.events.scan()}
        if self.unanswered and stored.get(self.unanswered[0]) == self.unanswered[1]:
            self.acknowledged[self.unanswered[0]] = self.unanswered[1]
        assert stored == self.acknowledged
        assert shelf.events.latest() == len(stored)
        assert {event.number for event in shelf.events.open()} == {e.number for e in shelf.events.scan() if e.open}


def test_no_acknowledged_change_is_lost_in_two_hundred_kills(tmp_path: Path, forks: ForkServer, anew: str) -> None:
    expected, chance = Expected(), random.Random(20261123)
    for turn in range(ROUNDS):
        with forks.forked(KeepChanging(tmp_path, turn, anew)) as (child, pipe):
            told = b"".join(os.read(pipe, 4096) for _ in range(chance.randint(1, 12)))
            time.sleep(chance.uniform(0, 0.003))  # not to wait for anything: to hit any moment of the work
            os.kill(child, signal.SIGKILL)
            told += b"".join(iter(lambda pipe=pipe: os.read(pipe, 65536), b""))
        expected.follow(told)
        shelf = Shelf(tmp_path)
        expected.check(shelf)
        shelf.store.close()
    assert expected.count > ROUNDS
    assert not (tmp_path / "quarantine").exists()
