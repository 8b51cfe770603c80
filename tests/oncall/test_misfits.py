"""Agreements that no longer cover what they were for, once data/rotation.toml is edited."""

from datetime import date, time

import pytest
from msgspec.structs import replace

from opsdesk.oncall.misfits import misfits, told
from opsdesk.oncall.rotation import Pattern, Rotation
from opsdesk.oncall.shifts import Calendar, ShiftTimes
from tests.oncall.stage import ALICE, BOB, CHARLIE, EASTERN, TEAM, WEEK, WEEKDAYS, WEEKLY, Talks, eastern


@pytest.fixture
def talks() -> Talks:
    """Bob has Alice's Tuesday, and Charlie her Wednesday from 3pm to 5pm."""
    talks = Talks(WEEKLY, "2026-11-23 14:00")
    talks.keep(talks.agreed.swap(ALICE.person, BOB, date(2026, 11, 24), date(2026, 11, 24)))
    talks.keep(talks.agreed.accept(BOB.person))
    talks.keep(talks.agreed.cover(ALICE.person, eastern("2026-11-25 15:00"), eastern("2026-11-25 17:00")))
    talks.keep(talks.agreed.accept(CHARLIE.person))
    return talks


def hours(start: int, end: int) -> Rotation:
    return replace(WEEKLY, calendar=Calendar(EASTERN, (ShiftTimes("support", time(start), time(end), WEEKDAYS),)))


def why(talks: Talks, rotation: Rotation) -> dict[int, str]:
    return {one.number: why for one, why in misfits(rotation, list(talks.overrides.values()))}


def test_hours_that_move_are_told_of_a_swap_and_of_a_cover_only_where_it_lies_outside(talks: Talks) -> None:
    assert why(talks, WEEKLY) == {}
    assert why(talks, hours(12, 19)) == {1: "that shift is from noon to 7pm now, which the agreement does not fit"}
    assert why(talks, hours(16, 20)) == {
        1: "that shift is from 4pm to 8pm now, which the agreement does not fit",
        2: "that shift is from 4pm to 8pm now, which the agreement does not fit",
    }
    assert why(talks, hours(6, 12)) == dict.fromkeys((1, 2), "no shift is left then, so it covers nothing")
    (one, reason), *_ = misfits(hours(12, 19), list(talks.overrides.values()))
    assert told(one, reason, BOB.person, talks.at, WEEKLY) == (
        "data/rotation.toml was edited. You agreed that you take over from Alice tomorrow, 1pm to 8pm: that shift is "
        "from noon to 7pm now, which the agreement does not fit. `!oncall undo` ends the agreement, `!oncall swap` and "
        "`!oncall cover` make a new one."
    )


def test_who_left_the_file_and_an_order_that_changed_are_told(talks: Talks) -> None:
    without_charlie = replace(WEEKLY, members=(ALICE, BOB))
    assert why(talks, without_charlie) == {2: "Charlie is no longer on the rotation, and is on call then all the same"}
    other_order = replace(WEEKLY, patterns=(Pattern(date(2026, 11, 23), WEEK, {"support": (BOB, *TEAM[2:], ALICE)}),))
    assert why(talks, other_order) == dict.fromkeys((1, 2), "Bob has that shift now, not Alice, so it covers nothing")


def test_an_agreement_that_is_undone_is_told_to_nobody(talks: Talks) -> None:
    talks.keep(talks.agreed.undo(ALICE.person))
    assert list(why(talks, hours(16, 20))) == [1]
