"""Damaged files: taken from the other copy, set aside and told; never overwritten, never silently empty."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.store import NotStored, Unreadable
from opsdesk.store.tinydb.sealed import Broken, unseal
from tests.store.harms import HARMS, IN_PARTS, Harm, changed_in_the_middle, cut_in_half, deleted, emptied
from tests.store.stage import Event, Shelf, day_after, furnished, outcome, written_anew

FILES = ("days/2026-11-23.json", "index.json", "undated.json")
DAY, INDEX, UNDATED = FILES


@IN_PARTS
@pytest.mark.parametrize("root", ["", "mirror"])
@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("harm", HARMS)
def test_one_damaged_copy_costs_nothing_and_is_told(
    tmp_path: Path, harm: Harm, file: str, root: str, in_parts: bool
) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    if not in_parts:
        written_anew(tmp_path)
    path = tmp_path / root / file
    harm(path)
    damaged = path.read_bytes() if path.is_file() else None
    # A second copy that ends with fewer changes, or within one, is what a power cut leaves of it: nothing to tell of.
    as_after_a_power_cut = in_parts and root == "mirror" and harm is cut_in_half

    shelf = Shelf(tmp_path)
    assert shelf.everything() == before
    assert any(str(path) in words for words in shelf.store.warnings()) != as_after_a_power_cut
    kept = [aside for aside in (tmp_path / root / "quarantine").rglob("*") if aside.is_file()]
    assert [aside.read_bytes() for aside in kept] == ([] if damaged is None or as_after_a_power_cut else [damaged])

    shelf = shelf.again()
    assert shelf.everything() == before
    assert shelf.store.warnings() == ()
    assert shelf.add().number == 6


@IN_PARTS
@pytest.mark.parametrize("file", [DAY, UNDATED])
@pytest.mark.parametrize("harm", HARMS)
def test_two_damaged_copies_are_refused_by_name_and_left_alone(
    tmp_path: Path, harm: Harm, file: str, in_parts: bool
) -> None:
    furnished(tmp_path).store.close()
    if not in_parts:
        written_anew(tmp_path)
    paths = (tmp_path / file, tmp_path / "mirror" / file)
    for path in paths:
        harm(path)
    before = [path.read_bytes() if path.is_file() else None for path in paths]

    shelf = Shelf(tmp_path)
    asked: list[Callable[[], object]] = (
        [lambda: shelf.notes.all(None), lambda: shelf.note(None, "k", "new")]
        if file == UNDATED
        else [lambda: shelf.events.get(1), lambda: shelf.say(1, "new"), shelf.add, lambda: list(shelf.events.scan())]
    )
    for ask in asked:
        with pytest.raises(Unreadable, match=r"on 2026-11-23|to no day") as told:
            ask()
        assert "Nothing was touched" in str(told.value)
    assert [path.read_bytes() if path.is_file() else None for path in paths] == before


def test_other_days_go_on_beside_a_damaged_one(tmp_path: Path) -> None:
    furnished(tmp_path).store.close()
    for root in (tmp_path, tmp_path / "mirror"):
        emptied(root / DAY)
    shelf = Shelf(tmp_path)
    assert shelf.events.get(3) == Event(3, "event 3", open=False)
    assert [event.number for event in shelf.events.touched(day_after(1), day_after(1))] == [3, 4]
    assert shelf.add("the next", day_after(3), key="k").number == 6


def test_numbers_go_on_without_the_last_day_and_none_is_used_twice(tmp_path: Path) -> None:
    furnished(tmp_path).store.close()
    for root in (tmp_path, tmp_path / "mirror"):
        emptied(root / "days/2026-11-25.json")
    shelf = Shelf(tmp_path)
    assert shelf.add("while it is damaged", day_after(3)).number > 5
    assert shelf.add("and another", day_after(3)).number > 6


def test_the_folder_of_days_can_be_lost_whole(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    shutil.rmtree(tmp_path / "days")
    assert Shelf(tmp_path).everything() == before


def test_the_second_copies_can_be_lost_whole(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    shutil.rmtree(tmp_path / "mirror")
    shelf = Shelf(tmp_path)
    assert shelf.everything() == before
    assert (tmp_path / "mirror" / DAY).read_bytes() == (tmp_path / DAY).read_bytes()


def test_the_newer_copy_counts(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    older = (tmp_path / DAY).read_bytes()
    shelf.say(2, "the last word")
    shelf.store.close()

    (tmp_path / "mirror" / DAY).write_bytes(older)
    shelf = Shelf(tmp_path)
    assert shelf.events.get(2).text == "the last word"
    assert shelf.store.warnings() == ()  # what a stop between the two writes leaves behind
    shelf.store.close()

    (tmp_path / DAY).write_bytes(older)
    shelf = Shelf(tmp_path)
    assert shelf.events.get(2).text == "the last word"
    assert "outdated" in shelf.store.warnings()[0]


@IN_PARTS
@pytest.mark.parametrize("harm", HARMS)
def test_a_file_damaged_while_the_desk_runs_is_set_aside_before_it_is_written(
    tmp_path: Path, harm: Harm, in_parts: bool
) -> None:
    shelf = furnished(tmp_path)
    if not in_parts:
        written_anew(tmp_path)
    harm(tmp_path / DAY)
    damaged = (tmp_path / DAY).read_bytes() if (tmp_path / DAY).is_file() else None
    shelf.say(2, "the last word")
    assert len(shelf.store.warnings()) == 1
    if damaged is not None:
        assert (tmp_path / "quarantine" / "2026-11-23.json.1").read_bytes() == damaged
    assert shelf.again().events.get(2).text == "the last word"


@pytest.mark.parametrize("harm", [emptied, changed_in_the_middle])
def test_a_damaged_file_that_cannot_be_set_aside_is_not_overwritten(tmp_path: Path, harm: Harm) -> None:
    furnished(tmp_path).store.close()
    harm(tmp_path / DAY)
    damaged = (tmp_path / DAY).read_bytes()
    in_the_way = tmp_path / "quarantine"
    in_the_way.touch()
    shelf = Shelf(tmp_path)
    assert shelf.events.get(2) == Event(2, "event 2", open=False)
    for _ in range(2):
        with pytest.raises(NotStored, match="there is a file where a folder should be"):
            shelf.say(2, "the last word")
        assert (tmp_path / DAY).read_bytes() == damaged
    in_the_way.unlink()
    shelf.say(2, "the last word")
    assert (tmp_path / "quarantine" / "2026-11-23.json.1").read_bytes() == damaged
    assert shelf.again().events.get(2).text == "the last word"


def test_a_damaged_file_is_not_overwritten_because_its_second_copy_cannot_be_mended_either(tmp_path: Path) -> None:
    furnished(tmp_path).store.close()
    changed_in_the_middle(tmp_path / DAY)
    damaged, second = (tmp_path / DAY).read_bytes(), tmp_path / "mirror" / DAY
    second.write_bytes(second.read_bytes()[:-7])
    for root in (tmp_path, tmp_path / "mirror"):
        (root / "quarantine").touch()
    shelf = Shelf(tmp_path)
    with pytest.raises(NotStored, match="there is a file where a folder should be"):
        shelf.say(2, "the last word")
    assert (tmp_path / DAY).read_bytes() == damaged


def test_what_cannot_be_mended_is_kept_once_however_often_it_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnished(tmp_path).store.close()
    changed_in_the_middle(tmp_path / DAY)
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if target == tmp_path / DAY:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(source, target)

    with monkeypatch.context() as disk:
        disk.setattr(os, "replace", replace)
        for _ in range(3):
            shelf = Shelf(tmp_path)
            with pytest.raises(NotStored):
                shelf.say(2, "refused")
            shelf.store.close()
        assert list((tmp_path / "quarantine").iterdir()) == []
    Shelf(tmp_path).everything()
    assert len(list((tmp_path / "quarantine").iterdir())) == 1


def test_copies_that_are_damaged_differently_are_told_as_they_are(tmp_path: Path) -> None:
    furnished(tmp_path).store.close()
    deleted(tmp_path / DAY)
    emptied(tmp_path / "mirror" / DAY)
    told = outcome(lambda: Shelf(tmp_path).events.get(1))
    assert f"{tmp_path / DAY} is missing, {tmp_path / 'mirror' / DAY} is empty." in told


def test_a_good_copy_put_in_the_place_of_a_damaged_one_is_taken_at_once(tmp_path: Path) -> None:
    furnished(tmp_path).store.close()
    emptied(tmp_path / DAY)
    (tmp_path / "quarantine").touch()
    shelf = Shelf(tmp_path)
    assert shelf.events.get(2) == Event(2, "event 2", open=False)
    shutil.copy(tmp_path / "mirror" / DAY, tmp_path / DAY)
    shelf.say(2, "the last word")
    assert shelf.again().events.get(2).text == "the last word"


def test_a_file_that_cannot_be_read_just_now_is_not_taken_for_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = furnished(tmp_path).again()
    before = (tmp_path / DAY).stat()
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path == tmp_path / DAY:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return real(path)

    with monkeypatch.context() as disk:
        disk.setattr(Path, "read_bytes", read_bytes)
        with pytest.raises(Unreadable, match="on 2026-11-23 cannot be read at present: Too many open files"):
            shelf.events.get(1)
    assert shelf.events.get(2) == Event(2, "event 2", open=False)
    assert (tmp_path / DAY).stat().st_ino == before.st_ino
    assert not (tmp_path / "quarantine").exists()


def test_what_is_set_aside_has_a_name_of_its_own_each_time(tmp_path: Path) -> None:
    for turn in range(3):
        furnished(tmp_path / "state").store.close() if not turn else None
        (tmp_path / "state" / DAY).write_text(f"damaged {turn}")
        shelf = Shelf(tmp_path / "state")
        shelf.everything()
        shelf.store.close()
    kept = sorted((tmp_path / "state" / "quarantine").iterdir())
    assert [path.read_text() for path in kept] == ["damaged 0", "damaged 1", "damaged 2"]


def test_foreign_files_in_the_folder_are_let_be(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    for name in ("notes.txt", "2026-11-23.json.bak", "2026-02-31.json", ".2026-11-23.json.new"):
        (tmp_path / "days" / name).write_text("not ours")
    shelf = Shelf(tmp_path)
    assert (shelf.everything(), shelf.store.warnings()) == (before, ())


def test_a_second_copy_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "mirror").write_text("in the way of the folder")
    shelf = Shelf(tmp_path / "state", tmp_path / "mirror")
    for _ in range(3):
        shelf.add()
    assert len(shelf.store.warnings()) == 1
    assert f"Second copies cannot be written to {tmp_path / 'mirror'}" in shelf.store.warnings()[0]


@given(st.binary(max_size=200))
def test_no_bytes_are_taken_for_a_file_that_are_none(data: bytes) -> None:
    with pytest.raises(Broken):
        unseal(data, DAY)
