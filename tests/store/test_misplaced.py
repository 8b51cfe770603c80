"""Files in the wrong places: another day's, an older index, a stray one. None is taken for what it is not."""

import shutil
from pathlib import Path

import pytest

from tests.store.stage import Event, Shelf, day_after, furnished, outcome

MONDAY, TUESDAY, UNDATED, INDEX = "days/2026-11-23.json", "days/2026-11-24.json", "undated.json", "index.json"
BOTH = ("", "mirror")


def busy(folder: Path) -> Shelf:
    """A shelf whose Tuesday was changed more often than any other file."""
    shelf = furnished(folder)
    for turn in range(20):
        shelf.say(3, f"busy {turn}", day_after(1))
    return shelf


@pytest.mark.parametrize("root", BOTH)
@pytest.mark.parametrize("place", [MONDAY, UNDATED, INDEX])
def test_a_file_in_the_place_of_another_is_set_aside_and_told(tmp_path: Path, place: str, root: str) -> None:
    shelf = busy(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    foreign = (tmp_path / TUESDAY).read_bytes()
    (tmp_path / root / place).write_bytes(foreign)
    shelf = Shelf(tmp_path)
    assert shelf.everything() == before
    assert any(str(tmp_path / root / place) in words for words in shelf.store.warnings())
    assert [kept.read_bytes() for kept in (tmp_path / root / "quarantine").iterdir()] == [foreign]


def test_a_file_in_the_place_of_both_copies_is_not_read_as_theirs(tmp_path: Path) -> None:
    busy(tmp_path).store.close()
    for root in BOTH:
        shutil.copy(tmp_path / TUESDAY, tmp_path / root / MONDAY)
    assert "on 2026-11-23 cannot be read" in outcome(lambda: Shelf(tmp_path).events.get(1))


def test_a_file_from_before_names_were_sealed_does_not_win_over_one_that_tells_its_own(tmp_path: Path) -> None:
    older = Path(__file__).parents[1] / "recordings" / "store_schema_1" / TUESDAY
    shelf = Shelf(tmp_path)
    shelf.add("of Monday")
    shelf.store.close()
    shutil.copy(older, tmp_path / MONDAY)
    assert Shelf(tmp_path).events.get(1) == Event(1, "of Monday")


def older_index(folder: Path, shelf: Shelf, change: object) -> Shelf:
    """The folder with its index as it was before the change."""
    index = (folder / INDEX).read_bytes()
    change()
    shelf.store.close()
    for root in BOTH:
        (folder / root / INDEX).write_bytes(index)
    return Shelf(folder)


@pytest.mark.parametrize("later", [2, 3, 9])
def test_an_older_index_has_no_number_given_out_again(tmp_path: Path, later: int) -> None:
    shelf = furnished(tmp_path)
    shelf.note(day_after(3), "k", "so that the day is listed")
    shelf = older_index(tmp_path, shelf, lambda: shelf.add("not listed", day_after(3)))
    added = shelf.add("the next", day_after(later))
    assert (added.number, shelf.events.get(6).text) == (7, "not listed")
    shelf = shelf.again()
    assert [event.number for event in shelf.events.open()] == [5, 6, 7]
    assert shelf.events.get(7) == added


def test_a_stray_file_with_the_name_of_a_day_is_told_of_and_stops_nothing(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    stray = tmp_path / "days" / "2026-12-23.json"
    stray.touch()
    shelf = Shelf(tmp_path)
    assert any(str(stray) in words for words in shelf.store.warnings())
    for again in (shelf, None):
        shelf = again or Shelf(tmp_path)
        assert shelf.everything() == before
        shelf.store.close()
        stray.unlink(missing_ok=True)
    assert Shelf(tmp_path).add().number == 6


def test_a_stray_file_does_not_keep_a_first_start_from_being_one(tmp_path: Path) -> None:
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "2026-12-23.json").touch()
    shelf = Shelf(tmp_path)
    shelf.note(None, "k", "stored")
    assert shelf.add().number == 1
