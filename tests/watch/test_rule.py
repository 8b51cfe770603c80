"""The rule of the watch on simulated days: told as early as was worked out, and not on days that only look odd."""

import math

import pytest

from opsdesk.watch import rule
from opsdesk.watch.rule import Judgement, Today, Verdict
from tests.watch.simulated import (
    CLICKED,
    COMPLETED,
    COUNTERS,
    Case,
    Looks,
    at,
)

CHECK_INS_STOP = {CLICKED: 0.0, COMPLETED: 0.0}
ALL_STOP = dict.fromkeys(COUNTERS, 0.0)
CASES = {
    1: Case(1, 0, 0, at("1:20pm"), CHECK_INS_STOP),
    2: Case(2, 0.15, 0.2, at("1:20pm"), CHECK_INS_STOP),
    3: Case(3, 0.2, 0.35, at("1:20pm"), CHECK_INS_STOP),
    4: Case(4, 0.15, 0.2, at("3:05pm"), {COMPLETED: 0}),
    5: Case(5, 0.15, 0.2, at("6:40pm"), CHECK_INS_STOP),
    6: Case(6, 0.2, 0.35, at("7:25pm"), ALL_STOP),
    7: Case(7, 0.15, 0.2, at("2:00pm"), dict.fromkeys(COUNTERS, 0.4)),
    8: Case(8, 0.15, 0.2, at("10:00am"), {CLICKED: 0.2}),
    9: Case(9, 0.15, 0.2, level=0.45),
    10: Case(10, 0.2, 0.35),
    11: Case(11, 0.15, 0.2),
    12: Case(12, 0.15, 0.2, 0, CHECK_INS_STOP),
}
TOLD = {
    1: {
        "clicked": "1:32pm LOW 42 of 92.8",
        "check-ins": "1:32pm LOW 75 of 143.6",
        "completed": "1:33pm NONE since 1:20pm, 16.4 due",
    },
    2: {
        "clicked": "1:33pm NONE since 1:20pm, 37.5 due",
        "completed": "1:33pm NONE since 1:20pm, 17.3 due",
        "check-ins": "1:33pm NONE since 1:20pm, 55.9 due",
    },
    3: {
        "clicked": "1:33pm NONE since 1:20pm, 26.5 due",
        "completed": "1:33pm NONE since 1:20pm, 16.5 due",
        "check-ins": "1:33pm NONE since 1:20pm, 45.5 due",
    },
    4: {"completed": "3:17pm NONE since 3:04pm, 11.9 due", "check-ins": "6:53pm LOW 7 of 31.7"},
    5: {
        "check-ins": "6:54pm NONE since 6:40pm, 11.2 due",
        "clicked": "7:00pm NONE since 6:40pm, 11.5 due",
        "completed": "7:26pm NONE since 6:40pm, 11.0 due",
    },
    6: {
        "pre-clicked": "7:38pm NONE since 7:25pm, 17.2 due",
        "pre-check-ins": "7:38pm NONE since 7:25pm, 22.3 due",
        "all": "7:38pm NONE since 7:25pm, 27.2 due",
        "pre-completed": "7:47pm NONE since 7:25pm, 11.3 due",
        "check-ins": "7:51pm NONE since 7:25pm, 11.2 due",
    },
    7: {
        "all": "2:30pm LOW 308 of 634.9",
        "check-ins": "2:31pm LOW 49 of 124.2",
        "completed": "2:33pm LOW 11 of 56.5",
    },
    8: {"clicked": "10:27am LOW 31 of 92.4", "check-ins": "11:41am LOW 45 of 110.5"},
    9: {},
    10: {},
    11: {},
    12: {
        "check-ins": "7:23am NONE since 12:00am, 56.8 due",
        "clicked": "7:46am NONE since 12:00am, 54.9 due",
        "completed": "8:09am NONE since 12:00am, 52.5 due",
    },
}
UNTIL = {7: at("2:45pm")}  # what falls to 40% is told of again and again, later


def looks(number: int) -> Looks:
    return Looks(*CASES[number].draw())


@pytest.mark.parametrize("number", CASES)
def test_a_case_is_told_at_its_minute_with_its_figures(number: int) -> None:
    case = CASES[number]
    first = case.since if case.keep and case.since else at("1:00pm")
    minutes = range(at("5:00am") if number == 12 else first, UNTIL.get(number, at("8:00pm") + 1))
    assert looks(number).first_told(minutes) == TOLD[number]


def test_a_chance_is_that_of_overdispersed_counts() -> None:
    assert rule.chance(42, 92.8, 0.2) == pytest.approx(0.00189518, rel=1e-5)
    assert rule.chance(0, 11, 0.2) == pytest.approx(0.000109885, rel=1e-5)


def test_one_late_event_speaks_against_silence_until_more_minutes_have_passed() -> None:
    case = looks(4)
    assert case.look(at("3:17pm"))["completed"].verdict is Verdict.NONE
    assert case.look(at("3:17pm"), {at("3:16pm"): 1})["completed"].verdict is Verdict.USUAL


def test_a_past_day_with_a_gap_of_its_own_changes_little() -> None:
    past, today = CASES[2].draw()
    for minutes in past[0]:
        minutes[at("1:00pm") : at("4:00pm")] = [0] * 180
    assert Looks(past, today).first_told(range(at("1:20pm"), at("1:34pm"))) == {
        "clicked": "1:33pm NONE since 1:20pm, 34.8 due",
        "completed": "1:33pm NONE since 1:20pm, 17.3 due",
        "check-ins": "1:33pm NONE since 1:20pm, 52.2 due",
    }


def test_what_ends_at_the_same_time_every_day_has_not_stopped() -> None:
    past, today = CASES[11].draw()
    for day in (*past, today):
        day[COMPLETED][at("2:00pm") :] = [0] * (1440 - at("2:00pm"))
    assert "completed" not in Looks(past, today).first_told(range(at("1:00pm"), at("4:00pm")))
    today[COMPLETED][at("1:20pm") :] = [0] * (1440 - at("1:20pm"))
    assert "completed" in Looks(past, today).first_told(range(at("1:20pm"), at("1:36pm")))


def test_minutes_without_a_point_are_zeros_of_past_days_unless_they_are_many() -> None:
    assert rule.without_gaps([None, 1, *[None] * 29, 1, None]) == [0, 1, *[0] * 29, 1, 0]
    assert rule.without_gaps([1, *[None] * 30, 1]) == [1, *[None] * 30, 1]


def test_three_past_days_judge_nothing() -> None:
    past, today = CASES[2].draw()
    judged = Looks(past[:3], today).look(at("1:33pm"))
    assert {one.verdict for one in judged.values()} == {Verdict.NO_PAST}


def test_a_day_is_not_judged_before_enough_were_due() -> None:
    assert looks(11).look(at("6:30am"))["completed"].verdict is Verdict.TOO_EARLY


def test_unknown_minutes_are_neither_silence_nor_due() -> None:
    past, today = CASES[11].draw()
    for minutes in today:
        minutes[at("2:00pm") : at("2:40pm")] = [None] * 40  # type: ignore[list-item]
    case = Looks(past, today)
    assert case.first_told(range(at("1:55pm"), at("4:00pm"))) == {}
    within = case.look(at("2:33pm"))["all"]
    assert (within.verdict, within.count, within.due) == (Verdict.UNKNOWN, 0, 0)


def test_how_soon_a_stop_shows_is_told_by_how_many_are_due() -> None:
    few = Judgement(Verdict.USUAL, end=at("7:00pm"), rate=11 / 41)
    assert few.stop_shows_after == pytest.approx(44)
    assert Judgement(Verdict.USUAL, end=0, rate=29 / 10).stop_shows_after == 13
    assert math.isinf(Judgement(Verdict.USUAL, end=0).stop_shows_after)


def test_a_silence_after_a_slow_half_hour_is_more_likely_chance_than_one_out_of_a_busy_one() -> None:
    assert rule.chance_of_none(11, 0.2) == pytest.approx(rule.chance(0, 11, 0.2))
    assert rule.chance_of_none(14, 0.4, before=4, usual=20) > rule.CHANCE > rule.chance_of_none(14, 0.4, 20, 20)
    usual, now = rule.Usual((1.0,) * rule.DAY, 0.4, (1.0,) * rule.DAY), at("3:00pm")
    busy = [1.0] * (now - 17) + [0.0] * 17
    slow = [*busy[: now - 47], *(float(minute % 5 == 0) for minute in range(30)), *[0.0] * 17]
    assert rule.judge(Today(usual, busy), now).verdict is Verdict.NONE
    assert rule.judge(Today(usual, slow), now).verdict is Verdict.USUAL
