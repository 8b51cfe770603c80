"""What incidents cost in PostgreSQL and embedded, by how much is stored: each against one durable insert by psycopg.

Everything takes turns in one run, on the disk that TMPDIR is on. DESK_BENCH_LARGEST=100000 leaves out the million,
which takes minutes to fill and some gigabytes.
"""

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from unittest.mock import patch

import msgspec
import psycopg
import pytest
from psycopg_pool import ConnectionPool

from opsdesk.clock import moment
from opsdesk.incidents.history import HistorySearch
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.list_words import found, listed
from opsdesk.incidents.lists import ListRequest, Scope, turn_to
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.rules import Change
from opsdesk.incidents.search import FOUND_BY
from opsdesk.store import Store, open_store
from opsdesk.store.postgres import connections
from opsdesk.store.postgres.connections import Connections
from opsdesk.store.postgres.database import open_database
from tests.bench.test_incidents_bench import ALICE, HERE, NOON, ZONE, incident
from tests.bench.test_store_bench import A_DAY, TODAY, furnish
from tests.patience import LONG
from tests.postgres import Server, durable_server

LARGEST = int(os.environ.get("DESK_BENCH_LARGEST", "1000000"))
SIZES = tuple(dict.fromkeys((1_000, min(100_000, LARGEST), LARGEST)))
ROUNDS, SEARCHES = 100, 5
AGAINST_INSERT, FLAT, FOUND_WITHIN = 2.5, 1.5, 1.0  # the last in seconds
EACH = 1_000  # one incident of so many is of something else than the others

Tell = Callable[..., None]
Judge = Callable[..., None]


class Stage:
    """A log with so many incidents in it, five of them open, and what people do with it, up to the words they read."""

    def __init__(self, store: Store, size: int) -> None:
        self.store, self.size, self.turn = store, size, 0
        self.log, self.at = IncidentLog(store, ZONE), moment(TODAY, NOON, ZONE) + timedelta(hours=2)

    def open(self) -> None:
        self.log.open(Change(title="VistA timeouts", severity=2), at=self.at, by=ALICE, place=HERE)

    def resolve(self) -> None:
        self.log.resolve(self.log.latest(), Change(text="gone"), at=self.at, by=ALICE)

    def update(self) -> None:
        self.turn += 1  # they take turns, so that no timeline grows out of all proportion
        self.log.update(self.size - self.turn % 5, Change(text="sites answer again"), at=self.at, by=ALICE)

    def list(self) -> None:
        page = turn_to(self.log, ListRequest(), TODAY)
        assert listed(page, self.at, ZONE, timedelta(hours=4)).startswith("5 open\n")

    def today(self) -> None:
        page = turn_to(self.log, ListRequest(Scope.DAYS, (TODAY, TODAY), str(TODAY)), TODAY)
        assert " opened or changed, page 1 of " in listed(page, self.at, ZONE, timedelta(hours=4))

    def by_number(self) -> None:
        assert self.log.get(self.size // 2).number == self.size // 2

    def search(self, text: str, hits: int) -> None:
        result = HistorySearch(self.log, text).go_on()
        assert len(result.incidents) + result.hidden >= hits
        assert found(result, self.at, ZONE)


class Probe:
    """One durable insert of as much as an incident, without the desk."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute("create table probe (number bigint primary key, record json not null)")
        self._text, self._number = msgspec.json.encode(incident(1, TODAY, is_open=False)).decode(), 0

    def insert(self) -> None:
        self._number += 1
        self._connection.execute("insert into probe values (%s, %s)", (self._number, self._text))

    def close(self) -> None:
        self._connection.close()


def about(number: int, day: date, is_open: bool) -> Incident:
    """An incident about the same as any other, but for one of a thousand."""
    made = incident(number, day, is_open)
    if number % EACH:
        return made
    first = msgspec.structs.replace(made.entries[0], title="Kafka lagging behind on vaos-events")
    return msgspec.structs.replace(made, entries=(first, *made.entries[1:]))


def fill(url: str, size: int) -> None:
    """Fills the database as `furnish` fills a folder, with the server's own means."""
    open_database(url).close()  # makes the tables
    with psycopg.connect(url, autocommit=True) as connection:
        indexes = connection.execute(
            "select indexname, indexdef from pg_indexes where schemaname = current_schema() "
            "and tablename = 'desk_numbered' and indexdef not like 'CREATE UNIQUE%'"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"drop index {name}".encode())
        for like in (EACH, EACH + 1):
            _insert(connection, size, about(like, TODAY, is_open=False))
        for number in range(size - 4, size + 1):
            _reopen(connection, about(number, TODAY, is_open=True))
        connection.execute("insert into desk_counter values ('incidents', %s)", (size,))
        connection.execute("set maintenance_work_mem = '1GB'")
        for _, made_by in indexes:
            connection.execute(made_by.encode())
        connection.execute("vacuum analyze")


def _insert(connection: psycopg.Connection, size: int, like: Incident) -> None:
    """Adds the resolved incidents that are like this one, each on its own day: one of EACH, or all others."""
    record, which = msgspec.json.encode(like).decode(), "<>" if like.number % EACH else "="
    connection.execute(
        f"""
        insert into desk_numbered
        select 'incidents', n, day, false, null,
            replace(replace(%s, '"number":{like.number},', '"number":' || n || ','), %s, day::text)::json, %s, %s, %s
        from generate_series(1, %s) n,
            lateral (select %s::date - (%s + {A_DAY // 2} - 1) / {A_DAY} + (n + {A_DAY // 2} - 1) / {A_DAY} as day) d
        where n %% {EACH} {which} 0
        """.encode(),
        (record, str(TODAY), FOUND_BY.text(like), FOUND_BY.labels(like), FOUND_BY.version, size, TODAY, size),
    )


def _reopen(connection: psycopg.Connection, one: Incident) -> None:
    text, labels = FOUND_BY.text(one), FOUND_BY.labels(one)
    connection.execute(
        "update desk_numbered set is_open = true, record = %s, words = %s, labels = %s where number = %s",
        (msgspec.json.encode(one).decode(), text, labels, one.number),
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = durable_server()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def probe(server: Server) -> Iterator[Probe]:
    probe = Probe(server.schema())
    yield probe
    probe.close()


Stages = dict[str, Sequence[Stage]]


@pytest.fixture(scope="module")
def stages(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stages]:
    """The stages of each store, smallest first."""
    folder = tmp_path_factory.mktemp("incidents")
    urls = [server.schema() for _ in SIZES]
    for url, size in zip(urls, SIZES, strict=True):
        furnish(folder / str(size), size, "incidents", about)
        fill(url, size)
    os.sync()  # what was furnished is not to be written while the stages are timed
    made = {
        "embedded": [Stage(open_store(folder / str(size)), size) for size in SIZES],
        "postgres": [Stage(open_database(url), size) for url, size in zip(urls, SIZES, strict=True)],
    }
    yield made
    for stage in (*made["embedded"], *made["postgres"]):
        stage.store.close()
    shutil.rmtree(folder)


Work = tuple[Callable[[], object], Callable[[], object]]  # what is timed, and what comes behind it untimed


def nothing() -> None:
    pass


def medians(works: Sequence[Work], rounds: int) -> list[float]:
    """The median milliseconds of each; they take turns, so that whatever else the machine does falls on all."""
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for (work, after), times in zip(works, taken, strict=True):
            begun = time.perf_counter()
            work()
            if turn:  # the first reads for the first time
                times.append((time.perf_counter() - begun) * 1000)
            after()
    return [statistics.median(times) for times in taken]


@pytest.mark.parametrize("what", ["open", "update", "list", "today", "by_number"])
def test_what_is_stored_already_costs_nothing(
    stages: Stages, probe: Probe, what: str, tell: Tell, judge: Judge
) -> None:
    works: list[Work] = [(probe.insert, nothing)]
    for stage in (*stages["embedded"], *stages["postgres"]):
        works.append((getattr(stage, what), stage.resolve if what == "open" else nothing))
    insert, *took = medians(works, ROUNDS)
    embedded, postgres = took[: len(SIZES)], took[len(SIZES) :]
    tell("one durable insert", f"{insert:.3f} ms")
    for name, times in (("embedded", embedded), ("PostgreSQL", postgres)):
        tell(f"{what}, {name}", *(f"{one:.3f} ms ({one / insert:.2f}x)" for one in times))
    if what in ("open", "update"):
        judge(f"{what}, PostgreSQL, against one durable insert", max(postgres) / insert, AGAINST_INSERT, "x")
    judge(f"{what}, PostgreSQL, {SIZES[-1]:,} against {SIZES[0]:,}", postgres[-1] / postgres[0], FLAT, "x")


@pytest.mark.parametrize(
    ("what", "text", "of", "goal"),
    [
        ("nowhere", "zeppelin", 0, FOUND_WITHIN),
        ("in one of 1,000", "agging", EACH, FOUND_WITHIN),
        ("two letters, likewise", "fk", EACH, None),  # no trigram: all of history is read, and told of as it is
        ("in all the others", "vista timeouts", 0, None),  # a million numbers are counted
    ],
)
def test_history_is_searched(
    stages: Stages, what: str, text: str, of: int, goal: float | None, tell: Tell, judge: Judge
) -> None:
    for name, ones in stages.items():
        works: list[Work] = [
            (lambda stage=stage: stage.search(text, stage.size // of if of else 0), nothing)  # type: ignore[misc]
            for stage in ones
        ]
        took = medians(works, SEARCHES)
        tell(f"search, {what}, {name}", *(f"{one:.1f} ms" for one in took))
        if name == "postgres" and goal:
            judge(f"search, {what}, PostgreSQL, {SIZES[-1]:,}", took[-1] / 1000, goal, "s")


@contextmanager
def journeys() -> Iterator[list[str]]:
    """Notes each journey to the server: a question, or the look whether a connection still stands."""
    noted: list[str] = []
    ask, check = Connections.ask, ConnectionPool.check_connection

    def asked(self: Connections, connection: object, query: str, *params: object) -> object:
        noted.append(query)
        return ask(self, connection, query, *params)  # type: ignore[arg-type]

    def checked(connection: psycopg.Connection) -> None:
        noted.append("check")
        check(connection)

    with ExitStack() as stack:
        stack.enter_context(patch.object(Connections, "ask", asked))
        stack.enter_context(patch.object(ConnectionPool, "check_connection", staticmethod(checked)))
        yield noted


@pytest.mark.parametrize(("what", "most"), [("open", 2), ("update", 2), ("list", 1), ("by_number", 1)])
def test_journeys_to_the_server(
    server: Server, what: str, most: int, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "FRESH", LONG)
    url = server.schema()
    fill(url, 1_000)
    with journeys() as noted:
        stage = Stage(open_database(url), 1_000)
        getattr(stage, what)()
        noted.clear()
        getattr(stage, what)()
    stage.store.close()
    tell(f"{what}, journeys", str(len(noted)))
    assert len(noted) <= most, noted
