"""What a panel shows: sums of an hour, the worst series that reports, ratios of sums, what is silent, what rises."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from opsdesk.counts import board_words
from opsdesk.counts.expressions import BadExpression, parse, terms, value, why_no_counter
from opsdesk.counts.panels import BoardPanel
from opsdesk.counts.readings import Answer, PanelReading, read
from opsdesk.counts.standing import Level, level
from opsdesk.datadog import Points, QueryAnswer, Reason, Unknown
from tests.oncall.stage import EASTERN, eastern

END = eastern("2026-11-23 15:42")
FAILED, ALL = "sum:failed{*}.as_count()", "sum:all{*}.as_count()"
GAUGE = "max:puma.backlog{*}"


def series(values: Mapping[int, float | None] | Sequence[float | None], scope: str = "*") -> Points:
    """Points by how many minutes before the end they begin; a list has that of each minute, the latest first."""
    given = values.items() if isinstance(values, Mapping) else enumerate(values, 1)
    points = tuple((1000.0 * (END - timedelta(minutes=ago)).timestamp(), number) for ago, number in given)
    return Points(points, 60.0, 0, scope)


def answer(*found: Points) -> QueryAnswer:
    return QueryAnswer(found)


def shown(panel: BoardPanel, answers: Mapping[str, Answer]) -> PanelReading:
    return read(panel, answers, END)


def told(panel: BoardPanel, *found: Points) -> str:
    return board_words.told(shown(panel, {panel.query: answer(*found)}), EASTERN)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a / b * 100", 50),
        ("100 * (a - 1) / (b + 2)", 25),
        ("-a + b", 3),
        ("a / (b - b)", None),
        ("default_zero(c) + a", 3),
        ("c + a", None),
        ("2e1 / b", 20 / 6),
    ],
)
def test_a_formula_is_reckoned_from_left_to_right_with_parentheses(text: str, result: float | None) -> None:
    found = value(parse(text, ("a", "b", "c")), {"a": {"": 3.0}, "b": {"": 6.0}})
    assert found == ({} if result is None else {"": result})


def test_series_are_reckoned_each_with_its_own() -> None:
    known = {"a": {"host:x": 3.0, "host:y": 8.0}, "b": {"host:x": 6.0, "host:z": 1.0}, "n": {"": 2.0}}
    assert value(parse("a / b", ("a", "b")), known) == {"host:x": 0.5}
    assert value(parse("a * n", ("a", "n")), known) == {"host:x": 6, "host:y": 16}


@pytest.mark.parametrize(
    "text", ["a +", "a b", "(a", "x", "a ** 2", "", "f(a)", "(" * 200 + "a" + ")" * 200, "1" + "/"]
)
def test_a_formula_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        parse(text, ("a",))


def test_the_terms_of_a_query_are_asked_each_by_itself_a_function_as_it_stands() -> None:
    query = f"top({FAILED}, 5, 'mean', 'desc') / {ALL} + avg:x{{a:b,!c:d}} by {{host,site}}.rollup(avg, 60)"
    assert terms(parse(query)) == (
        f"top({FAILED}, 5, 'mean', 'desc')",
        ALL,
        "avg:x{a:b,!c:d} by {host,site}.rollup(avg, 60)",
    )


def test_counts_are_those_of_the_hour() -> None:
    assert told(BoardPanel("x", FAILED, warn=5), series({1: 2, 59: 3, 61: 100})) == "5 in the hour (warn from 5)"
    assert told(BoardPanel("x", FAILED), series({61: 100})) == "no data"


def test_a_ratio_of_counts_is_that_of_their_sums() -> None:
    panel = BoardPanel("x", f"{FAILED} / {ALL} * 100", warn=5)
    found = shown(panel, {FAILED: answer(series([1] * 60)), ALL: answer(series([10] * 60))})
    assert board_words.told(found, EASTERN) == "10 over the hour (warn from 5)"
    nothing = shown(panel, {FAILED: answer(series([0] * 60)), ALL: answer(series([0] * 60))})
    assert nothing.shown == Unknown(Reason.NO_DATA)
    failed = Unknown(Reason.FAILED, "500")
    lacking = shown(panel, {FAILED: failed, ALL: answer(series([10]))})
    assert board_words.told(lacking, EASTERN) == "unavailable: Datadog failed (500)"


def test_of_several_series_it_is_the_worst_that_reports() -> None:
    hosts = (
        series({1: 5}, "host:a"),
        series({4: 9}, "host:b"),
        series({30: 99}, "host:gone"),
        series({1: None}, "host:c"),
    )
    assert told(BoardPanel("x", GAUGE, warn=8), *hosts) == "9 at 3:38pm (host:b) (warn from 8)"
    assert told(BoardPanel("x", GAUGE, warn=6, below=True), *hosts) == ("5 at 3:41pm (host:a) (warn at 6 and below)")
    assert (
        told(BoardPanel("x", FAILED), series({1: 5}, "host:a"), series({1: 6, 2: 1}, "host:b"))
        == "7 in the hour (host:b)"
    )


def test_a_scope_that_names_a_person_is_not_repeated() -> None:
    assert "123-45" not in told(BoardPanel("x", GAUGE), series({1: 5}, "ssn:123-45-6789"), series({1: 1}, "b"))


def test_a_gauge_without_a_point_is_silent_since_its_last_one_and_has_no_colour() -> None:
    panel = BoardPanel("x", GAUGE, warn=1)
    found = shown(panel, {GAUGE: answer(series({30: 7, 60: 8}))})
    assert (board_words.told(found, EASTERN), level(found)) == ("silent since 3:12pm", Level.UNKNOWN)
    assert told(panel) == "no data"
    sparse = Points(series({12: 7}).pointlist, 300.0, 0, "*")
    assert told(panel, sparse) == "7 at 3:30pm (warn from 1)"


@pytest.mark.parametrize(
    ("value", "below", "reached"),
    [
        (11, False, Level.ALERT),
        (10, False, Level.ALERT),
        (9, False, Level.WARN),
        (5, False, Level.WARN),
        (4.8, False, Level.EDGE),
        (4.4, False, Level.FINE),
        (5, True, Level.ALERT),
        (10, True, Level.WARN),
        (10.5, True, Level.EDGE),
        (11.2, True, Level.FINE),
    ],
)
def test_a_value_just_on_the_good_side_is_on_the_edge(value: float, below: bool, reached: Level) -> None:
    warn, alert = (10.0, 5.0) if below else (5.0, 10.0)
    found = shown(BoardPanel("x", GAUGE, warn=warn, alert=alert, below=below), {GAUGE: answer(series({1: value}))})
    assert level(found) is reached


def rising(*blocks: float, query: str = GAUGE, least: float = 0) -> tuple[Level, str]:
    """A panel whose last ten minutes had the first value in each minute, the ten before the second, and so on."""
    panel = BoardPanel("x", query, rising=50, rising_from=least)
    found = shown(panel, {query: answer(series([block for block in blocks for _ in range(10)]))})
    return level(found), board_words.told(found, EASTERN)


def test_what_is_above_its_own_last_hours_is_rising() -> None:
    assert rising(160, *[100] * 23) == (
        Level.RISING,
        "160 at 3:41pm (rising: 160 in 10 minutes, usually 100 in the hours before)",
    )
    assert rising(130, *[100] * 23)[0] is Level.EDGE
    assert rising(110, *[100] * 23)[0] is Level.FINE
    assert rising(160, *[100] * 23, least=200)[0] is Level.FINE
    assert rising(16, *[10] * 23, query=FAILED)[0] is Level.RISING
    assert rising(160, 100, 100)[0] is Level.FINE  # too little past
    assert rising(1, *[0] * 23)[0] is Level.FINE  # nothing to compare with


def test_numbers_without_end_are_unreadable_rather_than_an_exception() -> None:
    found = shown(BoardPanel("x", FAILED), {FAILED: answer(series([1e308] * 30))})
    assert isinstance(found.shown, Unknown)
    assert found.shown.reason is Reason.UNREADABLE
    odd = Points(((float(2**60), 5.0), (-5.0, 1.0)), None, 0, None)
    assert told(BoardPanel("x", GAUGE), odd) == "no data"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("sum:a{$environment}.as_count()", ""),
        ("count:a{*}.as_count()", ""),
        ("sum:a{*}.as_count() * 2", "has arithmetic"),
        ("default_zero(sum:a{*}.as_count())", "has a function"),
        ("cumsum(sum:a{*}.as_count())", "has a function"),
        ("sum:a{*}", "does not count"),
        ("sum:a{*}.as_count().rollup(sum, 60)", "has a rollup"),
        ("sum:a{*} by {host}.as_count()", "has a group"),
        ("sum:a{*}by{host}.as_count()", "has a group"),
        ("avg:a{*}.as_count()", "is not the sum"),
        ("sum:a{*}.as_count().fill(linear)", "is not the sum"),
        ("nonsense", "what stands at"),
    ],
)
def test_a_query_is_a_counters_if_what_it_counts_can_be_added_up(query: str, why: str) -> None:
    assert why_no_counter(query).startswith(why)
    assert bool(why_no_counter(query)) == bool(why)
