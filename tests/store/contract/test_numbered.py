"""What every store promises of numbered records."""

import pytest

from tests.store.stage import MONDAY, Event, Shelf, day_after


def test_numbers_follow_one_another_over_the_days(shelf: Shelf) -> None:
    added = [shelf.add(day=day_after(later)).number for later in (0, 0, 1, 3)]
    assert added == [1, 2, 3, 4]
    assert shelf.events.latest() == 4
    assert shelf.again().add().number == 5


def test_whoever_adds_may_refuse_by_how_many_are_open(shelf: Shelf) -> None:
    def refuse(open_now: int) -> None:
        if open_now == 2:
            raise ValueError("two are open")

    def add() -> Event:
        return shelf.events.add(MONDAY, lambda number: Event(number, "", True), key="the same", refuse=refuse)

    shelf.add(is_open=False)
    shelf.add()
    last = add()
    assert add() == last
    shelf.add(is_open=False)
    with pytest.raises(ValueError, match="two are open"):
        shelf.events.add(MONDAY, lambda number: Event(number, "", True), refuse=refuse)
    assert shelf.events.latest() == 4
    shelf.resolve(2)
    assert shelf.events.add(MONDAY, lambda number: Event(number, "", True), refuse=refuse).number == 5


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
    assert list(shelf.events.open()) == []
    shelf.reopen(1, day_after(3))
    assert list(shelf.again().events.open()) == [Event(1)]


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


def test_an_edit_that_returns_the_record_it_was_given_changes_and_notes_nothing(shelf: Shelf) -> None:
    shelf.add("as it is")
    assert shelf.events.change(1, day_after(1), lambda event: event) == Event(1, "as it is")
    assert list(shelf.events.touched(day_after(1), day_after(1))) == []


def test_history_is_read_while_new_records_are_added(shelf: Shelf) -> None:
    for later in range(3):
        shelf.add(day=day_after(later))
    seen = []
    for event in shelf.events.scan():
        shelf.add(day=day_after(9))
        seen.append(event.number)
    assert seen == [3, 2, 1]


def test_every_change_gives_the_table_another_version_and_reading_does_not(shelf: Shelf) -> None:
    versions = [shelf.events.version()]
    for change in (shelf.add, lambda: shelf.say(1, "changed"), lambda: shelf.resolve(1, day_after(1))):
        change()
        versions.append(shelf.events.version())
        shelf.events.get(1)
        shelf.events.open()
        list(shelf.events.scan())
        assert shelf.events.version() == versions[-1]
    assert len(set(versions)) == len(versions)


def test_what_is_open_is_known_however_it_came_to_be(shelf: Shelf) -> None:
    for later in range(4):
        for _ in range(3):
            shelf.add(day=day_after(later))
    steps = [
        (lambda: shelf.resolve(2, day_after(1)), {2}),
        (lambda: shelf.resolve(12, day_after(4)), {2, 12}),
        (lambda: shelf.reopen(2, day_after(4)), {12}),
        (lambda: shelf.say(5, "changed, and open still", day_after(4)), {12}),
        (lambda: [shelf.resolve(number, day_after(4)) for number in (1, 2, 3)], {1, 2, 3, 12}),
        (lambda: shelf.reopen(3, day_after(5)), {1, 2, 12}),
        (lambda: shelf.add("resolved at once", day_after(6), is_open=False), {1, 2, 12, 13}),
    ]
    for change, closed in steps:
        change()
        expected = sorted(set(range(1, shelf.events.latest() + 1)) - closed)
        assert [event.number for event in shelf.events.open()] == expected
        shelf = shelf.again()
        assert [event.number for event in shelf.events.open()] == expected


def test_two_tables_on_one_store_number_apart(shelf: Shelf) -> None:
    shelf.add("an event")
    others = shelf.store.numbered("others", Event, lambda _: True)
    assert others.latest() == 0
    assert others.add(MONDAY, Event).number == 1
    assert list(shelf.again().events.scan()) == [Event(1, "an event")]


def test_the_same_table_asked_for_twice_is_one(shelf: Shelf) -> None:
    again = shelf.store.numbered("events", Event, lambda event: event.open)
    assert [shelf.add().number, again.add(MONDAY, Event).number, shelf.add().number] == [1, 2, 3]
    assert [event.number for event in again.open()] == [1, 2, 3]
