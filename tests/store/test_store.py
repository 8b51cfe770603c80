"""What every store keeps its word on: the contract of opsdesk.store.interface."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from opsdesk.errors import UserError
from opsdesk.store import NotStored
from tests.store.stage import MONDAY, Event, Note, Shelf, day_after, furnished, outcome


def test_numbers_follow_one_another_over_the_days(shelf: Shelf) -> None:
    added = [shelf.add(day=day_after(later)).number for later in (0, 0, 1, 3)]
    assert added == [1, 2, 3, 4]
    assert shelf.events.latest() == 4
    assert shelf.again().add().number == 5


def test_a_clock_that_steps_back_a_day_mixes_nothing_up(shelf: Shelf) -> None:
    for later in (0, 1, 0, 1, 1, 0):
        shelf.add(f"on day {later}", day_after(later))
    shelf = shelf.again()
    assert [shelf.events.get(number).text[-1] for number in range(1, 7)] == list("010110")
    assert [event.number for event in shelf.events.scan()] == [6, 5, 4, 3, 2, 1]
    assert [event.number for event in shelf.events.touched(MONDAY, MONDAY)] == [1, 3, 6]


def test_there_is_nothing_under_a_number_that_was_never_given(shelf: Shelf) -> None:
    shelf.add()
    assert [shelf.events.get(number) for number in (-1, 0, 2, 99)] == [None] * 4
    for number in (0, 2):
        with pytest.raises(KeyError):
            shelf.say(number, "who?")


def test_a_key_is_added_once_also_over_midnight(shelf: Shelf) -> None:
    first = shelf.add("the first", key="C1/1732386720.000100")
    assert shelf.add("again", key="C1/1732386720.000100") == first
    assert shelf.add("after midnight", day_after(1), key="C1/1732386720.000100") == first
    assert shelf.again().add("by a clock a day back", day_after(-1), key="C1/1732386720.000100") == first


def test_a_key_is_forgotten_after_a_day(shelf: Shelf) -> None:
    shelf.add("the first", key="same")
    assert shelf.add("much later", day_after(2), key="same").number == 2


def test_records_without_a_key_are_all_different(shelf: Shelf) -> None:
    assert [shelf.add("same").number, shelf.add("same").number] == [1, 2]


def test_a_key_finds_the_record_as_it_is_now(shelf: Shelf) -> None:
    shelf.add("before", key="k")
    shelf.say(1, "after")
    assert shelf.add("again", key="k").text == "after"


def test_open_records_are_told_lowest_number_first(shelf: Shelf) -> None:
    for later in (2, 0, 1):
        shelf.add(day=day_after(later))
    shelf.resolve(2, day_after(5))
    assert [event.number for event in shelf.events.open()] == [1, 3]
    assert [event.number for event in shelf.again().events.open()] == [1, 3]


def test_a_reopened_record_is_open_again(shelf: Shelf) -> None:
    shelf.add()
    shelf.resolve(1)
    assert shelf.events.open() == []
    shelf.reopen(1, day_after(3))
    assert shelf.again().events.open() == [Event(1)]


def test_a_day_tells_what_was_added_and_what_was_changed_on_it(shelf: Shelf) -> None:
    for later in (0, 0, 1):
        shelf.add(day=day_after(later))
    shelf.say(1, "changed the day after", day_after(1))
    shelf.say(1, "and once more", day_after(1))
    shelf.say(2, "changed two days after", day_after(2))
    shelf = shelf.again()
    told = [[event.number for event in shelf.events.touched(day_after(n), day_after(n))] for n in range(4)]
    assert told == [[1, 2], [1, 3], [2], []]
    assert [event.number for event in shelf.events.touched(day_after(1), day_after(9))] == [1, 2, 3]


def test_an_edit_that_refuses_leaves_everything_as_it_was(shelf: Shelf) -> None:
    furnish = shelf.add("as it was")

    def refuse(_: object) -> Event:
        raise UserError("it is resolved already")

    assert outcome(lambda: shelf.events.change(1, MONDAY, refuse)) == "UserError: it is resolved already"
    assert outcome(lambda: shelf.events.add(MONDAY, refuse)) == "UserError: it is resolved already"
    assert outcome(lambda: shelf.notes.change(None, "k", refuse)) == "UserError: it is resolved already"
    assert list(shelf.again().events.scan()) == [furnish]


def test_kept_records_are_by_day_and_key(shelf: Shelf) -> None:
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


def test_tables_of_one_day_do_not_see_each_other(shelf: Shelf) -> None:
    shelf.add("an event")
    shelf.note(MONDAY, "1", "a note")
    others = shelf.store.numbered("others", Event, lambda _: True)
    assert others.latest() == 0
    assert others.add(MONDAY, Event).number == 1
    assert shelf.store.keyed("other notes", Note).all(MONDAY) == {}
    assert list(shelf.again().events.scan()) == [Event(1, "an event")]


def test_a_table_that_is_new_on_an_old_folder_starts_at_one(tmp_path: Path) -> None:
    shelf = furnished(tmp_path).again()
    added = shelf.store.numbered("alerts", Event, lambda _: True)
    assert (added.latest(), list(added.open()), added.add(MONDAY, Event).number) == (0, [], 1)


TEXTS = (
    "",
    "it's “down” & <b>out</b>",
    "a\nb\r\n\tc\x00\x07",
    "שלום للجميع",
    "😀 e\u0301 \u200f \u2028",
    '\\u0041"\\',
)


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_back_as_it_was(shelf: Shelf, text: str) -> None:
    shelf.add(text, key=text or "none")
    shelf.note(None, text, text)
    shelf = shelf.again()
    assert shelf.events.get(1) == Event(1, text)
    assert shelf.notes.all(None) == {text: Note(text)}


def test_what_could_not_be_read_again_is_not_stored(shelf: Shelf) -> None:
    with pytest.raises(NotStored, match="cannot be written down"):
        shelf.add("half a \ud83d letter")
    wrong = shelf.store.keyed("numbers", Ratio)
    with pytest.raises(NotStored, match="cannot be written down"):
        wrong.change(None, "k", lambda _: Ratio(float("nan")))
    assert shelf.again().everything()["latest"] == 0


class Ratio(msgspec.Struct, frozen=True):
    value: float


def test_a_record_of_another_kind_is_refused_by_name(shelf: Shelf) -> None:
    shelf.note(None, "k", "words")
    assert outcome(lambda: shelf.store.keyed("notes", Ratio).get(None, "k")) == (
        "Unreadable: notes k cannot be read: Object missing required field `value`. Nothing was touched."
    )


def test_new_fields_with_defaults_read_old_records(shelf: Shelf) -> None:
    shelf.add("as it was")

    class Grown(msgspec.Struct, frozen=True):
        number: int
        text: str
        severity: int = 3

    assert shelf.store.numbered("events", Grown, lambda _: True).get(1) == Grown(1, "as it was", 3)


def test_nothing_is_stored_after_the_store_was_closed(shelf: Shelf) -> None:
    shelf.add("the last")
    shelf.store.close()
    assert outcome(shelf.add) == "NotStored: Nothing was stored: the desk is stopping."
    assert list(Shelf(shelf.folder).events.scan()) == [Event(1, "the last")]


def test_history_is_read_while_new_records_are_added(shelf: Shelf) -> None:
    for later in range(3):
        shelf.add(day=day_after(later))
    seen = []
    for event in shelf.events.scan():
        shelf.add(day=day_after(9))
        seen.append(event.number)
    assert seen == [3, 2, 1]


def test_twenty_threads_lose_nothing_and_share_no_number(shelf: Shelf) -> None:
    shelf.note(None, "count", "0")
    barrier = threading.Barrier(20)

    def work(thread: int) -> list[int]:
        barrier.wait()
        numbers = []
        for turn in range(25):
            numbers.append(shelf.add(f"{thread}.{turn}", day_after(turn % 3), is_open=False).number)
            shelf.notes.change(None, "count", lambda note: Note(str(int(note.text if note else 0) + 1)))
            shelf.events.open()
        return numbers

    with ThreadPoolExecutor(20) as threads:
        numbers = [number for result in threads.map(work, range(20)) for number in result]
    shelf = shelf.again()
    assert sorted(numbers) == list(range(1, 501))
    assert {event.text for event in shelf.events.scan()} == {f"{a}.{b}" for a in range(20) for b in range(25)}
    assert shelf.notes.get(None, "count") == Note("500")
    assert shelf.store.warnings() == ()


def test_the_same_key_from_many_threads_is_added_once(shelf: Shelf) -> None:
    with ThreadPoolExecutor(10) as threads:
        added = list(threads.map(lambda turn: shelf.add(str(turn), key="one message"), range(50)))
    assert {event.number for event in added} == {1}


def test_no_more_is_read_than_has_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = furnished(tmp_path / "state")
    read: list[str] = []
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        read.append(path.name)
        return real(path)

    def read_by(ask: Callable[[Shelf], object]) -> set[str]:
        nonlocal shelf
        shelf = shelf.again()
        read.clear()
        ask(shelf)
        return set(read)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    monday, tuesday, wednesday = (f"{day_after(later)}.json" for later in range(3))
    assert read_by(lambda shelf: None) == set()
    assert read_by(lambda shelf: shelf.events.get(3)) == {tuesday}
    assert read_by(lambda shelf: shelf.events.open()) == {monday, wednesday}
    assert read_by(lambda shelf: shelf.events.touched(day_after(1), day_after(1))) == {tuesday}
    assert read_by(lambda shelf: shelf.events.touched(day_after(2), day_after(2))) == {monday, wednesday}
    assert read_by(lambda shelf: shelf.add(day=day_after(2), key="k")) == {tuesday, wednesday}


def test_days_without_open_records_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = furnished(tmp_path / "state")
    assert [event.number for event in shelf.events.open()] == [5]
    shelf.add("the first of a new day, so that the index is written", day_after(3))
    shelf = shelf.again()
    read: list[str] = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))
    assert [event.number for event in shelf.events.open()] == [5, 6]
    assert set(read) == {f"{day_after(2)}.json", f"{day_after(3)}.json"}
