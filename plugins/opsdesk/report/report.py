"""A report: its parts one below the other. A part that cannot be told says why; the others are told all the same."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

import msgspec

from opsdesk.alerts import AlertGroup
from opsdesk.errors import reason_of
from opsdesk.incidents import IncidentLog
from opsdesk.oncall import Roster
from opsdesk.posts import PostLine, PostRecord
from opsdesk.report import alerts, day_posts, incidents, shifts
from opsdesk.report.day_posts import DayPost
from opsdesk.report.spans import ReportSpan
from opsdesk.store import Unreadable

log = logging.getLogger(__name__)

Lines = list[str]


class ReportSources(msgspec.Struct, frozen=True):
    """What a report is read from: the incidents, the alerts of some days, who is on call, the post of a day (None
    where it has none), the records of a day's posts by key, the lines of some days' counts.
    """

    incidents: IncidentLog
    alerts: Callable[[date, date], Sequence[AlertGroup]]
    roster: Callable[[], Roster]
    post: Callable[[date], DayPost | None]
    records: Callable[[date], Mapping[str, PostRecord]]
    counts: Callable[[Sequence[date], datetime], Lines]


def lines(sources: ReportSources, span: ReportSpan, at: datetime) -> list[PostLine]:
    """Return the report of a span as it is at `at`, a part a line."""
    parts = (PostLine(title, "\n".join(_told(title, tell))) for title, tell in _parts(sources, span, at))
    return [PostLine("head", f"*{span.title}*"), *parts]


def _parts(sources: ReportSources, span: ReportSpan, at: datetime) -> list[tuple[str, Callable[[], Lines]]]:
    roster = sources.roster()

    def of_alerts() -> Lines:
        groups = sources.alerts(span.first, span.latest)
        return alerts.words(alerts.of_span(groups, roster.calendar, sources.records, span))

    return [
        ("Incidents", lambda: incidents.words(incidents.of_span(sources.incidents, span, at))),
        ("Action items", lambda: incidents.action_lines(sources.incidents, at)),
        ("Alerts", of_alerts),
        ("Posts", lambda: day_posts.words(day_posts.due_posts(span.days, sources.post, at))),
        ("Shifts", lambda: shifts.words(shifts.shifts_of(roster, span, at))),
        ("Counts", lambda: sources.counts(span.days, at)),
    ]


def _told(title: str, tell: Callable[[], Lines]) -> Lines:
    try:
        return tell()
    except Unreadable as damaged:  # of which the store tells the admins: the channel needs no folders and files
        log.error("The %s of a report cannot be told: %s", title, damaged)
        return [f"*{title}* unavailable: what the desk has stored of them cannot be read"]
    except Exception as failed:  # whatever it was, one part must not keep the rest back
        log.exception("The %s of a report cannot be told", title)
        return [f"*{title}* unavailable: {reason_of(failed)}"]
