"""Records of the tests' own, and what the tests of the store do with a folder."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import msgspec

from opsdesk.store import KeyedTable, NumberedTable, SearchFields, Store, open_store
from opsdesk.store.tinydb.sealed import seal, unseal

MONDAY = date(2026, 11, 23)


class Event(msgspec.Struct, frozen=True):
    number: int
    text: str = ""
    open: bool = True


class Note(msgspec.Struct, frozen=True):
    text: str


FOUND_BY = SearchFields[Event](
    text=lambda event: event.text,
    labels=lambda event: ("open" if event.open else "closed", f"of {len(event.text)} letters"),
)


class Shelf:
    """A store with a table of each sort. `opened` opens it; only an embedded one has its files in `folder`."""

    def __init__(self, folder: Path, *mirror: Path, opened: Callable[..., Store] = open_store) -> None:
        self.folder, self.opened = folder, opened
        self.store: Store = opened(folder, *mirror)
        self.events: NumberedTable[Event] = self.store.numbered("events", Event, lambda event: event.open, FOUND_BY)
        self.notes: KeyedTable[Note] = self.store.keyed("notes", Note)

    def add(self, text: str = "", day: date = MONDAY, *, key: str = "", is_open: bool = True) -> Event:
        return self.events.add(day, lambda number: Event(number, text, is_open), key=key)

    def say(self, number: int, text: str, day: date = MONDAY) -> Event:
        return self.events.change(number, day, lambda event: msgspec.structs.replace(event, text=text))

    def resolve(self, number: int, day: date = MONDAY) -> Event:
        return self.events.change(number, day, lambda event: msgspec.structs.replace(event, open=False))

    def reopen(self, number: int, day: date = MONDAY) -> Event:
        return self.events.change(number, day, lambda event: msgspec.structs.replace(event, open=True))

    def note(self, day: date | None, key: str, text: str) -> Note:
        return self.notes.change(day, key, lambda _: Note(text))

    def again(self) -> "Shelf":
        """The same folder, opened anew."""
        self.store.close()
        return Shelf(self.folder, opened=self.opened)

    def found(self, *words: str, labels: Sequence[str] = ()) -> list[int]:
        """The numbers of the events that have these words and labels, as they are found."""
        return [number for batch in self.events.find(words, labels) for number in batch]

    def everything(self) -> dict[str, object]:
        """All that can be asked."""
        return {
            "events": list(self.events.scan()),
            "open": list(self.events.open()),
            "latest": self.events.latest(),
            "undated": self.notes.all(None),
            "notes": [self.notes.all(day_after(day)) for day in range(4)],
            "touched": [list(self.events.touched(day_after(day), day_after(day))) for day in range(4)],
        }


def day_after(later: int) -> date:
    """The day so many days after that Monday."""
    return MONDAY + timedelta(days=later)


def furnished(folder: Path) -> Shelf:
    """A shelf with three days of records, some open, some changed on later days, and some of no day."""
    shelf = Shelf(folder)
    for number, (day, is_open) in enumerate([(0, True), (0, False), (1, False), (1, False), (2, True)], 1):
        shelf.add(f"event {number}", day_after(day), key=f"key {number}", is_open=is_open)
    shelf.say(1, "looked at again", day_after(2))
    shelf.resolve(1, day_after(2))
    shelf.note(None, "channel", "C1")
    shelf.note(day_after(1), "summary", "posted")
    return shelf


def written_anew(folder: Path) -> None:
    """Makes one part of each file, as if it had just been written as a whole."""
    for path in folder.rglob("*.json"):
        found = unseal(path.read_bytes(), name_of(path))
        path.write_bytes(b"".join(seal(found.tables, found.generation, name_of(path))))


def name_of(path: Path) -> str:
    """What the store calls the file at this path."""
    return f"days/{path.name}" if path.parent.name == "days" else path.name


@contextlib.contextmanager
def forked(work: Callable[[int], None]) -> Iterator[tuple[int, int]]:
    """A child process that does `work`, given a pipe to write to; yields its id and the pipe's other end."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(out)
            work(into)
        finally:
            os._exit(1)
    os.close(into)
    try:
        yield child, out
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(out)


def outcome(attempt: Callable[[], object]) -> str:
    """What came of it: the class and the words of the exception, or ""."""
    try:
        attempt()
    except Exception as error:  # noqa: BLE001  # whatever is raised is the outcome
        return f"{type(error).__name__}: {error}"
    return ""
