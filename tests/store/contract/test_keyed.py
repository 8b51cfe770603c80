"""What every store promises of keyed records."""

from collections.abc import Callable, Mapping

import pytest

from opsdesk.errors import UserError
from opsdesk.store import KeyedTable
from tests.store.stage import MONDAY, Note, Shelf, day_after


def test_records_are_kept_by_day_and_key(shelf: Shelf) -> None:
    assert shelf.notes.get(MONDAY, "summary") is None
    assert shelf.notes.all(MONDAY) == {}
    shelf.note(MONDAY, "summary", "due")
    shelf.note(MONDAY, "brief", "due")
    shelf.note(day_after(1), "summary", "due too")
    shelf.note(None, "summary", "of no day")
    shelf.notes.change(MONDAY, "summary", lambda note: Note(f"{note and note.text}, then posted"))
    shelf = shelf.again()
    assert shelf.notes.get(MONDAY, "summary") == Note("due, then posted")
    assert shelf.notes.all(MONDAY) == {"summary": Note("due, then posted"), "brief": Note("due")}
    assert shelf.notes.all(None) == {"summary": Note("of no day")}
    assert shelf.notes.all(day_after(1)) == {"summary": Note("due too")}


def test_tables_do_not_see_each_other(shelf: Shelf) -> None:
    shelf.add("an event")
    shelf.note(MONDAY, "1", "a note")
    assert shelf.store.keyed("other notes", Note).all(MONDAY) == {}
    assert shelf.notes.all(MONDAY) == {"1": Note("a note")}


def append(text: str) -> Callable[[Mapping[str, Note]], tuple[str, Note]]:
    """Files a text under the next number, as long as no other says the same."""

    def choose(notes: Mapping[str, Note]) -> tuple[str, Note]:
        if Note(text) in notes.values():
            raise UserError(f"{text} is said already")
        return str(len(notes) + 1), Note(text)

    return choose


@pytest.mark.parametrize("day", [None, MONDAY])
def test_what_is_decided_has_seen_every_record_of_the_day(shelf: Shelf, day: object) -> None:
    shelf.note(day_after(1), "1", "of another day")
    assert shelf.notes.decide(day, append("first")) == Note("first")
    again = shelf.store.keyed("notes", Note)
    assert again.decide(day, append("second")) == Note("second")
    with pytest.raises(UserError, match="first is said already"):
        again.decide(day, append("first"))
    assert shelf.again().notes.all(day) == {"1": Note("first"), "2": Note("second")}


def test_what_is_decided_may_change_a_record_that_is_there(shelf: Shelf) -> None:
    shelf.note(None, "1", "asked")
    assert shelf.notes.decide(None, lambda notes: ("1", Note(f"{notes['1'].text}, answered"))) == Note(
        "asked, answered"
    )
    assert shelf.again().notes.all(None) == {"1": Note("asked, answered")}


def test_what_is_forgotten_is_gone_and_nothing_else(shelf: Shelf) -> None:
    for key in "abc":
        shelf.note(None, key, key)
        shelf.note(MONDAY, key, key)
    shelf.notes.forget(None, lambda note: note.text in "ac")
    shelf.notes.forget(day_after(7), lambda note: True)
    shelf = shelf.again()
    assert (list(shelf.notes.all(None)), list(shelf.notes.all(MONDAY))) == (["b"], ["a", "b", "c"])
    shelf.note(None, "a", "said again")
    assert shelf.again().notes.get(None, "a") == Note("said again")


def each_change(notes: KeyedTable[Note]) -> list[Callable[[], object]]:
    return [
        lambda: notes.change(None, "k", lambda _: Note("first")),
        lambda: notes.change(MONDAY, "k", lambda _: Note("of a day")),
        lambda: notes.change(None, "k", lambda _: Note("second")),
        lambda: notes.decide(None, lambda _: ("k", Note("third"))),
        lambda: notes.forget(None, lambda note: True),
    ]


def test_every_change_gives_the_table_another_version_and_reading_does_not(shelf: Shelf) -> None:
    versions = [shelf.notes.version()]
    for change in each_change(shelf.notes):
        change()
        versions.append(shelf.notes.version())
        shelf.notes.all(None)
        shelf.notes.get(MONDAY, "k")
        assert shelf.notes.version() == versions[-1]
    assert len(set(versions)) == len(versions)


def test_an_edit_that_returns_the_record_it_was_given_is_no_change(shelf: Shelf) -> None:
    kept = shelf.note(None, "k", "as it is")
    before = shelf.notes.version()
    assert shelf.notes.change(None, "k", lambda note: note or Note("never")) == kept
    assert shelf.notes.decide(None, lambda notes: ("k", notes["k"])) == kept
    assert shelf.notes.version() == before


def test_a_change_by_another_part_of_the_desk_gives_another_version_too(shelf: Shelf) -> None:
    other = shelf.store.keyed("notes", Note)
    before = shelf.notes.version()
    other.change(None, "k", lambda _: Note("said elsewhere"))
    assert shelf.notes.version() != before


def test_passing_records_are_kept_like_others(shelf: Shelf) -> None:
    passing = shelf.store.keyed("seen events", Note, passing=True)
    for key in "abc":
        passing.change(None, key, lambda _, key=key: Note(key))
    passing.forget(None, lambda note: note.text == "b")
    shelf.note(None, "a", "another table")
    shelf = shelf.again()
    assert shelf.store.keyed("seen events", Note, passing=True).all(None) == {"a": Note("a"), "c": Note("c")}
    assert shelf.notes.all(None) == {"a": Note("another table")}
