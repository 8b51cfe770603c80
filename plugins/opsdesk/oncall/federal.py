"""The federal holidays of the United States, by statute: 5 U.S.C. 6103, https://www.law.cornell.edu/uscode/text/5/6103.

Worked out here and not by a library: those that know them know every country's, and keep 15 MB for it.
"""

import functools
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
LAST = 5  # the fifth, or the fourth in a month that has no fifth
JUNETEENTH_SINCE = 2021
OBSERVED = {SATURDAY: -ONE_DAY, SUNDAY: ONE_DAY}  # how far from the day itself

NEW_YEAR = "New Year's Day"
FIXED = {
    (1, 1): NEW_YEAR,
    (6, 19): "Juneteenth National Independence Day",
    (7, 4): "Independence Day",
    (11, 11): "Veterans Day",
    (12, 25): "Christmas Day",
}


class Moving(NamedTuple):
    """A holiday on the same weekday of a month each year."""

    month: int
    number: int
    weekday: int
    name: str


MOVING = (
    Moving(1, 3, MONDAY, "Martin Luther King Jr. Day"),
    Moving(2, 3, MONDAY, "Washington's Birthday"),
    Moving(5, LAST, MONDAY, "Memorial Day"),
    Moving(9, 1, MONDAY, "Labor Day"),
    Moving(10, 2, MONDAY, "Columbus Day"),
    Moving(11, 4, THURSDAY, "Thanksgiving Day"),
)


def federal_holiday(day: date) -> str:
    """Return the name of the US federal holiday, observed days included, that `day` is; "" for any other day."""
    return _holidays(day.year).get(day, "")


@functools.cache
def _holidays(year: int) -> dict[date, str]:
    fixed = {date(year, *day): name for day, name in FIXED.items() if _is_law(name, year)}
    following = {date(year + 1, 1, 1): NEW_YEAR} if year < date.max.year else {}  # observed in this year, on a Saturday
    observed = {one: f"{name} (observed)" for day, name in (fixed | following).items() for one in _observed(day)}
    return {day: name for day, name in (observed | fixed | dict(_moving(year))).items() if day.year == year}


def _is_law(name: str, year: int) -> bool:
    return not name.startswith("Juneteenth") or year >= JUNETEENTH_SINCE


def _moving(year: int) -> Iterator[tuple[date, str]]:
    for month, number, weekday, name in MOVING:
        first = date(year, month, 1)
        day = first + timedelta(days=(weekday - first.weekday()) % 7) + (number - 1) * WEEK
        yield day if day.month == month else day - WEEK, name


def _observed(day: date) -> Iterator[date]:
    """Yield the Friday before a Saturday, the Monday after a Sunday."""
    if day.weekday() in OBSERVED:
        yield day + OBSERVED[day.weekday()]
