"""What is read of the embedded store's files, and when: no more than an answer needs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.stage import MONDAY, Event, Shelf, day_after, furnished


def test_no_more_is_read_than_has_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = furnished(tmp_path / "state")
    read: list[str] = []
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        read.append(path.name)
        return real(path)

    def read_by(ask: Callable[[Shelf], object]) -> set[str]:
        nonlocal shelf
        shelf = shelf.again()
        read.clear()
        ask(shelf)
        return set(read)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    monday, tuesday, wednesday = (f"{day_after(later)}.json" for later in range(3))
    assert read_by(lambda shelf: None) == set()
    assert read_by(lambda shelf: shelf.events.get(3)) == {tuesday}
    assert read_by(lambda shelf: shelf.events.open()) == {monday, wednesday}
    assert read_by(lambda shelf: shelf.events.touched(day_after(1), day_after(1))) == {tuesday}
    assert read_by(lambda shelf: shelf.events.touched(day_after(2), day_after(2))) == {monday, wednesday}
    assert read_by(lambda shelf: shelf.add(day=day_after(2), key="k")) == {tuesday, wednesday}


def test_days_without_open_records_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = furnished(tmp_path / "state")
    assert [event.number for event in shelf.events.open()] == [5]
    shelf.add("the first of a new day, so that the index is written", day_after(3))
    shelf = shelf.again()
    read: list[str] = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))
    assert [event.number for event in shelf.events.open()] == [5, 6]
    assert set(read) == {f"{day_after(2)}.json", f"{day_after(3)}.json"}


def test_a_table_that_is_new_on_an_old_folder_starts_at_one(tmp_path: Path) -> None:
    shelf = furnished(tmp_path).again()
    added = shelf.store.numbered("alerts", Event, lambda _: True)
    assert (added.latest(), list(added.open()), added.add(MONDAY, Event).number) == (0, [], 1)


@pytest.mark.parametrize(("room", "kept"), [(10_000_000, 10), (0, 2)])
def test_days_that_hold_much_stay_in_memory_for_a_shorter_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int, kept: int
) -> None:
    monkeypatch.setattr("opsdesk.store.tinydb.recent.KEPT_BYTES", room)
    shelf = Shelf(tmp_path)
    for later in range(12):
        shelf.add(day=day_after(later), is_open=False)
    read: list[str] = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))
    assert [shelf.events.get(number) is not None for number in range(12, 0, -1)] == [True] * 12
    assert len([name for name in read if name != "index.json"]) == 2 * (12 - kept)  # both copies of each
