"""Counts in words: the six lines to the byte, reasons in the place of numbers."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from opsdesk.counts import words
from opsdesk.counts.counts import KnownCount, half_up, percentage
from opsdesk.datadog.answers import Reason, Unknown
from opsdesk.datadog.words import reason as reason_of
from opsdesk.datadog.words import reason_in_full
from opsdesk.summary import counts as summary_counts
from tests.counts.stage import (
    AT,
    counts_of,
)
from tests.oncall.stage import EASTERN, eastern


def test_the_six_lines_are_told_as_the_team_tells_them() -> None:
    assert words.counter_lines(counts_of(1765, 1121, 6251, 2602)) == (
        "Completed check-ins % : 63.5%\n"
        "Completed pre-check-ins % : 41.6%\n"
        "Check-ins clicked: 1765\n"
        "Check-ins completed: 1121\n"
        "Pre-check-ins clicked: 6251\n"
        "Pre-check-ins completed: 2602"
    )


def test_of_zero_clicks_there_is_no_percentage() -> None:
    assert words.counter_lines(counts_of(0, 0, 6251, 0)).splitlines()[:4] == [
        "Completed check-ins % : n/a",
        "Completed pre-check-ins % : 0.0%",
        "Check-ins clicked: 0",
        "Check-ins completed: 0",
    ]


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (1, 16, "6.3%"),
        (1, 2000, "0.1%"),
        (1, 2001, "0.0%"),
        (2, 3, "66.7%"),
        (3, 2, "150.0%"),
        (1121, 1765, "63.5%"),
        (-1, 16, "-6.3%"),
        (1, -16, "-6.3%"),
        (-1, -16, "6.3%"),
        (-1, 2001, "0.0%"),
        (-1, 250, "-0.4%"),
    ],
)
def test_percentages_are_rounded_half_up_to_one_decimal(part: int, whole: int, told: str) -> None:
    assert words.counter_lines(counts_of(whole, part, 1, 1)).startswith(f"Completed check-ins % : {told}\n")


def test_rounding_is_exact_for_every_pair_of_small_counts() -> None:
    for whole in range(1, 200):
        for part in range(whole + 1):
            tenths = percentage(part, whole, tenths=True)
            assert tenths is not None
            assert 0 <= (tenths * 2 + 1) * whole - part * 2000 <= 2 * whole
            assert (tenths * 2 + 1) * whole != part * 2000
            assert (percentage(-part, whole, tenths=True), percentage(part, -whole, tenths=True)) == (-tenths, -tenths)


def test_a_percentage_is_rounded_once() -> None:
    assert (percentage(6345, 10_000, tenths=True), percentage(6345, 10_000)) == (635, 63)


@pytest.mark.parametrize(
    ("number", "nearest"),
    [(2.5, 3), (-2.5, -3), (3.5, 4), (2.4999, 2), (0.49999999999999994, 0), (-0.4, 0), (2.0**53, 2**53)],
)
def test_halves_are_rounded_away_from_zero(number: float, nearest: int) -> None:
    assert half_up(number) == nearest


def test_a_number_that_is_not_known_has_its_reason_in_its_place_and_the_others_stay() -> None:
    told = words.counter_lines(counts_of(Unknown(Reason.TIMEOUT), 1121, 6251, Unknown(Reason.NO_DATA)))
    assert told == (
        "Completed check-ins % : unavailable: Datadog did not answer (timeout)\n"
        "Completed pre-check-ins % : no data\n"
        "Check-ins clicked: unavailable: Datadog did not answer (timeout)\n"
        "Check-ins completed: 1121\n"
        "Pre-check-ins clicked: 6251\n"
        "Pre-check-ins completed: no data"
    )


def test_days_without_data_are_told_by_their_dates_where_there_are_several_weeks() -> None:
    saturdays = tuple(date(2026, 11, day) for day in (7, 14, 21))
    month = replace(counts_of(KnownCount(100, lacks=saturdays), 50, 1, 1), start=eastern("2026-11-01 00:00"))
    told = words.counter_lines(month).splitlines()
    assert told[0] == "Completed check-ins % : unavailable: no data of one of the two for Nov 7, Nov 14 and Nov 21"
    assert told[2] == "Check-ins clicked: 100 (no data for Nov 7, Nov 14 and Nov 21)"
    weekends = tuple(date(2026, 11, day) for day in (1, 7, 8, 14, 15, 21, 22))
    month = replace(counts_of(KnownCount(100, lacks=weekends), 50, 1, 1), start=eastern("2026-11-01 00:00"))
    assert words.counter_lines(month).splitlines()[2] == (
        "Check-ins clicked: 100 (no data for Nov 1, Nov 7, Nov 8, Nov 14, Nov 15 and 2 more days)"
    )


def test_every_reason_has_words_of_its_own() -> None:
    told = {reason_of(Unknown(reason), AT) for reason in Reason}
    assert len(told) == len(Reason)
    assert not any(letter.isdigit() for letter in "".join(told))


@pytest.mark.parametrize(
    ("unknown", "told"),
    [
        (Unknown(Reason.RATE_LIMITED, retry_at=AT + timedelta(seconds=16.2)), "try again in 17 s"),
        (Unknown(Reason.RATE_LIMITED, retry_at=AT + timedelta(seconds=17)), "try again in 17 s"),
        (Unknown(Reason.RATE_LIMITED, retry_at=AT - timedelta(seconds=3)), "try again in 1 s"),
        (Unknown(Reason.QUERY_ERROR, "Rule didn't match"), "could not run the query: Rule didn't match"),
        (Unknown(Reason.REFUSED, "403, organisation vagov"), "refused the keys (403, organisation vagov)"),
    ],
)
def test_a_reason_is_told_with_what_is_known_of_it(unknown: Unknown, told: str) -> None:
    assert reason_of(unknown, AT).endswith(told)


def test_variables_that_are_not_set_are_named_in_no_line_nor_in_the_post() -> None:
    unset = Unknown(Reason.NOT_CONFIGURED, "DESK_DATADOG_VAGOV_API_KEY not set")
    told = (
        "Completed check-ins % : 63.5%\n"
        "Completed pre-check-ins % : unavailable: not configured\n"
        "Check-ins clicked: 1765\n"
        "Check-ins completed: 1121\n"
        "Pre-check-ins clicked: unavailable: not configured\n"
        "Pre-check-ins completed: unavailable: not configured"
    )
    some, none = counts_of(1765, 1121, unset, unset), counts_of(*[unset] * 4)
    assert words.counter_lines(some) == told
    assert summary_counts.told(some) == f"*Counts* (midnight to 3:42pm ET)\n{told}"
    assert summary_counts.unavailable(none, AT, EASTERN) == "Counts unavailable: not configured. Trying until 3:42pm."
    assert reason_in_full(unset, AT) == "not configured (DESK_DATADOG_VAGOV_API_KEY not set)"


def test_nothing_known_is_one_sentence() -> None:
    assert words.unavailable(counts_of(*[Unknown(Reason.TIMEOUT)] * 4)) == "Datadog did not answer (timeout)"
    assert words.unavailable(counts_of(1, *[Unknown(Reason.TIMEOUT)] * 3)) == ""
    mixed = counts_of(Unknown(Reason.NO_DATA), *[Unknown(Reason.TIMEOUT)] * 3)
    assert words.unavailable(mixed) == "no data; Datadog did not answer (timeout)"
