"""An incident is its timeline: status, owner, age and all durations are read off its entries, and kept nowhere else."""

from datetime import datetime, timedelta
from functools import cached_property
from itertools import takewhile

import msgspec

from opsdesk import guard
from opsdesk.chat import MessageRef, Person, Place
from opsdesk.incidents.entries import Entry, EntryKind, HelpCall, Latest, Status, latest_of
from opsdesk.incidents.severity import Severity
from opsdesk.patterns import regex

__all__ = ["Entry", "EntryKind", "HelpCall", "Incident", "Status", "links_in", "source_of"]

URL = regex(r"https?://[^\W_][^\s<>|\"“”`]*")
NOTES = (EntryKind.NOTED, EntryKind.REWORDED)
TAKING_BACK = (EntryKind.WITHDRAWN, EntryKind.UNDONE)
RESOLVED = Status.RESOLVED  # which is asked of thousands at a time
TRAILING = ".,;:!?'’*_~"


class Incident(msgspec.Struct, frozen=True, omit_defaults=True, dict=True):
    """A production event: its number, where it was opened, and its entries in the order they were written.

    `card` is the message in the chat that shows it, None where there is none; `card_renewed`: it was posted anew,
    since the first was deleted.
    """

    number: int
    place: Place
    entries: tuple[Entry, ...]
    card: MessageRef | None = None
    card_renewed: bool = False

    @cached_property
    def latest(self) -> Latest:
        """Return what the entries come to, found once: a timeline may be long, and lists ask of every incident."""
        found = latest_of(self.in_force)
        if self.undone:  # what is taken back was written all the same
            found.written_at = max(entry.written_at for entry in self.entries)
            found.news_at = max(e.written_at for i, e in enumerate(self.entries) if not (i and e.is_by_desk))
        return found

    @property
    def title(self) -> str:
        """Return the title as last given."""
        return self.latest.title

    @property
    def status(self) -> Status:
        """Return the status as last set: what was typed last counts, even where it speaks of an earlier moment."""
        return self.latest.status

    @property
    def severity(self) -> Severity:
        """Return the severity as last set."""
        return self.latest.severity

    @property
    def subsystem(self) -> str:
        """Return the key of the subsystem, "" where nobody named one."""
        return self.latest.subsystem or ""

    @property
    def owner(self) -> Person | None:
        """Return whoever it was last given to."""
        return self.latest.owner

    @property
    def reported_by(self) -> str:
        """Return the name of whoever told of it: the opener, unless somebody said otherwise."""
        return self.latest.reported_by or self.opened_by.name

    @property
    def opened_by(self) -> Person:
        """Return who opened it."""
        return self.entries[0].by

    @property
    def opened_at(self) -> datetime:
        """Return when it was opened here, in UTC."""
        return self.entries[0].at

    @property
    def started_at(self) -> datetime:
        """Return when it began, in UTC: when it was opened, unless somebody said otherwise."""
        return self.latest.started_at or self.opened_at

    @property
    def is_open(self) -> bool:
        """Return whether it is yet to be resolved."""
        latest = self.latest
        return latest.aside is None and latest.status is not RESOLVED

    @property
    def aside(self) -> Entry | None:
        """Return the entry by which it was voided or merged into another, and counts no more; None while it counts."""
        return self.latest.aside

    @property
    def merged_into(self) -> int:
        """Return the number of the incident that it was merged into; 0 for none."""
        return self.aside.other if self.aside else 0

    @property
    def state(self) -> str:
        """Return the status, or "void", or "merged into #1"."""
        if self.aside:
            return f"merged into #{self.merged_into}" if self.merged_into else "void"
        return str(self.status)

    @property
    def resolution(self) -> Entry | None:
        """Return the entry that resolved it; None while it is open, and for one that counts no more."""
        latest = self.latest
        return latest.end if latest.aside is None and latest.status is RESOLVED else None

    @property
    def resolved_at(self) -> datetime | None:
        """Return when it was over, in UTC; None while it is open."""
        end = self.resolution
        return end.at if end else None

    @property
    def acknowledged_at(self) -> datetime | None:
        """Return when somebody took it, in UTC; None while nobody has.

        Whoever is on call takes what they open. Otherwise the first entry after the opening counts, at the moment it
        speaks of, or when it was written where that moment lies before the start; a note that was withdrawn counts
        only if it ended the incident. The team's playbook asks for a message: a reaction alone is none.
        """
        taken = self._acknowledgement
        return taken[0] if taken else None

    @property
    def acknowledged_by(self) -> Person | None:
        """Return who took it; None while nobody has."""
        return self._acknowledgement[1] if self._acknowledgement else None

    @property
    def time_to_acknowledge(self) -> timedelta | None:
        """Return the length from its start until somebody took it; None while nobody has."""
        taken_at = self.acknowledged_at
        return taken_at - self.started_at if taken_at else None

    @property
    def time_to_resolve(self) -> timedelta | None:
        """Return the length from its start until it was last resolved; None while it is open."""
        ended_at = self.resolved_at
        return ended_at - self.started_at if ended_at else None

    @property
    def written_at(self) -> datetime:
        """Return when anything was last written about it, in UTC."""
        return self.latest.written_at

    @property
    def news_at(self) -> datetime:
        """Return when a person last wrote about it, in UTC: an alert that comes again by itself is no news."""
        return self.latest.news_at

    @property
    def standing(self) -> tuple[Entry, ...]:
        """Return the entries without those taken back, and without those that take something back."""
        if not self.latest.withdrawals and not self.undone:
            return self.entries
        gone = self.withdrawn | self.undone
        return tuple(e for i, e in enumerate(self.entries) if i not in gone and e.kind not in TAKING_BACK)

    @cached_property
    def undone(self) -> frozenset[int]:
        """Return the indexes in `entries` of those that `!undo` took back; the opening stays, and is void."""
        return frozenset(entry.undoes for entry in self.entries if entry.undoes)

    @property
    def in_force(self) -> tuple[Entry, ...]:
        """Return the entries without those that `!undo` took back."""
        gone = self.undone
        return tuple(e for i, e in enumerate(self.entries) if i not in gone) if gone else self.entries

    @property
    def withdrawn(self) -> frozenset[int]:
        """Return the indexes in `entries` of the notes that a later entry takes back, or words otherwise."""
        return frozenset(
            place
            for later, withdrawal in enumerate(self.entries)
            if withdrawal.kind in (EntryKind.WITHDRAWN, EntryKind.REWORDED)
            for place, entry in enumerate(self.entries[:later])
            if entry.kind in NOTES and entry.source == withdrawal.source
        )

    def holds_note(self, source: str) -> bool:
        """Return whether a note from this message stands in the timeline; "" is no message."""
        return bool(source) and any(e.kind in NOTES and e.source == source for e in self.standing)

    @property
    def links(self) -> tuple[str, ...]:
        """Return every URL in the texts that stand, once each, in the order in which they came up."""
        texts = (text for entry in self.standing for text in (entry.title or "", entry.text))
        return tuple(dict.fromkeys(url for text in texts for url in links_in(text)))

    @property
    def calls(self) -> tuple[Entry, ...]:
        """Return the entries by which the other team was asked, first to last."""
        return tuple(entry for entry in self.entries if entry.kind is EntryKind.ESCALATED)

    @property
    def answer(self) -> Entry | None:
        """Return the answer to the last call; None while there is none."""
        last = next((e for e in reversed(self.entries) if e.kind in (EntryKind.ESCALATED, EntryKind.ANSWERED)), None)
        return last if last and last.kind is EntryKind.ANSWERED else None

    @property
    def waiting_call(self) -> Entry | None:
        """Return the last call while nobody has answered it; None else."""
        return None if self.answer or not self.calls else self.calls[-1]

    def waits_since(self, call: Entry) -> bool:
        """Return whether nobody has answered a call, nor one after it."""
        return call in self.entries and all(
            entry.kind is not EntryKind.ANSWERED for entry in self.entries[self.entries.index(call) :]
        )

    @property
    def from_alert(self) -> bool:
        """Return whether it was opened from an alert, the watch or traces."""
        return self.entries[0].source.startswith("alert/")

    @property
    def shown_title(self) -> str:
        """Return the title as people read it: nothing in it makes bold or a line of its own."""
        return guard.plain(self.title)

    @property
    def last_said(self) -> Entry | None:
        """Return the latest entry whose text tells how it stands: a resolution, an update or the opening, not a note.

        For a resolution without a text it is the note written after it, as the desk asks for, or None where there is
        none: what was said before the end would be untrue by now.
        """
        end = self.resolution
        if end and not end.text:
            behind = takewhile(lambda entry: entry is not end, reversed(self.standing))
            return next((entry for entry in behind if entry.kind in NOTES), None)
        telling = (EntryKind.OPENED, EntryKind.UPDATED, EntryKind.RESOLVED, EntryKind.REOPENED)
        return next((e for e in reversed(self.standing) if e.text and e.kind in telling), None)

    @property
    def last_word(self) -> str:
        """Return the text of what was last said of how it stands; "" where there is none."""
        return self.last_said.text if self.last_said else ""

    @property
    def before(self) -> "Incident":
        """Return the incident as it was before its latest entry."""
        return msgspec.structs.replace(self, entries=self.entries[:-1])

    def age(self, at: datetime) -> timedelta:
        """Return how long it had lasted at `at`, or in all once it is resolved."""
        return (self.resolved_at or (self.aside.at if self.aside else at)) - self.started_at

    def quiet_for(self, at: datetime) -> timedelta:
        """Return for how long, at `at`, nobody had written anything about it."""
        return at - self.news_at

    def with_entry(self, entry: Entry) -> "Incident":
        """Return the incident with one more entry."""
        longer = msgspec.structs.replace(self, entries=(*self.entries, entry))
        if not entry.undoes:
            longer.__dict__["latest"] = latest_of((entry,), self.latest)
        return longer

    @cached_property
    def _acknowledgement(self) -> tuple[datetime, Person] | None:
        end, started_at = self.resolution, self.started_at
        written = [*self.standing[1:], *([end] if end else [])]  # the end stands though its words be withdrawn
        later = [(e.at if e.at >= started_at else e.written_at, e.by) for e in written if not e.is_by_desk]
        opening = [(self.opened_at, self.opened_by)] if self.entries[0].taken else []
        return min([*opening, *later], key=lambda one: one[0], default=None)


def source_of(room: str, ts: str, place_in_message: int = 0) -> str:
    """Return the name of a chat message, or of a further command in it, as a source; "" for one without an id."""
    part = f"+{place_in_message}" if place_in_message else ""
    return f"{room}/{ts}{part}" if ts else ""


def links_in(text: str) -> list[str]:
    """Return the URLs in `text` in order, without the full stop or bracket that a sentence puts behind them."""
    return [_bare(found) for found in URL.findall(text)]


def _bare(url: str) -> str:
    opened = {")": "(", "]": "["}
    while url[-1] in TRAILING or url.count(opened.get(url[-1], url[-1])) < url.count(url[-1]):
        url = url[:-1]
    return url
