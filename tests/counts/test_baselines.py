"""Counts compared with the same weekdays before: at the same time, holidays left out, flagged out of their band."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from opsdesk.counts import words
from opsdesk.counts.baselines import Comparability
from opsdesk.counts.counts import KnownCount
from opsdesk.datadog.answers import Reason, Unknown
from opsdesk.settings import QuietDay
from tests.counts.stage import (
    AT,
    CLICKED,
    COMPLETED,
    MONDAY,
    PRE_CLICKED,
    PRE_COMPLETED,
    CountStage,
    fill,
    point,
)
from tests.datadog.stage import (
    FORBIDDEN,
    DatadogStandIn,
)
from tests.oncall.stage import eastern

Past = Callable[..., None]


@pytest.fixture
def past(datadog: DatadogStandIn) -> Past:
    """Fills the Mondays before November 23, latest first, with check-ins clicked by 9:30am."""

    def past(*numbers: int, at: str = "09:30:15") -> None:
        for weeks, number in enumerate(numbers, 1):
            fill(datadog, str(MONDAY - timedelta(weeks=weeks)), {CLICKED: number}, at)

    return past


def verdict(stage: CountStage, day: date = MONDAY, at: datetime = AT) -> tuple[Comparability, float | None]:
    comparison = stage.source.compared(day, at)[1]
    one = next(one for one in comparison.each if one.counter == "check-ins-clicked")
    return one.verdict, one.median


@pytest.mark.parametrize(
    ("number", "verdict_of"),
    [
        (1000, Comparability.USUAL),
        (500, Comparability.USUAL),
        (499, Comparability.UNDER),
        (2000, Comparability.USUAL),
        (2001, Comparability.OVER),
        (0, Comparability.ZERO),
        (None, Comparability.MISSING),
    ],
)
def test_a_counter_out_of_its_band_is_flagged(
    stage: CountStage, datadog: DatadogStandIn, past: Past, number: int | None, verdict_of: Comparability
) -> None:
    past(1000, 900, 1100, 1000)
    if number is not None:
        fill(datadog, "2026-11-23", {CLICKED: number})
    assert verdict(stage) == (verdict_of, 1000)


@pytest.mark.parametrize(("median", "verdict_of"), [(20, Comparability.NOT_JUDGED), (21, Comparability.ZERO)])
def test_a_small_median_judges_nothing(
    stage: CountStage, datadog: DatadogStandIn, past: Past, median: int, verdict_of: Comparability
) -> None:
    past(*[median] * 4)
    fill(datadog, "2026-11-23", {CLICKED: 0})
    assert verdict(stage) == (verdict_of, median)


def test_the_band_is_the_files(stage: CountStage, datadog: DatadogStandIn, past: Past) -> None:
    stage.text = stage.text.replace("under = 50", "under = 10")
    stage.again()
    past(*[1000] * 4)
    fill(datadog, "2026-11-23", {CLICKED: 899})
    assert verdict(stage) == (Comparability.UNDER, 1000)


def test_only_what_was_counted_by_the_same_time_is_compared(
    stage: CountStage, datadog: DatadogStandIn, past: Past
) -> None:
    past(*[1000] * 4)
    past(*[9000] * 4, at="15:42:00")
    fill(datadog, "2026-11-23", {CLICKED: 1000})
    assert verdict(stage) == (Comparability.USUAL, 1000)


def test_the_same_time_is_by_the_clock_across_a_change_of_clocks(stage: CountStage, datadog: DatadogStandIn) -> None:
    for day in ("2026-11-02", "2026-10-26", "2026-10-19", "2026-10-12"):
        fill(datadog, day, {CLICKED: 100}, at="11:59:30")
        fill(datadog, day, {CLICKED: 900}, at="12:00:30")
    fill(datadog, "2026-11-09", {CLICKED: 100})
    assert verdict(stage, date(2026, 11, 9), eastern("2026-11-09 12:00:10")) == (Comparability.USUAL, 100)


def test_holidays_are_left_out_and_earlier_weeks_stand_in(stage: CountStage, datadog: DatadogStandIn) -> None:
    # October 12 is Columbus Day.
    for day, number in {"10-26": 10, "10-19": 20, "10-12": 9999, "10-05": 30, "09-28": 40}.items():
        fill(datadog, f"2026-{day}", {CLICKED: number})
    fill(datadog, "2026-11-02", {CLICKED: 25})
    assert verdict(stage, date(2026, 11, 2), eastern("2026-11-02 12:00")) == (Comparability.USUAL, 25)


def test_a_holiday_itself_is_compared_but_not_flagged(stage: CountStage, datadog: DatadogStandIn) -> None:
    for weeks in range(1, 5):
        fill(datadog, str(date(2026, 11, 26) - timedelta(weeks=weeks)), {CLICKED: 1000})
    fill(datadog, "2026-11-26", {CLICKED: 3})
    at = eastern("2026-11-26 12:00")
    assert verdict(stage, date(2026, 11, 26), at) == (Comparability.NOT_JUDGED, 1000)
    told = words.comparison(*stage.source.compared(date(2026, 11, 26), at))
    assert told == (
        "Usual for a Thursday by now (today is Thanksgiving Day): check-ins clicked 1000 (-100%), from 4 Thursdays"
    )


def test_fewer_than_two_past_days_are_said_rather_than_guessed(
    stage: CountStage, datadog: DatadogStandIn, past: Past
) -> None:
    past(1000)
    fill(datadog, "2026-11-23", {CLICKED: 1})
    assert verdict(stage) == (Comparability.NOT_COMPARED, None)
    told = words.comparison(*stage.source.compared(MONDAY, AT))
    assert told == "Fewer than two past Mondays are known to compare with."


def test_why_the_past_is_not_known_is_said(stage: CountStage, datadog: DatadogStandIn, past: Past) -> None:
    fill(datadog, "2026-11-23")
    stage.source.day(MONDAY, AT)
    datadog.fails(FORBIDDEN)
    told = words.comparison(*stage.source.compared(MONDAY, AT))
    refused = "Datadog refused the keys (403, organisation vagov)"
    assert told == f"Fewer than two past Mondays are known to compare with: {refused}."


def test_the_comparison_is_told_with_each_counter_and_what_stands_out(
    stage: CountStage, datadog: DatadogStandIn
) -> None:
    for weeks in range(1, 5):
        usual = {CLICKED: 1190, COMPLETED: 1120 + weeks, PRE_CLICKED: 6251, PRE_COMPLETED: 2588}
        fill(datadog, str(MONDAY - timedelta(weeks=weeks)), usual)
    fill(datadog, "2026-11-23", {CLICKED: 402, COMPLETED: 1121, PRE_CLICKED: 6251, PRE_COMPLETED: 2602})
    assert words.report(*stage.source.compared(MONDAY, AT)).splitlines()[7:] == [
        "Usual for a Monday by now: check-ins clicked 1190 (-66%) · check-ins completed 1123 (the same) · "
        "pre-check-ins clicked 6251 (the same) · pre-check-ins completed 2588 (+1%), from 4 Mondays",
    ]
    assert words.report(*stage.source.compared(MONDAY, AT + timedelta(days=1))).splitlines()[7:] == [
        "Against the last 4 Mondays: check-ins clicked 402 (median 1190, -66%) · check-ins completed "
        "1121 (median 1123, the same) · pre-check-ins clicked 6251 (median 6251, the same) · pre-check-ins completed "
        "2602 (median 2588, +1%)",
        "⚠ Check-ins clicked 402 is 66% under the median of 1190: look at "
        "https://vagov.ddog-gov.com/dashboard/zps-5fk-azw/check-in-vets-api",
    ]


def test_today_is_compared_with_as_many_days_as_the_watch_knows(stage: CountStage, past: Past) -> None:
    past(*[1000] * 4, *[2000] * 5)
    assert words.comparison(*stage.source.compared(MONDAY, AT)).endswith(
        "check-ins clicked 1500 (not known today), from 8 Mondays"
    )
    assert "the last 4 Mondays: check-ins clicked" in words.comparison(
        *stage.source.compared(MONDAY, AT + timedelta(days=1))
    )


def test_a_quiet_day_is_compared_with_its_share_and_is_no_past_of_others(
    stage: CountStage, datadog: DatadogStandIn
) -> None:
    eve = QuietDay(date(2026, 12, 24), 0.4, "Christmas Eve")
    stage.quiet_days.append(eve)
    stage.again()
    for days in range(1, 60):
        fill(datadog, str(eve.day - timedelta(days=days)), {CLICKED: 1000})
    fill(datadog, "2026-12-24", {CLICKED: 390})
    counts, compared = stage.source.compared(eve.day, eastern("2026-12-24 15:00"))
    assert words.comparison(counts, compared) == (
        "Usual for a Thursday by now (today is Christmas Eve, 40% of a usual day): "
        "check-ins clicked 400 (-3%), from 7 Thursdays"
    )
    _, of_week = stage.source.week(eve.day, eastern("2026-12-24 15:00"))
    assert next(one.median for one in of_week.each if one.counter == "check-ins-clicked") == 3400
    assert verdict(stage, date(2026, 12, 31), eastern("2026-12-31 15:00"))[1] == 1000


def test_a_week_is_summed_and_compared_weekday_by_weekday(stage: CountStage, datadog: DatadogStandIn) -> None:
    for days in range(1, 40):
        day = date(2026, 11, 25) - timedelta(days=days)
        fill(datadog, str(day), {CLICKED: 100 * (day.weekday() + 1)})
    fill(datadog, "2026-11-25", {CLICKED: 7})
    week, comparison = stage.source.week(date(2026, 11, 25), eastern("2026-11-25 12:00"))
    assert words.week(week, comparison).splitlines() == [
        "Check-in counts, this week: Monday to now (noon ET)",
        "Completed check-ins % : no data",
        "Completed pre-check-ins % : no data",
        "Check-ins clicked: 307",
        "Check-ins completed: no data",
        "Pre-check-ins clicked: no data",
        "Pre-check-ins completed: no data",
        "Against the last 4 weeks: check-ins clicked 307 (median 600, -49%)",
    ]


def test_a_week_with_a_holiday_says_so_and_is_not_judged(stage: CountStage, datadog: DatadogStandIn) -> None:
    friday = date(2026, 11, 27)
    for days in range(1, 40):
        day = friday - timedelta(days=days)
        fill(datadog, str(day), {CLICKED: 10 if day >= date(2026, 11, 24) else 100})
    fill(datadog, "2026-11-27", {CLICKED: 10})
    noon = eastern("2026-11-27 12:00")
    week, comparison = stage.source.week(friday, noon)
    assert words.week(week, comparison).splitlines()[-1] == (
        "Against the last 4 weeks (with Thanksgiving Day): check-ins clicked 140 (median 500, -72%)"
    )
    told = words.so_far(*stage.source.so_far(noon))
    assert "The week so far (with Thanksgiving Day): check-ins clicked 140 (median 500, -72%)" in told.splitlines()
    assert not comparison.flagged


def test_a_day_of_the_week_without_data_is_said_wherever_its_week_is_and_never_compared(
    stage: CountStage, datadog: DatadogStandIn
) -> None:
    for days in range(1, 40):
        day = date(2026, 11, 25) - timedelta(days=days)
        fill(datadog, str(day), {CLICKED: 100, PRE_CLICKED: 100, PRE_COMPLETED: 50})
        if day != date(2026, 11, 24):
            fill(datadog, str(day), {COMPLETED: 60})
    fill(datadog, "2026-11-25", {COMPLETED: 10, PRE_CLICKED: 100, PRE_COMPLETED: 50})
    noon = eastern("2026-11-25 12:00")
    assert words.week(*stage.source.week(date(2026, 11, 25), noon)).splitlines()[1:] == [
        "Completed check-ins % : unavailable: no data of one of the two for Tuesday and Wednesday",
        "Completed pre-check-ins % : 50.0%",
        "Check-ins clicked: 200 (no data for Wednesday)",
        "Check-ins completed: 70 (no data for Tuesday)",
        "Pre-check-ins clicked: 300",
        "Pre-check-ins completed: 150",
        "Against the last 4 weeks: check-ins clicked 200 (no data for Wednesday) · "
        "check-ins completed 70 (no data for Tuesday) · pre-check-ins clicked 300 (median 300, the same) · "
        "pre-check-ins completed 150 (median 150, the same)",
    ]
    lacks = "check-ins clicked 200 (no data for Wednesday) · check-ins completed 70 (no data for Tuesday)"
    assert f"The week so far: {lacks} · pre-check-ins clicked" in words.so_far(*stage.source.so_far(noon))


def test_a_week_with_no_weeks_before_it_is_compared_with_none(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    told = words.week(*stage.source.week(date(2026, 11, 25), eastern("2026-11-25 12:00"))).splitlines()
    assert told[3] == "Check-ins clicked: 1765 (no data for Tuesday and Wednesday)"
    assert told[-1] == "Fewer than two past weeks are known to compare with."


def test_a_week_of_fractions_is_the_sum_of_its_days_as_they_are_told(
    stage: CountStage, datadog: DatadogStandIn
) -> None:
    for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
        datadog.add(CLICKED, point(f"{day} 09:30", 10.3), point(f"{day} 09:31", 0.2))
    noon = eastern("2026-11-25 12:00")
    days = [stage.source.day(date(2026, 11, day), noon).values["check-ins-clicked"] for day in (23, 24, 25)]
    assert days == [KnownCount(11)] * 3
    assert stage.source.week(date(2026, 11, 25), noon)[0].values["check-ins-clicked"] == KnownCount(33)


def test_a_day_of_the_week_that_is_not_known_makes_the_week_unknown(stage: CountStage, datadog: DatadogStandIn) -> None:
    for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
        fill(datadog, day)
    noon = eastern("2026-11-25 12:00")
    stage.source.day(date(2026, 11, 23), noon)
    stage.source.day(date(2026, 11, 25), noon)
    datadog.fails(FORBIDDEN)
    week = stage.source.week(date(2026, 11, 25), noon)[0]
    assert {value.reason for value in week.values.values() if isinstance(value, Unknown)} == {Reason.REFUSED}
    assert not week.known


def test_a_number_by_hand_is_compared_at_the_time_it_was_typed(
    stage: CountStage, datadog: DatadogStandIn, past: Past
) -> None:
    past(*[1000] * 4)
    past(*[9000] * 4, at="15:00")
    stage.source.prepare(AT)
    datadog.fails(FORBIDDEN)
    stage.source.record(MONDAY, {"check-ins-clicked": 1100}, "alice", eastern("2026-11-23 12:00"))
    assert verdict(stage) == (Comparability.USUAL, 1000)


def test_a_week_whose_last_day_has_just_begun_is_told_to_its_midnight(
    stage: CountStage, datadog: DatadogStandIn
) -> None:
    fill(datadog, "2026-11-23")
    week = stage.source.week(date(2026, 11, 24), eastern("2026-11-24 00:00:20"))[0]
    assert words.week_heading(week) == "Check-in counts, this week: Monday to now (midnight ET)"
    assert week.values["check-ins-clicked"] == KnownCount(1765)
