"""The words of the day's post, part by part, so that each part can change in place afterwards."""

import html
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from opsdesk.clock import day_of
from opsdesk.moments import tell_day, tell_hour, tell_length, tell_time, tell_zone
from opsdesk.posts import Line
from opsdesk.summary import DaySummary, Events
from opsdesk.timeline import Incident

LIMIT = 3_600  # Slack edits 4,000 characters as one message; the rest is for late and updated marks
MARK = len(" (updated 12:59pm)")
WORD_LENGTHS = (400, 160, 60, 0)
GAP = Line("gap", "")


def lines(summary: DaySummary, counts: Sequence[Line], zone: ZoneInfo) -> list[Line]:
    """The whole post: as much of each incident as there is room for, then as many incidents as there is room for."""
    tail = [GAP, *counts, GAP, *_numbers(summary), *_notes(summary)]
    head = Line("head", headline(summary, zone))
    room = LIMIT - _length([head, *tail])
    return [head, GAP, *_events(summary, zone, room), *tail]


def headline(summary: DaySummary, zone: ZoneInfo) -> str:
    """ "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)"."""
    about = []
    if summary.shift:
        start, end = summary.shift
        about.append(f"{tell_hour(start, zone)} to {tell_hour(end, zone)} {tell_zone(start, zone)}")
    about.append(f"on call: {summary.on_call or 'nobody named'}{_accepted(summary, zone)}")
    return f"*Production support summary, {tell_day(summary.day)}* ({', '.join(about)})"


def event(incident: Incident, day: date, zone: ZoneInfo, longest: int) -> str:
    """One incident in one line, with at most `longest` characters of its latest word."""
    about = [f"sev {incident.severity}", incident.subsystem, *_times(incident, day, zone)]
    if incident.is_open:
        about.append(f"owner {incident.owner.name}" if incident.owner else "no owner")
    told = f"• #{incident.number} {incident.title}: *{incident.status}* ({', '.join(filter(None, about))})"
    word = " ".join(incident.last_word.split())
    return f"{told}. {_cut(word, longest)}" if word and longest and word != incident.title else told


def _accepted(summary: DaySummary, zone: ZoneInfo) -> str:
    return f" since {tell_time(summary.accepted_at, zone)}" if summary.accepted_at else ""


def _times(incident: Incident, day: date, zone: ZoneInfo) -> Iterator[str]:
    began = day_of(incident.started_at, zone)
    if incident.resolved_at:
        start, end = _on(incident.started_at, day, zone), _on(incident.resolved_at, day, zone)
        yield f"{start} to {end}"
        yield tell_length(incident.resolved_at - incident.started_at)
    elif began < day:
        days = (day - began).days
        yield f"open {days} day" + ("s" if days > 1 else "")
    else:
        yield f"since {_on(incident.started_at, day, zone)}"


def _on(at: datetime, day: date, zone: ZoneInfo) -> str:
    """The time alone where it is `day`'s, else with its date."""
    own = day_of(at, zone)
    return tell_time(at, zone) if own == day else f"{own:%b} {own.day} {tell_time(at, zone)}"


def _events(summary: DaySummary, zone: ZoneInfo, room: int) -> list[Line]:
    if isinstance(summary.events, str):
        return [Line("events", f"*Production events*\n{summary.events}", marked=True)]
    for longest in WORD_LENGTHS:
        told = list(_sections(summary.events, summary.day, zone, longest))
        if _length(told) <= room:
            return told
    return _as_many_as_fit(told, room)


def _sections(events: Events, day: date, zone: ZoneInfo, longest: int) -> Iterator[Line]:
    yield Line("events", "*Production events*")
    yield from (_event_line(one, day, zone, longest) for one in events.events)
    if not events.events:
        yield Line("none", "No production events today.")
    if events.carried:
        yield Line("carried", "*Carried over*")
    yield from (_event_line(one, day, zone, longest) for one in events.carried)


def _event_line(incident: Incident, day: date, zone: ZoneInfo, longest: int) -> Line:
    whole = event(incident, day, zone, len(incident.last_word) + 1)
    return Line(f"#{incident.number}", event(incident, day, zone, longest), marked=True, whole=whole)


def _as_many_as_fit(told: list[Line], room: int) -> list[Line]:
    """Takes incidents off the end, which are the least urgent, and says how many and how to see them."""
    left = 0
    while _length(told) + len(_left_out(left)) > room and any(line.marked for line in told):
        last = max(at for at, line in enumerate(told) if line.marked)
        told, left = told[:last] + told[last + 1 :], left + 1
    return [*told, Line("left out", _left_out(left))]


def _left_out(many: int) -> str:
    return f"…and {many} more: `!incident list today` and `!incident list` show all"


def _numbers(summary: DaySummary) -> Iterator[Line]:
    if isinstance(summary.events, Events):
        events = summary.events
        told = f"*Incidents* {events.opened} opened, {events.resolved} resolved, {len(events.carried)} carried over"
        if summary.previous_link and summary.previous_day:
            told += f" · {summary.previous_day:%A}'s post: {summary.previous_link}"
        yield Line("numbers", told)


def _notes(summary: DaySummary) -> Iterator[Line]:
    if summary.notes:
        notes = "; ".join(" ".join(note.split()) for note in summary.notes)
        yield Line("notes", f"*Handing over* {_cut(notes, WORD_LENGTHS[0] * 2)}", marked=True, whole=notes)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _length(told: Sequence[Line]) -> int:
    """How long Slack finds it, with every mark that may come yet."""
    return sum(len(html.escape(line.text, quote=False)) + 1 + (MARK if line.marked else 0) for line in told)
