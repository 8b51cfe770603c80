"""An incident's timeline in words: each entry with its time and author, days named where they differ."""

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple

import msgspec

from opsdesk import guard
from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents.incident import TAKING_BACK, Entry, EntryKind, Incident
from opsdesk.incidents.words import card, sets, shortened
from opsdesk.text import ROOM, pages, tell_day, tell_stamp, tell_time

LONGEST_TEXT = 400  # characters of an entry in the short form
LONGEST_DAY = 32  # "Wednesday, September 30, 2026" and its line end
VERBS = {
    EntryKind.OPENED: " opened",
    EntryKind.ACKNOWLEDGED: " acknowledged it",
    EntryKind.NOTED: " noted",
    EntryKind.LINKED: " linked",
    EntryKind.REWORDED: " reworded it",
    EntryKind.DELETED: " deleted the message that was noted",
    EntryKind.RESOLVED: " resolved it",
    EntryKind.REOPENED: " reopened it",
    EntryKind.ANSWERED: " answered",
    EntryKind.VOIDED: " voided it",
    EntryKind.ACTION: " added an action item",
}


class TimelineLine(NamedTuple):
    """An entry as it is shown: the moment it speaks of, and its words."""

    at: datetime
    text: str


def shown(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return the incident with its timeline in one message; of a long one only the first and the latest entries."""
    entries = list(map(_set_off, lines(incident, zone, LONGEST_TEXT)))
    above = [card(incident, at, zone), *background(incident)]
    kept = _fitting(entries, ROOM - sum(len(line) + 1 for line in above))
    hidden = len(entries) - 1 - kept
    first, rest = list(_by_days(entries[:1], at, zone)), list(_by_days(entries[hidden + 1 :], at, zone, entries[0].at))
    many = "1 entry" if hidden == 1 else f"{hidden:,} entries"
    left_out = [f"… {many} hidden: `!incident show {incident.number} all`"] if hidden else []
    return "\n".join([*above, *first, *left_out, *rest])


def whole(incident: Incident, page: int, at: datetime, zone: tzinfo) -> str:
    """Return a page of the whole timeline, every text as it was typed; raise a UserError beyond the last page."""
    title, _, facts = card(incident, at, zone).partition("\n")
    parts = pages([facts, *background(incident), *_by_days(map(_set_off, lines(incident, zone)), at, zone)])
    if not 1 <= page <= len(parts):
        raise _no_page(incident.number, page, len(parts))
    number = f" (page {page} of {len(parts)})" if len(parts) > 1 else ""
    more = f"\nMore: `!incident show {incident.number} all {page + 1}`" if page < len(parts) else ""
    return f"{title}{number}\n{parts[page - 1]}{more}"


def _no_page(number: int, page: int, last: int) -> UserError:
    if last == 1:
        return UserError(f"#{number} has only one page: `!incident show {number}`.")
    first = f"Type `!incident show {number} all` for the first."
    return UserError(f"The timeline of #{number} has no page {page}, its last is {last}. {first}")


def lines(incident: Incident, zone: tzinfo, longest: int = 0, *, with_ids: bool = False) -> Iterator[TimelineLine]:
    """Yield the entries in the order of the moments they speak of, texts cut to `longest` characters unless it is 0.

    `with_ids` has whoever pinned a message stand with the chat's id as well.
    """
    gone = incident.withdrawn | incident.undone
    for place in sorted(range(len(incident.entries)), key=lambda place: incident.entries[place].at):
        entry = incident.entries[place]
        takes_back = entry.kind in TAKING_BACK
        words = _taking_back(incident, entry, zone) if takes_back else _words(entry, zone, longest, with_ids)
        struck = " (taken back)" if place in incident.undone else " (withdrawn)" if place in gone else ""
        yield TimelineLine(entry.at, f"{tell_time(entry.at, zone)} {entry.by.name}{words}{struck}")


def _set_off(line: TimelineLine) -> TimelineLine:
    """Return an entry of which no line but the first can be taken for another entry."""
    return line._replace(text=guard.indented(line.text))


def _words(entry: Entry, zone: tzinfo, longest: int, with_ids: bool) -> str:
    """Return what stands behind the author: " opened: VistA timeouts → sev 2", ": RPC timeouts → identified"."""
    text, new = entry.text, entry
    if entry.kind is EntryKind.OPENED:
        text, new = f"{entry.title}\n{text}".strip(), msgspec.structs.replace(entry, title=None, status=None)
    elif entry.kind in (EntryKind.RESOLVED, EntryKind.REOPENED):
        new = msgspec.structs.replace(entry, status=None)
    words = shortened(text, longest) if longest else text
    done = ", ".join(sets(new, entry.at, zone))
    pinned = _pinned(entry.pinned_by, with_ids) if entry.pinned_by else ""
    later = f" (entered {tell_stamp(entry.typed_at, entry.at, zone)})" if entry.typed_at else ""
    verb = VERBS.get(entry.kind, "")
    if entry.other:
        merged = entry.kind is EntryKind.MERGED
        verb = f" merged it into #{entry.other}" if merged else f" merged #{entry.other} into it"
    if entry.call:
        verb = f" asked {' and '.join(entry.call.to)} in {entry.call.room_name}"
    if entry.done:
        verb = f" has done action item {entry.done}"
    if entry.action:
        words += f" ({entry.action.owner.name}, by {entry.action.due:%A}, {entry.action.due:%b} {entry.action.due.day})"
    return verb + (f": {words}" if words else "") + (f" → {done}" if done else "") + pinned + later


def _pinned(by: Person, with_id: bool) -> str:
    return f" (pinned by {by.name}{f', {by.id}' if with_id and by.id else ''})"


def _taking_back(incident: Incident, entry: Entry, zone: tzinfo) -> str:
    if entry.undoes is not None:
        undone = incident.entries[entry.undoes]
        return f" took back what {undone.by.name} did at {tell_time(undone.written_at, zone)}"
    note = next(one for one in incident.entries if one.kind is EntryKind.NOTED and one.source == entry.source)
    return f" withdrew the note of {tell_time(note.at, zone)}"


def background(incident: Incident) -> Iterator[str]:
    """Yield what stands between card and timeline: reporter, place, links, and a blank line."""
    if incident.reported_by != incident.opened_by.name:
        yield f"Reported by {guard.plain(incident.reported_by)}"
    where = (incident.place.name, incident.card.permalink if incident.card else "")
    if any(where):
        yield f"In {' '.join(filter(None, where))}"
    if incident.links:
        yield shortened("Links: " + " ".join(incident.links), LONGEST_TEXT)
    yield ""


def _fitting(entries: list[TimelineLine], room: int) -> int:
    """Return how many of the latest lines fit beside the first, with the name of a day before each."""
    kept, left = 0, room - len(entries[0].text) - 2 * LONGEST_DAY
    for line in reversed(entries[1:]):
        left -= len(line.text) + 1 + LONGEST_DAY
        if left < 0:
            break
        kept += 1
    return kept


def _by_days(
    entries: Iterable[TimelineLine], at: datetime, zone: tzinfo, after: datetime | None = None
) -> Iterator[str]:
    """Yield the lines, each day's name above its first, except for today, or the day of `after`, which stands above."""
    day = day_of(after or at, zone)
    for line in entries:
        if day_of(line.at, zone) != day:
            day = day_of(line.at, zone)
            yield tell_day(day)
        yield line.text
