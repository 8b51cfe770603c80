"""Who is on call: by the pattern alone against a table, and after any sequence of swaps, covers, takes and undos."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from opsdesk.chat import Person
from opsdesk.errors import Refusal
from opsdesk.overrides import Agreements
from opsdesk.rotation import (
    Answer,
    Kind,
    Member,
    Override,
    Pattern,
    Rotation,
    coming,
    is_same,
    on_call,
    stretches,
    turn_of,
)
from rota import ALICE, BOB, CHARLIE, EASTERN, FIRST, SPRINTS, TEAM, WEEK, WEEKLY, eastern

HOUR = timedelta(hours=1)


class Talks:
    """What people have agreed, as time goes by."""

    def __init__(self, rotation: Rotation, at: str) -> None:
        self.rotation, self.at = rotation, eastern(at)
        self.overrides: dict[int, Override] = {}

    @property
    def agreed(self) -> Agreements:
        return Agreements(self.rotation, tuple(self.overrides.values()), self.at)

    def keep(self, override: Override) -> Override:
        self.overrides[override.number] = override
        return override

    def to(self, local: str) -> None:
        self.at = eastern(local)

    def who(self, local: str) -> str:
        stretch = on_call(self.rotation, tuple(self.overrides.values()), eastern(local))
        return stretch.primary.name if stretch else "no shift"

    def day(self, day: str) -> str:
        """The people on call that day, one after the other."""
        shifts = self.rotation.calendar.shifts_on(date.fromisoformat(day))
        parts = [part for shift in shifts for part in stretches(self.rotation, tuple(self.overrides.values()), shift)]
        return ", ".join(f"{part.primary.name} {part.start.astimezone(EASTERN):%H:%M}" for part in parts)

    def refused(self, do: Callable[[Agreements], Override]) -> str:
        with pytest.raises(Refusal) as refusal:
            do(self.agreed)
        return str(refusal.value)


@pytest.fixture
def talks() -> Talks:
    return Talks(WEEKLY, "2026-11-23 14:00")


def test_a_weekly_turn_goes_round_for_a_year_over_both_clock_changes() -> None:
    rotation = replace(WEEKLY, patterns=(Pattern(date(2026, 1, 5), WEEK, {"support": TEAM}),))
    days = [date(2026, 1, 5) + timedelta(days=n) for n in range(365)]
    for count, day in enumerate(days):
        shift = next(iter(rotation.calendar.shifts_on(day)), None)
        expected = ("Alice", "Bob", "Charlie")[count // 7 % 3]
        for part in stretches(rotation, (), shift) if shift else ():
            assert (part.primary.name, part.start, part.end) == (expected, shift.start, shift.end)
            assert on_call(rotation, (), shift.end - timedelta(minutes=1)) == part
            assert part.secondary is None


def test_a_sprint_of_two_shifts_a_day_has_primary_and_secondary() -> None:
    told = []
    for day in ("2026-01-05", "2026-01-16", "2026-01-20", "2026-02-02", "2026-03-09", "2026-11-02"):
        for shift in SPRINTS.calendar.shifts_on(date.fromisoformat(day)):
            (part,) = stretches(SPRINTS, (), shift)
            told.append(f"{day} {shift.name}: {part.primary.name}, {part.secondary.name if part.secondary else '-'}")
    assert told == [
        "2026-01-05 morning: Alice, Bob",
        "2026-01-05 afternoon: Charlie, Alice",
        "2026-01-16 morning: Alice, Bob",
        "2026-01-16 afternoon: Charlie, Alice",
        "2026-01-20 morning: Bob, Alice",
        "2026-01-20 afternoon: Alice, Bob",
        "2026-02-02 morning: Alice, Bob",
        "2026-02-02 afternoon: Bob, Charlie",
        "2026-03-09 morning: Alice, Bob",
        "2026-03-09 afternoon: Alice, Bob",
        "2026-11-02 morning: Bob, Alice",
        "2026-11-02 afternoon: Charlie, Alice",
    ]


def test_before_the_first_turn_nobody_is_on_call() -> None:
    shift = next(iter(WEEKLY.calendar.shifts_on(date(2026, 11, 20))), None)
    assert shift
    (part,) = stretches(WEEKLY, (), shift)
    assert (part.primary.id, part.primary.name) == ("", "nobody")


def test_a_new_order_leaves_the_turns_before_it_as_they_were() -> None:
    later = Pattern(date(2026, 12, 2), WEEK, {"support": (CHARLIE, ALICE)})
    rotation = replace(WEEKLY, patterns=(*WEEKLY.patterns, later))
    days = ("2026-11-30", "2026-12-01", "2026-12-02", "2026-12-08", "2026-12-09")
    turns = [turn_of(rotation, date.fromisoformat(day), "support") for day in days]
    assert [f"{turn.first_day} {turn.planned.name}" for turn in turns if turn] == [
        "2026-11-30 Bob",
        "2026-11-30 Bob",
        "2026-12-02 Charlie",
        "2026-12-02 Charlie",
        "2026-12-09 Alice",
    ]


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
        Kind.UNDO,
        taken.number,
        BOB.person,
        ALICE.person,
    )
    assert talks.day("2026-11-23") == "Alice 13:00, Bob 14:00, Alice 15:00, Charlie 16:00, Alice 17:00"


def test_a_request_is_withdrawn_by_whoever_asked_and_declined_by_whoever_was_asked(talks: Talks) -> None:
    talks.keep(talks.agreed.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24)))
    assert talks.refused(lambda agreed: agreed.undo(BOB.person)).startswith("There is nothing of yours to undo")
    assert talks.keep(talks.agreed.undo(ALICE.person)).answer is Answer.WITHDRAWN
    assert talks.refused(lambda agreed: agreed.accept(BOB.person, 1)).startswith("Request 1 is withdrawn.")
    talks.keep(talks.agreed.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24)))
    assert talks.keep(talks.agreed.decline(BOB.person)).answer is Answer.DECLINED
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
    before = stretches(SPRINTS, (), shift)[0]
    talks.keep(talks.agreed.take(before.secondary))
    after = stretches(SPRINTS, tuple(talks.overrides.values()), shift)[-1]
    assert after.primary == before.secondary
    assert after.secondary is None


members = st.sampled_from(TEAM)
hours = st.integers(0, 14 * 24)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("swap"), members, members, st.integers(0, 12), st.integers(0, 3)),
        st.tuples(st.just("cover"), members, hours, st.integers(1, 6)),
        st.tuples(st.sampled_from(["take", "accept", "accept", "decline", "undo"]), members),
        st.tuples(st.just("wait"), st.integers(1, 16)),
    ),
    max_size=25,
)
START, MOMENTS = eastern("2026-11-23 00:00"), 14 * 24


def made(talks: Talks, step: tuple) -> Override | None:
    """What a step comes to; None where it was refused or only time went by."""
    name, *terms = step
    if name == "wait":
        talks.at += terms[0] * HOUR / 2
        return None
    if name == "swap":
        first = date(2026, 11, 23) + timedelta(days=terms[2])
        terms = [terms[0].person, terms[1], first, first + timedelta(days=terms[3])]
    elif name == "cover":
        start = START + terms[1] * HOUR
        terms = [terms[0].person, start, start + terms[2] * HOUR / 2]
    else:
        terms = [terms[0].person]
    try:
        return talks.keep(getattr(talks.agreed, name)(*terms))
    except Refusal:
        return None


def fortnight(talks: Talks) -> list[Person | None]:
    """Who is on call at each hour."""
    overrides = tuple(talks.overrides.values())
    people = []
    for n in range(MOMENTS):
        stretch = on_call(talks.rotation, overrides, START + n * HOUR)
        people.append(stretch.primary if stretch else None)
    return people


def expected_after(before: list[Person | None], override: Override, at: datetime) -> list[Person | None] | None:
    """Who is on call after an accepted swap, cover or take, by its terms alone; None for what only asks or undoes."""
    if override.answer is not Answer.ACCEPTED or override.kind is Kind.UNDO:
        return before if override.kind is not Kind.UNDO else None
    after = list(before)
    for n, who in enumerate(before):
        within = max(override.start, at) <= START + n * HOUR < override.end
        if who and within and (override.kind is Kind.TAKE or is_same(who, override.giver)):
            after[n] = override.taker
    return after


@given(steps)
def test_any_sequence_keeps_exactly_one_primary_and_never_changes_the_past(steps: list) -> None:
    talks = Talks(WEEKLY, "2026-11-23 12:00")
    before = fortnight(talks)
    for step in steps:
        override, after = made(talks, step), fortnight(talks)
        past = (talks.at - START) // HOUR
        assert after[:past] == before[:past]
        for n, who in enumerate(after):
            on_shift = WEEKLY.calendar.shift_at(START + n * HOUR) is not None
            assert (who in [member.person for member in TEAM]) == on_shift
        if override:
            expected = expected_after(before, override, talks.at)
            assert expected is None or after == expected
            assert override.kind is not Kind.UNDO or _only_given_back(before, after, override)
        before = after


def _only_given_back(before: list[Person | None], after: list[Person | None], undone: Override) -> bool:
    """Whether nothing changed but what the one who had it by the undone override lost."""
    return all(
        now == then or (is_same(then, undone.giver) and undone.start <= START + n * HOUR < undone.end)
        for n, (then, now) in enumerate(zip(before, after, strict=True))
        if then and now
    )


@given(steps)
def test_the_stretches_of_a_shift_follow_one_another_without_a_gap(steps: list) -> None:
    talks = Talks(WEEKLY, "2026-11-23 12:00")
    for step in steps:
        made(talks, step)
    overrides = tuple(talks.overrides.values())
    for shift in WEEKLY.calendar.shifts_from(START):
        parts = stretches(WEEKLY, overrides, shift)
        assert [part.start for part in parts] == [shift.start, *(part.end for part in parts[:-1])]
        assert parts[-1].end == shift.end
        assert all(not is_same(one.primary, other.primary) for one, other in pairwise(parts))
        if shift.start > START + timedelta(days=16):
            break
    ahead = next(part for part in coming(WEEKLY, overrides, START))
    assert ahead.start > START


def test_a_member_is_found_by_key_name_or_first_name() -> None:
    ann = Member("ann", "U0ANN", "Ann Smith", EASTERN)
    rotation = replace(WEEKLY, members=(*TEAM, ann))
    assert [rotation.named(word) for word in ("bob", "@Bob", "ANN", "ann smith", "Ann", "dan")] == [
        BOB,
        BOB,
        ann,
        ann,
        ann,
        None,
    ]
    assert rotation.member("U0ANN") == ann
    assert rotation.member("") is None
