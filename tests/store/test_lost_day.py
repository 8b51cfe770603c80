"""A day damaged in both copies is refused by name and told once; all else goes on, and lists say what is missing."""

import errno
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from opsdesk.store import NotStored, Unreadable
from tests.patience import LONG
from tests.store.stage import Shelf, day_after, furnished, outcome

MONDAY, TUESDAY, WEDNESDAY = (day_after(later) for later in range(3))
BOTH = ("", "mirror")


def lose(folder: Path, day: date) -> None:
    for root in BOTH:
        (folder / root / "days" / f"{day}.json").write_bytes(b"")


def without(folder: Path, day: date) -> Shelf:
    """A furnished shelf that has lost the day."""
    furnished(folder).store.close()
    lose(folder, day)
    return Shelf(folder)


@pytest.mark.parametrize("index", ["there", "made anew"])
def test_lists_leave_a_lost_day_out_for_whoever_hears_of_it(tmp_path: Path, index: str) -> None:
    shelf = without(tmp_path, MONDAY)
    if index == "made anew":
        shelf.store.close()
        for root in BOTH:
            (tmp_path / root / "index.json").unlink()
        shelf = Shelf(tmp_path)
    lost: list[date] = []
    assert [event.number for event in shelf.events.open(lost.append)] == [5]
    assert [event.number for event in shelf.events.scan(lost.append)] == [5, 4, 3]
    assert [event.number for event in shelf.events.touched(MONDAY, TUESDAY, lost.append)] == [3, 4]
    # The record of Monday that was changed on Wednesday is missed, too.
    assert [event.number for event in shelf.events.touched(WEDNESDAY, WEDNESDAY, lost.append)] == [5]
    assert lost == [MONDAY] * 4
    assert shelf.events.touched(TUESDAY, TUESDAY, lost.append) != []
    assert len(lost) == 4


def test_whoever_stores_something_does_not_wait_until_all_days_are_read(tmp_path: Path) -> None:
    shelf = without(tmp_path, MONDAY)
    added: list[str] = []

    def add(day: date) -> None:
        adding = Thread(target=lambda: added.append(shelf.add("meanwhile", WEDNESDAY).text), daemon=True)
        adding.start()
        adding.join(LONG)

    shelf.events.touched(MONDAY, TUESDAY, add)
    assert added == ["meanwhile"]


def test_lists_refuse_for_whoever_would_not_hear_of_it(tmp_path: Path) -> None:
    shelf = without(tmp_path, MONDAY)
    asked: list[Callable[[], object]] = [
        shelf.events.open,
        lambda: list(shelf.events.scan()),
        lambda: shelf.events.touched(MONDAY, MONDAY),
        lambda: shelf.events.touched(WEDNESDAY, WEDNESDAY),
    ]
    for ask in asked:
        with pytest.raises(Unreadable, match="on 2026-11-23 cannot be read"):
            ask()


def test_a_lost_day_may_still_hold_open_records_when_a_good_copy_is_back(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    shelf.reopen(2)
    before = shelf.everything()
    shutil.copytree(tmp_path, tmp_path / "backup", ignore=shutil.ignore_patterns("backup", "lock"))
    shelf.store.close()
    lose(tmp_path, MONDAY)
    shelf = Shelf(tmp_path)
    shelf.events.open(lambda day: None)
    shelf.add("of a new day, so that the index is written", day_after(3), is_open=False)
    shelf = shelf.again()
    file = f"days/{MONDAY}.json"
    shutil.copy(tmp_path / "backup" / file, tmp_path / file)
    assert list(shelf.events.open()) == before["open"]


@pytest.mark.parametrize("day", [MONDAY, WEDNESDAY])
def test_numbers_go_on_beside_a_lost_day(tmp_path: Path, day: date) -> None:
    shelf = without(tmp_path, day)
    latest = shelf.events.latest()
    assert latest == (5 if day == MONDAY else 4)
    first = shelf.add("the next", day_after(3)).number
    assert first > 5
    assert [shelf.add("and on", day_after(3)).number for _ in range(2)] == [first + 1, first + 2]
    assert shelf.events.latest() == first + 2
    assert shelf.again().add("after a start", day_after(4)).number == first + 3


def test_refused_attempts_use_up_no_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = without(tmp_path, WEDNESDAY)
    for _ in range(5):
        with pytest.raises(Unreadable, match="on 2026-11-25 cannot be read"):
            shelf.add("on the lost day", WEDNESDAY)

    def full(handle: int, data: bytes) -> int:
        if "11-26" in str(Path(f"/proc/self/fd/{handle}").readlink()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data)

    shelf.note(day_after(3), "k", "so that there is a file")
    write = os.write
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        for _ in range(5):
            with pytest.raises(NotStored):
                shelf.add("refused", day_after(3))
    assert shelf.add("the next", day_after(3)).number == 101


def test_a_lost_day_is_a_warning_once_and_a_lost_index_is_not(tmp_path: Path) -> None:
    shelf = without(tmp_path, MONDAY)
    for _ in range(3):
        told = outcome(lambda: shelf.events.get(1))
    assert shelf.store.warnings() == (told.removeprefix("BothDamaged: "),)
    shelf.store.close()
    for root in BOTH:
        (tmp_path / root / "index.json").write_bytes(b"")
    shelf = Shelf(tmp_path)
    assert not any("The index cannot be read" in words for words in shelf.store.warnings())


def test_what_belongs_to_no_day_is_a_warning_too(tmp_path: Path) -> None:
    furnished(tmp_path).store.close()
    for root in BOTH:
        (tmp_path / root / "undated.json").write_bytes(b"")
    shelf = Shelf(tmp_path)
    told = outcome(lambda: shelf.notes.all(None))
    assert shelf.store.warnings() == (told.removeprefix("BothDamaged: "),)


def test_the_refusal_says_which_files_and_where_the_way_out_is(tmp_path: Path) -> None:
    shelf = without(tmp_path, MONDAY)
    file = f"days/{MONDAY}.json"
    assert outcome(lambda: shelf.events.get(1)) == (
        f"BothDamaged: What was stored on 2026-11-23 cannot be read: {tmp_path / file} is empty, "
        f"{tmp_path / 'mirror' / file} is empty. Nothing was touched. An admin can put a good copy in the place of "
        "either, or give it up for lost: the README says how, under Reload or restart."
    )


def test_a_lost_day_is_given_up_as_the_readme_says(tmp_path: Path) -> None:
    shelf = without(tmp_path, WEDNESDAY)
    shelf.add("of a later day", day_after(3))
    shelf.store.close()
    aside = tmp_path / "set aside"
    for root in BOTH:
        for file in (f"days/{WEDNESDAY}.json", "index.json"):
            (aside / root / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / root / file).rename(aside / root / file)
    shelf = Shelf(tmp_path)
    numbers = [event.number for event in shelf.events.scan()]
    assert numbers == [numbers[0], 4, 3, 2, 1]
    assert shelf.add("the next", WEDNESDAY).number == numbers[0] + 1
    assert [event.number for event in shelf.events.open()] == [numbers[0], numbers[0] + 1]


def test_what_belongs_to_no_day_is_given_up_likewise_and_that_is_told(tmp_path: Path) -> None:
    furnished(tmp_path).store.close()
    for root in BOTH:
        for file in ("undated.json", "index.json"):
            (tmp_path / root / file).unlink()
    shelf = Shelf(tmp_path)
    assert "what belongs to no day begins anew" in shelf.store.warnings()[-1]
    shelf.note(None, "k", "stored")
    assert list(shelf.again().notes.all(None)) == ["k"]
