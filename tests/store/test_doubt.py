"""Where nobody can know what the disk has: nothing is built on it, and what is acknowledged afterwards stands."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from opsdesk.store import NotStored, Unreadable
from opsdesk.store.tinydb import sealed
from tests.store.stage import MONDAY, Shelf, day_after, furnished, outcome

DAY = f"days/{MONDAY}.json"
EIO = OSError(errno.EIO, os.strerror(errno.EIO))


def where(handle: int) -> str:
    return str(Path(f"/proc/self/fd/{handle}").readlink())


def refusing(disk: pytest.MonkeyPatch, name: str, ending: str, count: int = 10**6) -> None:
    """Has `os.name` fail so often for the files and folders whose path ends like this."""
    real, left = getattr(os, name), iter(range(count))

    def ask(handle: int, *args: object) -> object:
        if where(handle).endswith(ending) and next(left, None) is not None:
            raise EIO
        return real(handle, *args)

    disk.setattr(os, name, ask)


def in_doubt(shelf: Shelf, change: Callable[[], object], file: str, how: str) -> str:
    """Tries a change of which the disk leaves open whether it is stored; what is told."""
    with pytest.MonkeyPatch.context() as disk:
        if how == "added":
            refusing(disk, "fsync", file)
            refusing(disk, "ftruncate", file)
        else:
            disk.setattr(sealed.Sealed, "has_room", lambda content, more: False)
            refusing(disk, "fsync", str((shelf.folder / file).parent), 1)
        return outcome(change)


@pytest.mark.parametrize("how", ["added", "renamed"])
def test_an_incident_after_doubt_about_the_index_is_still_found_after_a_start(tmp_path: Path, how: str) -> None:
    shelf = Shelf(tmp_path)
    shelf.add("one", day_after(0))
    shelf.note(day_after(1), "k", "so that the day is listed")
    assert "may or may not" in in_doubt(shelf, lambda: shelf.add("two", day_after(1)), "index.json", how)
    added = shelf.add("acknowledged", day_after(0))
    shelf = shelf.again()
    assert shelf.events.get(added.number) == added
    assert shelf.events.latest() == added.number


def steps_of(disk: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """What is written, renamed and synced from here on, but for the second copies."""
    steps: list[str] = []

    def noted(name: str, path: Callable[..., str]) -> None:
        real = getattr(os, name)

        def ask(*args: object) -> object:
            at = os.path.relpath(path(*args), folder)
            steps.extend([] if "mirror" in at else [f"{name} {at}"])
            return real(*args)

        disk.setattr(os, name, ask)

    noted("fsync", where)
    noted("replace", lambda source, target: str(target))
    return steps


def test_a_day_whose_file_is_in_doubt_is_not_listed_before_there_is_one_for_certain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = furnished(tmp_path)
    with monkeypatch.context() as disk:
        refusing(disk, "fsync", str(tmp_path / "days"), 1)
        assert "may or may not" in outcome(lambda: shelf.add("new", day_after(9)))
    steps = steps_of(monkeypatch, tmp_path)
    shelf.add("new", day_after(9))
    day = f"days/{day_after(9)}.json"
    assert steps[:3] == [f"fsync days/.{day_after(9)}.json.new", f"replace {day}", "fsync days"]
    assert "fsync index.json" in steps[3:]


def test_that_a_record_was_changed_on_a_day_is_not_taken_for_stored_while_it_is_in_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = furnished(tmp_path)
    wednesday = f"days/{day_after(2)}.json"
    told = in_doubt(shelf, lambda: shelf.say(3, "changed", day_after(2)), wednesday, "added")
    assert "may or may not" in told
    steps = steps_of(monkeypatch, tmp_path)
    shelf.say(3, "changed", day_after(2))
    assert steps.index(f"replace {wednesday}") < steps.index(f"fsync days/{day_after(1)}.json")


def test_a_file_in_doubt_is_not_continued_but_written_whole(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    told = in_doubt(shelf, lambda: shelf.say(2, "in doubt"), DAY, "added")
    assert "may or may not be stored" in told
    shelf.say(1, "acknowledged")
    found = sealed.unseal((tmp_path / DAY).read_bytes(), DAY)
    assert found.first == found.size  # nothing of it rests on bytes that may never have reached the disk
    shelf.say(1, "and continued from there")
    assert len((tmp_path / DAY).read_bytes()) > found.size


def test_a_file_is_not_continued_after_a_start(tmp_path: Path) -> None:
    """The one before may have ended between a write and its sync: what is read then is not yet on the disk."""
    shelf = furnished(tmp_path).again()
    shelf.say(1, "the first change")
    found = sealed.unseal((tmp_path / DAY).read_bytes(), DAY)
    assert found.first == found.size


def test_a_file_that_cannot_be_read_just_now_costs_no_number_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnished(tmp_path).store.close()
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == f"{day_after(2)}.json":
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return real(path)

    shelf = Shelf(tmp_path)
    with monkeypatch.context() as disk:
        disk.setattr(Path, "read_bytes", read_bytes)
        for attempt in (
            lambda: shelf.add("the next", day_after(3)),
            lambda: shelf.add("again", day_after(3), key="key 5"),
        ):
            with pytest.raises(Unreadable, match="cannot be read at present"):
                attempt()
    assert shelf.add("again", day_after(3), key="key 5").number == 5
    assert shelf.add("the next", day_after(3)).number == 6


def test_a_start_that_cannot_read_a_day_just_now_learns_nothing_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnished(tmp_path).store.close()
    for root in (tmp_path, tmp_path / "mirror"):
        (root / "index.json").unlink()
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == f"{day_after(2)}.json":
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return real(path)

    with monkeypatch.context() as disk:
        disk.setattr(Path, "read_bytes", read_bytes)
        with pytest.raises(Unreadable, match="cannot be read at present"):
            Shelf(tmp_path)


def test_what_is_on_the_disk_is_acknowledged_whatever_closing_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = furnished(tmp_path).again()
    real = os.close

    def close(handle: int) -> None:
        path = where(handle)
        real(handle)
        if path == str(tmp_path / "days"):
            raise EIO

    with monkeypatch.context() as disk:
        disk.setattr(os, "close", close)
        shelf.say(2, "stored")
    assert shelf.again().events.get(2).text == "stored"


def test_a_key_that_cannot_be_written_down_is_refused(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    for attempt in (
        lambda: shelf.add("x", key="\ud83d"),
        lambda: shelf.note(None, "\ud83d", "x"),
        lambda: shelf.note(MONDAY, "\ud83d", "x"),
    ):
        with pytest.raises(NotStored, match="cannot be written down"):
            attempt()
    assert shelf.again().everything() == before
