"""The alerts of a report by what became of them, the noisiest, and who was called outside hours."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from opsdesk.alerts import AlertGroup
from opsdesk.alerts import words as alert_words
from opsdesk.oncall import Calendar
from opsdesk.posts import PostRecord
from opsdesk.report.spans import Span

NOISIEST = 5
LONGEST_TITLE = 90  # characters
REHEARSED = "rehearsal:"
PAGES = ("acknowledge:", "reminder:", "reminders:", "alerts unacknowledged:", "watch:")
TO_A_CHANNEL = (":channel", ":back")


class Alerts(msgspec.Struct, frozen=True):
    """A span's alerts, one for each problem of a day; `outside` of them began while no shift was on.

    `noisiest` are the problems notified of most often, with how often. `pages` is how many messages called somebody
    while no shift was on.
    """

    groups: Sequence[AlertGroup]
    outside: int
    noisiest: Sequence[tuple[str, int]]
    pages: int


def of_span(
    groups: Sequence[AlertGroup], calendar: Calendar, records: Callable[[date], Mapping[str, PostRecord]], span: Span
) -> Alerts:
    """Return what the alerts of a span came to; `records` gives the posts of a day by key."""
    pages = (record for day in span.days for key, record in records(day).items() if is_page(key))
    sent = (record.stands_since for record in pages)
    return Alerts(
        groups,
        outside=sum(calendar.shift_at(one.first_at) is None for one in groups),
        noisiest=noisiest(groups),
        pages=sum(at is not None and calendar.shift_at(at) is None for at in sent),
    )


def is_page(key: str) -> bool:
    """Return whether a post, by its key, asks whoever is on call, or an owner, to do something now."""
    return key.removeprefix(REHEARSED).startswith(PAGES) and not key.endswith(TO_A_CHANNEL)


def noisiest(groups: Iterable[AlertGroup]) -> list[tuple[str, int]]:
    """Return the five problems that were notified of most often, by their latest title: "x120 Puma backlog"."""
    many: Counter[tuple[str, str]] = Counter()
    titles: dict[tuple[str, str], str] = {}
    for one in sorted(groups, key=lambda one: one.first_at):
        many[one.source, one.key] += one.count
        titles[one.source, one.key] = one.title
    in_order = sorted(many, key=lambda problem: (-many[problem], titles[problem]))
    return [(titles[problem], many[problem]) for problem in in_order[:NOISIEST] if many[problem]]


def words(told: Alerts) -> list[str]:
    """Return the part of the report about alerts and pages."""
    if not told.groups:
        return ["*Alerts* none", _pages(told)]
    lines = [f"• x{many} {title[:LONGEST_TITLE]}" for title, many in told.noisiest]
    how = "(One for each problem of a day, by what became of it; below, how often the noisiest were notified of.)"
    return [f"*Alerts* {alert_words.counted(told.groups)}", how, *lines, _pages(told)]


def _pages(told: Alerts) -> str:
    many = f"{told.pages or 'no'} page{'' if told.pages == 1 else 's'}"
    began = f", {told.outside} of {len(told.groups)} alerts began then" if told.groups else ""
    return f"*Outside hours* {many}{began} (what the desk asked of people while no shift was on)"
