"""Who is on call, by the pattern alone, against a table."""

from datetime import date, timedelta

from msgspec.structs import replace

from opsdesk.oncall.rotation import Member, Pattern, on_call, slots_of, turn_of
from tests.oncall.stage import ALICE, BOB, CHARLIE, EASTERN, SPRINTS, TEAM, WEEK, WEEKLY


def test_a_weekly_turn_goes_round_for_a_year_over_both_clock_changes() -> None:
    rotation = replace(WEEKLY, patterns=(Pattern(date(2026, 1, 5), WEEK, {"support": TEAM}),))
    days = [date(2026, 1, 5) + timedelta(days=n) for n in range(365)]
    for count, day in enumerate(days):
        shift = next(iter(rotation.calendar.shifts_on(day)), None)
        expected = ("Alice", "Bob", "Charlie")[count // 7 % 3]
        for part in slots_of(rotation, (), shift) if shift else ():
            assert (part.primary.name, part.start, part.end) == (expected, shift.start, shift.end)
            assert on_call(rotation, (), shift.end - timedelta(minutes=1)) == part
            assert part.secondary is None


def test_a_sprint_of_two_shifts_a_day_has_primary_and_secondary() -> None:
    told = []
    for day in ("2026-01-05", "2026-01-16", "2026-01-20", "2026-02-02", "2026-03-09", "2026-11-02"):
        for shift in SPRINTS.calendar.shifts_on(date.fromisoformat(day)):
            (part,) = slots_of(SPRINTS, (), shift)
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
    (part,) = slots_of(WEEKLY, (), shift)
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
