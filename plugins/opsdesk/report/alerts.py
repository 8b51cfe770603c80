"""The alerts of a report by what became of them, the noisiest, and who was called outside hours."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from opsdesk.alerts import AlertGroup
from opsdesk.alerts import words as alert_words
from opsdesk.oncall import Calendar
from opsdesk.posts import PostRecord
from opsdesk.report.spans import ReportSpan

NOISIEST = 5
LONGEST_TITLE = 90  # characters
REHEARSED = "rehearsal:"
PAGES = ("acknowledge:", "reminder:", "reminders:", "alerts unacknowledged:", "watch:")
TO_A_CHANNEL = (":channel", ":back")


class Noisy(msgspec.Struct, frozen=True):
    """A problem by its latest title, and how often it was notified of."""

    title: str
    count: int


class AlertFigures(msgspec.Struct, frozen=True):
    """A span's alerts, one for each problem of a day; `outside` of them began while no shift was on.

    `noisiest` are the problems notified of most often. `pages` is how many messages called somebody while no shift
    was on.
    """

    groups: Sequence[AlertGroup]
    outside: int
    noisiest: Sequence[Noisy]
    pages: int


def of_span(
    groups: Sequence[AlertGroup],
    calendar: Calendar,
    records: Callable[[date], Mapping[str, PostRecord]],
    span: ReportSpan,
) -> AlertFigures:
    """Return what the alerts of a span came to; `records` gives the posts of a day by key."""
    pages = (record for day in span.days for key, record in records(day).items() if is_page(key))
    sent = (record.stands_since for record in pages)
    return AlertFigures(
        groups,
        outside=sum(calendar.shift_at(one.first_at) is None for one in groups),
        noisiest=noisiest(groups),
        pages=sum(at is not None and calendar.shift_at(at) is None for at in sent),
    )


def is_page(key: str) -> bool:
    """Return whether a post, by its key, asks whoever is on call, or an owner, to do something now."""
    return key.removeprefix(REHEARSED).startswith(PAGES) and not key.endswith(TO_A_CHANNEL)


def noisiest(groups: Iterable[AlertGroup]) -> list[Noisy]:
    """Return the five problems that were notified of most often, the noisiest first."""
    many: Counter[tuple[str, str]] = Counter()
    titles: dict[tuple[str, str], str] = {}
    for one in sorted(groups, key=lambda one: one.first_at):
        many[one.source, one.key] += one.count
        titles[one.source, one.key] = one.title
    in_order = sorted(many, key=lambda problem: (-many[problem], titles[problem]))
    return [Noisy(titles[problem], many[problem]) for problem in in_order[:NOISIEST] if many[problem]]


def words(figures: AlertFigures) -> list[str]:
    """Return the part of the report about alerts and pages."""
    if not figures.groups:
        return ["*Alerts* none", _pages(figures)]
    lines = [f"• x{one.count} {one.title[:LONGEST_TITLE]}" for one in figures.noisiest]
    how = "(One for each problem of a day, by what became of it; below, how often the noisiest were notified of.)"
    return [f"*Alerts* {alert_words.counted(figures.groups)}", how, *lines, _pages(figures)]


def _pages(figures: AlertFigures) -> str:
    many = f"{figures.pages or 'no'} page{'' if figures.pages == 1 else 's'}"
    began = f", {figures.outside} of {len(figures.groups)} alerts began then" if figures.groups else ""
    return f"*Outside hours* {many}{began} (what the desk asked of people while no shift was on)"
