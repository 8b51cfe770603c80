"""What every store promises of a change: made whole or not at all, kept, and decided on with nobody in between."""

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from opsdesk.errors import UserError
from opsdesk.store import NotStored
from tests.patience import LONG
from tests.store.stage import MONDAY, Event, Note, Shelf, day_after, forked, outcome

TEXTS = (
    "",
    "it's “down” & <b>out</b>",
    "a\nb\r\n\tc\x00\x07",
    "שלום للجميع",
    "😀 e\u0301 \u200f \u2028",
    '\\u0041"\\',
)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_and_keys_come_back_as_they_were(shelf: Shelf, text: str) -> None:
    shelf.add(text, key=text or "none")
    shelf.note(None, text, text)
    shelf.note(MONDAY, text, text)
    shelf = shelf.again()
    assert shelf.add("again", key=text or "none") == Event(1, text)
    assert shelf.notes.all(None) == shelf.notes.all(MONDAY) == {text: Note(text)}


def test_what_was_acknowledged_outlives_the_end_of_the_process(shelf: Shelf) -> None:
    shelf.store.close()

    def change(pipe: int) -> None:
        other = Shelf(shelf.folder, opened=shelf.opened)
        for turn in range(20):
            other.add(f"event {turn}")
            other.note(None, str(turn), str(turn))
        other.notes.forget(None, lambda note: note.text == "3")
        os.write(pipe, b"done")
        signal.pause()

    with forked(change) as (child, pipe):
        assert os.read(pipe, 4) == b"done"
        os.kill(child, signal.SIGKILL)
    again = Shelf(shelf.folder, opened=shelf.opened)
    assert [event.text for event in again.events.scan()] == [f"event {turn}" for turn in reversed(range(20))]
    assert list(again.notes.all(None)) == [str(turn) for turn in range(20) if turn != 3]
    again.store.close()


def refuse(_: object) -> Event:
    raise UserError("it is resolved already")


def test_what_is_raised_in_a_change_leaves_everything_as_it_was(shelf: Shelf) -> None:
    added, note = shelf.add("as it was"), shelf.note(day_after(1), "k", "as it was")
    for attempt in (
        lambda: shelf.events.change(1, day_after(1), refuse),
        lambda: shelf.events.add(MONDAY, refuse),
        lambda: shelf.notes.change(None, "k", refuse),
        lambda: shelf.notes.decide(MONDAY, refuse),
        lambda: shelf.notes.forget(day_after(1), refuse),
    ):
        assert outcome(attempt) == "UserError: it is resolved already"
    shelf = shelf.again()
    assert list(shelf.events.scan()) == [added]
    assert [shelf.notes.all(day) for day in (None, MONDAY, day_after(1))] == [{}, {}, {"k": note}]
    assert list(shelf.events.touched(day_after(1), day_after(1))) == []
    assert shelf.add().number == 2


def test_what_decides_on_a_change_never_calls_the_store(shelf: Shelf) -> None:
    shelf.add("as it was")
    shelf.note(MONDAY, "k", "as it was")
    calls: list[Callable[[], object]] = [
        lambda: shelf.events.get(1),
        lambda: shelf.notes.get(None, "k"),
        lambda: shelf.add("within"),
        lambda: shelf.note(None, "k", "within"),
    ]
    for call in calls:

        def decide(_: object, call: Callable[[], object] = call) -> object:
            call()
            raise AssertionError("the call came back")

        for attempt in (
            lambda: shelf.events.change(1, MONDAY, decide),
            lambda: shelf.events.add(MONDAY, decide),
            lambda: shelf.notes.change(None, "k", decide),
            lambda: shelf.notes.decide(None, decide),
            lambda: shelf.notes.forget(MONDAY, decide),
        ):
            assert outcome(attempt).startswith("RuntimeError")
    assert list(shelf.again().events.scan()) == [Event(1, "as it was")]


def test_a_reader_finds_a_record_as_it_was_or_as_it_is(shelf: Shelf) -> None:
    shelf.add("before")
    shelf.note(None, "k", "before")
    inside, go_on = threading.Event(), threading.Event()

    def edit(event: Event) -> Event:
        inside.set()
        assert go_on.wait(LONG)
        return msgspec.structs.replace(event, text="after")

    with ThreadPoolExecutor(3) as threads:
        changed = threads.submit(lambda: shelf.events.change(1, MONDAY, edit))
        assert inside.wait(LONG)
        reads = [threads.submit(lambda: shelf.events.get(1)), threads.submit(lambda: list(shelf.events.open()))]
        go_on.set()
        assert changed.result() == Event(1, "after")
        (one, (other,)) = (read.result() for read in reads)
    assert {one.text, other.text} <= {"before", "after"}
    assert shelf.events.get(1) == Event(1, "after")


def test_twenty_threads_lose_nothing_and_share_no_number(shelf: Shelf) -> None:
    shelf.note(None, "count", "0")
    barrier = threading.Barrier(20)

    def work(thread: int) -> list[int]:
        barrier.wait()
        numbers = []
        for turn in range(25):
            numbers.append(shelf.add(f"{thread}.{turn}", day_after(turn % 3), is_open=False).number)
            shelf.notes.change(None, "count", lambda note: Note(str(int(note.text if note else 0) + 1)))
            note = Note(f"{thread}.{turn}")
            shelf.notes.decide(MONDAY, lambda notes, note=note: (str(len(notes) + 1), note))
            shelf.events.open()
        return numbers

    with ThreadPoolExecutor(20) as threads:
        numbers = [number for result in threads.map(work, range(20)) for number in result]
    shelf = shelf.again()
    everything = {f"{thread}.{turn}" for thread in range(20) for turn in range(25)}
    assert sorted(numbers) == list(range(1, 501))
    assert {event.text for event in shelf.events.scan()} == everything
    assert shelf.notes.get(None, "count") == Note("500")
    assert {note.text for note in shelf.notes.all(MONDAY).values()} == everything
    assert shelf.store.warnings() == ()


def test_the_same_key_from_many_threads_is_added_once(shelf: Shelf) -> None:
    with ThreadPoolExecutor(10) as threads:
        added = list(threads.map(lambda turn: shelf.add(str(turn), key="one message"), range(50)))
    assert {event.number for event in added} == {1}


class Ratio(msgspec.Struct, frozen=True):
    value: float


def test_what_could_not_be_read_again_is_not_stored(shelf: Shelf) -> None:
    with pytest.raises(NotStored, match="cannot be written down"):
        shelf.add("half a \ud83d letter")
    with pytest.raises(NotStored, match="cannot be written down"):
        shelf.note(None, "half a \ud83d letter", "a note")
    numbers = shelf.store.keyed("numbers", Ratio)
    with pytest.raises(NotStored, match="cannot be written down"):
        numbers.change(None, "k", lambda _: Ratio(float("nan")))
    shelf = shelf.again()
    assert (shelf.events.latest(), shelf.notes.all(None)) == (0, {})


def test_a_record_of_another_kind_is_refused_by_name(shelf: Shelf) -> None:
    shelf.note(None, "k", "words")
    assert outcome(lambda: shelf.store.keyed("notes", Ratio).get(None, "k")) == (
        "Unreadable: notes k cannot be read: Object missing required field `value`. Nothing was touched."
    )


def test_nothing_is_stored_or_read_after_the_store_was_closed(shelf: Shelf) -> None:
    shelf.add("the last")
    shelf.store.close()
    for attempt in (shelf.add, lambda: shelf.events.get(1), lambda: shelf.notes.all(None)):
        assert outcome(attempt) == "NotStored: Nothing was stored: the desk is stopping."
    again = Shelf(shelf.folder, opened=shelf.opened)
    assert list(again.events.scan()) == [Event(1, "the last")]
    again.store.close()
