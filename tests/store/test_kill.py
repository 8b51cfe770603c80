"""Kills, forks and second desks: what was acknowledged is there, and the folder has one desk at a time."""

import itertools
import os
import random
import shutil
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from opsdesk.store.tinydb import sealed
from tests.store.stage import MONDAY, Shelf, day_after, forked, furnished

ROUNDS = 200


# When a file is written anew: as it ships (with so few changes never), once it has doubled, and with every change.
ANEW = pytest.mark.parametrize("anew", ["never", "sometimes", "always"], indirect=True)


@pytest.fixture
def anew(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "sometimes":
        monkeypatch.setattr(sealed, "LEAST_ADDED", 0)
    if request.param == "always":
        monkeypatch.setattr(sealed.Sealed, "has_room", lambda content, more: False)


def keep_changing(folder: Path, turn: int) -> Callable[[int], None]:
    """Adds and changes records for ever, each told before it is tried ("?") and once it is acknowledged ("!")."""

    def work(pipe: int) -> None:
        shelf, choice = Shelf(folder), random.Random(turn)
        count = shelf.events.latest()
        while True:
            day = day_after((turn + choice.randrange(2)) // 10)
            if not count or choice.random() < 0.4:
                count += 1
                number, do = count, shelf.add
                arguments = {"is_open": choice.random() < 0.3}
            else:
                number, do, arguments = choice.randint(max(1, count - 30), count), None, {}
            text = f"{turn}.{choice.random()}"
            os.write(pipe, f"? {number} {text}\n".encode())
            told = do(text, day, **arguments) if do else shelf.say(number, text, day)
            os.write(pipe, f"! {told.number} {told.text}\n".encode())

    return work


class Expected:
    """What a folder has to hold after what a killed child told."""

    def __init__(self) -> None:
        self.acknowledged: dict[int, str] = {}
        self.unanswered: tuple[int, str] | None = None
        self.count = 0

    def follow(self, told: bytes) -> None:
        self.unanswered = None
        for line in told.decode().splitlines(keepends=True):
            mark, number, text = line.split(" ")
            if not line.endswith("\n"):
                continue
            self.unanswered = (int(number), text.strip()) if mark == "?" else None
            if mark == "!":
                self.acknowledged[int(number)] = text.strip()
                self.count += 1

    def check(self, shelf: Shelf) -> None:
        stored = {event.number: event.text for event in shelf.events.scan()}
        if self.unanswered and stored.get(self.unanswered[0]) == self.unanswered[1]:
            self.acknowledged[self.unanswered[0]] = self.unanswered[1]
        assert stored == self.acknowledged
        assert shelf.events.latest() == len(stored)
        assert {event.number for event in shelf.events.open()} == {e.number for e in shelf.events.scan() if e.open}


@ANEW
@pytest.mark.usefixtures("anew")
def test_no_acknowledged_change_is_lost_in_two_hundred_kills(tmp_path: Path) -> None:
    expected, chance = Expected(), random.Random(20261123)
    for turn in range(ROUNDS):
        with forked(keep_changing(tmp_path, turn)) as (child, pipe):
            told = b"".join(os.read(pipe, 4096) for _ in range(chance.randint(1, 12)))
            time.sleep(chance.uniform(0, 0.003))  # not to wait for anything: to hit any moment of the work
            os.kill(child, signal.SIGKILL)
            told += b"".join(iter(lambda pipe=pipe: os.read(pipe, 65536), b""))
        expected.follow(told)
        shelf = Shelf(tmp_path)
        expected.check(shelf)
        shelf.store.close()
    assert expected.count > ROUNDS
    assert not (tmp_path / "quarantine").exists()


STEPS = ("open", "posix_fallocate", "write", "fsync", "ftruncate", "replace", "mkdir", "unlink")


def stop_at(step: int, stop: Callable[[], None]) -> None:
    """Lets the disk be asked `step` - 1 times, then calls `stop`. For a process that ends soon: nothing is put back."""
    countdown = itertools.count(step - 1, -1)

    def counting(real: Callable[..., object]) -> Callable[..., object]:
        def ask(*args: object, **options: object) -> object:
            if next(countdown) == 0:
                stop()
            return real(*args, **options)

        return ask

    for name in STEPS:
        if hasattr(os, name):
            setattr(os, name, counting(getattr(os, name)))


CHANGES: dict[str, Callable[[Shelf], object]] = {
    "an event of a new day": lambda shelf: shelf.add("new", day_after(9)),
    "an event of a day there is": lambda shelf: shelf.add("new", day_after(2)),
    "an old event changed on a new day": lambda shelf: shelf.say(3, "new", day_after(9)),
    "an old event opened again": lambda shelf: shelf.reopen(3, day_after(9)),
    "a note of a new day": lambda shelf: shelf.note(day_after(3), "k", "new"),
    "a note of no day": lambda shelf: shelf.note(None, "k", "new"),
}


def before_and_after(change: Callable[[Shelf], object], folder: Path) -> tuple[dict[str, object], dict[str, object]]:
    """All that can be asked, before the change and after it."""
    shelf = Shelf(folder)
    before = shelf.everything()
    change(shelf)
    return before, shelf.everything()


@ANEW
@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("name", CHANGES)
def test_a_process_may_end_at_any_step_of_a_change(tmp_path: Path, name: str) -> None:
    change = CHANGES[name]
    furnished(tmp_path / "furnished").store.close()
    old, new = before_and_after(change, shutil.copytree(tmp_path / "furnished", tmp_path / "uninterrupted"))
    assert old != new
    for step in range(1, 100):
        folder = tmp_path / str(step)
        shutil.copytree(tmp_path / "furnished", folder)
        acknowledged = ended_at(step, lambda folder=folder: change(Shelf(folder)))
        shelf = Shelf(folder)
        found = shelf.everything()
        assert found == new or (found == old and not acknowledged)
        if found == old:
            change(shelf)
        assert shelf.again().everything() == new
        assert not (folder / "quarantine").exists()
        if acknowledged:
            return
    raise AssertionError("the change never came to its end")


@ANEW
@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("name", CHANGES)
def test_the_power_may_fail_at_any_step_of_a_change(tmp_path: Path, name: str) -> None:
    change, chance = CHANGES[name], random.Random(20261123)
    furnished(tmp_path / "furnished").store.close()
    old, new = before_and_after(change, shutil.copytree(tmp_path / "furnished", tmp_path / "uninterrupted"))
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        shutil.copytree(tmp_path / "furnished", folder)
        before = {path: path.read_bytes() for path in folder.rglob("*.json")}
        acknowledged = ended_at(step, lambda folder=folder: change(Shelf(folder)))
        lose_what_was_not_synced(folder, before, chance)
        shelf = Shelf(folder)
        found = shelf.everything()
        assert found == new or (found == old and not acknowledged)
        if found == old:
            change(shelf)
        assert shelf.again().everything() == new
        if acknowledged:
            return


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
    for step in range(1, 100):
        folder = shutil.copytree(tmp_path / "furnished", tmp_path / str(step))
        healed = ended_at(step, lambda folder=folder: Shelf(folder).everything())
        assert Shelf(folder).everything() == before
        if healed:
            return


def test_a_record_that_never_came_does_not_hide_the_next_one(tmp_path: Path) -> None:
    furnished(tmp_path / "furnished").store.close()
    for step in range(1, 40):
        folder = tmp_path / str(step)
        shutil.copytree(tmp_path / "furnished", folder)
        ended_at(step, lambda folder=folder: Shelf(folder).add("of a new day", day_after(9)))
        shelf = Shelf(folder)
        added = shelf.add("of the day before", day_after(2))
        assert shelf.again().events.get(added.number) == added


def test_a_process_may_end_at_any_step_of_the_first_start(tmp_path: Path) -> None:
    acknowledged = False
    for step in range(1, 100):
        folder = tmp_path / str(step)
        acknowledged = ended_at(step, lambda folder=folder: Shelf(folder))
        shelf = Shelf(folder)
        assert shelf.everything() == Shelf(tmp_path / f"{step} other").everything()
        assert shelf.add().number == 1
        if acknowledged:
            return
    raise AssertionError("the start never came to its end")


def ended_at(step: int, work: Callable[[], object]) -> bool:
    """Does the work in a process that ends when it asks the disk for the `step`th time; whether it came through."""

    def child(pipe: int) -> None:
        stop_at(step, lambda: os._exit(1))
        work()
        os.write(pipe, b"done")

    with forked(child) as (_, pipe):
        return os.read(pipe, 4) == b"done"


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
