"""A Datadog that has simulated days: eight Mondays before November 23, 2026, and that day as it goes on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from opsdesk.oncall.shifts import federal_holiday
from tests.counts.stage import CLICKED, METRICS, MONDAY
from tests.datadog.stage import DatadogStandIn, RawPoint
from tests.oncall.stage import eastern
from tests.watch.simulated import Case, Day

LATE = 150  # seconds after its minute that a point is there


def fill_day(datadog: DatadogStandIn, day: date, drawn: Day, gap: Sequence[int] = ()) -> None:
    """A day's events, a point a minute: of every minute but those in the `gap` one counter has a point."""
    midnight = eastern(f"{day} 00:00").timestamp()
    for metric, minutes in zip(METRICS, drawn, strict=True):
        datadog.add(
            metric,
            *(
                RawPoint(midnight + 60 * at, value, arrives=midnight + 60 * at + LATE)
                for at, value in enumerate(minutes)
                if at not in gap and (value or metric == CLICKED)
            ),
        )


def fill(
    datadog: DatadogStandIn, case: Case, back: Mapping[int, int] | None = None, gap: Sequence[int] = ()
) -> tuple[list[Day], Day]:
    """The case's days: today with its fault, which is over from the minute that `back` gives for a counter."""
    past, today = case.draw()
    if back:
        whole = Case(case.seed, case.day, case.hour, level=case.level).draw()[1]
        for counter, since in back.items():
            today[counter][since:] = whole[counter][since:]
    mondays = (MONDAY - timedelta(weeks=weeks) for weeks in range(1, 13))
    for monday, day in zip((one for one in mondays if not federal_holiday(one)), past, strict=False):
        fill_day(datadog, monday, day)
    fill_day(datadog, MONDAY, today, gap)
    return past, today
