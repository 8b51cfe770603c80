"""Counts: right to the unit in every window, and unknown where they are not known."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from opsdesk.counts import words
from opsdesk.counts.counts import KnownCount
from opsdesk.counts.series import Series
from opsdesk.datadog.answers import Reason
from tests.counts.stage import (
    AT,
    CLICKED,
    MONDAY,
    CountStage,
    fill,
    point,
)
from tests.datadog.stage import (
    DatadogStandIn,
    RawPoint,
)
from tests.oncall.stage import eastern


def told(stage: CountStage, day: date, at: datetime, until: datetime | None = None) -> str:
    counts = stage.source.window(day, until, at) if until else stage.source.day(day, at)
    return words.heading(counts)


@pytest.mark.parametrize(
    ("day", "at", "until", "said"),
    [
        (MONDAY, "2026-11-23 15:42:17", None, "midnight to 3:42pm ET, Monday November 23"),
        (MONDAY, "2026-11-23 20:00:03", "2026-11-23 20:00", "midnight to 8pm ET, Monday November 23"),
        (MONDAY, "2026-11-24 09:00", "2026-11-23 20:00", "midnight to 8pm ET, Monday November 23"),
        (MONDAY, "2026-11-23 19:40:30", "2026-11-23 20:00", "midnight to 7:40pm ET, Monday November 23"),
        (MONDAY, "2026-11-24 09:00", None, "midnight to midnight ET, Monday November 23"),
        (MONDAY, "2026-11-23 00:00:40", None, "midnight ET, Monday November 23"),
        (date(2025, 12, 31), "2026-01-01 09:00", None, "midnight to midnight ET, Wednesday December 31 2025"),
        (date(2026, 7, 6), "2026-07-06 12:00", None, "midnight to noon ET, Monday July 6"),
    ],
)
def test_the_window_is_said_in_words(
    stage: CountStage, datadog: DatadogStandIn, day: date, at: str, until: str | None, said: str
) -> None:
    datadog.add(CLICKED, point(f"{day} 09:30", 5))
    assert told(stage, day, eastern(at), eastern(until) if until else None) == f"Check-in counts, {said}"


def test_a_day_that_has_just_begun_is_not_asked_for(stage: CountStage, datadog: DatadogStandIn) -> None:
    assert set(stage.numbers(MONDAY, eastern("2026-11-23 00:00:40")).values()) == {Reason.NOT_BEGUN}
    assert datadog.asked == []


def test_only_points_from_midnight_to_the_last_whole_minute_count(stage: CountStage, datadog: DatadogStandIn) -> None:
    datadog.add(
        CLICKED,
        point("2026-11-22 23:59:59.9", 1),
        point("2026-11-23 00:00", 10),
        point("2026-11-23 15:41:59.9", 100),
        point("2026-11-23 15:42", 1000),
    )
    assert stage.numbers(MONDAY, AT)["check-ins-clicked"] == 110


def test_several_series_null_points_and_float_times_change_nothing(stage: CountStage, datadog: DatadogStandIn) -> None:
    datadog.nulls = datadog.floats = datadog.by_host = True
    datadog.add(
        CLICKED, point("2026-11-23 09:30", 2, "a"), point("2026-11-23 09:30", 3, "b"), point("2026-11-23 11:00", 5)
    )
    assert stage.numbers(MONDAY, AT)["check-ins-clicked"] == 10


def test_null_points_alone_are_no_data(stage: CountStage, datadog: DatadogStandIn) -> None:
    datadog.nulls = True
    assert set(stage.numbers(MONDAY, AT).values()) == {Reason.NO_DATA}


def test_points_beyond_the_window_alone_are_no_data(stage: CountStage, datadog: DatadogStandIn) -> None:
    datadog.add(CLICKED, point("2026-11-23 15:42:10", 5))
    assert stage.numbers(MONDAY, AT)["check-ins-clicked"] is Reason.NO_DATA


@pytest.mark.parametrize(("coarsest", "until"), [(120, "15:42"), (300, "15:40"), (3600, "15:00")])
def test_coarser_buckets_than_asked_for_shorten_the_window_and_what_is_said_of_it(
    stage: CountStage, datadog: DatadogStandIn, coarsest: int, until: str
) -> None:
    datadog.coarsest = coarsest
    datadog.add(CLICKED, point("2026-11-23 09:30", 5), point("2026-11-23 15:41:30", 7))
    counts = stage.source.day(MONDAY, AT)
    assert counts.end == eastern(f"2026-11-23 {until}")
    assert counts.values["check-ins-clicked"] == KnownCount(12 if until == "15:42" else 5)


@pytest.mark.parametrize(("coarsest", "reason"), [(14400, Reason.TOO_COARSE), (86400, Reason.NO_DATA)])
def test_buckets_that_overhang_midnight_are_not_summed(
    stage: CountStage, datadog: DatadogStandIn, coarsest: int, reason: Reason
) -> None:
    datadog.coarsest = coarsest
    fill(datadog, "2026-11-23")
    assert set(stage.numbers(MONDAY, AT).values()) == {reason}


ZONE = ZoneInfo("America/New_York")
ONE_COUNTER = """
title = "Check-in counts"
settings.environment = "environment:prod"
lines = [{ count = "clicked" }]
[counters.clicked]
label = "Clicked"
organisation = "vagov"
query = "sum:checked{$environment}.as_count()"
"""


def raw_sum(points: list[RawPoint], day: date, until: datetime) -> float:
    """The sum that Datadog holds from midnight in the desk's zone to `until`, counted without buckets."""
    midnight = datetime.combine(day, time(), ZONE).timestamp()
    return sum(one.value for one in points if midnight <= one.at < until.timestamp())


def test_every_day_of_the_year_is_counted_to_the_unit(stage: CountStage, datadog: DatadogStandIn) -> None:
    stage.text = ONE_COUNTER
    stage.again()
    chance = random.Random(2026)
    datadog.by_host = True
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        midnight, following = (datetime.combine(day + timedelta(days=n), time(), ZONE).timestamp() for n in (0, 1))
        edges = [midnight - 1, midnight, midnight + 59, following - 1, following, following + 30]
        eight = datetime.combine(day, time(20), ZONE).timestamp()
        edges += [eight - 1, eight, eight + 1]
        moments = edges + [chance.uniform(midnight - 7200, following + 7200) for _ in range(60)]
        points = [RawPoint(at, chance.randrange(1, 9), chance.choice("ab")) for at in moments]
        datadog.points["checked"] = points
        datadog.nulls, datadog.floats = chance.random() < 0.5, chance.random() < 0.5
        now = datetime.fromtimestamp(chance.uniform(midnight + 120, following), UTC)
        later = datetime.fromtimestamp(following + 10, UTC)
        eight_pm = datetime.fromtimestamp(eight, UTC)
        for at, until in ((now, None), (later, eight_pm), (later, None)):
            counts = stage.source.window(day, until, at) if until else stage.source.day(day, at)
            expected = min(until or at, at, datetime.fromtimestamp(following, UTC)).replace(second=0, microsecond=0)
            assert counts.end == expected
            assert counts.values["clicked"] == KnownCount(int(raw_sum(points, day, expected))), (day, at, until)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_a_day_on_which_clocks_change_is_as_long_as_it_is(
    stage: CountStage, datadog: DatadogStandIn, day: str, hours: int
) -> None:
    start = eastern(f"{day} 00:00").timestamp()
    datadog.add(CLICKED, *(RawPoint(start + minute * 60, 1) for minute in range(-90, 27 * 60)))
    assert stage.numbers(date.fromisoformat(day), eastern("2026-12-01 12:00"))["check-ins-clicked"] == hours * 60


def test_a_series_is_summed_up_to_its_edges() -> None:
    start = eastern("2026-11-23 00:00")
    series = Series(start, 60, (1, 2, 3))
    assert [series.total(start + timedelta(seconds=n)) for n in (0, 59, 60, 119, 120, 180, 999)] == [
        0,
        0,
        1,
        1,
        3,
        6,
        6,
    ]
    assert series.edge(start + timedelta(seconds=119)) == start + timedelta(seconds=60)
    assert series.edge(start - timedelta(hours=1)) == start
    assert series.end == start + timedelta(minutes=3)
