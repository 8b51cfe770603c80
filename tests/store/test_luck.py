"""A disk that ends, refuses and loses at random: what was acknowledged is there, what was refused is not."""

import errno
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from opsdesk.store import NotStored
from opsdesk.store.tinydb import sealed
from tests.store.stage import MONDAY, Shelf

DAY = f"days/{MONDAY}.json"
REQUESTS = ("open", "posix_fallocate", "write", "fsync", "replace", "mkdir", "unlink")


class Ended(BaseException):
    """The desk ends here."""


class Luck:
    """What becomes of the requests that one change makes of the disk: some end the desk, or are refused for a while."""

    def __init__(self, chance: random.Random) -> None:
        self._chance, self._count = chance, 0
        self._first = chance.randint(1, 14)
        self._last = self._first + chance.choice((0, 1, 4, 100))
        self._error = chance.choices((None, Ended(), OSError(errno.ENOSPC, "")), (55, 25, 20))[0]

    @contextmanager
    def on(self, disk: pytest.MonkeyPatch) -> Iterator[None]:
        with disk.context() as patched:
            for name in REQUESTS:
                patched.setattr(os, name, self._asked(getattr(os, name), cut=name == "write"))
            yield

    def _asked(self, real: Callable[..., object], *, cut: bool) -> Callable[..., object]:
        def ask(*args: object, **options: object) -> object:
            self._count += 1
            if self._error and self._first <= self._count <= self._last:
                if cut:
                    real(args[0], args[1][: self._chance.randint(0, len(args[1]))])
                raise self._error
            return real(*args, **options)

        return ask


class Evening:
    """A shelf, and what it has to hold."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance, self.shelf = folder, chance, Shelf(folder)
        self.acknowledged: dict[int, str] = {}

    def change(self, text: str, disk: pytest.MonkeyPatch) -> None:
        known = self.acknowledged
        number = self.chance.randint(1, len(known)) if known and self.chance.random() < 0.8 else len(known) + 1
        after = known | {number: text}
        try:
            with Luck(self.chance).on(disk):
                self.shelf.say(number, text) if number in known else self.shelf.add(text)
            self.acknowledged = after
        except Ended:
            self.start_anew()
            self.expect(after)
        except NotStored as told:
            self.expect(after if "may or may not" in str(told) else known)
        self.expect(self.acknowledged)

    def start_anew(self) -> None:
        """After the end, and perhaps a power cut: the second copy, which nobody syncs, may lack any end of it."""
        self.shelf.store.close()
        second = self.folder / "mirror" / DAY
        if second.exists() and self.chance.random() < 0.5:
            data = second.read_bytes()
            second.write_bytes(data[: self.chance.randint(0, len(data))])
        self.shelf = Shelf(self.folder)

    def expect(self, perhaps: dict[int, str]) -> None:
        """That all is as it was acknowledged, or else as it is now known to be."""
        found = {event.number: event.text for event in self.shelf.events.scan()}
        assert found in (self.acknowledged, perhaps)
        self.acknowledged = found


@pytest.mark.parametrize("seed", range(150))
def test_no_luck_of_the_disk_loses_what_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(sealed, "LEAST_ADDED", 300)  # so that files are written anew every few changes
    chance = random.Random(seed)
    evening = Evening(tmp_path, chance)
    for turn in range(25):
        evening.change(f"{turn} " + "x" * chance.choice((0, 50, 200)), monkeypatch)
    evening.shelf = evening.shelf.again()
    evening.expect(evening.acknowledged)
