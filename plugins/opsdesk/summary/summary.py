"""The day as a value: which incidents it tells of, and what the shift hands over."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

import msgspec

from opsdesk.incidents import Incident


class Span(msgspec.Struct, frozen=True):
    """The days one summary tells of, in moments: from the end of the last one's day to the end of its own.

    After a weekend that is more than a day, so that nothing of it goes untold.
    """

    start: datetime
    end: datetime

    def __contains__(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at < self.end


class Events(msgspec.Struct, frozen=True):
    """The incidents of a span: `events` opened or resolved in it, `carried` still open from before.

    Those opened on the `lost` days are missing: they cannot be read.
    """

    events: tuple[Incident, ...] = ()
    carried: tuple[Incident, ...] = ()
    opened: int = 0
    resolved: int = 0
    lost: frozenset[date] = frozenset()


class Part(msgspec.Struct, frozen=True):
    """What another wing tells in the summary: one line below the counts, known by `key`.

    `line` gives it for a day, "" for nothing to tell; `waiting` gives what somebody should still see to before the
    summary goes out, a line each with what to type.
    """

    key: str
    title: str
    line: Callable[[date], str]
    waiting: Callable[[date, datetime], Sequence[str]] = lambda day, at: ()


class DaySummary(msgspec.Struct, frozen=True):
    """One shift, told: everything the summary says but the counts.

    `shift` are its bounds (None on a day without one), `on_call` the name of who had it ("" if nobody
    is named), `accepted_at` when it was taken over. `events` is a sentence where they cannot be read.
    `parts` are further lines by key. `missed` are the days before that it tells of as well, since theirs does not
    stand; `changed` tells what has changed since `previous_day`'s, which can no longer be edited.
    """

    day: date
    events: Events | str
    shift: tuple[datetime, datetime] | None = None
    on_call: str = ""
    accepted_at: datetime | None = None
    notes: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    previous_day: date | None = None
    previous_link: str = ""
    missed: tuple[date, ...] = ()
    changed: tuple[str, ...] = ()


def events_of(span: Span, incidents: Iterable[Incident], lost: Iterable[date] = ()) -> Events:
    """Return what `incidents` come to in `span`: worst first, then open ones, then by number."""
    known = list(incidents)
    events = [one for one in known if one.opened_at in span or one.resolved_at in span]
    carried = [one for one in known if one.is_open and one.opened_at < span.start]
    return Events(
        events=tuple(sorted(events, key=lambda one: (one.severity, not one.is_open, one.number))),
        carried=tuple(sorted(carried, key=lambda one: (one.severity, one.number))),
        opened=sum(one.opened_at in span for one in known),
        resolved=sum(one.resolved_at in span for one in known),
        lost=frozenset(lost),
    )


def as_of(incident: Incident, at: datetime) -> Incident | None:
    """Return the incident with the entries written by `at`; None without any."""
    entries = tuple(entry for entry in incident.entries if entry.written_at <= at)
    return msgspec.structs.replace(incident, entries=entries) if entries else None
