"""The text of the summary, part by part, so that each part can change in place afterwards."""

import html
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec

from opsdesk import guard
from opsdesk.clock import day_bounds, day_of
from opsdesk.incidents import Incident, words
from opsdesk.patterns import regex
from opsdesk.posts import PostLine
from opsdesk.summary.summary import DaySummary, Events, ShiftHad
from opsdesk.text import (
    tell_date,
    tell_day,
    tell_hour,
    tell_length,
    tell_list,
    tell_lost,
    tell_on,
    tell_time,
    tell_zone,
)

LIMIT = 3_600  # Slack edits 4,000 characters as one message; the rest is for late and updated marks
MARK = len(" (updated Dec 31 2026 12:59pm)")
NAMED = 4  # missed days that are told one by one
CHANGED = 600  # characters for what has changed since a summary that can no longer be edited
WORD_LENGTHS = (400, 160, 60, 0)
HANDOVER = 800  # characters for all notes together
PART = 1_000  # characters of the line of another wing
NOBODY = "nobody named"
SHORTEST = 40  # of an incident's line
WRITTEN_OTHERWISE = regex(r":[a-z0-9_+-]+:|\W")
CUT_SIGN = regex(r"&[a-z]*\Z")  # what is left of "&lt;"
GAP = PostLine("gap", "")


def lines(summary: DaySummary, counts: Sequence[PostLine], zone: ZoneInfo) -> list[PostLine]:
    """Return the whole text; short of room, incidents are cut short first, then left out, least urgent first."""
    tail = [GAP, *counts, GAP, *_parts(summary), *_numbers(summary), *_changed(summary), *_notes(summary)]
    head = [PostLine("head", headline(summary, zone)), *_missed(summary)]
    room = LIMIT - _length([*head, *tail])
    return [*head, GAP, *_events(summary, zone, room), *tail]


def headline(summary: DaySummary, zone: ZoneInfo) -> str:
    """Return "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)".

    Each of several shifts is told with who had it.
    """
    about = "; ".join(_had(one, zone) for one in summary.shifts) or f"on call: {NOBODY}"
    return f"*Production support summary, {tell_day(summary.day)}* ({about})"


def event_lines(events: Events | str, day: date, zone: ZoneInfo) -> list[PostLine]:
    """Return the line of each incident in full; none if they cannot be read."""
    if isinstance(events, str):
        return []
    return [_event(one, day, zone).line(WORD_LENGTHS[0]) for one in _told_of(events)]


def event(incident: Incident, day: date, zone: ZoneInfo) -> str:
    """Return one incident in one line, without its latest word."""
    about = [f"sev {incident.severity}", incident.subsystem, *_times(incident, day, zone)]
    if incident.is_open:
        about.append(f"owner {incident.owner.name}" if incident.owner else "no owner")
    told = f"#{incident.number} {incident.shown_title}: *{incident.status}* ({', '.join(filter(None, about))})"
    return f"• ~{told}~" if incident.aside else f"• {told}"


def event_key(line: str) -> str:
    """Return what tells an incident's line from any other: its number and title, without what chats write otherwise.

    A chat shows an emoji as itself or by its name.
    """
    number, _, title = line.removeprefix("• ").removeprefix("~").partition(": *")[0].partition(" ")
    return f"{number} {' '.join(WRITTEN_OTHERWISE.sub(' ', title).split()).casefold()}"


def _missed(summary: DaySummary) -> Iterator[PostLine]:
    """Yield the line that tells which days before are told of as well; none on most days."""
    days = [f"{day:%A, %B} {day.day}" for day in summary.missed]
    if not days:
        return
    if len(days) > NAMED:
        those = f"the {len(days)} evenings from {days[0]} to {days[-1]}: this one tells of all those days"
    elif len(days) > 1:
        those = f"{tell_list(days)}: this one tells of those days"
    else:
        those = f"{days[0]}: this one tells of that day"
    yield PostLine("missed", f"(no post stands for {those} as well; the counts are of its own day)")


def _had(shift: ShiftHad, zone: ZoneInfo) -> str:
    span = f"{tell_hour(shift.start, zone)} to {tell_hour(shift.end, zone)} {tell_zone(shift.start, zone)}"
    accepted = f", accepted {tell_time(shift.accepted_at, zone)}" if shift.accepted_at else ""
    return f"{span}, on call: {shift.on_call or NOBODY}{accepted}"


def _times(incident: Incident, day: date, zone: ZoneInfo) -> Iterator[str]:
    began = day_of(incident.started_at, zone)
    if incident.resolved_at:
        yield f"{tell_on(incident.started_at, day, zone)} to {tell_on(incident.resolved_at, began, zone)}"
        yield tell_length(incident.resolved_at - incident.started_at)
    elif began < day:
        days = (day - began).days
        yield f"open {days} day" + ("s" if days > 1 else "")
    else:
        yield f"since {tell_on(incident.started_at, day, zone)}"


def _events(summary: DaySummary, zone: ZoneInfo, room: int) -> list[PostLine]:
    if isinstance(summary.events, str):
        return [PostLine("events", f"*Production events*\n{summary.events}", marked=True)]
    told = list(_sections(summary, summary.events, zone, max(0, room) // SHORTEST))
    left = len(_told_of(summary.events)) - sum(isinstance(one, _Event) for one in told)
    for longest in WORD_LENGTHS if not left else ():
        lines = _with_words(told, longest)
        if _length(lines) <= room:
            return lines
    return _as_many_as_fit(told, left, room, ALL if summary.missed else TODAYS)


class _Event(msgspec.Struct, frozen=True):
    """An incident's line, with as much of its latest word as there is room for; the lowest `rank` is most urgent."""

    head: str
    word: str
    rank: tuple[bool, int, bool]

    def line(self, longest: int) -> PostLine:
        word = f". {guard.plain(_cut(self.word, longest))}" if self.word and longest else ""
        return PostLine(event_key(self.head), self.head + word, marked=True, whole=f"{self.head}. {self.word}")


def _sections(summary: DaySummary, events: Events, zone: ZoneInfo, most: int) -> Iterator[PostLine | _Event]:
    """Yield the lines of each section with its first `most` incidents: no more can fit."""
    day = summary.day
    yield PostLine("events", "*Production events*")
    if events.lost:
        yield PostLine("lost", tell_lost(events.lost, day))
    yield from (_event(one, day, zone) for one in events.events[:most])
    if not events.events and not events.lost:
        yield PostLine("none", f"No production events {'on these days' if summary.missed else 'today'}.")
    if events.carried:
        yield PostLine("carried", "*Carried over*")
    yield from (_event(one, day, zone) for one in events.carried[:most])
    yield from (_event(one, day, zone) for one in events.struck[:most])


def _told_of(events: Events) -> tuple[Incident, ...]:
    return *events.events, *events.carried, *events.struck


def _event(incident: Incident, day: date, zone: ZoneInfo) -> _Event:
    word = " ".join((words.set_aside(incident, day_bounds(day, zone)[0], zone) or incident.last_word).split())
    rank = bool(incident.aside), incident.severity, not incident.is_open
    return _Event(event(incident, day, zone), "" if word == incident.title else word, rank)


def _parts(summary: DaySummary) -> list[PostLine]:
    return [PostLine(key, _cut(line, PART), marked=True, whole=line) for key, line in summary.parts if line]


def _with_words(told: Sequence[PostLine | _Event], longest: int) -> list[PostLine]:
    return [one.line(longest) if isinstance(one, _Event) else one for one in told]


def _as_many_as_fit(told: Sequence[PostLine | _Event], left: int, room: int, see: str) -> list[PostLine]:
    """Leave out incidents, the least urgent, wherever they stand, and tell how many and how to see them."""
    room -= _length([one for one in told if isinstance(one, PostLine)]) + len(left_out(10_000, see))
    kept = set[int]()
    for place, one in sorted(_events_by_place(told), key=lambda found: found[1].rank):
        room -= _length([one.line(0)])
        if room < 0:
            break
        kept.add(place)
    shown = [one for place, one in enumerate(told) if isinstance(one, PostLine) or place in kept]
    left += sum(1 for _ in _events_by_place(told)) - len(kept)
    return [*_without_empty(_with_words(shown, 0)), PostLine("left out", left_out(left, see))]


def _events_by_place(told: Sequence[PostLine | _Event]) -> Iterator[tuple[int, _Event]]:
    return ((place, one) for place, one in enumerate(told) if isinstance(one, _Event))


def _without_empty(told: list[PostLine]) -> list[PostLine]:
    """Return the lines without the heading of what was carried over, where nothing is left below it."""
    return told[:-1] if told[-1].key == "carried" else told


TODAYS, ALL = "`!incident list today` and `!incident list` show all", "`!incident list all` shows all"


def left_out(many: int, see: str = TODAYS) -> str:
    """Return the line that tells how many incidents are not told of, and how to see them."""
    return f"…and {many} more: {see}"


def _numbers(summary: DaySummary) -> Iterator[PostLine]:
    if isinstance(summary.events, Events):
        events = summary.events
        known = "*Incidents* at least" if events.lost else "*Incidents*"
        told = f"{known} {events.opened} opened, {events.resolved} resolved, {len(events.carried)} carried over"
        if events.still_open:
            told += f", {events.still_open} still open"
        if summary.previous_link and summary.previous_day:
            told += f" · {_post_of(summary.previous_day, summary.day)}: {summary.previous_link}"
        yield PostLine("numbers", told)


def _post_of(day: date, today: date) -> str:
    """Return "Friday's post", or "the post of Nov 6" if that was more than a week ago."""
    return f"{day:%A}'s post" if today - day < timedelta(days=7) else f"the post of {tell_date(day, today)}"


def _changed(summary: DaySummary) -> Iterator[PostLine]:
    """Yield what has changed since the last summary, if that can no longer be edited."""
    if not summary.changed or not summary.previous_day:
        return
    post = _post_of(summary.previous_day, summary.day)
    yield PostLine("changed", f"*Changed since {post}, which can no longer be edited*")
    each = max(SHORTEST, CHANGED // len(summary.changed))
    for number, line in enumerate(summary.changed[: CHANGED // SHORTEST]):
        yield PostLine(f"changed {number}", _cut(line, each), marked=True, whole=line)
    if (more := len(summary.changed) - CHANGED // SHORTEST) > 0:
        yield PostLine("changed more", left_out(more, ALL))


def _notes(summary: DaySummary) -> Iterator[PostLine]:
    if summary.notes:
        notes = [guard.plain(note) for note in summary.notes]
        each = max(SHORTEST, HANDOVER // len(notes))  # a long note leaves room for the others
        told = _cut(
            "; ".join(_cut(note, each) if sum(map(_counted, notes)) > HANDOVER else note for note in notes), HANDOVER
        )
        yield PostLine("notes", f"*Handing over* {guard.plain(told)}", marked=True, whole="; ".join(notes))


def _cut(text: str, longest: int) -> str:
    """Return the text, cut to so many characters as Slack counts them: "<" is four of its."""
    counted = html.escape(text, quote=False)
    if len(counted) <= longest:
        return text
    return html.unescape(CUT_SIGN.sub("", counted[: longest - 1])).rstrip() + "…"


def _counted(text: str) -> int:
    return len(html.escape(text, quote=False))


def _length(told: Sequence[PostLine]) -> int:
    """Return the length as Slack counts it, with every mark that may still be added."""
    return sum(_counted(line.text) + 1 + (MARK if line.marked else 0) for line in told)
