"""Two people at once, and one person twice: who was sooner, and what was done before."""

from datetime import datetime, tzinfo

from opsdesk.chat import Person
from opsdesk.errors import UserError
from opsdesk.incidents.entries import DONE_SINCE
from opsdesk.incidents.incident import EntryKind, Incident
from opsdesk.text import tell_when

OF_FORMS = "form/"  # begins the source of what was sent by a form


def is_repeated(incident: Incident, source: str) -> bool:
    """Return whether a form, by that source, has done its part before: whoever sends one twice wants it once."""
    return source.startswith(OF_FORMS) and any(entry.source == source for entry in incident.entries)


def refuse_late(incident: Incident, kind: EntryKind, seen: int, by: Person, at: datetime, zone: tzinfo) -> None:
    """Raise a UserError where somebody else did the same since whoever wants it looked, at so many entries."""
    if not seen or kind not in (EntryKind.ASSIGNED, EntryKind.REOPENED):
        return
    for entry in incident.entries[seen:]:
        if entry.kind is kind and entry.by.id != by.id:
            owner = f"is {incident.owner.name}'s since" if incident.owner else "was given to nobody"
            so, when = owner if kind is EntryKind.ASSIGNED else "was reopened", tell_when(entry.written_at, at, zone)
            again = "Press again if you still want it."
            raise UserError(f"{entry.by.name} was sooner: #{incident.number} {so} {when}. {again}")


def refuse_undoing(incident: Incident, place: int, by: Person, at: datetime, zone: tzinfo) -> None:
    """Raise a UserError where the entry at `place` was taken back, or somebody else has written anything since."""
    if place in incident.undone or (place == 0 and incident.aside):
        raise UserError(f"That is taken back already: #{incident.number} is {incident.state}.")
    gone = incident.undone | incident.withdrawn
    for later, entry in enumerate(incident.entries[place + 1 :], place + 1):
        if later not in gone and entry.kind is not EntryKind.UNDONE and entry.by.id not in ("", by.id):
            when = tell_when(entry.written_at, at, zone)
            raise UserError(
                f"{entry.by.name} has {DONE_SINCE[entry.kind]} #{incident.number} since ({when}), so it stays as it "
                f"is. `!incident show {incident.number}` tells what."
            )
