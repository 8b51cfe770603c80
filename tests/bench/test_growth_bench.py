"""What grows with history, with what is open, with a timeline, and what the desk costs while nobody types.

Times are the processor's, which whatever else the machine does disturbs least; sizes are those of the process.
"""

import functools
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from opsdesk.incidents import exports, metrics
from opsdesk.incidents.incident import Entry, EntryKind, Incident, Status
from opsdesk.incidents.list_words import listed
from opsdesk.incidents.lists import ListRequest, Scope, turn_to
from opsdesk.incidents.log import IncidentLog, searchable
from opsdesk.incidents.rules import Change
from opsdesk.store import open_store
from tests.bench.test_incidents_bench import ALICE, HERE, ZONE, incident
from tests.bench.test_store_bench import TODAY, furnish
from tests.conftest import ROOT
from tests.oncall.stage import eastern
from tests.summary.stage import Team

LARGEST = int(os.environ.get("DESK_BENCH_LARGEST", "1000000"))
COMMANDS = int(os.environ.get("DESK_BENCH_COMMANDS", "100000"))
ROUNDS, REST = 20, 60.0  # the last in seconds
QUIET_AFTER = timedelta(hours=4)
OPEN = ListRequest()
AT = eastern(f"{TODAY} 14:00")
MORE_MEMORY = 20.0  # MB over a bare Errbot

Judge = Callable[..., None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for what is furnished, some gigabytes in all."""
    folder = tmp_path_factory.mktemp("growth")
    yield folder
    shutil.rmtree(folder)


class Stage:
    """A log of incidents and what people ask of it, up to the words of the answer."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(folder)
        self.log = IncidentLog(self.store, ZONE)

    def list(self, listing: ListRequest = OPEN) -> str:
        return listed(turn_to(self.log, listing, TODAY), AT, ZONE, QUIET_AFTER)

    def found(self, word: str) -> int:
        return sum(map(len, self.log.search([searchable(word)])))

    def month(self) -> str:
        """The metrics of a month."""
        opened = self.log.opened(TODAY - timedelta(days=30), TODAY)
        return metrics.measured(metrics.measure(opened), TODAY - timedelta(days=30), TODAY)

    def exported(self) -> str:
        return exports.table(self.log.opened(TODAY - timedelta(days=30), TODAY), ZONE)


def took(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median, in processor seconds; the first is left out, in which files are read for the first time."""
    work()
    times = []
    for _ in range(rounds):
        begun = time.thread_time()
        work()
        times.append(time.thread_time() - begun)
    return statistics.median(times)


@pytest.mark.parametrize(("size", "within"), [(100_000, 0.3), (LARGEST, 3.0)])
def test_history_is_looked_through_and_summed_up(folder: Path, size: int, within: float, judge: Judge) -> None:
    furnish(folder / str(size), size, "incidents", incident)
    stage = Stage(folder / str(size))
    try:
        assert stage.found("socket") == size
        judge(f"search, a word that is nowhere, {size:,}", took(lambda: stage.found("kafka"), 3), within, "s")
        nothing = ListRequest(Scope.RESOLVED, subsystem="chip")
        judge(f"list resolved chip, none among {size:,}", took(lambda: stage.list(nothing), 3), within, "s")
        assert ": 6100 opened" in stage.month()
        judge(f"metrics month, {size:,}", took(stage.month, 5), 0.3, "s")
        judge(f"export month, {size:,}", took(stage.exported, 5), 0.5, "s")
    finally:
        stage.store.close()
        shutil.rmtree(folder / str(size))


@pytest.mark.parametrize("days", [40, 200])
def test_what_is_open_since_long_ago_costs_a_list_little(folder: Path, days: int, judge: Judge) -> None:
    def make(number: int, day: date, is_open: bool) -> Incident:
        return incident(number, day, is_open=True)

    furnish(folder / f"{days} days", days, "incidents", make, a_day=1)
    anew(folder / f"{days} days")
    stage = Stage(folder / f"{days} days")
    assert stage.list().startswith(f"{days} open")
    judge(f"list, open ones on {days} days", took(stage.list) * 1000, 10, "ms")
    stage.store.close()


def anew(folder: Path) -> None:
    """Loses the index, which `furnish` wrote with the last day's as the only open ones: it is read off the days."""
    for root in (folder, folder / "mirror"):
        (root / "index.json").unlink()


@functools.cache
def crowded(folder: Path, many: int) -> Path:
    """A folder in which today has so many incidents."""
    made = folder / f"a day of {many}"
    furnish(made, many, "incidents", incident, a_day=2 * many)
    return made


@pytest.mark.parametrize("many", [5_000, 20_000])
def test_a_day_of_many_incidents_is_listed_and_told(folder: Path, many: int, judge: Judge) -> None:
    stage = Stage(crowded(folder, many))
    today = ListRequest(Scope.DAYS, (TODAY, TODAY), str(TODAY))
    assert f"{many} opened or changed" in stage.list(today).replace(",", "")
    judge(f"list, a day of {many:,}", took(stage.list) * 1000, 10, "ms")
    judge(f"list today, a day of {many:,}", took(lambda: stage.list(today)) * 1000, 50, "ms")
    stage.store.close()
    team = Team(crowded(folder, many), f"{TODAY} 12:00")
    told = lambda: team.day_post.shown(TODAY, eastern(f"{TODAY} 20:00")).lines  # noqa: E731
    assert f"{many} opened" in "\n".join(line.text for line in told()).replace(",", "")
    judge(f"summary, a day of {many:,}", took(told, 5) * 1000, 150, "ms")
    team.store.close()


def long_timeline(number: int, day: date, entries: int) -> Incident:
    """An open incident with so many entries."""
    opened = Entry(AT, ALICE, EntryKind.OPENED, "", "VistA timeouts", Status.INVESTIGATING, 2, "vista", ALICE)
    notes = (
        Entry(AT + timedelta(seconds=n), ALICE, EntryKind.NOTED, f"asked again, {n}th time") for n in range(1, entries)
    )
    return Incident(number, HERE, (opened, *notes))


@functools.cache
def with_timelines(folder: Path, entries: int) -> Path:
    """A folder with two open incidents of so many entries each."""
    made = folder / f"timelines of {entries}"
    furnish(made, 2, "incidents", lambda number, day, is_open: long_timeline(number, day, entries), a_day=4)
    return made


@pytest.mark.parametrize("entries", [1_000, 2_000])
def test_a_note_on_a_long_timeline_is_a_note(folder: Path, entries: int, judge: Judge) -> None:
    stage = Stage(with_timelines(folder, entries))

    def note() -> None:
        stage.log.note(2, Change(text="again"), at=AT + timedelta(hours=2), by=ALICE)

    judge(f"a note on a timeline of {entries:,}", took(note, 100) * 1000, 1, "ms")
    stage.store.close()


OPENINGS = [f"!incident open VistA timeouts at site {number} --sev 3" for number in range(15)]
Rest = Mapping[str, float]


@pytest.fixture(scope="module")
def rests(folder: Path) -> Mapping[str, Rest]:
    """What each kind of desk costs at rest; they rest at the same time."""
    kinds: dict[str, tuple[str, Path, Sequence[str]]] = {
        "bare": ("bare", folder / "bare", ()),
        "empty": ("desk", folder / "empty", ()),
        "15 open": ("desk", folder / "15 open", OPENINGS),
        "a day of 5,000": ("desk", crowded(folder, 5_000), ()),
        "a day of 20,000": ("desk", crowded(folder, 20_000), ()),
        "two timelines of 1,250": ("desk", with_timelines(folder, 1_250), ()),
    }
    resting = {
        name: child("resting.py", kind, AT.isoformat(), str(REST), *commands, state=state)
        for name, (kind, state, commands) in kinds.items()
    }
    return {name: told(one) for name, one in resting.items()}


def child(script: str, *arguments: str, state: Path) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DESK_", "SLACK_"))}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "bench" / script), *arguments],
        env=environment | {"DESK_STATE_DIR": str(state)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def told(one: "subprocess.Popen[str]") -> Rest:
    """What a child printed at its end."""
    out, _ = one.communicate()
    assert one.returncode == 0
    return json.loads(out)


@pytest.mark.parametrize(
    ("kind", "goal"),
    [
        ("empty", 0.05),
        ("15 open", 0.05),
        ("a day of 5,000", 0.2),
        ("a day of 20,000", 0.2),
        ("two timelines of 1,250", 0.2),
    ],
)
def test_at_rest(rests: Mapping[str, Rest], kind: str, goal: float, judge: Judge) -> None:
    judge(f"at rest, {kind}, of the processor", rests[kind]["a_minute"], goal, "s a minute")


def test_at_rest_the_desk_holds_little_more_than_a_bare_errbot(rests: Mapping[str, Rest], judge: Judge) -> None:
    judge("at rest, held more than by bare Errbot", rests["15 open"]["rss"] - rests["bare"]["rss"], MORE_MEMORY, "MB")


def test_the_first_command_after_a_start_waits_for_nothing(rests: Mapping[str, Rest], judge: Judge) -> None:
    judge("the first open after a start", rests["15 open"]["first"], 50, "ms")


def test_what_is_held_grows_no_more_after_the_first_days(folder: Path, tell: Callable[..., None], judge: Judge) -> None:
    every = max(COMMANDS // 20, 1)
    soaked = {
        kind: child("soaked.py", kind, str(COMMANDS), str(every), state=folder / f"soaked {kind}")
        for kind in ("bare", "desk")
    }
    bare, desk = (told(soaked[kind]) for kind in ("bare", "desk"))
    tell(f"held, {COMMANDS:,} commands", *(f"{desk[n]:.1f} MB" for n in (0, len(desk) // 4, len(desk) // 2, -1)))
    half = len(desk) // 2
    judge(f"held at most in {COMMANDS:,} commands, more than by bare", max(desk) - max(bare), MORE_MEMORY, "MB")
    judge("grown in the second half of them", max(desk[half:]) - max(desk[: half + 1]), 1.0, "MB")
