"""Swaps, covers, takes and undos: what they change, and which are refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from opsdesk.chat.chat import Person
from opsdesk.oncall.agreements import Agreements
from opsdesk.oncall.rotation import Override, OverrideAnswer, OverrideKind, slots_of
from tests.oncall.stage import ALICE, BOB, CHARLIE, FIRST, SPRINTS, WEEKLY, Talks, eastern


@pytest.fixture
def talks() -> Talks:
    return Talks(WEEKLY, "2026-11-23 14:00")


def test_a_swap_changes_nothing_until_it_is_accepted(talks: Talks) -> None:
    asked = talks.keep(talks.agreed.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24)))
    assert (asked.asked, asked.answer) == (BOB.person, None)
    assert talks.day("2026-11-24") == "Alice 13:00"
    talks.keep(talks.agreed.accept(BOB.person))
    assert talks.day("2026-11-24") == "Bob 13:00"
    assert talks.day("2026-11-25") == "Alice 13:00"


def test_a_swap_can_be_asked_for_what_the_other_one_has(talks: Talks) -> None:
    asked = talks.keep(talks.agreed.swap(ALICE.person, BOB, date(2026, 11, 30), date(2026, 12, 1)))
    assert asked.asked == BOB.person
    assert "waits for Bob, not for you" in talks.refused(lambda agreed: agreed.accept(ALICE.person, 1))
    talks.keep(talks.agreed.accept(BOB.person))
    assert [talks.day(day) for day in ("2026-11-30", "2026-12-01", "2026-12-02")] == [
        "Alice 13:00",
        "Alice 13:00",
        "Bob 13:00",
    ]


def test_the_first_taker_has_a_cover(talks: Talks) -> None:
    talks.keep(talks.agreed.cover(ALICE.person, eastern("2026-11-23 15:00"), eastern("2026-11-23 17:00")))
    talks.keep(talks.agreed.accept(CHARLIE.person))
    assert talks.day("2026-11-23") == "Alice 13:00, Charlie 15:00, Alice 17:00"
    assert talks.refused(lambda agreed: agreed.accept(BOB.person)).startswith("Nobody has asked you")
    assert talks.refused(lambda agreed: agreed.accept(BOB.person, 1)).startswith("Request 1 is accepted.")


def test_a_cover_taken_late_counts_from_then_on(talks: Talks) -> None:
    talks.keep(talks.agreed.cover(ALICE.person, eastern("2026-11-23 15:00"), eastern("2026-11-23 17:00")))
    talks.to("2026-11-23 16:00")
    talks.keep(talks.agreed.accept(BOB.person))
    assert talks.day("2026-11-23") == "Alice 13:00, Bob 16:00, Alice 17:00"


def test_taking_takes_the_rest_of_the_shift_whoever_has_it(talks: Talks) -> None:
    talks.keep(talks.agreed.cover(ALICE.person, eastern("2026-11-23 15:00"), eastern("2026-11-23 17:00")))
    talks.keep(talks.agreed.accept(CHARLIE.person))
    talks.keep(talks.agreed.take(BOB.person))
    assert talks.day("2026-11-23") == "Alice 13:00, Bob 14:00"
    assert talks.day("2026-11-24") == "Alice 13:00"
    assert talks.refused(lambda agreed: agreed.take(BOB.person)) == "You are on call already, until today 8pm."


def test_undoing_a_take_gives_back_what_there_was_and_keeps_what_has_been(talks: Talks) -> None:
    talks.keep(talks.agreed.cover(ALICE.person, eastern("2026-11-23 16:00"), eastern("2026-11-23 17:00")))
    talks.keep(talks.agreed.accept(CHARLIE.person))
    taken = talks.keep(talks.agreed.take(BOB.person))
    talks.to("2026-11-23 15:00")
    undone = talks.keep(talks.agreed.undo(BOB.person))
    assert (undone.kind, undone.undoes, undone.giver, undone.taker) == (
        OverrideKind.UNDO,
        taken.number,
        BOB.person,
        ALICE.person,
    )
    assert talks.day("2026-11-23") == "Alice 13:00, Bob 14:00, Alice 15:00, Charlie 16:00, Alice 17:00"


def test_a_request_is_withdrawn_by_whoever_asked_and_declined_by_whoever_was_asked(talks: Talks) -> None:
    talks.keep(talks.agreed.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24)))
    assert talks.refused(lambda agreed: agreed.undo(BOB.person)).startswith("There is nothing of yours to undo")
    assert talks.keep(talks.agreed.undo(ALICE.person)).answer is OverrideAnswer.WITHDRAWN
    assert talks.refused(lambda agreed: agreed.accept(BOB.person, 1)).startswith("Request 1 is withdrawn.")
    talks.keep(talks.agreed.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24)))
    assert talks.keep(talks.agreed.decline(BOB.person)).answer is OverrideAnswer.DECLINED
    assert talks.day("2026-11-24") == "Alice 13:00"


def test_what_was_passed_on_cannot_be_undone_beneath(talks: Talks) -> None:
    talks.keep(talks.agreed.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24)))
    talks.keep(talks.agreed.accept(BOB.person))
    talks.keep(talks.agreed.swap(BOB.person, CHARLIE, date(2026, 11, 24), date(2026, 11, 24)))
    talks.keep(talks.agreed.accept(CHARLIE.person))
    told = "Charlie has taken over from Bob since. That must be undone first."
    assert talks.refused(lambda agreed: agreed.undo(ALICE.person)) == told
    talks.keep(talks.agreed.undo(CHARLIE.person))
    assert talks.day("2026-11-24") == "Bob 13:00"
    talks.keep(talks.agreed.undo(ALICE.person))
    assert talks.day("2026-11-24") == "Alice 13:00"


REFUSALS: list[tuple[str, Callable[[Agreements], Override], str]] = [
    (
        "a swap with oneself",
        lambda agreed: agreed.swap(ALICE.person, ALICE, date(2026, 11, 24), date(2026, 11, 24)),
        "That is you. Name the other one: `!oncall swap bob 2026-12-01`.",
    ),
    (
        "a swap with a placeholder",
        lambda agreed: agreed.swap(ALICE.person, FIRST, date(2026, 11, 24), date(2026, 11, 24)),
        "First Engineer is a placeholder, nobody who could answer: edit data/rotation.toml.",
    ),
    (
        "a swap of a day that is over",
        lambda agreed: agreed.swap(ALICE.person, BOB, date(2026, 11, 20), date(2026, 11, 20)),
        "Nov 20 is over. Type a day that is still to come.",
    ),
    (
        "a swap of a day off",
        lambda agreed: agreed.swap(ALICE.person, BOB, date(2026, 11, 26), date(2026, 11, 26)),
        "There is nothing to swap on Nov 26: Thanksgiving Day.",
    ),
    (
        "a swap of a day that a third one has",
        lambda agreed: agreed.swap(ALICE.person, BOB, date(2026, 12, 8), date(2026, 12, 8)),
        "Neither you nor Bob is on call on Dec 8: Charlie is.",
    ),
    (
        "a swap that ends before it begins",
        lambda agreed: agreed.swap(ALICE.person, BOB, date(2026, 11, 25), date(2026, 11, 24)),
        "That ends before it begins. Type `!oncall swap bob 2026-12-01 to 2026-12-04`.",
    ),
    (
        "a swap too far ahead",
        lambda agreed: agreed.swap(ALICE.person, BOB, date(2028, 11, 25), date(2028, 11, 25)),
        "That is more than a year ahead. Type a nearer day.",
    ),
    (
        "a cover that is over",
        lambda agreed: agreed.cover(ALICE.person, eastern("2026-11-23 13:00"), eastern("2026-11-23 13:30")),
        "today 1:30pm is over. Type `!oncall cover from 3pm to 5pm` for what is still to come.",
    ),
    (
        "a cover without an end in sight",
        lambda agreed: agreed.cover(ALICE.person, eastern("2026-11-23 15:00"), datetime.max.replace(tzinfo=UTC)),
        "That is more than a year ahead. Type a nearer time.",
    ),
    (
        "a cover of somebody else's time",
        lambda agreed: agreed.cover(BOB.person, eastern("2026-11-23 15:00"), eastern("2026-11-23 17:00")),
        "You are not on call then: Alice is.",
    ),
    (
        "a cover outside the shifts",
        lambda agreed: agreed.cover(ALICE.person, eastern("2026-11-23 21:00"), eastern("2026-11-23 22:00")),
        "You are not on call then: there is no shift.",
    ),
    (
        "a cover that ends before it begins",
        lambda agreed: agreed.cover(ALICE.person, eastern("2026-11-23 17:00"), eastern("2026-11-23 15:00")),
        "That ends before it begins. Type `!oncall cover from 3pm to 5pm`.",
    ),
    (
        "anything by somebody who is not on the rotation",
        lambda agreed: agreed.take(Person("U0EVE", "Eve")),
        "You are not on the rotation, so you cannot take the shift: ask an admin to add you to data/rotation.toml.",
    ),
    (
        "an acceptance where nothing was asked",
        lambda agreed: agreed.accept(BOB.person),
        "Nobody has asked you to take anything over. `!oncall` shows who is on call.",
    ),
    (
        "an acceptance of what does not exist",
        lambda agreed: agreed.accept(BOB.person, 7),
        "There is no request 7. `!oncall me` shows what waits for you.",
    ),
]


@pytest.mark.parametrize(("do", "told"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS])
def test_what_cannot_be_is_refused_with_the_reason(
    talks: Talks, do: Callable[[Agreements], Override], told: str
) -> None:
    assert talks.refused(do) == told


def test_what_is_agreed_or_asked_already_is_refused_with_the_reason(talks: Talks) -> None:
    talks.keep(talks.agreed.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24)))
    asked = (
        "That is asked already: Bob takes your shift tomorrow, 1pm to 8pm. `!oncall undo` withdraws a request of yours."
    )
    again = date(2026, 11, 24), date(2026, 11, 25)
    assert talks.refused(lambda agreed: agreed.swap(ALICE.person, CHARLIE, *again)) == asked
    talks.keep(talks.agreed.accept(BOB.person))
    had = "Bob already has Alice's shift tomorrow, 1pm to 8pm."
    assert talks.refused(lambda agreed: agreed.swap(ALICE.person, CHARLIE, *again)) == had


def test_a_request_whose_giver_lost_it_meanwhile_is_refused(talks: Talks) -> None:
    talks.keep(talks.agreed.cover(ALICE.person, eastern("2026-11-23 15:00"), eastern("2026-11-23 17:00")))
    talks.keep(talks.agreed.take(BOB.person))
    told = "Bob already has Alice's shift today, 2pm to 8pm."
    assert talks.refused(lambda agreed: agreed.accept(CHARLIE.person)) == told


def test_of_several_requests_one_must_be_named(talks: Talks) -> None:
    talks.keep(talks.agreed.swap(ALICE.person, CHARLIE, date(2026, 11, 24), date(2026, 11, 24)))
    talks.keep(talks.agreed.swap(ALICE.person, CHARLIE, date(2026, 11, 25), date(2026, 11, 25)))
    assert talks.refused(lambda agreed: agreed.accept(CHARLIE.person)) == (
        "There is more than one. Say which:\n"
        "`!oncall accept 1` you take Alice's shift tomorrow, 1pm to 8pm\n"
        "`!oncall accept 2` you take Alice's shift on Wed Nov 25, 1pm to 8pm"
    )
    talks.keep(talks.agreed.accept(CHARLIE.person, 2))
    assert talks.day("2026-11-25") == "Charlie 13:00"


def test_nobody_can_take_a_shift_between_shifts(talks: Talks) -> None:
    talks.to("2026-11-25 21:00")
    told = "No shift is on now; the next begins Nov 27 1pm."
    assert talks.refused(lambda agreed: agreed.take(BOB.person)) == told


def test_a_stand_in_is_not_their_own_secondary() -> None:
    talks = Talks(SPRINTS, "2026-11-23 08:00")
    shift = SPRINTS.calendar.shift_at(talks.at)
    assert shift
    before = slots_of(SPRINTS, (), shift)[0]
    talks.keep(talks.agreed.take(before.secondary))
    after = slots_of(SPRINTS, tuple(talks.overrides.values()), shift)[-1]
    assert after.primary == before.secondary
    assert after.secondary is None
