"""Disks that refuse: nothing half done, the reason told, everything read as before, and on it goes afterwards."""

import contextlib
import errno
import itertools
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsdesk.errors import SettingsError
from opsdesk.store import NotStored, open_store
from opsdesk.store.tinydb.sealed import unseal
from tests.store.stage import MONDAY, Shelf, day_after, furnished

DAY = f"days/{MONDAY}.json"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Makes file systems of so many kilobytes."""
    mounted: list[Path] = []

    def make(kilobytes: int) -> Path:
        place = tmp_path / f"disk {len(mounted)}"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            pytest.skip("a small file system cannot be made here: there is no mount")
        if done.returncode:
            pytest.skip(f"a small file system cannot be made here: {done.stderr.strip()}")
        mounted.append(place)
        return place

    yield make
    for place in mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leaves no byte free; returns the file that takes the room."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)):
                    pass
    assert os.statvfs(disk).f_bavail == 0
    return ballast


@pytest.mark.parametrize("kilobytes", [40, 52, 64, 96, 128, 200, 256, 400])
def test_a_disk_that_fills_up_loses_nothing_that_was_acknowledged(
    small_disk: Callable[[int], Path], kilobytes: int
) -> None:
    disk = small_disk(kilobytes)
    shelf = Shelf(disk / "state")
    acknowledged: dict[int, str] = {}

    def add_until_refused() -> None:
        for turn in itertools.count(1):
            event = shelf.add(f"{turn} " + "x" * 900, day_after(turn // 20))
            acknowledged[event.number] = event.text

    for _ in range(3):
        with pytest.raises(NotStored, match="the disk is full"):
            add_until_refused()
        assert {event.number: event.text for event in shelf.events.scan()} == acknowledged
        shelf = shelf.again()
    assert {event.number: event.text for event in shelf.events.scan()} == acknowledged
    shelf.store.close()


def test_it_goes_on_when_there_is_room_again(small_disk: Callable[[int], Path]) -> None:
    disk = small_disk(512)
    shelf = furnished(disk / "state")
    before = shelf.everything()
    ballast = fill(disk)
    changes: list[Callable[[str], object]] = [
        shelf.add,
        lambda text: shelf.say(1, text),
        lambda text: shelf.note(None, "k", text),
    ]
    for change in changes:
        with pytest.raises(NotStored) as told:
            change("x" * 9000)
        assert str(told.value) == "Nothing was stored: the disk is full. Tell an admin, then type it again."
        assert shelf.everything() == before
    assert [path for path in disk.rglob("*") if path.suffix == ".new"] == []
    ballast.unlink()
    assert shelf.add("x" * 9000).number == 6
    shelf.store.close()


@pytest.mark.parametrize("root", ["", "mirror"])
@pytest.mark.parametrize("file", ["days/2026-11-23.json", "index.json", "undated.json"])
def test_a_damaged_file_on_a_full_disk_is_still_read_from_the_other_copy(
    small_disk: Callable[[int], Path], file: str, root: str
) -> None:
    disk = small_disk(512)
    shelf = furnished(disk / "state")
    before = shelf.everything()
    shelf.store.close()
    path = disk / "state" / root / file
    path.write_bytes(b"damaged, and as long as before".ljust(path.stat().st_size))
    ballast = fill(disk)
    for _ in range(2):
        shelf = Shelf(disk / "state")
        assert shelf.everything() == before
        shelf.store.close()
    ballast.unlink()
    for _ in range(2):
        shelf = Shelf(disk / "state")
        assert shelf.everything() == before
        shelf.store.close()
    assert shelf.store.warnings() == ()
    assert [kept.read_bytes()[:7] for kept in (disk / "state" / root / "quarantine").iterdir()] == [b"damaged"]


@pytest.mark.parametrize("second", ["empty", "from before"])
def test_a_copy_cut_short_that_is_the_best_there_is_stays_in_its_place_on_a_full_disk(
    small_disk: Callable[[int], Path], second: str
) -> None:
    disk = small_disk(512)
    shelf = furnished(disk / "state")
    former = b"" if second == "empty" else (disk / "state" / "mirror" / DAY).read_bytes()
    shelf.say(2, "acknowledged")
    before = shelf.everything()
    shelf.store.close()
    with (disk / "state" / DAY).open("ab") as file:
        file.write(b'{"_file":{"1"')
    (disk / "state" / "mirror" / DAY).write_bytes(former)
    ballast = fill(disk)
    for room in (False, False, True):
        if room:
            ballast.unlink()
        shelf = Shelf(disk / "state")
        assert shelf.everything() == before
        if not room:
            assert "the disk is full" in refusal_of(lambda shelf: shelf.say(1, "x" * 9000), shelf)
            assert shelf.everything() == before
        shelf.store.close()
    assert Shelf(disk / "state").everything() == before


def test_a_full_disk_of_second_copies_stops_nothing(small_disk: Callable[[int], Path], tmp_path: Path) -> None:
    disk = small_disk(64)
    fill(disk)
    shelf = Shelf(tmp_path / "state", disk)
    for turn in range(30):
        shelf.add("x" * 900, day_after(turn // 10))
    assert shelf.store.warnings() == (f"Second copies cannot be written to {disk}: the disk is full.",)
    assert shelf.again().events.latest() == 30


def test_a_folder_that_cannot_be_made_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError) as told:
        open_store(tmp_path / "file" / "state")
    assert str(told.value) == (
        f"{tmp_path / 'file' / 'state'} cannot be used: there is a file where a folder should be."
    )


REFUSALS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk can only be read",
    errno.EIO: "the disk reported an error",
    errno.EACCES: "the desk is not allowed to write there",
    errno.EMFILE: "Too many open files",
}


CHANGES: dict[str, Callable[[Shelf], object]] = {
    "an event of a new day": lambda shelf: shelf.add("new", day_after(9)),
    "an event of a day there is": lambda shelf: shelf.add("new", MONDAY),
    "an old event changed on a new day": lambda shelf: shelf.say(3, "new", day_after(9)),
    "a note of no day": lambda shelf: shelf.note(None, "k", "new"),
}


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("name", CHANGES)
def test_whichever_step_the_disk_refuses_nothing_is_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, lasting: bool
) -> None:
    change = CHANGES[name]
    shelf = furnished(tmp_path / "uninterrupted")
    old = shelf.everything()
    change(shelf)
    new = shelf.everything()
    refused = 0
    for step, refusal in enumerate(itertools.cycle(REFUSALS)):
        shelf = furnished(tmp_path / str(step))
        with monkeypatch.context() as disk:
            asked = refuse_from(disk, step, refusal, lasting)
            told = refusal_of(change, shelf)
            refused += bool(told)
            assert (REFUSALS[refusal] in told) == bool(told)
            found = shelf.everything()
            # Past the renaming, and where what was added cannot be taken back, it may be stored, and has to say so.
            assert found == (new if not told else old) or (found == new and "may or may not" in told)
        if shelf.everything() == old:
            change(shelf)
        assert shelf.everything() == new
        assert shelf.again().everything() == new
        if next(asked) <= step:
            break
    assert refused >= 3 * lasting  # opening, writing and syncing the first copy


def test_what_cannot_be_added_is_stored_by_writing_the_file_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = furnished(tmp_path)
    for step in range(3):  # opening the file, writing to it, having it synced
        with monkeypatch.context() as disk:
            refuse_from(disk, step, errno.EIO)
            shelf.say(1, f"step {step}")
        found = unseal((tmp_path / DAY).read_bytes(), DAY)
        assert found.first == found.size
        shelf = shelf.again()
        assert shelf.events.get(1).text == f"step {step}"
        shelf.say(1, "the file is written whole once, and changes are added to it from here on")


def test_what_was_added_in_part_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = furnished(tmp_path)
    path = tmp_path / "days" / f"{MONDAY}.json"
    before = path.read_bytes()
    real, sync = os.write, os.fsync
    synced: list[int] = []

    def write(handle: int, data: bytes) -> int:
        if path.stat().st_size > len(before):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, data[:20])

    def fsync(handle: int) -> None:
        synced.append(os.fstat(handle).st_size)
        sync(handle)

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", write)
        disk.setattr(os, "fsync", fsync)
        refuse_opening(disk, ".new")
        with pytest.raises(NotStored, match="Nothing was stored: the disk is full"):
            shelf.say(1, "never stored")
    assert path.read_bytes() == before
    assert synced == [len(before)]  # or a power cut might bring back what was refused
    assert shelf.events.get(1).text == "looked at again"
    assert shelf.again().store.warnings() == ()


def refuse_opening(disk: pytest.MonkeyPatch, ending: str) -> None:
    real = os.open

    def opened(path: str, *flags: int) -> int:
        if str(path).endswith(ending):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, *flags)

    disk.setattr(os, "open", opened)


def refusal_of(change: Callable[[Shelf], object], shelf: Shelf) -> str:
    try:
        change(shelf)
    except NotStored as told:
        return str(told)
    return ""


def refuse_from(disk: pytest.MonkeyPatch, step: int, refusal: int, lasting: bool = False) -> Iterator[int]:
    """Has one request of the disk refused, the one after `step` others, or all from then on; returns their count."""
    count = itertools.count()

    def refusing(real: Callable[..., object]) -> Callable[..., object]:
        def ask(*args: object, **options: object) -> object:
            asked = next(count)
            if asked == step or (lasting and asked > step):
                raise OSError(refusal, os.strerror(refusal))
            return real(*args, **options)

        return ask

    for name in ("open", "posix_fallocate", "write", "fsync", "ftruncate", "replace", "mkdir"):
        if hasattr(os, name):
            disk.setattr(os, name, refusing(getattr(os, name)))
    return count
