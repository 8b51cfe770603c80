"""Datadog's answers made into counts: the right number, or why it could be wrong; never an exception."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.counts.series import Series, read
from opsdesk.datadog.answers import Points, QueryAnswer, Reason, Unknown
from tests.oncall.stage import eastern

START = eastern("2026-11-23 00:00")
END = START + timedelta(minutes=10)
MS = int(START.timestamp()) * 1000
MINUTE = 60_000


def points(*values: tuple[float, float | None], interval: float | None = 60) -> Points:
    """Points by the minutes, from midnight on, at which their buckets begin."""
    return Points(tuple((MS + minute * MINUTE, value) for minute, value in values), interval)


def counted(*series: Points) -> list[float | None] | tuple[Reason, str]:
    """The ten minutes as they are read, or the reason why they are not."""
    found = read(QueryAnswer(series), START, END)
    return list(found.values) if isinstance(found, Series) else (found.reason, found.detail)


def minutes(**values: float) -> list[float | None]:
    return [values.get(f"m{minute}") for minute in range(10)]


UNSORTED = points((4, 2), (1, 1))
NO_LENGTH = (Reason.UNREADABLE, "it does not say how long its steps are")
NO_FIT = (Reason.UNREADABLE, "its steps do not fit each other")
ASTRAY = (Reason.UNREADABLE, "its steps do not begin where they should")
INEXACT = (Reason.UNREADABLE, "a number in it is too large to be exact")


@pytest.mark.parametrize(
    ("series", "found"),
    [
        ([points((1, 3), (2, None), (3, 0))], minutes(m1=3, m3=0)),
        ([UNSORTED], minutes(m1=1, m4=2)),
        ([points((1, 3)), points((1, 4), (2, 1))], minutes(m1=7, m2=1)),
        ([points((1, -3), (2, 5))], minutes(m1=-3, m2=5)),
        ([points((-1, 3), (1, 2), (10, 9))], minutes(m1=2)),
        ([points((1, 3), (1, 3), (2, None), (2, 4))], minutes(m1=3, m2=4)),
        ([points((1, 3), (1, 4))], (Reason.UNREADABLE, "it has two values for the same time")),
        ([points((1, 3), (2, 4), interval=None)], minutes(m1=3, m2=4)),
        ([points((1, 3), interval=None)], NO_LENGTH),
        ([points((1, 3), (2, 4), interval=0)], minutes(m1=3, m2=4)),
        ([points((1, 3), (2, 4), interval=-60)], minutes(m1=3, m2=4)),
        ([points((1, 3), interval=59.5)], NO_LENGTH),
        ([points((0.5, 3), (0.75, 4), interval=15)], minutes(m0=7)),
        ([points((0, 3), interval=45)], NO_FIT),
        ([points((0, 3), interval=60), points((0, 3), interval=90)], NO_FIT),
        ([points((1.5, 3))], ASTRAY),
        ([points((1, 1e308), (2, 1e308))], INEXACT),
        ([points((1, -1e300))], INEXACT),
        ([Points(((1e308, 1.0), (MS, 2.0)), 60)], ASTRAY),
        ([points((1, None))], (Reason.NO_DATA, "")),
        ([points((99, 3))], (Reason.NO_DATA, "")),
        ([points(interval=None)], (Reason.NO_DATA, "")),
        ([], (Reason.NO_DATA, "")),
        ([points((-300, 3), interval=86_400)], (Reason.TOO_COARSE, "steps of 1440 minutes")),
    ],
)
def test_an_answer_is_counted_right_or_not_at_all(series: list[Points], found: object) -> None:
    assert counted(*series) == found


def test_coarse_buckets_are_counted_up_to_the_last_that_is_whole() -> None:
    series = read(QueryAnswer((points((0, 3), (5, 4), interval=300),)), START, START + timedelta(minutes=9))
    assert isinstance(series, Series)
    assert (series.values, series.end) == ((3,), START + timedelta(minutes=5))
    finer = (points((0, 3), (5, 4), interval=300), points((1, 1), (7, 9)))
    assert read(QueryAnswer(finer), START, END) == Series(START, 300, (4, 13))


def test_a_minute_without_a_point_is_not_one_with_zero() -> None:
    series = read(QueryAnswer((points((1, 0), (3, 2)),)), START, END)
    assert isinstance(series, Series)
    assert series.values[:4] == (None, 0, None, 2)
    assert series.total(END) == 2


ANY = st.floats(allow_nan=False, allow_infinity=False)
POINTS = st.tuples(st.one_of(st.integers(MS - MINUTE, MS + 20 * MINUTE), ANY), st.none() | ANY)
INTERVALS = st.none() | st.sampled_from([60.0, 300.0, 20.0]) | ANY


@given(st.lists(st.builds(Points, st.lists(POINTS, max_size=5).map(tuple), INTERVALS), max_size=3))
def test_no_answer_is_an_exception(series: list[Points]) -> None:
    found = read(QueryAnswer(tuple(series)), START, END)
    assert isinstance(found, Series | Unknown)
    if isinstance(found, Series):
        assert abs(found.total(found.end)) < 1e18


def test_fractions_are_summed_before_they_are_rounded() -> None:
    start = eastern("2026-11-23 00:00")
    series_of = Points(tuple(((start.timestamp() + 60 * n) * 1000, 0.1) for n in range(10)))
    series = read(QueryAnswer((series_of,)), start, start + timedelta(hours=1))
    assert isinstance(series, Series)
    assert series.total(start + timedelta(hours=1)) == 1
