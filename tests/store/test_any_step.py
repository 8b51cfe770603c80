"""Wherever a process ends, or the power fails: nothing is half done, and nothing acknowledged is lost."""

import os
import random
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsdesk.store.tinydb import sealed
from tests.store.stage import MONDAY, Shelf, day_after, furnished

STEPS = ("open", "posix_fallocate", "write", "fsync", "ftruncate", "replace", "mkdir", "unlink")

CHANGES: dict[str, Callable[[Shelf], object]] = {
    "an event of a new day": lambda shelf: shelf.add("new", day_after(9)),
    "an event of a day there is": lambda shelf: shelf.add("new", day_after(2)),
    "an old event changed on a new day": lambda shelf: shelf.say(3, "new", day_after(9)),
    "an old event opened again": lambda shelf: shelf.reopen(3, day_after(9)),
    "a note of a new day": lambda shelf: shelf.note(day_after(3), "k", "new"),
    "a note of no day": lambda shelf: shelf.note(None, "k", "new"),
}


def ends(do: Callable[[Path], object], folder: Path) -> Iterator[tuple[Path, bool]]:
    """What a process leaves of a folder with which it does something, for each step at which it may end.

    That is a copy of the folder from before each time the disk is asked; and one from after it all, which comes last
    and is said to be acknowledged.
    """
    copies = [folder.with_name(f"{folder.name} until step 1")]

    def copy() -> None:
        if folder.exists():
            shutil.copytree(folder, copies[-1])
        copies.append(folder.with_name(f"{folder.name} until step {len(copies) + 1}"))

    with pytest.MonkeyPatch.context() as disk:
        call_before_each_step(disk, copy)
        do(folder)
    shutil.copytree(folder, copies[-1])
    yield from ((left, left is copies[-1]) for left in copies)


def call_before_each_step(disk: pytest.MonkeyPatch, call: Callable[[], None]) -> None:
    """Has `call` called whenever the disk is about to be asked for something, but for what `call` itself asks."""
    calling = False

    def before(real: Callable[..., object]) -> Callable[..., object]:
        def ask(*args: object, **options: object) -> object:
            nonlocal calling
            if not calling:
                calling = True
                call()
                calling = False
            return real(*args, **options)

        return ask

    for name in STEPS:
        if hasattr(os, name):
            disk.setattr(os, name, before(getattr(os, name)))


def before_and_after(change: Callable[[Shelf], object], folder: Path) -> tuple[dict[str, object], dict[str, object]]:
    """All that can be asked, before the change and after it."""
    shelf = Shelf(folder)
    before = shelf.everything()
    change(shelf)
    return before, shelf.everything()


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("name", CHANGES)
def test_a_process_may_end_at_any_step_of_a_change(tmp_path: Path, name: str) -> None:
    change, folder = CHANGES[name], tmp_path / "changed"
    furnished(folder).store.close()
    old, new = before_and_after(change, shutil.copytree(folder, tmp_path / "uninterrupted"))
    assert old != new
    for left, acknowledged in ends(lambda folder: change(Shelf(folder)), folder):
        shelf = Shelf(left)
        found = shelf.everything()
        assert found == new or (found == old and not acknowledged)
        if found == old:
            change(shelf)
        assert shelf.again().everything() == new
        assert not (left / "quarantine").exists()


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("name", CHANGES)
def test_the_power_may_fail_at_any_step_of_a_change(tmp_path: Path, name: str) -> None:
    change, folder, chance = CHANGES[name], tmp_path / "changed", random.Random(20261123)
    furnished(folder).store.close()
    old, new = before_and_after(change, shutil.copytree(folder, tmp_path / "uninterrupted"))
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.json")}
    for left, acknowledged in ends(lambda folder: change(Shelf(folder)), folder):
        lose_what_was_not_synced(left, {left / path: data for path, data in before.items()}, chance)
        shelf = Shelf(left)
        found = shelf.everything()
        assert found == new or (found == old and not acknowledged)
        if found == old:
            change(shelf)
        assert shelf.again().everything() == new


def lose_what_was_not_synced(folder: Path, before: dict[Path, bytes], chance: random.Random) -> None:
    """What a power cut does to a folder: a file that was being added to may end anywhere behind what it held.

    So may a second copy, which nobody syncs; one that was replaced may even be empty. A first copy that was replaced
    was on the disk before that, and so was what was added to one whose second copy has some of it.
    """
    firsts = [path for path in folder.rglob("*.json") if "mirror" not in path.parts]
    for first in sorted(firsts):
        second = folder / "mirror" / first.relative_to(folder)
        if not second.exists():
            continue
        untouched = second.read_bytes() == before.get(second)
        end_anywhere(first if untouched else second, before.get(first if untouched else second, b""), chance)


def end_anywhere(path: Path, before: bytes, chance: random.Random) -> None:
    data = path.read_bytes()
    replaced = not data.startswith(before)
    if not (replaced and "mirror" not in path.parts):
        path.write_bytes(data[: chance.randint(0 if replaced else len(before), len(data))])


@pytest.mark.parametrize(
    ("first", "second"),
    [("cut short", "empty"), ("cut short", "from before"), ("cut short", "whole"), ("garbled", "whole")],
)
def test_a_process_may_end_at_any_step_of_healing(tmp_path: Path, first: str, second: str) -> None:
    shelf = furnished(tmp_path / "furnished")
    path, other = (tmp_path / "furnished" / root / "days" / f"{MONDAY}.json" for root in ("", "mirror"))
    former = other.read_bytes()
    shelf.say(2, "acknowledged")
    before = shelf.everything()
    shelf.store.close()
    data = path.read_bytes()
    path.write_bytes(data + b'{"_file":{"1"' if first == "cut short" else data[:200] + b"?" + data[201:])
    other.write_bytes({"empty": b"", "from before": former, "whole": data}[second])
    for left, _ in ends(lambda folder: Shelf(folder).everything(), tmp_path / "furnished"):
        assert Shelf(left).everything() == before


def test_a_record_that_never_came_does_not_hide_the_next_one(tmp_path: Path) -> None:
    furnished(tmp_path / "furnished").store.close()
    for left, _ in ends(lambda folder: Shelf(folder).add("of a new day", day_after(9)), tmp_path / "furnished"):
        shelf = Shelf(left)
        added = shelf.add("of the day before", day_after(2))
        assert shelf.again().events.get(added.number) == added


def test_a_process_may_end_at_any_step_of_the_first_start(tmp_path: Path) -> None:
    nothing = Shelf(tmp_path / "another").everything()
    for left, _ in ends(Shelf, tmp_path / "first"):
        shelf = Shelf(left)
        assert shelf.everything() == nothing
        assert shelf.add().number == 1


def test_the_answer_comes_after_bytes_and_names_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = furnished(tmp_path)
    steps: list[str] = []
    for name in ("write", "fsync", "replace"):
        real = getattr(os, name)

        def noted(*args: object, name: str = name, real: Callable[..., object] = real) -> object:
            asked = "folder" if name == "fsync" and stat.S_ISDIR(os.fstat(args[0]).st_mode) else name
            where = args[1] if name == "replace" else Path(f"/proc/self/fd/{args[0]}").readlink()
            steps.append(f"{asked} second copy" if "mirror" in str(where) else asked)
            return real(*args)

        monkeypatch.setattr(os, name, noted)
    added = ["write", "fsync", "write second copy"]
    pieces = ["write"] * 3
    anew = [*pieces, "fsync", "replace", "folder", *(f"{step} second copy" for step in [*pieces, "replace"])]
    shelf.say(5, "new", day_after(2))
    assert steps == added
    shelf = shelf.again()  # which may be after an end before a sync, of the file or of its folder
    shelf.say(5, "newer", day_after(2))
    shelf.say(5, "newest", day_after(2))
    assert steps == [*added, *anew, *added]
    steps.clear()
    monkeypatch.setattr(sealed.Sealed, "has_room", lambda content, more: False)
    shelf.say(5, "the last", day_after(2))
    assert steps == anew
