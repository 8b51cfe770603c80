"""What every store promises of records that are looked for by words and labels."""

from collections.abc import Iterator

import pytest

from opsdesk.store import SearchFields
from tests.store.stage import MONDAY, Event, Shelf, day_after


@pytest.fixture
def shelf(shelf: Shelf) -> Iterator[Shelf]:
    """A shelf with texts on three days; the even ones are closed."""
    texts = ("vista timeouts", "kiosk printer", "kafka lag", "vista is slow", "kafka and vista", "nothing new")
    for number, text in enumerate(texts):
        shelf.add(text, day_after(number // 2), is_open=number % 2 == 0)
    return shelf


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("vista",), [5, 4, 1]),
        (("vista", "kafka"), [5]),
        (("afka",), [5, 3]),
        (("timeouts vista",), []),
        (("a", "t"), [5, 4, 1]),
        (("Vista",), []),
        ((), [6, 5, 4, 3, 2, 1]),
        (("%",), []),
        (("_",), []),
        (("\\",), []),
        (("vista'",), []),
    ],
)
@pytest.mark.parametrize("again", [False, True])
def test_records_are_found_by_all_their_words_newest_first(
    shelf: Shelf, words: tuple[str, ...], found: list[int], again: bool
) -> None:
    assert shelf.found(*words) == found
    shelf = shelf.again() if again else shelf
    assert shelf.found(*words) == found


def test_records_are_found_by_labels_whole(shelf: Shelf) -> None:
    assert shelf.found(labels=["closed"]) == [6, 4, 2]
    assert shelf.found(labels=["closed", "of 13 letters"]) == [4, 2]
    assert shelf.found(labels=["of 1"]) == shelf.found(labels=["close"]) == shelf.found(labels=[""]) == []
    assert shelf.found("vista", labels=["open"]) == [5, 1]


@pytest.mark.parametrize(
    "text", ["100% _under\\score", 'it\'s "down"', "שלום", "😀 e\u0301", "a\nb", "<US>\x1f<RS>\x1e"]
)
def test_any_text_is_found(shelf: Shelf, text: str) -> None:
    shelf.add(text, day_after(9))
    shelf.add("the newest", day_after(10))
    for _ in range(2):
        assert shelf.found(text) == [7]
        assert shelf.found(text[1:]) == [7]
        assert shelf.found(text + "x") == []


def test_a_word_is_not_found_across_two_records(shelf: Shelf) -> None:
    assert shelf.found("timeouts\n") == shelf.found("2") == shelf.found("printer\n\n") == []


def test_what_is_changed_is_found_as_it_is_now(shelf: Shelf) -> None:
    assert shelf.found("vista") == [5, 4, 1]
    shelf.say(4, "kiosk is slow", day_after(5))
    shelf.resolve(1, day_after(5))
    for again in (shelf, None):
        shelf = again or shelf.again()
        assert shelf.found("vista") == [5, 1]
        assert shelf.found("kiosk") == [4, 2]
        assert shelf.found(labels=["closed"]) == [6, 4, 2, 1]


def test_what_is_added_while_a_search_goes_on_does_not_disturb_it(shelf: Shelf) -> None:
    found = []
    for batch in shelf.events.find(("vista",)):
        shelf.add("vista again", day_after(7))
        found += batch
    assert found == [5, 4, 1]
    assert shelf.found("again")[-1] == 7


def test_other_fields_of_a_newer_version_replace_those_of_an_older_one(shelf: Shelf) -> None:
    assert shelf.found("vista") == [5, 4, 1]
    newer = SearchFields[Event](lambda event: event.text[::-1], version=2)
    events = shelf.again().store.numbered("events", Event, lambda event: event.open, newer)
    assert [number for batch in events.find(("atsiv",)) for number in batch] == [5, 4, 1]
    assert [number for batch in events.find(("vista",)) for number in batch] == []


def test_a_table_that_is_not_looked_through_has_all_records_for_no_words(shelf: Shelf) -> None:
    others = shelf.store.numbered("others", Event, lambda event: True)
    others.add(MONDAY, Event)
    assert [number for batch in others.find() for number in batch] == [1]
    assert [number for batch in others.find(("vista",)) for number in batch] == []


def test_some_records_come_in_the_order_they_are_asked_for(shelf: Shelf) -> None:
    asked = [4, 99, 1, 6, 0, -1, 2]
    assert [event.number for event in shelf.events.some(asked)] == [4, 1, 6, 2]
    assert [event.number for event in shelf.again().events.some(iter(asked))] == [4, 1, 6, 2]
