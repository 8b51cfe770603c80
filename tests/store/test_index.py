"""A damaged, lost or older index: made anew from the days, believed no further than it can be."""

from pathlib import Path

import pytest

from tests.store.harms import HARMS, IN_PARTS, Harm, deleted, emptied
from tests.store.stage import Event, Shelf, day_after, furnished, outcome, written_anew

INDEX = "index.json"


@IN_PARTS
@pytest.mark.parametrize("harm", HARMS)
def test_an_index_lost_in_both_copies_is_made_anew(tmp_path: Path, harm: Harm, in_parts: bool) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    if not in_parts:
        written_anew(tmp_path)
    for root in (tmp_path, tmp_path / "mirror"):
        harm(root / INDEX)
    for told in ("made anew", ""):
        shelf = Shelf(tmp_path)
        assert shelf.everything() == before
        assert told in " ".join(shelf.store.warnings())
        shelf.store.close()
    assert Shelf(tmp_path).add().number == 6


def test_an_index_lost_beside_a_damaged_day_still_names_that_day(tmp_path: Path) -> None:
    furnished(tmp_path).store.close()
    for root in (tmp_path, tmp_path / "mirror"):
        deleted(root / INDEX)
        emptied(root / "days/2026-11-24.json")
    shelf = Shelf(tmp_path)
    assert "2026-11-24" in outcome(lambda: shelf.events.get(3))
    assert "2026-11-24" in outcome(shelf.events.open)
    assert shelf.events.get(5) == Event(5, "event 5")
    assert shelf.add(day=day_after(2)).number == 6


def test_an_older_index_put_back_beside_a_damaged_day_stops_no_start(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    older = (tmp_path / INDEX).read_bytes()
    shelf.add("of a new day", day_after(3))
    shelf.store.close()
    for root in (tmp_path, tmp_path / "mirror"):
        (root / INDEX).write_bytes(older)
        emptied(root / "days/2026-11-26.json")
    shelf = Shelf(tmp_path)
    assert shelf.events.get(5) == Event(5, "event 5")
    assert "2026-11-26" in outcome(lambda: shelf.events.get(6))


def test_an_older_index_put_back_is_found_out(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    shelf.store.close()
    older = {root: (root / INDEX).read_bytes() for root in (tmp_path, tmp_path / "mirror")}
    shelf = Shelf(tmp_path)
    shelf.add("of a new day", day_after(3))
    before = shelf.everything()
    shelf.store.close()
    for root, data in older.items():
        (root / INDEX).write_bytes(data)
    assert Shelf(tmp_path).everything() == before


def test_an_index_taken_from_its_second_copy_is_not_believed(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    older = (tmp_path / INDEX).read_bytes()
    shelf.reopen(3)
    before = shelf.everything()
    shelf.store.close()
    (tmp_path / "mirror" / INDEX).write_bytes(older)
    emptied(tmp_path / INDEX)
    for _ in range(2):
        shelf = Shelf(tmp_path)
        assert shelf.everything() == before
        shelf.store.close()


def test_an_index_cut_at_its_end_without_its_second_copy_is_not_believed(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    shelf.reopen(3)
    before = shelf.everything()
    shelf.store.close()
    index = tmp_path / INDEX
    index.write_bytes(index.read_bytes()[:-7])
    deleted(tmp_path / "mirror" / INDEX)
    shelf = Shelf(tmp_path)
    assert shelf.everything() == before
    assert "made anew" in shelf.store.warnings()[-1]
