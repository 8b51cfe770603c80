"""Who is on call after any sequence of swaps, covers, takes and undos."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from opsdesk.chat.chat import Person
from opsdesk.errors import UserError
from opsdesk.oncall.rotation import Override, OverrideAnswer, OverrideKind, coming, is_same, on_call, slots_of
from tests.oncall.stage import TEAM, WEEKLY, Talks, eastern

HOUR = timedelta(hours=1)
START, MOMENTS = eastern("2026-11-23 00:00"), 14 * 24

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
    except UserError:
        return None


def fortnight(talks: Talks) -> list[Person | None]:
    """Who is on call at each hour."""
    overrides = tuple(talks.overrides.values())
    people = []
    for n in range(MOMENTS):
        slot = on_call(talks.rotation, overrides, START + n * HOUR)
        people.append(slot.primary if slot else None)
    return people


def expected_after(before: list[Person | None], override: Override, at: datetime) -> list[Person | None] | None:
    """Who is on call after an accepted swap, cover or take, by its terms alone; None for what only asks or undoes."""
    if override.answer is not OverrideAnswer.ACCEPTED or override.kind is OverrideKind.UNDO:
        return before if override.kind is not OverrideKind.UNDO else None
    after = list(before)
    for n, who in enumerate(before):
        within = max(override.start, at) <= START + n * HOUR < override.end
        if who and within and (override.kind is OverrideKind.TAKE or is_same(who, override.giver)):
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
            assert override.kind is not OverrideKind.UNDO or _only_given_back(before, after, override)
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
        parts = slots_of(WEEKLY, overrides, shift)
        assert [part.start for part in parts] == [shift.start, *(part.end for part in parts[:-1])]
        assert parts[-1].end == shift.end
        assert all(not is_same(one.primary, other.primary) for one, other in pairwise(parts))
        if shift.start > START + timedelta(days=16):
            break
    ahead = next(part for part in coming(WEEKLY, overrides, START))
    assert ahead.start > START
