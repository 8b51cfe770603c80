"""What an opening tells of incidents that are like it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.incidents.alike import LATEST, Alike, AlikeIncidents
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.likeness import alike_lines
from opsdesk.incidents.titles import Titles
from opsdesk.store import Unreadable
from tests.incidents.stage import EASTERN, Shift


def titled(*titles: str, order: Callable[[int], int] = int) -> Titles:
    """The titles, each under its place from 1, and in that order."""
    made = Titles()
    for number, title in enumerate(titles, 1):
        made.put(number, title, order(number))
    return made


def numbers(found: Alike) -> tuple[list[int], list[int]]:
    return [one.number for one in found.open], [one.number for one in found.resolved]


@pytest.fixture
def alike(day: Shift) -> AlikeIncidents:
    """What follows the day's incidents."""
    made = AlikeIncidents(day.log)
    day.listeners.append(made.follow)
    return made


def test_titles_are_alike_by_the_words_they_share_the_rare_ones_first() -> None:
    titles = titled("RPC timeouts", "RPC timeouts at site 688", "Socket trouble at lunch", "Claims rejected")
    assert titles.likest("RPC timeouts at site 688 again", 4) == [2, 1]
    assert titles.likest("Rejected logins", 4) == []


def test_a_title_of_one_word_is_like_one_that_has_it() -> None:
    assert titled("Claims rejected", "Reminders late").likest("Claims", 4) == [1]


def test_of_titles_that_are_equally_alike_the_order_tells_which_comes_first() -> None:
    titles = "RPC timeouts again", "Claims rejected", "again: timeouts, RPC", "RPC timeouts often", "again timeouts RPC"
    assert titled(*titles, order=lambda number: -number).likest("RPC timeouts again", 2) == [5, 3]
    assert titled(*titles).likest("RPC timeouts again", 9) == [1, 3, 5, 4]


def test_a_title_that_was_changed_or_removed_is_found_no_more() -> None:
    titles = titled("RPC timeouts", "RPC timeouts")
    titles.put(1, "Claims rejected", 1)
    titles.drop(2)
    titles.drop(7)
    assert titles.likest("RPC timeouts", 4) == []
    assert titles.likest("Claims rejected", 4) == [1]
    assert len(titles) == 1


@given(st.lists(st.lists(st.sampled_from(["vista", "rpc", "claims", "late"])).map(" ".join), min_size=1), st.data())
def test_a_title_that_is_left_out_counts_for_nothing(titles: list[str], data: st.DataObject) -> None:
    number, title = data.draw(st.integers(1, len(titles))), data.draw(st.sampled_from([*titles, "vista claims"]))
    known = titled(*titles)
    found = known.likest(title, 3, but=number)
    known.drop(number)
    assert found == known.likest(title, 3)


def test_incidents_are_read_once_and_followed_from_then_on(
    day: Shift, alike: AlikeIncidents, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = day.open("RPC timeouts"), day.open("RPC timeouts at two sites")
    day.do("resolve", first.number, "restarted")
    some, read = day.log.some, list[list[int]]()
    monkeypatch.setattr(day.log, "some", lambda numbers, lost: some(read.append(list(numbers)) or read[-1], lost))
    assert numbers(alike.like(second)) == ([], [first.number])
    third = day.open("RPC timeouts, once more")
    assert numbers(alike.like(third)) == ([second.number], [first.number])
    day.do("resolve", second.number, "again")
    assert numbers(alike.like(third)) == ([], [first.number, second.number])
    day.do("reopen", first.number)
    day.do("update", first.number, title="Claims rejected")
    day.do("void", second.number, "no")
    assert numbers(alike.like(third)) == ([], [])
    assert read == [[first.number]]


def test_open_ones_are_alike_on_the_same_subsystem_the_worst_first(day: Shift, alike: AlikeIncidents) -> None:
    ones = [
        day.open("RPC timeouts", subsystem=on, severity=sev) for on, sev in (("vista", 3), ("vista", 2), ("vaos", 1))
    ]
    asked = day.open("RPC timeouts", subsystem="vista")
    assert numbers(alike.like(asked)) == ([ones[1].number], [])
    day.do("update", ones[1].number, subsystem="vaos")
    assert numbers(alike.like(asked)) == ([ones[0].number], [])


def test_what_was_changed_before_it_was_asked_for_is_read_as_it_is(day: Shift, alike: AlikeIncidents) -> None:
    first = day.open("RPC timeouts")
    alike.follow(first)
    day.do("resolve", first.number, "restarted")
    second = day.open("RPC timeouts")
    found = alike.like(second).resolved
    assert [(one.number, one.last_word) for one in found] == [(first.number, "restarted")]
    alike.follow(first)  # older news, heard late
    assert alike.like(second).resolved == found


def test_the_latest_are_looked_through_and_no_others(day: Shift, alike: AlikeIncidents) -> None:
    first = day.open("RPC timeouts", subsystem="vista")
    day.do("resolve", first.number, "restarted")
    second = day.open("RPC timeouts", subsystem="vista")
    assert numbers(alike.like(second)) == ([], [first.number])
    ones = [day.open("Claims rejected") for _ in range(LATEST)]
    assert numbers(alike.like(ones[-1])) == ([ones[0].number], [])
    assert numbers(alike.like(day.open("Claims rejected"))) == ([ones[1].number], [])
    assert numbers(alike.like(day.open("RPC timeouts", subsystem="vista"))) == ([second.number], [])


def test_an_opening_is_answered_where_what_was_before_cannot_be_read(
    day: Shift, alike: AlikeIncidents, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*asked: object) -> list[Incident]:
        raise Unreadable("The store cannot be read.")

    first, second, opened = [day.open("RPC timeouts") for _ in range(3)]
    day.do("resolve", first.number, "restarted")
    for reading in ("some", "newest_open"):
        with monkeypatch.context() as away:
            away.setattr(day.log, reading, unreadable)
            assert alike_lines(alike, opened, day.at, EASTERN) == []
    assert numbers(alike.like(opened)) == ([second.number], [first.number])
