"""The board beside the 8pm post: however often it is asked, and whatever hangs there, the post does not wait."""

import threading
from collections.abc import Iterator

import pytest

from opsdesk.board import board as door
from opsdesk.board import shelf
from opsdesk.board.views import PageView, Views
from tests.board.stage import WEB, Readers, readers
from tests.patience import LONG

GO_LIVE = "C02UP02HHGX"


@pytest.fixture
def evening(environment, clock) -> Iterator[Readers]:
    """The board half a minute before the post is due."""
    clock.to("2026-11-23 19:59:30")
    with readers(environment | WEB, clock) as board:
        yield board


class Today:
    """Makes the first page, and counts how often; held, it waits until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made, self.begun, self.go_on = 0, threading.Event(), threading.Event()
        pages = {key: self if show is Views.today else show for key, show in door.PAGES.items()}
        monkeypatch.setattr(door, "PAGES", pages)
        self.go_on.set()

    def __call__(self, views: Views) -> PageView:
        self.made += 1
        self.begun.set()
        assert self.go_on.wait(LONG)
        return views.today()


def posted(board: Readers) -> list[str]:
    board.clock.to("2026-11-23 20:00")
    board.desk.ticker.tick_summary()
    return [message.room for message in board.desk.chat.messages]


def test_asked_a_hundred_times_around_the_post_the_heaviest_page_is_made_once(evening, monkeypatch):
    today = Today(monkeypatch)
    monkeypatch.setattr(evening.board._visitors._rate, "_at_once", 1_000)
    statuses = [evening.ask()[1] for _ in range(50)]
    assert posted(evening) == [GO_LIVE]
    statuses += [evening.ask()[1] for _ in range(50)]
    assert (set(statuses), today.made) == ({200}, 1)


def test_a_page_that_hangs_holds_neither_the_post_nor_the_web_server_s_threads(evening, monkeypatch):
    monkeypatch.setattr(shelf, "PATIENCE", 0.01)
    today = Today(monkeypatch)
    today.go_on.clear()
    reader = threading.Thread(target=evening.ask)
    reader.start()
    assert today.begun.wait(LONG)
    assert posted(evening) == [GO_LIVE]
    body, status, headers = evening.ask()  # which another thread of the web server answers at once
    assert (body, status, headers["Retry-After"]) == (b"The desk is busy: ask again in a moment.", 503, "2")
    today.go_on.set()
    reader.join(LONG)
    assert (evening.ask()[1], today.made) == (200, 1)


def test_while_a_page_is_made_anew_everybody_has_the_one_before(evening, monkeypatch):
    today = Today(monkeypatch)
    before = evening.ask()
    monkeypatch.setattr(door, "FRESH_AT_THE_POST", 0.0)
    today.go_on.clear()
    today.begun.clear()
    reader = threading.Thread(target=evening.ask)
    reader.start()
    assert today.begun.wait(LONG)
    assert evening.ask() == before
    today.go_on.set()
    reader.join(LONG)
    assert today.made == 2
