"""Desks behind PgBouncer in transaction pooling, where nothing may rest on a session."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsdesk.store import Duty, NumberedKind
from opsdesk.store.moving import Way, move_records
from opsdesk.store.postgres import database, desks
from opsdesk.store.postgres.database import open_database
from tests.patience import LONG, until
from tests.postgres import server
from tests.store.postgres.pooler import pooled
from tests.store.stage import FOUND_BY, MONDAY, Event, Note, Shelf, furnished

AT = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(desks, "BEAT", 0.1)
    monkeypatch.setattr(database, "AGAIN", 0.1)
    monkeypatch.setattr(desks, "LEASE", LONG)
    with pooled(server(), "bounced") as url:
        yield url


def opened(url: str, folder: Path) -> Shelf:
    return Shelf(folder, opened=lambda path: open_database(url, state_dir=path))


def test_two_desks_of_many_threads_lose_nothing_and_one_of_them_leads(url: str, tmp_path: Path) -> None:
    first, second = opened(url, tmp_path / "first"), opened(url, tmp_path / "second")
    first.add("counted")

    def work(shelf: Shelf, name: str) -> None:
        for number in range(10):
            shelf.add(f"{name} {number}", key=f"key {number}")
            shelf.events.change(1, MONDAY, lambda event: Event(1, event.text + "."))
            shelf.notes.change(None, "all", lambda note: Note((note.text if note else "") + "."))

    threads = [
        threading.Thread(target=work, args=(shelf, f"{side} {number}"))
        for side, shelf in (("first", first), ("second", second))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert [event.number for event in second.events.scan()] == list(range(11, 0, -1))
    assert second.events.get(1) == Event(1, "counted" + "." * 80)
    assert first.notes.get(None, "all") == Note("." * 80)
    assert first.found("coun", labels=["open"]) == [1]
    until(lambda: len(first.store.desks.all()) == len(second.store.desks.all()) == 2, "each to hear of the other")
    assert sorted(shelf.store.desks.duty().name for shelf in (first, second)) == [Duty.LEADS.name, Duty.WAITS.name]
    for shelf in (first, second):
        shelf.store.close()


def test_everything_is_moved_through_it_and_backed_up(url: str, tmp_path: Path) -> None:
    shelf = furnished(tmp_path / "state")
    before = shelf.everything()
    shelf.store.close()
    kind = ("events", Event, lambda event: event.open, FOUND_BY)
    moved = move_records(Way.DATABASE, tmp_path / "state", url, (NumberedKind(*kind),), AT, lambda told: None)
    there = opened(url, tmp_path)
    assert there.everything() == before
    assert there.store.back_up(AT).size > 0
    there.store.close()
    assert move_records(Way.FOLDER, tmp_path / "back", url, (), AT, lambda told: None) == moved
