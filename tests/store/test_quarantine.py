"""What is damaged is kept before anything takes its place, told of, and never preferred to what is whole."""

import errno
import os
from pathlib import Path

import pytest

from opsdesk.errors import SettingsError
from opsdesk.store import open_store
from opsdesk.store.tinydb.sealed import BEGINNING
from tests.store.stage import MONDAY, Shelf, furnished

DAY = f"days/{MONDAY}.json"


def everything_kept(folder: Path) -> list[bytes]:
    return [path.read_bytes() for root in (folder, folder / "mirror") for path in (root / "quarantine").glob("*")]


@pytest.mark.parametrize("damage", ["garbage", "as long as before"])
def test_a_damaged_second_copy_that_cannot_be_set_aside_is_kept_before_it_is_replaced(
    tmp_path: Path, damage: str
) -> None:
    furnished(tmp_path).store.close()
    second, in_the_way = tmp_path / "mirror" / DAY, tmp_path / "mirror" / "quarantine"
    damaged = b"garbage, and perhaps the only trace" if damage == "garbage" else b"?" + second.read_bytes()[1:]
    second.write_bytes(damaged)
    in_the_way.touch()
    shelf = Shelf(tmp_path)
    for text in ("a change", "and another"):
        shelf.say(2, text)
        assert second.read_bytes() == damaged
    in_the_way.unlink()
    shelf.say(2, "the last")
    assert everything_kept(tmp_path) == [damaged]
    assert second.read_bytes() == (tmp_path / DAY).read_bytes()


def test_what_was_kept_stays_kept_where_only_the_sync_after_the_mending_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnished(tmp_path).store.close()
    (tmp_path / DAY).write_bytes(b"damaged")
    real = os.fsync

    def fsync(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink() == tmp_path / "days":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(handle)

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", fsync)
        Shelf(tmp_path).everything()
    assert everything_kept(tmp_path) == [b"damaged"]


def test_what_is_kept_is_on_the_disk_before_another_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnished(tmp_path).store.close()
    (tmp_path / DAY).write_bytes(b"damaged")
    steps: list[Path] = []
    sync, replace = os.fsync, os.replace

    def fsync(handle: int) -> None:
        steps.append(Path(f"/proc/self/fd/{handle}").readlink())
        sync(handle)

    def replaced(source: Path, target: Path) -> None:
        steps.append(target)
        replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replaced)
    Shelf(tmp_path).everything()
    before = steps[: steps.index(tmp_path / DAY)]
    kept = tmp_path / "quarantine" / f"{MONDAY}.json.1"
    new = tmp_path / "quarantine" / f".{kept.name}.new"
    assert before == [tmp_path, new, kept, tmp_path / "quarantine", tmp_path / "days" / f".{MONDAY}.json.new"]


def acknowledged_in_one_copy(folder: Path) -> None:
    """Leaves a change in the first copy only: the second could not be written, which was told."""
    shelf = furnished(folder)
    real = os.open

    def opened(path: Path, flags: int, *mode: int) -> int:
        if "mirror" in str(path) and flags & os.O_WRONLY:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, flags, *mode)

    with pytest.MonkeyPatch.context() as disk:
        disk.setattr(os, "open", opened)
        shelf.say(2, "acknowledged")
    assert "Second copies cannot be written" in shelf.store.warnings()[0]
    shelf.store.close()


def test_a_last_change_that_is_damaged_is_not_taken_for_one_that_was_never_acknowledged(tmp_path: Path) -> None:
    acknowledged_in_one_copy(tmp_path)
    data = bytearray((tmp_path / DAY).read_bytes())
    data[-9] ^= 1
    (tmp_path / DAY).write_bytes(data)
    shelf = Shelf(tmp_path)
    assert shelf.events.get(2).text == "event 2"
    assert "what was added last may be lost" in shelf.store.warnings()[0]
    assert everything_kept(tmp_path) == [bytes(data)]


@pytest.mark.parametrize("root", ["", "mirror"])
@pytest.mark.parametrize("tail", [b"notes\nthat somebody\ntyped\n\n", b"\n\n\n\n", b"x", bytes(9) + b"x"])
def test_garbage_behind_the_last_part_costs_nothing_before_it(tmp_path: Path, tail: bytes, root: str) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    path = tmp_path / root / DAY
    damaged = path.read_bytes() + tail
    path.write_bytes(damaged)
    shelf = Shelf(tmp_path)
    assert shelf.everything() == before
    assert str(path) in shelf.store.warnings()[0]
    assert everything_kept(tmp_path) == [damaged]


def test_garbage_behind_the_last_part_of_the_only_copy_costs_nothing_before_it(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    (tmp_path / "mirror" / DAY).unlink()
    with (tmp_path / DAY).open("ab") as file:
        file.write(b"notes\nthat somebody\ntyped\n\n")
    assert Shelf(tmp_path).everything() == before


def test_changes_behind_a_damaged_one_are_not_given_up(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    data = (tmp_path / DAY).read_bytes()
    at = data.rindex(BEGINNING) - 9
    (tmp_path / DAY).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    shelf = Shelf(tmp_path)
    assert shelf.everything() == before
    assert f"{tmp_path / DAY} was cut short or garbled; it was restored" in shelf.store.warnings()[0]


@pytest.mark.parametrize("harm", ["without its last line feed", "with a carriage return"])
def test_the_longer_copy_is_not_replaced_by_the_one_that_lost_a_byte(tmp_path: Path, harm: str) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    whole = (tmp_path / DAY).read_bytes()
    (tmp_path / DAY).write_bytes(whole.replace(b"}\n", b"}\r\n", 1) if "return" in harm else whole[:-1])
    shelf = Shelf(tmp_path)
    assert shelf.everything() == before
    assert (tmp_path / DAY).read_bytes() == (tmp_path / "mirror" / DAY).read_bytes() == whole
    assert all(str(tmp_path / "mirror" / DAY) not in words.split(";")[0] for words in shelf.store.warnings())


@pytest.mark.parametrize("root", ["", "mirror"])
@pytest.mark.parametrize("error", [errno.EUCLEAN, errno.EBADMSG, errno.EIO])
@pytest.mark.parametrize("file", [DAY, "index.json"])
def test_a_copy_that_the_file_system_finds_damaged_is_taken_from_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, error: int, root: str
) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    unreadable(monkeypatch, tmp_path / root / file, error)
    assert Shelf(tmp_path).everything() == before


@pytest.mark.parametrize("error", [errno.ESTALE, errno.ENOTCONN, errno.ENODEV, errno.ENXIO, errno.EMFILE])
def test_second_copies_that_cannot_be_read_stop_nothing_and_are_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    second = (tmp_path / "mirror" / DAY).read_bytes()
    with monkeypatch.context() as disk:
        unreadable(disk, tmp_path / "mirror", error)
        shelf = Shelf(tmp_path)
        assert shelf.everything() == before
        told = f"Second copies cannot be read from {tmp_path / 'mirror'}: {os.strerror(error)}."
        assert shelf.store.warnings() == (told,)
        shelf.say(2, "stored")
        shelf.store.close()
    assert second in ((tmp_path / "mirror" / DAY).read_bytes(), *everything_kept(tmp_path))
    assert Shelf(tmp_path).events.get(2).text == "stored"


def unreadable(disk: pytest.MonkeyPatch, place: Path, error: int) -> None:
    """Has everything from this place on fail to be read."""
    read, scan = Path.read_bytes, os.scandir

    def fails(path: object) -> bool:
        return Path(str(path)).is_relative_to(place)

    def read_bytes(path: Path) -> bytes:
        if fails(path):
            raise OSError(error, os.strerror(error))
        return read(path)

    def scandir(path: object = ".") -> object:
        if fails(path):
            raise OSError(error, os.strerror(error))
        return scan(path)

    disk.setattr(Path, "read_bytes", read_bytes)
    disk.setattr(os, "scandir", scandir)


@pytest.mark.parametrize("second", [True, False], ids=["both folders", "the first, and no second"])
def test_days_that_cannot_be_listed_are_never_taken_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second: bool
) -> None:
    furnished(tmp_path).store.close()
    for root in (tmp_path, tmp_path / "mirror"):
        (root / "index.json").unlink()
    with monkeypatch.context() as disk:
        unreadable(disk, tmp_path if second else tmp_path / "days", errno.EACCES)
        with pytest.raises(SettingsError, match="cannot be used"):
            open_store(tmp_path)
    assert Shelf(tmp_path).events.latest() == 5
