"""The last thing somebody did about an incident, and taking it back by one more entry."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents.entries import ENDING
from opsdesk.incidents.incident import Entry, EntryKind, Incident
from opsdesk.incidents.log import MISTAKE, IncidentLog, passed_over
from opsdesk.incidents.words import shortened
from opsdesk.text import tell_time
from opsdesk.undo import WITHIN, Undoable, order_of

BESIDE = (  # nobody's own command
    EntryKind.REWORDED,
    EntryKind.DELETED,
    EntryKind.ANSWERED,
    EntryKind.ABSORBED,
    EntryKind.UNDONE,
)
PINNED = {  # by an emoji, which is taken back by the emoji
    EntryKind.NOTED: "Your last change is the 📌 on a message of #{}: take it off there, and the note is withdrawn.",
    EntryKind.WITHDRAWN: "Your last change is the 📌 you took off a message of #{}: put it on again there.",
}
LONGEST_TOLD = 200  # characters of an action item


def last_change(log: IncidentLog, by: Person, at: datetime) -> Undoable | None:
    """Return what `by` did last about any incident in the ten minutes before `at`; None for nothing."""
    since = at - WITHIN
    ones = log.touched(day_of(since, log.zone), day_of(at, log.zone), passed_over)
    found = [
        (entry.written_at, order_of("incident", one.number, place), one.number, place)
        for one in ones
        for place, entry in _own(one, by, since)
    ]
    if not found:
        return None
    written_at, order, number, place = max(found)
    return Undoable(written_at, partial(_undo, log, number, place, by, at), told=True, order=order)


def _own(incident: Incident, by: Person, since: datetime) -> Iterator[tuple[int, Entry]]:
    for place, entry in enumerate(incident.entries):
        own = (entry.pinned_by or entry.by).id == by.id and entry.written_at >= since
        if own and entry.kind not in BESIDE and place not in incident.undone and not _is_void_opening(incident, place):
            yield place, entry


def _is_void_opening(incident: Incident, place: int) -> bool:
    """Return whether it is the opening of what was taken back by being voided."""
    return place == 0 and incident.aside is not None


def _undo(log: IncidentLog, number: int, place: int, by: Person, at: datetime) -> str:
    before = log.get(number)
    entry = before.entries[place]
    if entry.pinned_by or entry.kind is EntryKind.WITHDRAWN:
        raise UserError(PINNED[entry.kind].format(number))
    if entry.kind is EntryKind.ESCALATED:
        asked = (entry.call.to if entry.call else ()) or ("The other team",)
        were = f"{' and '.join(asked)} {'was' if len(asked) == 1 else 'were'}"
        raise UserError(f"{were} asked for help with #{number}, and that is not unsent: tell them in that thread.")
    if entry.kind is EntryKind.OPENED:
        log.undo(number, place, at=at, by=by)
        return f"⚪ #{number} is void: {MISTAKE}. `!incident reopen {number} why` takes that back."
    after = log.undo(number, place, at=at, by=by)
    if entry.kind is EntryKind.MERGED:
        _undo_absorbing(log, entry.other, number, by, at)
    return _told(entry, after, by, at, log)


def _undo_absorbing(log: IncidentLog, number: int, other: int, by: Person, at: datetime) -> None:
    """Take back, in the incident that another was merged into, what tells of that."""
    incident = log.get(number)
    for place, entry in enumerate(incident.entries):
        if entry.kind is EntryKind.ABSORBED and entry.other == other and place not in incident.undone:
            log.undo(number, place, at=at, by=by)


def _told(entry: Entry, after: Incident, by: Person, at: datetime, log: IncidentLog) -> str:
    number = after.number
    if entry.kind is EntryKind.ACTION:
        return f"The action item is taken back from #{number}: {shortened(entry.text, LONGEST_TOLD)}"
    if entry.kind is EntryKind.DONE:
        return f"Action item {entry.done} of #{number} is to be done again."
    if entry.kind in (EntryKind.NOTED, EntryKind.LINKED):
        what = "note" if entry.kind is EntryKind.NOTED else "link"
        return f"The {what} of {tell_time(entry.written_at, log.zone)} is taken back from #{number}."
    owner = f"owner {after.owner.name}" if after.owner else "no owner"
    stands = "is open again, as before" if after.is_open and entry.kind in ENDING else "is as before"
    told = f"#{number} {stands}: {after.state}, {after.severity.label}, {owner}."
    if entry.owner and entry.owner.id != by.id:
        told += f" {entry.owner.name} was told that it is theirs: that is not unsent."
    return told
