"""What a process does with a store until it is killed."""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from opsdesk.store.tinydb import sealed
from tests.store.stage import Shelf, day_after


def write_anew(how: str, patch: Callable[[object, str, object], None]) -> None:
    """When a file is written anew: "never" (so few changes as tests make), "sometimes" (once doubled), "always"."""
    if how == "sometimes":
        patch(sealed, "LEAST_ADDED", 0)
    if how == "always":
        patch(sealed.Sealed, "has_room", lambda content, more: False)


@dataclass(frozen=True)
class KeepChanging:
    """Adds and changes records for ever, each told before it is tried ("?") and once it is acknowledged ("!")."""

    folder: Path
    turn: int
    anew: str

    def __call__(self, pipe: int) -> None:
        write_anew(self.anew, setattr)
        shelf, choice = Shelf(self.folder), random.Random(self.turn)
        count = shelf.events.latest()
        while True:
            day = day_after((self.turn + choice.randrange(2)) // 10)
            if not count or choice.random() < 0.4:
                count += 1
                number, do = count, shelf.add
                arguments = {"is_open": choice.random() < 0.3}
            else:
                number, do, arguments = choice.randint(max(1, count - 30), count), None, {}
            text = f"{self.turn}.{choice.random()}"
            os.write(pipe, f"? {number} {text}\n".encode())
            told = do(text, day, **arguments) if do else shelf.say(number, text, day)
            os.write(pipe, f"! {told.number} {told.text}\n".encode())
