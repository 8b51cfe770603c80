"""Which days a report is about."""

from datetime import date

import pytest

from opsdesk.errors import UserError
from opsdesk.report.spans import ReportKind, ended, read_span
from opsdesk.settings import ReportTimes

TODAY = date(2026, 11, 25)  # a Wednesday
TIMES = ReportTimes(sprint_begins=date(2026, 1, 7))


@pytest.mark.parametrize(
    ("typed", "title", "days"),
    [
        ("", "Report of the week so far, Nov 23 to Nov 25, 2026", 3),
        ("week", "Report of the week so far, Nov 23 to Nov 25, 2026", 3),
        ("This  Week", "Report of the week so far, Nov 23 to Nov 25, 2026", 3),
        ("last week", "Report of the week, Nov 16 to Nov 22, 2026", 7),
        ("sprint", "Report of the sprint so far, Nov 25 to Nov 25, 2026", 1),
        ("last sprint", "Report of the sprint, Nov 11 to Nov 24, 2026", 14),
        ("month", "Report of the month so far, Nov 1 to Nov 25, 2026", 25),
        ("last month", "Report of the month, Oct 1 to Oct 31, 2026", 31),
        ("2026-11", "Report of the month so far, Nov 1 to Nov 25, 2026", 25),
        ("2026-02", "Report of the month, Feb 1 to Feb 28, 2026", 28),
        ("2026-09-01..2026-11-20", "Report of the days, Sep 1 to Nov 20, 2026", 81),
        ("yesterday", "Report of the days, Tuesday, November 24, 2026", 1),
    ],
)
def test_days_are_read_as_they_are_typed(typed: str, title: str, days: int) -> None:
    span = read_span(typed, TODAY, TIMES)
    assert span.title == title.replace("Nov 25 to Nov 25, 2026", "Wednesday, November 25, 2026")
    assert len(span.days) == days


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("soon", "I cannot tell which days you mean. Type `!report week`,"),
        ("2026-12", "Dec 1 to Dec 31, 2026 is still to come. Type `!report week`,"),
        ("2026-01-01..today", "A report tells of 100 days at most. Type `!report week`,"),
    ],
)
def test_other_days_are_refused_with_what_to_type(typed: str, why: str) -> None:
    with pytest.raises(UserError) as refused:
        read_span(typed, TODAY, TIMES)
    assert str(refused.value).startswith(why)


def test_whoever_reports_an_incident_is_told_how() -> None:
    with pytest.raises(UserError, match=r"To open an incident, type `!incident open VistA is down`\.$"):
        read_span("VistA is down", TODAY, TIMES)


def test_what_has_ended_is_what_is_told_of_next() -> None:
    monday = date(2026, 11, 30)
    told = [ended(kind, monday, TIMES) for kind in (ReportKind.WEEK, ReportKind.SPRINT, ReportKind.MONTH)]
    assert [(str(one.first), str(one.last)) for one in told] == [
        ("2026-11-23", "2026-11-29"),
        ("2026-11-11", "2026-11-24"),
        ("2026-10-01", "2026-10-31"),
    ]
    assert ended(ReportKind.MONTH, date(2027, 1, 1), TIMES).last == date(2026, 12, 31)
    assert ended(ReportKind.SPRINT, date(2026, 11, 25), TIMES).last == date(2026, 11, 24)
