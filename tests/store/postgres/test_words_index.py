"""The index of words that came to lack: made beside the desk, which neither waits for it nor is held up by it.

On a server that cannot have the extension there is none, and nothing else differs.
"""

from collections.abc import Sequence

import psycopg
import pytest

from opsdesk.store.postgres import words_index
from opsdesk.store.postgres.database import open_database
from tests.patience import until
from tests.postgres import server
from tests.store.stage import Shelf

WHOLE = "select indisvalid from pg_index where indexrelid = to_regclass('desk_numbered_words')"
UNFINISHED = "update pg_index set indisvalid = false where indexrelid = to_regclass('desk_numbered_words')"


class Database:
    """A database in which every number of records is many."""

    def __init__(self) -> None:
        self.url = server().schema()
        self.has_trigrams = bool(self.rows("select 1 from pg_available_extensions where name = 'pg_trgm'"))

    def opened(self) -> Shelf:
        return Shelf(None, opened=lambda folder: open_database(self.url))  # type: ignore[arg-type]

    def rows(self, query: str) -> Sequence[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            found = connection.execute(query.encode())
            return found.fetchall() if found.description else []

    def wait(self, shelf: Shelf) -> None:
        """Until what was begun beside the desk is done."""
        thread = shelf.store._words_index._thread  # type: ignore[attr-defined]
        assert thread.ident, "nothing was begun"
        until(lambda: not thread.is_alive(), "the index")


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    made = Database()
    made.opened().store.close()
    monkeypatch.setattr(words_index, "MANY", 0)
    return made


def test_what_lacks_or_was_not_brought_to_its_end_is_made_at_the_next_start(database: Database) -> None:
    there = [(True,)] if database.has_trigrams else []
    assert database.rows(WHOLE) == there
    for broken in ("drop index if exists desk_numbered_words", UNFINISHED):
        shelf = database.opened()
        shelf.add("VistA timeouts")
        shelf.store.close()
        database.rows(broken)
        again = database.opened()
        database.wait(again)
        assert (database.rows(WHOLE), again.found("timeouts")[:1]) == (there, [again.events.latest()])
        again.store.close()


def test_a_whole_index_is_left_alone(database: Database) -> None:
    shelf = database.opened()
    shelf.add("VistA timeouts")
    shelf.store.close()
    again = database.opened()
    begun = again.store._words_index._thread.ident  # type: ignore[attr-defined]
    assert bool(begun) is not database.has_trigrams
    again.store.close()


def test_a_desk_that_ends_while_it_is_made_ends_at_once_and_the_next_one_goes_on(database: Database) -> None:
    shelf = database.opened()
    shelf.add("VistA timeouts")
    shelf.store.close()
    database.rows("drop index if exists desk_numbered_words")
    with psycopg.connect(database.url) as writer:  # which an index that is made concurrently waits for
        writer.execute("update desk_numbered set is_open = true")
        again = database.opened()
        assert again.events.get(1).text == "VistA timeouts"
        again.store.close()
        database.wait(again)  # which the writer would not let end by itself
        assert database.rows(WHOLE) in ([], [(False,)])
    last = database.opened()
    database.wait(last)
    assert database.rows(WHOLE) == ([(True,)] if database.has_trigrams else [])
    last.store.close()


def test_while_one_desk_makes_it_another_leaves_it_alone(database: Database) -> None:
    shelf = database.opened()
    shelf.add("VistA timeouts")
    shelf.store.close()
    database.rows(UNFINISHED)
    which = "select to_regclass('desk_numbered_words')::oid"
    unfinished = database.rows(which)
    with psycopg.connect(database.url) as other:  # a desk that has begun, of which the server tells nothing yet
        assert other.execute(words_index.LOCK).fetchone() == (True,)
        waiting = database.opened()
        database.wait(waiting)
        waiting.store.close()
        assert database.rows(which) == unfinished
    last = database.opened()
    database.wait(last)
    assert database.rows(WHOLE) == ([(True,)] if database.has_trigrams else [])
    assert not database.has_trigrams or database.rows(which) != unfinished
    last.store.close()
