"""A database that goes away, freezes, changes hands or loses an answer: nothing is doubled, and all comes back."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from opsdesk.errors import SettingsError
from opsdesk.store import NotStored, Turn
from opsdesk.store.postgres import connections, database, desks, transactions
from tests.patience import LONG, until
from tests.planted import DATABASE_PASSWORD
from tests.postgres import server
from tests.store.postgres.proxy import Loss, Proxy
from tests.store.stage import Event, Shelf, outcome

AWAY = "NotStored: Nothing was stored: the database cannot be reached. Try again in a minute."


def opened(url: str) -> Shelf:
    """A shelf on the database at this url."""
    return Shelf(Path(url), opened=lambda path: database.open_database(url))


@pytest.fixture
def url() -> str:
    """The address of an empty schema."""
    return server().schema()


@pytest.fixture
def shelf(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """A shelf whose desk gives up soon."""
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    monkeypatch.setattr(transactions, "ENOUGH", 0.5)
    monkeypatch.setattr(desks, "BEAT", 0.05)
    monkeypatch.setattr(database, "AGAIN", 0.05)
    shelf = opened(url)
    yield shelf
    shelf.store.close()


def again(attempt: Callable[[], Event]) -> Event:
    """What comes of an attempt once it is not refused any more."""

    def tried() -> Event | None:
        try:
            return attempt()
        except NotStored:
            return None

    event: Event = until(tried, "the database to be back")
    return event


def test_a_server_that_was_restarted_costs_no_command(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", LONG)
    shelf = opened(url)
    shelf.add("before")
    server().stop(signal.SIGQUIT)
    server().start()
    assert shelf.add("after").number == 2
    assert [event.text for event in shelf.events.open()] == ["before", "after"]
    shelf.store.close()


def test_without_the_database_nothing_is_stored_and_it_is_said_until_it_is_back(shelf: Shelf) -> None:
    shelf.add("before")
    server().stop()
    try:
        assert outcome(shelf.add) == AWAY
        assert outcome(lambda: shelf.events.get(1)) == (
            "Unreadable: The database cannot be reached: what is stored cannot be read just now."
        )
    finally:
        server().start()
    assert again(lambda: shelf.add("after")).number == 2
    assert shelf.events.get(1) == Event(1, "before")


def test_a_frozen_server_is_given_up_and_comes_back(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "DEADLINE", 0.5)
    shelf.add("before")
    server().freeze()
    try:
        assert outcome(lambda: shelf.add("meanwhile")).startswith("NotStored: Nothing was stored: the database ")
    finally:
        server().thaw()
    assert again(lambda: shelf.add("after")).number == 2


def test_while_something_punctual_is_close_a_frozen_server_is_known_of_soon(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "SHORT_DEADLINE", 0.5)
    assert isinstance(shelf.store, database.PostgresStore)
    shelf.store._connections.deadline = LONG
    shelf.store.desks.hurry(True)
    server().freeze()
    try:
        assert outcome(shelf.add) == AWAY  # and not in as many minutes
        assert shelf.store.desks.away()
    finally:
        server().thaw()
    assert again(lambda: shelf.add("once it answers")).number == 1


def test_a_server_that_takes_no_writes_any_more_is_left(shelf: Shelf, url: str) -> None:
    shelf.add("before")
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("alter role desk set default_transaction_read_only = on")
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'desk'")
        assert outcome(shelf.add) == AWAY
        admin.execute("set transaction_read_only = off; alter role desk reset default_transaction_read_only")
    assert again(lambda: shelf.add("after")).number == 2


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """What stands between the desk and its database."""
    proxy = Proxy(server())
    yield proxy
    proxy.close()


@pytest.mark.parametrize(
    ("loss", "deaf", "told", "stored"),
    [
        (Loss.ANSWER, False, "", ["the change"]),
        (Loss.QUESTION, False, "NotStored: Nothing was stored: the database was lost", []),
        (Loss.CRASH, False, "NotStored: Nothing was stored: the database was lost", []),
        (Loss.ANSWER, True, "NotStored: Nobody knows whether this was stored", ["the change"]),
    ],
)
def test_a_change_whose_answer_is_lost_is_asked_after(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, loss: Loss, deaf: bool, told: str, stored: list[str]
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    monkeypatch.setattr(transactions, "ENOUGH", 0.5 if deaf else 60)
    shelf = opened(proxy.url)
    proxy.loss, proxy.deaf = loss, deaf
    assert outcome(lambda: shelf.add("the change"))[: len(told) or None] == told
    proxy.deaf = False
    assert again(lambda: shelf.add("the next")).number == len(stored) + 1
    assert [event.text for event in shelf.events.open()] == [*stored, "the next"]
    shelf.store.close()


@pytest.mark.parametrize(("server_s", "desk_s"), [("off", "on"), ("remote_apply", "remote_apply")])
def test_a_server_answers_no_change_before_it_is_on_the_disk(url: str, server_s: str, desk_s: str) -> None:
    store = database.open_database(f"{url}%20-csynchronous_commit%3D{server_s}")
    assert isinstance(store, database.PostgresStore)
    asked = transactions.Statement("select current_setting('synchronous_commit')")
    told, _ = store._transactions.change("notes", asked, lambda answers: (answers[-1][0][0], None))
    assert told == desk_s
    store.close()


def test_tables_of_a_newer_desk_are_refused(url: str) -> None:
    opened(url).store.close()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("update desk_schema set version = 99, oldest_reader = 99")
    with pytest.raises(SettingsError, match="last used by a newer desk"):
        opened(url)


def test_an_address_that_is_none_is_refused_without_being_repeated() -> None:
    with pytest.raises(SettingsError) as refused:
        opened(DATABASE_PASSWORD)
    assert str(refused.value) == "DESK_DATABASE_URL is no address of a database."


def test_a_desk_that_starts_without_its_database_says_so_until_it_is_there(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    monkeypatch.setattr(database, "AGAIN", 0.05)
    server().stop()
    try:
        shelf = opened(url)
        assert shelf.store.away() == "The database cannot be reached: the records are unavailable."
        assert outcome(shelf.add) == AWAY
    finally:
        server().start()
    assert again(lambda: shelf.add("once it is there")).number == 1
    assert shelf.store.away() == ""
    shelf.store.close()


def test_what_was_done_while_the_database_was_away_holds_up_nothing_behind_it(shelf: Shelf, url: str) -> None:
    other = database.open_database(url)
    turns, others = shelf.store.desks.turns, other.desks.turns
    turns.add("first", ["by Alice"], 1.0)
    assert turns.begin("first") is Turn.BEGUN
    others.add("second", ["by Alice"], 2.0)
    assert others.begin("second") is Turn.NOT_YET
    server().stop()
    turns.done("first")
    server().start()
    with psycopg.connect(url, autocommit=True) as admin:
        until(lambda: admin.execute("select from desk_turn").rowcount == 1, "the first to be let go of")
    assert others.begin("second") is Turn.BEGUN
    other.close()


def test_a_desk_hears_of_what_another_process_changed_within_seconds(shelf: Shelf, url: str) -> None:
    before = shelf.notes.version()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("insert into desk_version values ('notes', 7)")
    until(lambda: shelf.notes.version() != before, "the change")
    assert shelf.notes.version() == 7
