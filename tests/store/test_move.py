"""Everything moved to another store and back: nothing is lost or doubled, whatever ends the move on its way."""

import errno
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg
import pytest

from opsdesk.errors import SettingsError, UserError
from opsdesk.move_store import KINDS, main
from opsdesk.store import NumberedKind, Store, open_store
from opsdesk.store.move import Destination, MovedDay, SourceStore
from opsdesk.store.moving import Way, move_records
from opsdesk.store.postgres import desks
from opsdesk.store.postgres import moved as moved_database
from opsdesk.store.postgres.database import open_database
from opsdesk.store.tinydb import folder_mark
from opsdesk.store.tinydb import moved as moved_folder
from tests.conftest import ROOT
from tests.patience import until
from tests.postgres import server
from tests.store.stage import FOUND_BY, Event, Note, Shelf, day_after, furnished, outcome

AT = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
KIND = NumberedKind("events", Event, lambda event: event.open, FOUND_BY)


class NewerEvent(Event, frozen=True):
    pager: str = ""


class Killed(BaseException):
    """The move ends in the middle of what it does."""


class Move:
    """A desk's folder, full, and an empty database to move to and back from."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.back, self.url = folder / "state", folder / "back", server().schema()
        self.told: list[str] = []

    def to_database(self, **more: object) -> list[MovedDay]:
        return self.to(Way.DATABASE, self.folder, **more)

    def to_folder(self) -> list[MovedDay]:
        return self.to(Way.FOLDER, self.back)

    def to(self, way: Way, folder: Path, without: tuple[object, ...] = ()) -> list[MovedDay]:
        return list(move_records(way, folder, self.url, (KIND,), AT, self.told.append, without))  # type: ignore[arg-type]

    def database(self) -> Shelf:
        return Shelf(self.folder, opened=lambda path: open_database(self.url))


@pytest.fixture
def move(tmp_path: Path) -> Move:
    return Move(tmp_path)


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Closes whatever store a test has opened."""
    opened: list[Store] = []
    begun = Shelf.__init__

    def noted(shelf: Shelf, *args: object, **more: object) -> None:
        begun(shelf, *args, **more)  # type: ignore[arg-type]
        opened.append(shelf.store)

    monkeypatch.setattr(Shelf, "__init__", noted)
    yield
    for store in opened:
        store.close()


def full(folder: Path) -> dict[str, object]:
    """Fills a folder with all that is hard to move, and returns what is asked of it."""
    shelf = furnished(folder)
    shelf.note(None, "a key\0with NUL", 'NUL \0, quotes " and \\u0000, 🔴\u2028')
    shelf.add("NUL \0 in a record", day_after(2), key="source\0")
    shelf.add("x" * 5_000, day_after(2))
    shelf.say(7, "x" * 5_000 + "added")
    newer = shelf.store.numbered("events", NewerEvent, lambda event: event.open)
    newer.change(2, day_after(3), lambda event: msgspec.structs.replace(event, pager="of a newer desk"))
    shelf.store.keyed("seen events", Note, passing=True).change(None, "event 1", lambda _: Note("taken"))
    before = everything(shelf)
    shelf.store.close()
    return before


def everything(shelf: Shelf) -> dict[str, object]:
    """All that can be asked, also what a newer desk has stored and what matters for minutes."""
    newer = shelf.store.numbered("events", NewerEvent, lambda event: event.open)
    seen = shelf.store.keyed("seen events", Note, passing=True)
    found = {"newer": newer.get(2), "seen": seen.all(None), "found": shelf.found("event"), "nul": shelf.found("\0")}
    return {**shelf.everything(), **found, "labels": shelf.found(labels=["open"])}


def test_everything_arrives_in_the_database_and_in_another_folder_again(move: Move) -> None:
    before = full(move.folder)
    there = move.to_database()
    database = move.database()
    assert everything(database) == before
    database.store.close()
    forget_desks(move.url)
    back = move.to_folder()
    assert everything(Shelf(move.back)) == before
    assert there == back
    assert sum(day.many for day in there) == 11


def test_numbers_go_on_and_a_message_that_came_before_is_known(move: Move) -> None:
    full(move.folder)
    move.to_database()
    database = move.database()
    assert database.add("again", day_after(2), key="source\0").number == 6
    assert database.add("new", day_after(3)).number == 8
    database.store.close()
    forget_desks(move.url)
    move.to_folder()
    folder = Shelf(move.back)
    assert folder.add("newer", day_after(3), key="new key").number == 9
    assert folder.resolve(9).open is False
    assert [event.number for event in folder.events.open()] == [5, 6, 7, 8]


def test_no_desk_starts_where_it_was_and_a_second_move_is_refused(move: Move) -> None:
    full(move.folder)
    move.to_database()
    gone = outcome(lambda: open_store(move.folder))
    assert gone.startswith(f"SettingsError: What was kept in {move.folder} was moved to the database 127.0.0.1/")
    assert gone.endswith("on 2026-11-28: set DESK_DATABASE_URL to that, and start the desk again.")
    assert "already" in outcome(move.to_database)
    move.to_folder()
    gone = outcome(lambda: open_database(move.url))
    assert gone == (
        f"SettingsError: What was kept in the database was moved to {move.back} on 2026-11-28: "
        "leave DESK_DATABASE_URL out, and start the desk again."
    )
    assert "already" in outcome(lambda: move.to(Way.FOLDER, move.folder.with_name("third")))


def test_a_desk_on_the_old_store_keeps_it_from_being_moved(move: Move) -> None:
    shelf = furnished(move.folder)
    assert "Another desk" in outcome(move.to_database)
    shelf.store.close()
    move.to_database()
    database = move.database()
    assert outcome(move.to_folder).startswith("UserError: Desks are running on the database")
    assert len(database.everything()["events"]) == 5  # type: ignore[arg-type]


def test_a_desk_that_comes_to_the_old_database_meanwhile_loses_nothing(move: Move, monkeypatch) -> None:
    full(move.folder)
    move.to_database()
    last: list[Shelf] = []

    def come(leave: Callable[..., None]) -> Callable[..., None]:
        def left(*args: object) -> None:
            if not last:
                last.append(move.database())
                last[0].add("said meanwhile", day_after(3))
            leave(*args)

        return left

    monkeypatch.setattr(moved_database.DatabaseSource, "leave", come(moved_database.DatabaseSource.leave))
    assert "A desk changed something" in outcome(move.to_folder)
    with pytest.raises(SettingsError, match="holds only a part of what is moved there"):
        open_store(move.back)
    last[0].store.close()
    forget_desks(move.url)
    move.to_folder()
    assert Shelf(move.back).events.get(8) == Event(8, "said meanwhile")


def test_a_desk_that_still_runs_on_the_old_database_stores_nothing_and_ends(move: Move, monkeypatch) -> None:
    monkeypatch.setattr(desks, "BEAT", 0.05)
    full(move.folder)
    move.to_database()
    lost: list[str] = []
    store = open_database(move.url, lost.append)
    notes = store.keyed("notes", Note)
    monkeypatch.setattr(moved_database, "HERE", "select name from desk_desk where false")  # it came a moment later
    move.to_folder()
    kept = outcome(lambda: notes.change(None, "late", lambda _: Note("late")))
    assert kept == (
        "NotStored: Nothing was stored: the database refused (what was kept here was moved to "
        f"{move.back}). Try again in a minute."
    )
    until(lambda: lost, "the desk to hear of it")
    assert lost == [outcome(lambda: open_database(move.url)).removeprefix("SettingsError: ")]
    store.close()


# The step that a move ends at, the nth time, before or after it is done; whether a desk starts at the new store then,
# and at the old one.
ENDS = {
    "the new store is marked": ("expect", 1, True, False, True),
    "a day is being written": ("write", 2, False, False, True),
    "a day is written": ("write", 2, True, False, True),
    "all are written": ("finish", 1, False, False, True),
    "all is there": ("leave", 1, False, False, True),
    "the old store is marked": ("leave", 1, True, False, False),
    "all is over": ("arrive", 1, True, True, False),
}


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("end", ENDS)
def test_whatever_ends_it_no_desk_lacks_anything_and_it_is_finished_the_next_time(
    move: Move, monkeypatch: pytest.MonkeyPatch, way: Way, end: str
) -> None:
    before = full(move.folder)
    to_database = way is Way.DATABASE
    go, new = (move.to_database, move.database) if to_database else (move.to_folder, lambda: Shelf(move.back))
    if not to_database:
        move.to_database()
    step, nth, after, new_starts, old_starts = ENDS[end]
    place = place_of(way, step)
    with monkeypatch.context() as patched:
        patched.setattr(place, step, killed_at(getattr(place, step), nth, after=after))
        with pytest.raises(Killed):
            go()
    folder = starts(lambda: folder_mark.refuse_marked(move.folder if to_database else move.back))
    database = starts(lambda: open_database(move.url).close())
    assert ((database, folder) if to_database else (folder, database)) == (new_starts, old_starts)
    if not new_starts:
        assert sum(day.many for day in go()) == 11
    assert everything(new()) == before


def place_of(way: Way, step: str) -> type[SourceStore | Destination]:
    """The end of a move that does this step."""
    if (way is Way.DATABASE) == (step == "leave"):
        return moved_folder.FolderSource if step == "leave" else moved_folder.FolderDestination
    return moved_database.DatabaseSource if step == "leave" else moved_database.DatabaseDestination


def starts(attempt: Callable[[], object]) -> bool:
    """Whether a desk starts."""
    return "SettingsError" not in outcome(attempt)


def killed_at(step: Callable[..., None], nth: int, *, after: bool) -> Callable[..., None]:
    """The step of a move that ends it, the nth time, before or after it is done."""
    times: list[int] = []

    def ended(*args: object) -> None:
        times.append(1)
        if len(times) == nth and not after:
            raise Killed
        step(*args)
        if len(times) == nth:
            raise Killed

    return ended


def test_what_was_changed_between_two_tries_arrives(move: Move, monkeypatch) -> None:
    full(move.folder)
    with monkeypatch.context() as patched:
        finish = moved_database.DatabaseDestination.finish
        patched.setattr(moved_database.DatabaseDestination, "finish", killed_at(finish, 1, after=False))
        with pytest.raises(Killed):
            move.to_database()
    shelf = Shelf(move.folder)
    shelf.say(1, "changed between")
    shelf.add("added between", day_after(3))
    before = everything(shelf)
    shelf.store.close()
    move.to_database()
    assert everything(move.database()) == before


def test_a_damaged_copy_is_mended_and_what_is_lost_is_named_before_it_is_left_out(move: Move) -> None:
    before = full(move.folder)
    (move.folder / "days" / f"{day_after(0)}.json").write_text("broken")
    for root in (move.folder, move.folder / "mirror"):
        (root / "days" / f"{day_after(1)}.json").write_text("broken")
    refused = outcome(move.to_database)
    assert refused.startswith(f"UserError: What was stored on {day_after(1)} cannot be read")
    assert "WITHOUT=2026-11-23" in refused
    shelf = Shelf(move.folder)  # it can go on
    shelf.store.close()
    there = move.to_database(without=(day_after(1),))
    database = move.database()
    assert [event.number for event in database.events.scan()] == [7, 6, 5, 2, 1]
    assert database.everything()["open"] == before["open"]
    assert database.add("next", day_after(3)).number == 8
    assert [day.day for day in there if day.many] == [day_after(0), day_after(2), None]


def test_numbers_that_a_lost_day_may_have_had_are_not_given_out_there_nor_back_here(move: Move) -> None:
    shelf = furnished(move.folder)
    shelf.store.close()
    for root in (move.folder, move.folder / "mirror"):
        (root / "days" / f"{day_after(2)}.json").write_text("broken")
    move.to_database(without=(day_after(2),))
    forget_desks(move.url)
    move.to_folder()
    assert Shelf(move.back).add("next", day_after(3)).number == 101


def test_a_disk_that_is_full_ends_it_and_it_goes_on_once_there_is_room(move: Move, monkeypatch) -> None:
    before = full(move.folder)
    move.to_database()
    with monkeypatch.context() as patched:

        def refused(*args: object, **more: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        patched.setattr("opsdesk.store.tinydb.copies.replace", refused)
        assert outcome(move.to_folder) == (
            "NotStored: Nothing was stored: the disk is full. Tell an admin, then type it again."
        )
    move.to_folder()
    assert everything(Shelf(move.back)) == before


def test_a_place_that_holds_another_desk_s_records_is_left_alone(move: Move) -> None:
    full(move.folder)
    other = move.database()
    other.add("another desk's")
    other.store.close()
    assert outcome(move.to_database).endswith("holds records of a desk already: move to an empty place.")
    furnished(move.back).store.close()
    assert outcome(move.to_folder).endswith("holds records of a desk already: move to an empty place.")


def forget_desks(url: str) -> None:
    """Makes the desks on a database ones that have been gone for long."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("update desk_desk set seen = seen - interval '1 hour'")


def test_where_nothing_belongs_to_no_day_a_desk_starts_on_what_was_moved(move: Move) -> None:
    database = move.database()
    database.add("the only one")
    database.store.close()
    move.to_folder()
    folder = Shelf(move.back)
    assert folder.everything()["undated"] == {}
    assert folder.note(None, "channel", "C1") == Note("C1")
    assert folder.store.warnings() == ()


def test_a_folder_that_is_not_there_is_not_made(move: Move) -> None:
    with pytest.raises(SettingsError, match="There is no folder"):
        move.to_database()
    assert not move.folder.exists()


def test_a_database_that_is_not_there_is_said_so(move: Move) -> None:
    full(move.folder)
    move.url = "postgresql://desk@127.0.0.1:1/postgres"
    with pytest.raises(UserError, match="cannot be reached"):
        move.to_database()


def test_the_command_tells_what_has_arrived_and_how_the_desk_is_started(move: Move, capsys) -> None:
    full(move.folder)
    environment = {"DESK_STATE_DIR": str(move.folder), "DESK_DATABASE_URL": move.url}
    assert main(["database"], environment) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in told[:-2]] == [
        ["2026-11-23", "2"], ["2026-11-24", "3"], ["2026-11-25", "3"], ["undated", "3"],
    ]  # fmt: skip
    assert told[-2:] == [
        "11 records of 4 days have arrived, each day compared by its digest.",
        f"No desk starts on {move.folder} any more: start it with DESK_DATABASE_URL.",
    ]
    assert main(["database"], environment) == 1
    assert main(["nowhere"], environment) == main(["folder"], {}) == 2
    assert main(["database", "yesterday"], environment) == 1


def test_a_table_of_minutes_is_none_that_the_move_does_not_know(move: Move) -> None:
    for opened in (lambda: open_store(move.folder), lambda: open_database(move.url)):
        store = opened()
        with pytest.raises(ValueError, match='Name "unknown"'):
            store.keyed("unknown", Note, passing=True)
        store.close()


def test_every_numbered_table_of_the_desk_is_known_to_the_move() -> None:
    sources = [path.read_text() for path in (ROOT / "plugins" / "opsdesk").rglob("*.py")]
    assert sum(source.count("store.numbered(*KEPT)") for source in sources) == len(KINDS)
    assert [source for source in sources if "store.numbered(" in source.replace("store.numbered(*", "")] == []
