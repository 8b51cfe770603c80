"""The roster: whom to tell, who took a shift when, and what outlives a restart."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from opsdesk.chat.chat import MessageRef, Person
from opsdesk.errors import UserError
from opsdesk.oncall.acceptances import Acceptances
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import Pattern, Rotation
from opsdesk.store import Store, Unreadable, open_store
from opsdesk.store.tinydb.keyed import EmbeddedKeyedTable
from tests.oncall.stage import ALICE, BOB, CHARLIE, FIRST, SPRINTS, WEEK, WEEKLY, eastern
from tests.patience import LONG

ADMINS = ("U0ADMIN",)
NO_ONE_YET = replace(WEEKLY, members=(FIRST,), patterns=(Pattern(date(2026, 1, 5), WEEK, {"support": (FIRST,)}),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


def roster(store: Store, rotation: Rotation = WEEKLY) -> Roster:
    return Roster(lambda: rotation, store, ADMINS)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-11-23 14:00", "U0ALICE"),
        ("2026-11-23 20:30", "U0ALICE"),
        ("2026-11-27 23:59", "U0ALICE"),
        ("2026-11-28 00:05", "U0BOB"),
        ("2026-11-30 09:00", "U0BOB"),
    ],
)
def test_a_message_goes_to_whoever_has_or_had_or_will_have_the_shift(store: Store, at: str, told: str) -> None:
    assert roster(store).to_tell(eastern(at)) == ((told,), "")


def test_until_somebody_is_on_the_rotation_messages_go_to_the_admins(store: Store) -> None:
    why = "This goes to the admins. On call: nobody yet (data/rotation.toml still holds placeholders)."
    assert roster(store, NO_ONE_YET).to_tell(eastern("2026-11-23 14:00")) == (ADMINS, why)
    before = "This goes to the admins. On call: nobody."
    assert roster(store).to_tell(eastern("2026-11-20 14:00")) == (ADMINS, before)


def test_where_agreements_cannot_be_read_whoever_the_file_names_and_the_admins_are_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*asked: object) -> None:
        raise Unreadable("The records of no day are damaged.")

    monkeypatch.setattr(EmbeddedKeyedTable, "all", damaged)
    for at, ids, name in (
        ("2026-11-23 14:00", ("U0ALICE", *ADMINS), "Alice"),
        ("2026-11-29 12:00", ("U0BOB", *ADMINS), "Bob"),
    ):
        why = f"On call by data/rotation.toml alone: {name}. Swaps and covers cannot be read just now."
        assert roster(store).to_tell(eastern(at)) == (ids, why)


def test_a_placeholder_among_people_is_not_told(store: Store) -> None:
    mixed = replace(WEEKLY, patterns=(Pattern(date(2026, 11, 23), WEEK, {"support": (FIRST, BOB)}),))
    assert roster(store, mixed).to_tell(eastern("2026-11-23 14:00")) == (
        ADMINS,
        "This goes to the admins. On call: nobody yet (data/rotation.toml still holds placeholders).",
    )


def test_primary_and_secondary_are_on_call_and_nobody_else(store: Store) -> None:
    sprints, at = roster(store, SPRINTS), eastern("2026-01-05 08:00")
    people = (ALICE.person, BOB.person, CHARLIE.person, Person("", "First Engineer"))
    assert [sprints.is_on_call(person, at) for person in people] == [True, True, False, False]
    assert not sprints.is_on_call(ALICE.person, eastern("2026-01-05 06:00"))


def test_who_had_a_shift_and_when_it_was_taken(store: Store) -> None:
    team, at = roster(store), eastern("2026-11-23 13:04")
    taken = Acceptances(team, store)
    shift = team.calendar.shift_at(at)
    assert shift
    assert taken.who_had(shift) == ("Alice", None)
    taken.accept(ALICE.person, at=at)
    taken.accept(ALICE.person, at=eastern("2026-11-23 13:20"))
    team.agreements.take(BOB.person, at=eastern("2026-11-23 16:00"))
    assert Acceptances(roster(store), store).who_had(shift) == ("Alice, Bob", at)
    assert roster(store).on_call_for(shift) == BOB.person
    following = team.calendar.next_shift(shift.end)
    assert following
    assert Acceptances(roster(store, NO_ONE_YET), store).who_had(following) == ("", None)


def test_whoever_took_a_shift_and_gave_it_away_before_it_began_has_not_taken_it_for_another(store: Store) -> None:
    team, day = roster(store), date(2026, 11, 23)
    taken, (shift,) = Acceptances(team, store), team.calendar.shifts_on(day)
    taken.accept(ALICE.person, at=eastern("2026-11-23 09:00"))
    team.agreements.swap(ALICE.person, BOB, day, day, at=eastern("2026-11-23 10:00"))
    team.agreements.accept(BOB.person, at=eastern("2026-11-23 10:05"))
    assert taken.who_had(shift) == ("Bob", None)
    taken.accept(BOB.person, at=eastern("2026-11-23 13:02"))
    assert taken.who_had(shift) == ("Bob", eastern("2026-11-23 13:02"))


def test_a_shift_can_be_taken_on_its_own_day_and_not_before(store: Store) -> None:
    taken = Acceptances(roster(store), store)
    with pytest.raises(UserError, match=r"^No shift is on now; the next begins tomorrow 1pm\.$"):
        taken.accept(ALICE.person, at=eastern("2026-11-22 20:00"))
    slot, accepted = taken.accept(ALICE.person, at=eastern("2026-11-23 12:50"))
    assert (slot.shift.day, accepted.at) == (date(2026, 11, 23), eastern("2026-11-23 12:50"))


def test_history_stays_and_outlives_a_restart(store: Store) -> None:
    team, at = roster(store), eastern("2026-11-23 14:00")
    team.agreements.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24), at=at)
    team.agreements.asked_in(1, MessageRef("D0BOB", "5.0"))
    team.agreements.asked_in(1, MessageRef("", ""))
    team.agreements.accept(BOB.person, at=at)
    team.agreements.undo(ALICE.person, at=at)
    again = roster(store)
    assert [(one.number, one.kind, one.undoes) for one in again.agreements.overrides] == [
        (1, "swap", 0),
        (2, "undo", 1),
    ]
    asked = again.agreements.asked_by("D0BOB", "5.0")
    assert asked
    assert (asked.number, asked.asked_in) == (1, ("D0BOB 5.0",))
    assert again.agreements.asked_by("", "") is None


def test_an_answer_that_comes_while_the_question_is_noted_is_not_lost(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, at = roster(store), eastern("2026-11-23 14:00")
    team.agreements.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24), at=at)
    storing, may_store, change = threading.Event(), threading.Event(), EmbeddedKeyedTable.change

    def slowly(*given: Any) -> Any:
        storing.set()
        assert may_store.wait(LONG)
        return change(*given)

    monkeypatch.setattr(EmbeddedKeyedTable, "change", slowly)
    with ThreadPoolExecutor(2) as pool:
        noted = pool.submit(team.agreements.asked_in, 1, MessageRef("D0BOB", "5.0"))
        assert storing.wait(LONG)
        answered = pool.submit(team.agreements.asked_by, "D0BOB", "5.0")
        wait([answered], timeout=0.1)
        may_store.set()
        noted.result()
        asked = answered.result()
    assert asked
    assert asked.number == 1


def test_two_who_take_the_same_offer_at_once_do_not_both_have_it(store: Store) -> None:
    team, at = roster(store), eastern("2026-11-23 14:00")
    team.agreements.cover(ALICE.person, eastern("2026-11-23 15:00"), eastern("2026-11-23 17:00"), at=at)
    team.agreements.accept(BOB.person, 1, at=at)
    with pytest.raises(UserError, match="Request 1 is accepted"):
        team.agreements.accept(CHARLIE.person, 1, at=at)


def test_what_two_rosters_on_one_store_agree_has_numbers_of_its_own(store: Store) -> None:
    first, second, at = roster(store), roster(store), eastern("2026-11-23 14:00")
    assert (first.agreements.overrides, second.agreements.overrides) == ((), ())
    offered = first.agreements.cover(ALICE.person, eastern("2026-11-23 15:00"), eastern("2026-11-23 17:00"), at=at)
    asked = second.agreements.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24), at=at)
    assert (offered.number, asked.number) == (1, 2)
    assert first.agreements.overrides == second.agreements.overrides == (offered, asked)


def test_what_another_roster_agreed_counts_at_once(store: Store) -> None:
    first, second, at = roster(store), roster(store), eastern("2026-11-23 14:00")
    first.agreements.cover(ALICE.person, eastern("2026-11-23 15:00"), eastern("2026-11-23 17:00"), at=at)
    assert second.slot_at(eastern("2026-11-23 16:00")).primary == ALICE.person
    second.agreements.accept(BOB.person, 1, at=at)
    with pytest.raises(UserError, match="Request 1 is accepted"):
        first.agreements.accept(CHARLIE.person, 1, at=at)
    assert {one.slot_at(eastern("2026-11-23 16:00")).primary for one in (first, second)} == {BOB.person}


def test_of_many_who_agree_at_once_each_has_a_number(store: Store) -> None:
    at, rosters = eastern("2026-11-23 09:00"), [roster(store) for _ in range(5)]

    def offer(number: int) -> int:
        start = eastern(f"2026-11-23 {13 + number}:00")
        return rosters[number].agreements.cover(ALICE.person, start, start + timedelta(minutes=30), at=at).number

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(offer, range(5))) == [1, 2, 3, 4, 5]
    assert [one.number for one in rosters[0].agreements.overrides] == [1, 2, 3, 4, 5]


def test_names_that_are_not_on_the_rotation_are_refused_with_near_ones(store: Store) -> None:
    team = roster(store)
    assert team.find("Bob", lambda named: None) == BOB
    assert team.find("<@U0BOB>", lambda named: Person("U0BOB", "bobby")) == BOB
    with pytest.raises(UserError, match=r'^"bbo" is not on the rotation\. On it: Bob\.$'):
        team.find("bbo", lambda named: None)
