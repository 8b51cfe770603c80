"""What incidents cost: a command against Errbot's own, by how much is stored already, and at the start of the desk."""

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opsdesk.chat.chat import Person, Place
from opsdesk.clock import moment
from opsdesk.incidents.incident import Entry, EntryKind, Incident, Status
from opsdesk.incidents.list_words import listed
from opsdesk.incidents.lists import ListRequest, Scope, turn_to
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.rules import Change
from opsdesk.store import open_store
from tests.bench.test_store_bench import GROWING, SIZES, TODAY, furnish, medians
from tests.conftest import ROOT
from tests.talk import Conversation

ZONE = ZoneInfo("America/New_York")
ALICE, HERE = Person("U0ALICE", "alice"), Place("C0GOLIVE", "#check-in-go-live")
NEWS = "vista-api team is looking at it, RPC socket timeouts at two sites. " * 2
NOON = time_of_day(12)
FLAT, AGAINST_ECHO, AGAINST_BARE, MORE_MEMORY = 1.3, 2.0, 1.3, 25.0  # the last in MB
STARTS = 9

Tell = Callable[..., None]


def incident(number: int, day: date, is_open: bool) -> Incident:
    """About 1 KB: opened at noon, four updates, resolved unless it is open."""
    opened = moment(day, NOON, ZONE)
    first = Entry(
        opened, ALICE, EntryKind.OPENED, "", "VistA timeouts on pre-check-in", Status.INVESTIGATING, 2, "vista", ALICE
    )
    news = tuple(Entry(opened + timedelta(minutes=n), ALICE, EntryKind.UPDATED, NEWS) for n in range(1, 5))
    end = (
        ()
        if is_open
        else (Entry(opened + timedelta(hours=1), ALICE, EntryKind.RESOLVED, "restarted", status=Status.RESOLVED),)
    )
    return Incident(number, HERE, (first, *news, *end))


class Stage:
    """A log with so many incidents in it, and what people do with it, up to the words of the answer."""

    def __init__(self, folder: Path, size: int) -> None:
        self.store, self.size = open_store(folder), size
        self.log, self.at = IncidentLog(self.store, ZONE), moment(TODAY, NOON, ZONE) + timedelta(hours=2)

    def open(self) -> None:
        """And resolved, so that as many are open before every turn."""
        self.log.open(Change(title="VistA timeouts", severity=2), at=self.at, by=ALICE, place=HERE)
        self.log.resolve(self.log.latest(), Change(text="gone"), at=self.at, by=ALICE)

    def update(self) -> None:
        self.log.update(self.size, Change(text=NEWS), at=self.at, by=ALICE)

    def list(self) -> None:
        page = turn_to(self.log, ListRequest(), TODAY)
        assert listed(page, self.at, ZONE, timedelta(hours=4)).startswith("5 open\n")

    def today(self) -> None:
        page = turn_to(self.log, ListRequest(Scope.DAYS, (TODAY, TODAY), str(TODAY)), TODAY)
        assert " opened or changed, page 1 of " in listed(page, self.at, ZONE, timedelta(hours=4))


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Stage]]:
    folder = tmp_path_factory.mktemp("incidents")
    for size in SIZES:
        furnish(folder / str(size), size, "incidents", incident)
    os.sync()  # what was furnished is not to be written while the stages are timed
    made = [Stage(folder / str(size), size) for size in SIZES]
    yield made
    for stage in made:
        stage.store.close()


@pytest.mark.parametrize("what", ["open", "update", "list", "today"])
def test_what_is_stored_already_costs_nothing(stages: list[Stage], what: str, tell: Tell) -> None:
    found = medians([getattr(stage, what) for stage in stages])
    ratios = [one / found[0] for one in found]
    tell(f"{what}, {GROWING}", *(f"{one:.3f} ms ({ratio:.2f}x)" for one, ratio in zip(found, ratios, strict=True)))
    assert max(ratios) <= FLAT


def test_opening_one_takes_no_more_than_twice_an_echo(
    environment: dict[str, str], start: Callable[[], Conversation], tell: Tell, judge: Tell
) -> None:
    furnish(Path(environment["DESK_STATE_DIR"]), 1_000, "incidents", incident)
    talk = start()
    title = "VistA timeouts on pre-check-in --sev 2 --on vista"
    assert talk(f"!incident open {title}").startswith("🔴 #1001 VistA timeouts")
    echo, opened = medians([lambda: talk(f"!echo {title}"), lambda: talk(f"!incident open {title}")], rounds=300)
    tell("open against an echo", f"echo {echo:.2f} ms", f"open {opened:.2f} ms", f"{opened / echo:.2f}x")
    judge("!incident open, of an !echo", opened / echo, AGAINST_ECHO, "x")


def test_the_desk_starts_nearly_as_soon_as_bare_errbot(tmp_path: Path, tell: Tell, judge: Tell) -> None:
    furnish(tmp_path / "state", 1_000, "incidents", incident)
    environment = os.environ | {
        "DESK_STATE_DIR": str(tmp_path / "state"),
        "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    found: dict[str, list[tuple[float, float]]] = {"bare": [], "desk": []}
    for _ in range(STARTS + 1):
        for kind, starts in found.items():
            command = [sys.executable, str(ROOT / "tests" / "bench" / "started.py"), kind]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            child = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            took = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
            starts.append((took, float(child.stdout)))
    # The first start of each compiles, as after an installation. Of the others the processor's time is compared, which
    # whatever else the machine does disturbs least, of the five least disturbed.
    bare, desk = (statistics.mean(sorted(took for took, _ in starts[1:])[:5]) for starts in found.values())
    more = statistics.median(peak for _, peak in found["desk"]) - statistics.median(peak for _, peak in found["bare"])
    tell(
        "start of the process",
        f"bare {bare * 1000:.0f} ms",
        f"desk {desk * 1000:.0f} ms",
        f"{desk / bare:.2f}x",
        f"+{more:.1f} MB",
    )
    judge("memory at most during the start, more than by bare", more, MORE_MEMORY, "MB")
    judge("the start, of bare Errbot's", desk / bare, AGAINST_BARE, "x")
