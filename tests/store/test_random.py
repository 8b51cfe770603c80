"""Whatever is done, in whatever order, with stops and damage between: the store answers as a plain list would."""

import random
import shutil
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from opsdesk.store.tinydb import sealed
from tests.store.stage import Event, Note, Shelf, day_after

DAYS = st.integers(0, 4).map(day_after)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=5)
KEYS = st.sampled_from(["", "a", "b"])
COPIES = st.sampled_from(["", "mirror"])


class AnyOrder(RuleBasedStateMachine):
    """A store beside a model of it: lists and dicts."""

    @initialize()
    def start(self) -> None:
        self.folder, self.patch = Path(tempfile.mkdtemp()), pytest.MonkeyPatch()
        self.patch.setattr(sealed, "LEAST_ADDED", 300)  # so that files are written anew every few changes
        self.shelf = Shelf(self.folder)
        self.events: list[Event] = []
        self.filed: list[tuple[date, str]] = []
        self.touched: set[tuple[date, int]] = set()
        self.notes: dict[tuple[date | None, str], Note] = {}

    def teardown(self) -> None:
        if hasattr(self, "shelf"):
            self.shelf.store.close()
            self.patch.undo()
            shutil.rmtree(self.folder)

    @rule(day=DAYS, text=TEXTS, key=KEYS, is_open=st.booleans())
    def add(self, day: date, text: str, key: str, is_open: bool) -> None:
        added = self.shelf.add(text, day, key=key, is_open=is_open)
        known = [n for n, (on, k) in enumerate(self.filed, 1) if key and k == key and abs((on - day).days) <= 1]
        if known:
            assert added.number in known
            assert added == self.events[added.number - 1]
        else:
            self.events.append(Event(len(self.events) + 1, text, is_open))
            self.filed.append((day, key))
            self.touched.add((day, len(self.events)))
            assert added == self.events[-1]

    @rule(choice=st.integers(0, 1000), day=DAYS, text=TEXTS, is_open=st.booleans())
    def change(self, choice: int, day: date, text: str, is_open: bool) -> None:
        if self.events:
            number = choice % len(self.events) + 1
            self.events[number - 1] = Event(number, text, is_open)
            self.touched.add((day, number))
            self.shelf.events.change(number, day, lambda _: self.events[number - 1])

    @rule(day=st.none() | DAYS, key=TEXTS, text=TEXTS)
    def note(self, day: date | None, key: str, text: str) -> None:
        self.notes[day, key] = self.shelf.note(day, key, text)

    @rule()
    def restart(self) -> None:
        self.shelf = self.shelf.again()

    @rule(copy=COPIES, choice=st.randoms(use_true_random=False))
    def damage(self, copy: str, choice: random.Random) -> None:
        self.shelf.store.close()
        path = choice.choice(sorted((self.folder / copy).glob("*.json")) + sorted((self.folder / copy).glob("days/*")))
        whole = path.read_bytes()
        damaged = choice.choice((b"", whole[:-7], whole[: choice.randrange(len(whole))], None))
        path.unlink() if damaged is None else path.write_bytes(damaged)
        self.shelf = Shelf(self.folder)
        self.ask_for_everything()
        self.ask_for_days(day_after(0), day_after(4))
        self.shelf = self.shelf.again()
        assert self.shelf.store.warnings() == ()

    @rule()
    def lose_the_index(self) -> None:
        self.shelf.store.close()
        for root in (self.folder, self.folder / "mirror"):
            (root / "index.json").unlink()
        self.shelf = Shelf(self.folder)

    @rule(first=DAYS, last=DAYS)
    def ask_for_days(self, first: date, last: date) -> None:
        numbers = sorted({number for day, number in self.touched if first <= day <= last})
        assert self.shelf.events.touched(first, last) == [self.events[number - 1] for number in numbers]
        for asked in {first, last}:
            notes = {key: note for (day, key), note in self.notes.items() if day == asked}
            assert self.shelf.notes.all(asked) == notes

    @invariant()
    def ask_for_everything(self) -> None:
        if hasattr(self, "shelf"):
            assert list(self.shelf.events.scan()) == self.events[::-1]
            assert list(self.shelf.events.open()) == [event for event in self.events if event.open]
            assert self.shelf.events.latest() == len(self.events)
            assert self.shelf.notes.all(None) == {key: note for (day, key), note in self.notes.items() if day is None}


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
