"""What is to be done after an incident: its action items, read off its entries."""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo

import msgspec

from opsdesk.chat import Person
from opsdesk.errors import UserError
from opsdesk.incidents.entries import Entry, EntryKind
from opsdesk.incidents.incident import Incident
from opsdesk.text import tell_when


class ActionItem(msgspec.Struct, frozen=True):
    """An action item: its number among those of its incident, counted from 1, whose it is, and by which day.

    `done` is the entry that says that it is done; None while it is to be done.
    """

    number: int
    text: str
    owner: Person
    due: date
    added_at: datetime
    done: Entry | None = None


def action_items(incident: Incident) -> tuple[ActionItem, ...]:
    """Return the action items of an incident as they were added, without those taken back: their numbers stay free."""
    done = {entry.done: entry for entry in incident.in_force if entry.done}
    return tuple(
        ActionItem(number, entry.text, entry.action.owner, entry.action.due, entry.written_at, done.get(number))
        for number, place, entry in _added(incident)
        if entry.action and place not in incident.undone
    )


def open_items(incident: Incident) -> tuple[ActionItem, ...]:
    """Return the action items that are to be done; none of an incident that was voided or merged into another."""
    if incident.aside or not any(entry.action for entry in incident.entries):
        return ()
    return tuple(item for item in action_items(incident) if not item.done)


def is_unfinished(incident: Incident) -> bool:
    """Return whether an incident is open, or has action items that are to be done."""
    return incident.is_open or bool(open_items(incident))


def refuse_done(incident: Incident, number: int, at: datetime, zone: tzinfo) -> None:
    """Raise a UserError where an incident has no such action item, or it is done."""
    item = next((one for one in action_items(incident) if one.number == number), None)
    if item is None:
        listed = f"`!incident action {incident.number} list` shows what it has."
        raise UserError(f"#{incident.number} has no action item {number}. {listed}")
    if item.done:
        when = tell_when(item.done.written_at, at, zone)
        raise UserError(f"Action item {number} of #{incident.number} was done already, by {item.done.by.name} {when}.")


def _added(incident: Incident) -> Iterator[tuple[int, int, Entry]]:
    """Yield each action item that was ever added: its number, the place of its entry, the entry."""
    added = (one for one in enumerate(incident.entries) if one[1].kind is EntryKind.ACTION)
    for number, (place, entry) in enumerate(added, start=1):
        yield number, place, entry
