"""What the store costs: against the least a durable change can cost, and by how much is stored already."""

import gc
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from opsdesk.store import NumberedTable, Store, open_store
from opsdesk.store.tinydb.index import Content, Filed, Run
from opsdesk.store.tinydb.sealed import Tables, seal

SIZES = (1_000, 10_000, 100_000)
GROWING = f"{SIZES[0]:,} to {SIZES[-1]:,}"
A_DAY = 200
NUMBERED = ("incidents", "alerts")
TODAY = date(2026, 11, 23)
ROUNDS = 100
FLAT, CROWDED, DURABLE = 1.3, 2.0, 8.0
BESIDE = 0.25  # milliseconds of work that a change may take beside its appends, where the disk takes none


Tell = Callable[..., None]


class Entry(msgspec.Struct, frozen=True):
    at: datetime
    by: str
    what: str
    text: str


class Event(msgspec.Struct, frozen=True):
    """About 1 KB of JSON: a title and five entries, as an incident has."""

    number: int
    title: str
    entries: tuple[Entry, ...]
    open: bool = False


ENTRY = Entry(datetime(2026, 11, 23, 18, 12, tzinfo=UTC), "alice", "note", "vista-api team is looking at it. " * 4)


class Stage:
    """A store with so many records in it, and what is timed."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size, self.turn = folder, size, 0
        self.store: Store = open_store(folder)
        self.events: NumberedTable[Event] = self.store.numbered("events", Event, lambda event: event.open)

    def add(self) -> None:
        self.turn += 1
        self.events.add(TODAY, lambda number: event(number, TODAY), key=f"C1/{self.turn}")

    def change(self) -> None:
        self.turn += 1
        self.events.change(
            self.size, TODAY, lambda old: msgspec.structs.replace(old, title=f"VistA timeouts {self.turn:04}")
        )

    def open(self) -> None:
        assert len(self.events.open()) == 5

    def today(self) -> None:
        assert len(self.events.touched(TODAY, TODAY)) > A_DAY // 2

    def old(self) -> None:
        assert self.events.get(77)


def event(number: int, day: date, is_open: bool = False) -> Event:
    return Event(number, "VistA timeouts on pre-check-in", (ENTRY,) * 5, is_open)


def furnish(
    folder: Path,
    size: int,
    table: str = "events",
    make: Callable[[int, date, bool], msgspec.Struct] = event,
    a_day: int = A_DAY,
) -> None:
    """Writes `size` records, so many a day up to today, which has half of them; the last five are open.

    The index knows of the desk's other numbered tables, as it does once a desk has been at work.
    """
    later = {number: (number + a_day // 2 - 1) // a_day for number in range(1, size + 1)}
    days: dict[date, dict[str, msgspec.Raw]] = {}
    for number, index in later.items():
        day = TODAY - timedelta(days=later[size] - index)
        record = msgspec.json.encode(make(number, day, number > size - 5))
        days.setdefault(day, {})[str(number)] = msgspec.Raw(record)
    files: dict[str, Tables] = {"undated.json": {}}
    for day, records in days.items():
        files[f"days/{day}.json"] = {table: {number: {"record": record} for number, record in records.items()}}
    runs = tuple(Run(int(next(iter(records))), day) for day, records in days.items())
    others = dict.fromkeys(NUMBERED, Filed())
    content = Content(tuple(days), others | {table: Filed(runs, frozenset([TODAY]), size + 1000)})
    files["index.json"] = {"index": {"1": {"record": msgspec.Raw(msgspec.json.encode(content))}}}
    for root in (folder, folder / "mirror"):
        (root / "days").mkdir(parents=True)
        for name, tables in files.items():
            (root / name).write_bytes(b"".join(seal(tables, 1, name)))


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Stage]]:
    folder = tmp_path_factory.mktemp("stores")
    for size in SIZES:
        furnish(folder / str(size), size)
    os.sync()  # what was furnished is not to be written while the stages are timed
    made = [Stage(folder / str(size), size) for size in SIZES]
    assert [stage.store.warnings() for stage in made] == [()] * len(SIZES)
    yield made
    for stage in made:
        stage.store.close()


def medians(works: list[Callable[[], object]], rounds: int = ROUNDS) -> list[float]:
    """The median milliseconds of each; they take turns, so that whatever else the machine does falls on all."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, taken, strict=True):
            start = time.perf_counter()
            work()
            times.append((time.perf_counter() - start) * 1000)
    return [statistics.median(times) for times in taken]


@pytest.mark.parametrize("what", ["add", "change", "open", "today"])
def test_what_is_stored_already_costs_nothing(stages: list[Stage], what: str, tell: Tell) -> None:
    found = medians([getattr(stage, what) for stage in stages])
    ratios = [one / found[0] for one in found]
    tell(f"{what}, {GROWING}", *(f"{one:.3f} ms ({ratio:.2f}x)" for one, ratio in zip(found, ratios, strict=True)))
    assert max(ratios) <= FLAT


def test_a_durable_change_against_an_append(tmp_path: Path, tell: Tell) -> None:
    furnish(tmp_path / "state", SIZES[0])
    stage = Stage(tmp_path / "state", SIZES[0])
    log = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append() -> None:
        os.write(log, b"x" * 1024)
        os.fsync(log)

    least, change, add = medians([append, stage.change, stage.add])
    stage.store.close()
    os.close(log)
    tell(
        "a durable change",
        f"append {least:.3f} ms",
        f"change {change:.3f} ({change / least:.1f}x)",
        f"add {add:.3f} ({add / least:.1f}x)",
    )
    assert max(change, add) <= DURABLE * least + BESIDE


def test_what_the_day_holds_already_costs_little(tmp_path: Path, tell: Tell) -> None:
    """Adding looks through the keys of three days; nothing else of a change depends on its day."""
    a_day = (200, 1_000, 5_000)
    for many in a_day:
        furnish(tmp_path / str(many), many, a_day=2 * many)
    stages = [Stage(tmp_path / str(many), many) for many in a_day]
    os.sync()
    for what in ("add", "change"):
        found = medians([getattr(stage, what) for stage in stages])
        ratios = [one / found[0] for one in found]
        tell(
            f"{what}, a day of {a_day[0]} to {a_day[-1]:,}",
            *(f"{one:.3f} ms ({ratio:.2f}x)" for one, ratio in zip(found, ratios, strict=True)),
        )
        assert max(ratios) <= CROWDED
    for stage in stages:
        stage.store.close()


def test_history_is_not_in_memory(tmp_path: Path, tell: Tell) -> None:
    peaks = []
    for size in SIZES:
        furnish(tmp_path / str(size), size)
        gc.collect()
        tracemalloc.start()
        stage = Stage(tmp_path / str(size), size)
        for work in (stage.add, stage.change, stage.open, stage.today, stage.old):
            work()
        assert sum(1 for _ in stage.events.scan()) == size + 1
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
        stage.store.close()
    tell(f"memory, {GROWING}", *(f"{peak:.1f} MB" for peak in peaks))
    assert peaks[-1] <= peaks[0] * FLAT


def test_a_start_reads_no_history(stages: list[Stage], tell: Tell) -> None:
    def start(folder: Path) -> Callable[[], object]:
        return lambda: open_store(folder).close()

    (reading,) = medians([lambda: list(stages[-1].events.scan())], rounds=3)
    for stage in stages:
        stage.store.close()
    found = medians([start(stage.folder) for stage in stages], rounds=20)
    tell(f"start, {GROWING}", *(f"{one:.2f} ms" for one in found))
    assert found[-1] < reading / 20
