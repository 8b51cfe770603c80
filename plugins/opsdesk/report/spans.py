"""Which days a report is about: as they are typed, and those that have ended and are told of by themselves."""

import enum
from datetime import date, timedelta

import msgspec

from opsdesk.errors import UserError
from opsdesk.settings import ReportTimes
from opsdesk.text import Offer, Offering, Unsure, last_week, literal, read_days, tell_days

ONE_DAY = timedelta(days=1)
MOST_DAYS = 100  # of one report: a quarter
TYPE = "Type `!report week`, `!report sprint`, `!report month`, `!report last week` or `!report 2026-11`."


class ReportKind(enum.StrEnum):
    """What a report is of."""

    WEEK = "week"
    SPRINT = "sprint"
    MONTH = "month"
    DAYS = "days"


class ReportSpan(msgspec.Struct, frozen=True):
    """The days from `first` to `last`, of which those up to `latest` have begun."""

    kind: ReportKind
    first: date
    last: date
    latest: date

    @property
    def days(self) -> list[date]:
        """Return the days that have begun, first to last."""
        return [self.first + ahead * ONE_DAY for ahead in range((self.latest - self.first).days + 1)]

    @property
    def title(self) -> str:
        """Return "Report of the week, Nov 16 to Nov 22, 2026", with "so far" where it goes on."""
        named = {ReportKind.WEEK: "week", ReportKind.SPRINT: "sprint", ReportKind.MONTH: "month"}.get(self.kind, "days")
        so_far = " so far" if self.latest < self.last else ""
        return f"Report of the {named}{so_far}, {tell_days(self.first, self.latest)}"


def read_span(text: str, today: date, times: ReportTimes) -> ReportSpan:
    """Return the days that were typed: "", "week", "last sprint", "2026-11", "2026-11-02..2026-11-20".

    Raises a UserError for anything else, for days to come and for more than a quarter.
    """
    word = " ".join(text.casefold().split()).removeprefix("this ") or ReportKind.WEEK
    if word in ("sprint", "last sprint"):
        return sprint_of(today - times.sprint_length * (word == "last sprint"), today, times)
    try:
        first, last = read_days(word, today)
    except UserError:
        asked = f"I cannot tell which days you mean. {literal(TYPE)} To open an incident, type {{}}."
        raise Unsure(Offering(asked, (Offer("incident_open", text),))) from None
    if word == ReportKind.WEEK:
        last = first + 6 * ONE_DAY
    if word == ReportKind.MONTH:
        last = _end_of_month(first)
    if first > today:
        raise UserError(f"{tell_days(first, last)} is still to come. {TYPE}")
    if (last - first).days >= MOST_DAYS:
        raise UserError(f"A report tells of {MOST_DAYS} days at most. {TYPE}")
    return ReportSpan(_kind(first, last), first, last, min(last, today))


def sprint_of(day: date, today: date, times: ReportTimes) -> ReportSpan:
    """Return the sprint that `day` lies in."""
    first = day - (day - times.sprint_begins) % times.sprint_length
    last = first + times.sprint_length - ONE_DAY
    return ReportSpan(ReportKind.SPRINT, first, last, min(last, today))


def ended(kind: ReportKind, today: date, times: ReportTimes) -> ReportSpan:
    """Return the latest week, sprint or month that was over before `today`."""
    if kind is ReportKind.SPRINT:
        return sprint_of(today - times.sprint_length, today, times)
    if kind is ReportKind.MONTH:
        end = today.replace(day=1) - ONE_DAY
        return ReportSpan(kind, end.replace(day=1), end, end)
    first, last = last_week(today)
    return ReportSpan(ReportKind.WEEK, first, last, last)


def _kind(first: date, last: date) -> ReportKind:
    if first.weekday() == 0 and last - first == 6 * ONE_DAY:
        return ReportKind.WEEK
    return ReportKind.MONTH if first.day == 1 and last == _end_of_month(first) else ReportKind.DAYS


def _end_of_month(first: date) -> date:
    return (first.replace(day=28) + 4 * ONE_DAY).replace(day=1) - ONE_DAY
