"""The day as a value: which incidents it tells of, and what the shift hands over."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec

from opsdesk.incidents import Entry, Incident, Status


class SummarySpan(msgspec.Struct, frozen=True):
    """The days one summary tells of, in moments: from the end of what the last one tells to the end of its own day.

    After a weekend that is more than a day, so that nothing of it goes untold. `since` is from when on the last one is
    edited no more: what is said from then on to have happened before `start` is told here.
    """

    start: datetime
    end: datetime
    since: datetime

    def __contains__(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at < self.end


class Events(msgspec.Struct, frozen=True):
    """The incidents of a span: `events` opened or resolved in it, `carried` opened before and open as it ended.

    `struck` were voided or merged into another after the summary, or the one before, had told of them. Those opened on
    the `lost` days are missing: they cannot be read.
    """

    events: tuple[Incident, ...] = ()
    carried: tuple[Incident, ...] = ()
    opened: int = 0
    resolved: int = 0
    lost: frozenset[date] = frozenset()
    struck: tuple[Incident, ...] = ()

    @property
    def still_open(self) -> int:
        """Return how many of those told of are left open."""
        return sum(one.is_open for one in (*self.events, *self.carried))


class Part(msgspec.Struct, frozen=True):
    """What another wing tells in the summary: one line below the counts, known by `key`.

    `line` gives it for a day, "" for nothing to tell; `waiting` gives what somebody should still see to before the
    summary goes out, a line each with what to type.
    """

    key: str
    title: str
    line: Callable[[date], str]
    waiting: Callable[[date, datetime], Sequence[str]] = lambda day, at: ()


class ShiftHad(msgspec.Struct, frozen=True):
    """A shift of the day: from when to when, who had it ("" if nobody is named), and when it was taken over."""

    start: datetime
    end: datetime
    on_call: str = ""
    accepted_at: datetime | None = None


class DaySummary(msgspec.Struct, frozen=True):
    """One day, told: everything the summary says but the counts.

    `shifts` are the day's, none on a day without one. `events` is a sentence where they cannot be read.
    `parts` are further lines by key. `missed` are the days before that it tells of as well, since theirs does not
    stand; `changed` tells what has changed since `previous_day`'s, which can no longer be edited.
    """

    day: date
    events: Events | str
    shifts: tuple[ShiftHad, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    previous_day: date | None = None
    previous_link: str = ""
    missed: tuple[date, ...] = ()
    changed: tuple[str, ...] = ()


def events_of(
    span: SummarySpan, incidents: Iterable[Incident], lost: Iterable[date] = (), told_at: datetime | None = None
) -> Events:
    """Return what `incidents` come to in `span`, told first at `told_at`: worst first, then open ones, then by number.

    What was voided, or merged into another, counts no more.
    """
    ones = list(incidents)
    known = [one for one in ones if not one.aside]
    begun, over = [one.opened_at in span for one in known], [_is_over(one, span) for one in known]
    events = [one for one, is_begun, is_over in zip(known, begun, over, strict=True) if is_begun or is_over]
    carried = [one for one in known if one.opened_at < span.start and _is_carried(one, span)]
    return Events(
        events=tuple(sorted(events, key=lambda one: (one.severity, not one.is_open, one.number))),
        carried=tuple(sorted(carried, key=lambda one: (one.severity, not one.is_open, one.number))),
        opened=sum(begun),
        resolved=sum(over),
        lost=frozenset(lost),
        struck=tuple(one for one in ones if _is_left(one, span) or (told_at and _was_told(one, span, told_at))),
    )


def _is_over(incident: Incident, span: SummarySpan) -> bool:
    """Return whether an incident was resolved in a span, or said in it, too late for the summary before, to have been
    resolved earlier.
    """
    end = incident.resolution
    return end is not None and (end.at in span or (end.at < span.start and span.since <= end.written_at < span.end))


def _is_carried(incident: Incident, span: SummarySpan) -> bool:
    """Return whether an incident was open as the span ended, or goes on: it is told of so when it is over, too."""
    return incident.is_open or (incident.resolved_at is not None and incident.resolved_at >= span.end)


def _is_left(incident: Incident, span: SummarySpan) -> bool:
    """Return whether an incident that was open in the summary before counts no more since that is edited no longer."""
    end = incident.aside
    is_since = end is not None and span.since <= end.written_at < span.end
    return is_since and incident.opened_at < span.start and incident.status is not Status.RESOLVED


def _was_told(incident: Incident, span: SummarySpan, told_at: datetime) -> bool:
    """Return whether an incident that counts no more stood in a summary of `span` sent at `told_at`."""
    if not incident.aside or incident.aside.written_at < told_at or incident.opened_at >= min(told_at, span.end):
        return False
    return incident.opened_at in span or incident.status is not Status.RESOLVED


def as_of(incident: Incident, at: datetime) -> Incident | None:
    """Return the incident with the entries written by `at`; None without any."""
    places = [place for place, entry in enumerate(incident.entries) if entry.written_at <= at]
    now = {before: place for place, before in enumerate(places)}
    entries = tuple(_moved(incident.entries[place], now) for place in places)
    return msgspec.structs.replace(incident, entries=entries) if entries else None


def _moved(entry: Entry, places: Mapping[int, int]) -> Entry:
    """Return the entry as it stands among those at `places`: one that takes another back names it by its place."""
    return entry if entry.undoes is None else msgspec.structs.replace(entry, undoes=places.get(entry.undoes))
