"""The search files: worked out of the days' files, believed only of them as they are, and missed by nobody."""

import os
import shutil
from pathlib import Path

import pytest

from opsdesk.store import Unreadable
from tests.store.harms import HARMS, Harm
from tests.store.stage import Shelf, day_after, furnished

MONDAY = "search/events/2026-11-23.txt"


@pytest.fixture
def searched(tmp_path: Path) -> Shelf:
    """A furnished shelf whose search files are there, but for that of the newest day."""
    shelf = furnished(tmp_path)
    assert shelf.found("event") == [5, 4, 3, 2]
    return shelf


def test_a_day_is_read_once_and_its_search_file_from_then_on(searched: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted(path.name for path in (searched.folder / "search" / "events").iterdir())
    assert files == [f"{day_after(0)}.txt", f"{day_after(1)}.txt"]
    read: list[str] = []
    real = Path.read_bytes
    shelf = searched.again()
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))
    assert shelf.found("again") == [1]
    assert {name for name in read if name.startswith("2026")} == {f"{day_after(2)}.json"}


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_search_file_is_worked_out_again(searched: Shelf, harm: Harm) -> None:
    whole = (searched.folder / MONDAY).read_bytes()
    harm(searched.folder / MONDAY)
    assert searched.found("event") == [5, 4, 3, 2]
    assert searched.found(labels=["closed"]) == [4, 3, 2, 1]
    assert searched.store.warnings() == ()
    if (searched.folder / MONDAY).is_file():
        assert (searched.folder / MONDAY).read_bytes() == whole


def test_search_files_may_be_lost_and_may_not_be_written(searched: Shelf) -> None:
    shutil.rmtree(searched.folder / "search")
    (searched.folder / "search").write_text("in the way")
    assert searched.found("event") == [5, 4, 3, 2]
    assert searched.store.warnings() == ()


def test_a_search_file_of_another_day_is_not_believed(searched: Shelf) -> None:
    shutil.copy(searched.folder / "search/events" / f"{day_after(1)}.txt", searched.folder / MONDAY)
    assert searched.found("event") == [5, 4, 3, 2]


def test_a_day_put_in_the_place_of_another_version_of_it_is_searched_as_it_is(searched: Shelf) -> None:
    former = {root: (searched.folder / root / "days/2026-11-23.json").read_bytes() for root in ("", "mirror")}
    searched.say(2, "said since", day_after(3))
    assert searched.found("since") == [2]
    searched.store.close()
    for root, data in former.items():
        (searched.folder / root / "days/2026-11-23.json").write_bytes(data)
    assert Shelf(searched.folder).found("since") == []


def test_a_lost_day_is_left_out_for_whoever_hears_of_it(searched: Shelf) -> None:
    searched.store.close()
    for root in ("", "mirror"):
        (searched.folder / root / "days/2026-11-24.json").write_bytes(b"")
    shelf, lost = Shelf(searched.folder), []
    assert [number for batch in shelf.events.find(("event",), (), lost.append) for number in batch] == [5, 2]
    assert [event.number for event in shelf.events.some([5, 3, 2], lost.append)] == [5, 2]
    assert lost == [day_after(1)] * 2
    with pytest.raises(Unreadable, match="on 2026-11-24 cannot be read"):
        shelf.found("event")


def test_a_search_holds_the_store_for_no_longer_than_a_day_is_read(
    searched: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes long, reading the search files, is done while others may change everything."""
    real, changed = os.read, []

    def read(handle: int, size: int) -> bytes:
        changed.append(searched.add("while it goes on", day_after(4)).number)
        return real(handle, size)

    monkeypatch.setattr(os, "read", read)
    assert searched.found("event") == [5, 4, 3, 2]
    assert len(changed) == 2
