"""The 8pm post while the board's heaviest page is asked for 50 times a second, over HTTP, by as many readers."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, request

from opsdesk import web
from opsdesk.board import asked_of
from tests.board.stage import WEB, Readers, readers
from tests.ports import free_port

EACH_SECOND, SECONDS, THREADS = 50, 8, 10
INCIDENTS = 200
LATE = 1.0  # seconds that the post may be later than without the board

Tell = Callable[..., None]


@pytest.fixture
def board(environment, clock) -> Iterator[Readers]:
    """A desk with a busy day, just before 8pm."""
    clock.to("2026-11-23 13:12")
    with readers(environment | WEB, clock) as board:
        for number in range(INCIDENTS):
            board.open(f"VistA timeouts, number {number}", severity=2, subsystem="vista")
        board.board._visitors._rate._at_once = 10_000.0  # it is one address that asks here for all readers
        clock.to("2026-11-23 19:59:50")
        yield board


@contextmanager
def served(board: Readers, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    application = Flask("board")
    application.add_url_rule("/board", "first", lambda: board.board.answer(asked_of(request)))
    monkeypatch.setattr("errbot.core_plugins.flask_app", application)
    server = web.serve(place := f"127.0.0.1:{free_port()}", object())
    yield place
    server.close()


class Readership:
    """As many requests a second as were asked for, whether they are answered soon or late."""

    def __init__(self, place: str) -> None:
        self.statuses: list[int] = []
        self.taken: list[float] = []
        self._place, self._over = place, threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(THREADS)]

    def __enter__(self) -> "Readership":
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._over.set()
        for one in self._threads:
            one.join()

    def _read(self) -> None:
        connection = http.client.HTTPConnection(self._place, timeout=30)
        while not self._over.wait(THREADS / EACH_SECOND):
            start = time.perf_counter()
            connection.request("GET", "/board")
            answer = connection.getresponse()
            answer.read()
            self.statuses.append(answer.status)
            self.taken.append(time.perf_counter() - start)


def posting(board: Readers) -> float:
    """How long the desk takes to post the day, in seconds."""
    board.clock.to("2026-11-23 20:00")
    start = time.perf_counter()
    board.desk.ticker.tick_summary()
    took = time.perf_counter() - start
    assert len(board.desk.chat.messages) == 1
    return took


def test_the_post_goes_out_while_the_board_is_asked_50_times_a_second(board, monkeypatch, tell: Tell):
    with served(board, monkeypatch) as place, Readership(place) as readership:
        time.sleep(SECONDS / 2)
        took = posting(board)
        time.sleep(SECONDS / 2)
    asked, slowest = len(readership.statuses), max(readership.taken)
    often, longest = f"{asked / SECONDS:.0f} requests a second", f"slowest {slowest * 1000:.0f} ms"
    tell("the post beside the board", f"{took * 1000:.0f} ms", often, longest)
    assert set(readership.statuses) <= {200, 503}
    assert asked > SECONDS * EACH_SECOND / 4
    assert took < LATE
