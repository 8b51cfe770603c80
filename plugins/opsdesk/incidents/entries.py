"""The entries of an incident's timeline, and what they come to."""

import enum
from collections.abc import Iterable
from datetime import UTC, date, datetime

import msgspec

from opsdesk.chat import MessageRef, Person
from opsdesk.incidents.severity import Severity


class Status(enum.StrEnum):
    """How far the team is with an incident."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class EntryKind(enum.StrEnum):
    """What somebody did when an entry was written."""

    OPENED = "opened"
    UPDATED = "updated"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    NOTED = "noted"
    LINKED = "linked"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"  # takes back the note with the same source
    REWORDED = "reworded"  # what was noted from the same source reads otherwise there now
    DELETED = "deleted"  # what was noted from the same source was deleted there
    ESCALATED = "escalated"  # the other team was asked
    ANSWERED = "answered"
    VOIDED = "voided"  # opened by mistake
    MERGED = "merged"  # into another incident, which goes on
    ABSORBED = "absorbed"  # another incident was merged into this one
    UNDONE = "undone"  # takes back an entry
    ACTION = "action"  # an action item was added
    DONE = "action done"


DONE_SINCE = {  # what somebody has done to an incident that another wants changed back
    EntryKind.REWORDED: "reworded a note of",
    EntryKind.DELETED: "deleted a message noted in",
    EntryKind.OPENED: "opened",
    EntryKind.UPDATED: "updated",
    EntryKind.ACKNOWLEDGED: "acknowledged",
    EntryKind.ASSIGNED: "assigned",
    EntryKind.NOTED: "noted something about",
    EntryKind.LINKED: "linked something to",
    EntryKind.RESOLVED: "resolved",
    EntryKind.REOPENED: "reopened",
    EntryKind.WITHDRAWN: "withdrawn a note of",
    EntryKind.ESCALATED: "asked for help with",
    EntryKind.ANSWERED: "answered about",
    EntryKind.VOIDED: "voided",
    EntryKind.MERGED: "merged",
    EntryKind.ABSORBED: "merged another into",
    EntryKind.UNDONE: "taken something back of",
    EntryKind.ACTION: "added an action item to",
    EntryKind.DONE: "done an action item of",
}

ENDING = (EntryKind.RESOLVED, EntryKind.VOIDED, EntryKind.MERGED)  # after which an incident is open no more


class HelpCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who was asked for help: their names, the chat ids that are kept of them, the message, the channel's name."""

    to: tuple[str, ...]
    ids: tuple[str, ...] = ()
    message: MessageRef | None = None
    room_name: str = ""


class ActionTerms(msgspec.Struct, frozen=True):
    """Who is to do an action item, and by which day."""

    owner: Person
    due: date


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One entry: what was done, what was said, and what it set (None: left as it was).

    `at` is when it happened; `typed_at` is when it was written down, where that was later.
    `source` names the chat message that opened the incident or was noted, "" for other commands.
    `other` is the number of the incident it was merged into, or that was merged into it; `undoes` is the place among
    the incident's entries of the one that is taken back; to take the opening back is to void it. `taken` is true where
    the opener was on call, who has it in hand from the start. A message was noted because `pinned_by` marked it,
    whoever wrote it. An action item has its text, and whose and for when it is in `action`; `done` is the number of the
    one that was done, counted from 1 in the order in which the incident's were added.
    """

    at: datetime
    by: Person
    kind: EntryKind = msgspec.field(name="what")  # as it is stored
    text: str = ""
    title: str | None = None
    status: Status | None = None
    severity: Severity | None = None
    subsystem: str | None = None
    owner: Person | None = None
    reported_by: str | None = None
    started_at: datetime | None = None
    typed_at: datetime | None = None
    source: str = ""
    taken: bool = False
    call: HelpCall | None = None
    pinned_by: Person | None = None
    other: int = 0
    undoes: int | None = None
    action: ActionTerms | None = None
    done: int = 0

    @property
    def written_at(self) -> datetime:
        """Return when somebody wrote the entry, whatever moment it speaks of."""
        return self.typed_at or self.at

    @property
    def is_by_desk(self) -> bool:
        """Return whether the desk wrote it by itself, of an alert that came again: nobody has looked at it."""
        return not self.by.id


NEVER = datetime.min.replace(tzinfo=UTC)
STATE = ("title", "status", "severity", "subsystem", "owner", "reported_by", "started_at")  # what an entry can set


class Latest(msgspec.Struct, gc=False):
    """What a timeline says by its latest entries: the value that was set last, None for one that never was.

    The opening, which is the first of all, sets the title, the status and the severity.
    `end` is the entry that set the status, `written_at` when anything was last written, `withdrawals` how many entries
    take a note back. `news_at` is when a person last wrote, not the desk by itself. `aside` is the entry by which it
    was voided or merged, if that stands.
    """

    title: str = ""
    status: Status = Status.INVESTIGATING
    severity: Severity = Severity.DEFAULT
    subsystem: str | None = None
    owner: Person | None = None
    reported_by: str | None = None
    started_at: datetime | None = None
    end: Entry | None = None
    written_at: datetime = NEVER
    news_at: datetime = NEVER
    withdrawals: int = 0
    aside: Entry | None = None


def latest_of(entries: Iterable[Entry], before: Latest | None = None) -> Latest:
    """Return what these entries come to, written after all those that came to `before`."""
    found = msgspec.structs.replace(before) if before else Latest()
    for entry in entries:
        _set(found, entry)
        if entry.kind in (EntryKind.VOIDED, EntryKind.MERGED, EntryKind.REOPENED):
            found.aside = None if entry.kind is EntryKind.REOPENED else entry
        if entry.undoes == 0:  # its opening
            found.aside = entry
        if entry.kind in (EntryKind.WITHDRAWN, EntryKind.REWORDED):
            found.withdrawals += 1
        written_at = entry.typed_at or entry.at
        if written_at > found.written_at:
            found.written_at = written_at
        if written_at > found.news_at and (found.news_at is NEVER or not entry.is_by_desk):
            found.news_at = written_at
    return found


def _set(found: Latest, entry: Entry) -> None:
    """Note what an entry sets, each by its name: a table of thousands asks of every entry of every incident."""
    if entry.title is not None:
        found.title = entry.title
    if entry.status is not None:
        found.status, found.end = entry.status, entry
    if entry.severity is not None:
        found.severity = Severity.of(entry.severity)
    if entry.subsystem is not None:
        found.subsystem = entry.subsystem
    if entry.owner is not None:
        found.owner = entry.owner
    if entry.reported_by is not None:
        found.reported_by = entry.reported_by
    if entry.started_at is not None:
        found.started_at = entry.started_at
