"""Metrics of incidents, against numbers worked out by hand."""

import statistics
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from opsdesk.incidents.metrics import Lengths, lengths, measure, measured
from tests.incidents.stage import ALICE, BOB, CHARLIE, Shift, moment

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 23)


def minutes(*many: int) -> list[timedelta]:
    return [timedelta(minutes=length) for length in many]


def test_of_no_lengths_nothing_is_known() -> None:
    assert lengths([None, None]) == Lengths(0, None, None)


def test_unknown_lengths_are_left_out() -> None:
    assert lengths([None, *minutes(5), None]) == Lengths(1, *minutes(5, 5))


def test_the_ninetieth_of_fewer_than_ten_is_the_longest() -> None:
    assert lengths(minutes(*range(1, 10))) == Lengths(9, *minutes(5, 9))
    assert lengths(minutes(*range(1, 11))).ninetieth == timedelta(minutes=9)


def test_nine_in_ten_do_not_exceed_the_ninetieth() -> None:
    assert lengths(minutes(*range(10, 0, -1))).ninetieth == timedelta(minutes=9)
    assert lengths(minutes(*range(1, 12))).ninetieth == timedelta(minutes=10)
    assert lengths(minutes(1, 2, 3, 100)).median == timedelta(minutes=2, seconds=30)


@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_the_median_and_the_ninetieth_are_what_they_say(many: list[int]) -> None:
    found = lengths(minutes(*many))
    assert found.median is not None
    assert found.ninetieth is not None
    assert found.median == timedelta(minutes=statistics.median(many))
    within = [length for length in minutes(*many) if length <= found.ninetieth]
    assert len(within) >= 0.9 * len(many)
    assert sum(length < found.ninetieth for length in minutes(*many)) < 0.9 * len(many)


def test_metrics_come_from_the_timelines(day: Shift) -> None:
    day.open(severity=1, subsystem="vista")
    day.open(by=CHARLIE, severity=2, subsystem="vista", started_at=moment("12:50"))
    day.open(by=CHARLIE)
    day.to("2026-11-23 13:30")
    day.do("update", 2, "looking", BOB)
    day.do("resolve", 1, "gone", ALICE)
    found = measure(day.log.opened(FIRST, LAST))
    assert (found.opened, found.still_open) == (3, 2)
    assert (found.severities, found.subsystems) == ({1: 1, 2: 1, 3: 1}, {"vista": 2, "": 1})
    assert found.acknowledge == Lengths(2, *minutes(20, 40))
    assert found.resolve == Lengths(1, *minutes(18, 18))
    assert measured(found, FIRST, LAST) == (
        "Nov 1 to Nov 23, 2026: 3 opened, 2 of them still open\n"
        "sev 1: 1 · sev 2: 1 · sev 3: 1\n"
        "vista: 2 · no subsystem: 1\n"
        "Time to acknowledge: median 20 minutes, 90th percentile 40 minutes (2 of 3)\n"
        "Time to resolve: median 18 minutes, 90th percentile 18 minutes (1 of 3)"
    )


def test_the_ninetieth_of_ten_incidents_is_told(day: Shift) -> None:
    for number in range(1, 11):
        day.open()
        day.do("resolve", number, started_at=moment("13:12") - timedelta(minutes=number))
    assert measured(measure(day.log.opened(FIRST, LAST)), FIRST, LAST).splitlines()[-1] == (
        "Time to resolve: median 5 minutes, 90th percentile 9 minutes (10 of 10)"
    )


def test_days_without_incidents_and_incidents_without_an_end_say_so(day: Shift) -> None:
    assert measured(measure([]), FIRST, LAST) == "No incidents were opened, Nov 1 to Nov 23, 2026."
    day.open(by=CHARLIE)
    assert measured(measure(day.log.opened(FIRST, LAST)), FIRST, LAST) == (
        "Nov 1 to Nov 23, 2026: 1 opened, 1 of them still open\n"
        "sev 3: 1\n"
        "no subsystem: 1\n"
        "Time to acknowledge: none yet\n"
        "Time to resolve: none yet"
    )
