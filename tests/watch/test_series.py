"""What is watched, minute by minute: zeros where others have points, unknown where nobody has, clocks that change."""

from datetime import date

from opsdesk.counts import Series, file
from opsdesk.datadog import Reason, Unknown
from opsdesk.watch.series import WatchedSeries, by_minute, together, watched
from tests.conftest import ROOT
from tests.oncall.stage import EASTERN, eastern
from tests.watch.stage import KEYS, WATCHED

ONE = dict.fromkeys(("a", "b"), "vagov")


def series(*values: float | None, day: date = date(2026, 11, 23)) -> Series:
    return Series(eastern(f"{day} 00:00"), 60, values)


def test_the_shipped_counters_are_watched_alone_by_flow_and_all_together() -> None:
    found = watched(file.read(ROOT / "data" / "counts.toml"))
    assert [(one.label, one.members) for one in found] == [(one.label, one.members) for one in WATCHED]


def test_one_flow_alone_is_not_watched_twice() -> None:
    shipped = file.read(ROOT / "data" / "counts.toml")
    two = {key: shipped.counters[key] for key in KEYS[:2]}
    lines = tuple(line for line in shipped.lines if line.of == KEYS[0])
    found = watched(file.CountsFile("Counts", two, lines))
    flow = WatchedSeries("check-ins-clicked and check-ins-completed", "Check-ins", KEYS[:2])
    assert found[2:] == (flow,)


def test_a_minute_without_a_point_is_a_zero_where_another_counter_has_one() -> None:
    minutes = by_minute({"a": series(1, None, None), "b": series(None, 2, None)}, ONE, EASTERN)
    assert minutes == {"a": [1, 0, None], "b": [0, 2, None]}
    assert together(minutes, ("a", "b")) == [1, 2, None]


def test_a_counter_without_data_has_zeros_and_one_that_failed_is_unknown() -> None:
    found = {"a": series(1, None), "b": Unknown(Reason.NO_DATA)}
    assert by_minute(found, ONE, EASTERN) == {"a": [1, None], "b": [0, None]}
    failed = by_minute(found | {"b": Unknown(Reason.TIMEOUT)}, ONE, EASTERN)
    assert failed == {"a": [1, None], "b": [None, None]}
    assert together(failed, ("a", "b")) == [None, None]


def test_a_point_of_another_organisation_says_nothing() -> None:
    minutes = by_minute({"a": series(1, None), "b": series(None, 2)}, {"a": "vagov", "b": "tevi"}, EASTERN)
    assert minutes == {"a": [1, None], "b": [None, 2]}


def test_steps_that_are_no_minutes_are_unknown() -> None:
    coarse = Series(eastern("2026-11-23 00:00"), 300, (5,))
    assert by_minute({"a": coarse, "b": series(1)}, ONE, EASTERN) == {"a": [None], "b": [1]}


def test_minutes_are_those_of_the_clock_when_clocks_change() -> None:
    spring = by_minute({"a": series(*range(1380), day=date(2026, 3, 8))}, {"a": "vagov"}, EASTERN)["a"]
    assert len(spring) == 1440
    assert spring[119:181] == [119, *[None] * 60, 120]
    autumn = by_minute({"a": series(*[1] * 1500, day=date(2026, 11, 1))}, {"a": "vagov"}, EASTERN)["a"]
    assert len(autumn) == 1440
    assert (autumn[59:61], autumn[119:121], sum(filter(None, autumn))) == ([1, 2], [2, 1], 1500)
