"""The incidents: the log that keeps them, and where to find one again."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo
from itertools import chain

import msgspec
from msgspec.structs import replace

from opsdesk.chat import MessageRef, Person, Place
from opsdesk.clock import day_bounds, day_of
from opsdesk.errors import UserError
from opsdesk.incidents import rules
from opsdesk.incidents.actions import is_unfinished
from opsdesk.incidents.incident import Entry, EntryKind, HelpCall, Incident, Status
from opsdesk.incidents.lateness import is_repeated, refuse_undoing
from opsdesk.incidents.rules import Change
from opsdesk.incidents.search import FOUND_BY, RESOLVED, searchable, subsystem_label
from opsdesk.incidents.unfinished import Unfinished
from opsdesk.store import Lost, NumberedKind, Store

MISTAKE = "opened by mistake"
KEPT = NumberedKind("incidents", Incident, is_unfinished, FOUND_BY)

log = logging.getLogger(__name__)


class IncidentLog:
    """Every incident there ever was. Moments are aware; days are those of `zone`.

    Each function in `changed` is called with the incident once a change is stored. `on_call` tells whether a person
    has the shift at a moment. What is not allowed raises a UserError, and then nothing was stored. So does a list that
    cannot be read whole, unless `lost` is there to hear which days it leaves out.
    """

    def __init__(
        self,
        store: Store,
        zone: tzinfo,
        *,
        on_call: Callable[[Person, datetime], bool] = lambda person, at: False,
        changed: Sequence[Callable[[Incident], None]] = (),
    ) -> None:
        self._stored = store.numbered(*KEPT)
        self._unfinished = Unfinished(self._stored)
        self.zone = zone
        self._on_call, self._changed = on_call, changed

    def open(self, change: Change, *, at: datetime, by: Person, place: Place) -> Incident:
        """Add an incident, owned by `by` unless `change` names another owner, begun at `change.started_at`.

        A message (`change.source`) that opened an incident before gives that incident again. While very many are
        open, only an alert opens one.
        """
        entry = rules.opening(change, at, by, self.zone, taken=self._on_call(by, at))
        opened = self._stored.add(
            day_of(at, self.zone),
            lambda number: Incident(number, place, (entry,)),
            key=entry.source,
            refuse=lambda unfinished: rules.refuse_another(change, unfinished - self._unfinished.resting),
        )
        return self._tell(opened)

    def update(self, number: int, change: Change, *, at: datetime, by: Person) -> Incident:
        """Add news to an open incident. A status of resolved resolves it."""
        kind = EntryKind.RESOLVED if change.status is Status.RESOLVED else EntryKind.UPDATED
        return self._append(number, kind, change, at, by)

    def acknowledge(self, number: int, change: Change, *, at: datetime, by: Person) -> Incident:
        """Note that somebody has an open incident in hand."""
        return self._append(number, EntryKind.ACKNOWLEDGED, change, at, by)

    def resolve(self, number: int, change: Change, *, at: datetime, by: Person) -> Incident:
        """Resolve an open incident."""
        return self._append(number, EntryKind.RESOLVED, replace(change, status=Status.RESOLVED), at, by)

    def reopen(self, number: int, change: Change, *, at: datetime, by: Person) -> Incident:
        """Open a resolved incident again, as being investigated unless `change` gives another status."""
        again = replace(change, status=change.status or Status.INVESTIGATING)
        return self._append(number, EntryKind.REOPENED, again, at, by)

    def assign(self, number: int, change: Change, *, at: datetime, by: Person) -> Incident:
        """Give an open incident to another owner."""
        return self._append(number, EntryKind.ASSIGNED, change, at, by)

    def note(self, number: int, change: Change, *, at: datetime, by: Person) -> Incident:
        """Add a note, resolved or not. A message (`change.source`) is noted only once."""
        return self._append(number, EntryKind.NOTED, change, at, by)

    def link(self, number: int, change: Change, *, at: datetime, by: Person) -> Incident:
        """Add a text with a URL in it, resolved or not."""
        return self._append(number, EntryKind.LINKED, change, at, by)

    def act(self, number: int, change: Change, *, at: datetime, by: Person) -> Incident:
        """Add an action item, resolved or not."""
        return self._append(number, EntryKind.ACTION, change, at, by)

    def done(self, number: int, change: Change, *, at: datetime, by: Person) -> Incident:
        """Say that the action item with the number `change.done` is done."""
        return self._append(number, EntryKind.DONE, change, at, by)

    def escalate(self, number: int, call: HelpCall, text: str, *, at: datetime, by: Person) -> Incident:
        """Keep that the other team was asked, and where."""
        return self._add(number, Entry(at, by, EntryKind.ESCALATED, text, call=call), at)

    def answered(self, number: int, call: Entry, answer: Entry) -> Incident | None:
        """Keep the other team's answer to a call; return None where that or a later one has an answer already."""
        is_kept = False

        def edit(incident: Incident) -> Incident:
            nonlocal is_kept
            is_kept = incident.waits_since(call)
            return incident.with_entry(answer) if is_kept else incident

        changed = self._stored.change(number, day_of(answer.at, self.zone), edit)
        return self._tell(changed) if is_kept else None

    def withdraw(self, number: int, source: str, *, at: datetime, by: Person) -> Incident:
        """Take back what was noted from the message `source`, by one more entry."""
        return self._append(number, EntryKind.WITHDRAWN, Change(source=source), at, by)

    def follow_source(self, number: int, source: str, text: str | None, *, at: datetime) -> Incident:
        """Keep that the message `source`, which was noted, reads `text` now, or was deleted (None)."""

        def edit(incident: Incident) -> Incident:
            note = next((one for one in reversed(incident.standing) if one.source == source), None)
            if note is None or note.kind not in (EntryKind.NOTED, EntryKind.REWORDED) or note.text == text:
                return incident
            kind = EntryKind.DELETED if text is None else EntryKind.REWORDED
            new = Entry(at, note.by, kind, rules.fitting(text or ""), source=source, pinned_by=note.pinned_by)
            return incident.with_entry(new)

        return self._tell(self._stored.change(number, day_of(at, self.zone), edit))

    def void(self, number: int, change: Change, *, at: datetime, by: Person) -> Incident:
        """Say that an incident was opened by mistake: it is kept, and counts no more."""
        return self._append(number, EntryKind.VOIDED, change, at, by)

    def merge(self, number: int, into: int, *, at: datetime, by: Person) -> Incident:
        """Say that an incident is the same as another, which goes on; both timelines tell of it. Return the first."""
        one, other = self.get(number), self.get(into)
        if number == into:
            raise UserError(f"#{number} is that one. Type `!incident merge {number} into` and another's number.")
        rules.refuse_aside(other, EntryKind.MERGED, at, self.zone)
        if one.merged_into != into:
            link = other.card.permalink if other.card else ""
            one = self._append(number, EntryKind.MERGED, Change(link, other=into), at, by)
        absorbed = Change(f"{one.title} {one.card.permalink if one.card else ''}"[: rules.TEXT_LIMIT], other=number)
        if not any(entry.other == number for entry in other.standing if entry.kind is EntryKind.ABSORBED):
            self._append(into, EntryKind.ABSORBED, absorbed, at, by)
        return one

    def undo(self, number: int, place: int, *, at: datetime, by: Person) -> Incident:
        """Take back the entry at `place`, by one more; raise a UserError where something has happened since."""
        undone = Entry(at, by, EntryKind.UNDONE, "" if place else MISTAKE, undoes=place)

        def edit(incident: Incident) -> Incident:
            refuse_undoing(incident, place, by, at, self.zone)
            return incident.with_entry(undone)

        return self._tell(self._stored.change(number, day_of(at, self.zone), edit))

    def followed(self, incident: Incident) -> Incident:
        """Return the incident that goes on in its place: the one it was merged into, or itself."""
        passed = {incident.number}
        while (into := incident.merged_into) and into not in passed:
            passed.add(into)
            incident = self.get(into)
        return incident

    def place(self, number: int, card: MessageRef, *, renewed: bool = False) -> None:
        """Remember which message shows the incident, unless the chat's messages have no ids."""
        if card.ts:
            day, placed = _day_of_thread(card.thread or card.ts, self.zone), {"card": card, "card_renewed": renewed}
            self._stored.change(number, day, lambda incident: msgspec.structs.replace(incident, **placed))

    def get(self, number: int) -> Incident:
        """Return the incident with this number; raise a UserError where there is none."""
        found = self._stored.get(number)
        if found is None:
            raise self._unknown(number)
        return found

    def latest(self) -> int:
        """Return the number of the newest incident; 0 before the first."""
        return self._stored.latest()

    def open_ones(self, lost: Lost | None = None) -> tuple[Incident, ...]:
        """Return the open incidents: worst severity first, then the longest going.

        It is the very same tuple as before while none of them has changed.
        """
        return self._unfinished.read(lost).open

    def newest_open(self) -> Iterator[Incident]:
        """Yield the open incidents, the newest first, without putting all of them in order."""
        return (one for one in reversed(self._stored.open(passed_over)) if one.is_open)

    def with_actions(self, lost: Lost | None = None) -> tuple[Incident, ...]:
        """Return the incidents with action items that are to be done, open ones and resolved ones, by number."""
        return self._unfinished.read(lost).with_actions

    def touched(self, first: date, last: date, lost: Lost | None = None) -> Sequence[Incident]:
        """Return those opened or written about on the days from `first` to `last`, in order of number."""
        start, end = day_bounds(first, self.zone)[0], day_bounds(last, self.zone)[1]

        def written(incident: Incident) -> bool:  # and not only placed
            if incident.written_at < end:
                return incident.written_at >= start
            return any(start <= entry.written_at < end for entry in incident.entries)

        return [one for one in self._stored.touched(first, last, lost) if written(one)]

    def opened(self, first: date, last: date, lost: Lost | None = None) -> list[Incident]:
        """Return those opened on the days from `first` to `last`, in order of number."""
        start, end = day_bounds(first, self.zone)[0], day_bounds(last, self.zone)[1]
        return [one for one in self._stored.touched(first, last, lost) if start <= one.opened_at < end]

    def some(self, numbers: Iterable[int], lost: Lost | None = None) -> Sequence[Incident]:
        """Return the incidents with these numbers, in that order, without those that are not there."""
        return self._stored.some(numbers, lost)

    def history(self, *, resolved: bool = False, subsystem: str = "", lost: Lost | None = None) -> Iterator[int]:
        """Yield the numbers of all of them, or of those resolved, or on a subsystem; newest first."""
        labels = [*([RESOLVED] if resolved else []), *([subsystem_label(subsystem)] if subsystem else [])]
        return chain.from_iterable(self._stored.find(labels=labels, lost=lost))

    def search(self, words: Sequence[str], lost: Lost | None = None) -> Iterator[Sequence[int]]:
        """Yield the numbers of those that have every one of the words in title or timeline, newest first.

        They come in batches, some empty, so that the caller can stop in between: history may be long.
        """
        return self._stored.find([searchable(word) for word in words], lost=lost)

    def by_thread(self, room: str, thread: str) -> Incident | None:
        """Return the incident whose card heads this thread or stands in it: of several an open one, else the newest.

        What was said in the thread of one that was merged is of the one that goes on.
        None, too, for one that cannot be read: what is said in other threads is heard all the same.
        """
        if not thread:
            return None
        shown = [i for i in self._stored.open(passed_over) if i.is_open and _stands_in(i, room, thread)]
        if not shown:
            day = _day_of_thread(thread, self.zone)
            shown = [i for i in self._stored.touched(day, day, passed_over) if _stands_in(i, room, thread)]
        return self._followed_safely(shown[-1]) if shown else None

    def _followed_safely(self, incident: Incident) -> Incident | None:
        try:
            return self.followed(incident)
        except UserError as unreadable:
            log.warning("What #%d was merged into cannot be read: %s", incident.number, unreadable)
            return None

    def _add(self, number: int, entry: Entry, at: datetime) -> Incident:
        try:
            changed = self._stored.change(number, day_of(at, self.zone), lambda incident: incident.with_entry(entry))
        except KeyError:
            raise self._unknown(number) from None
        return self._tell(changed)

    def _append(self, number: int, kind: EntryKind, change: Change, at: datetime, by: Person) -> Incident:
        def edit(incident: Incident) -> Incident:
            if is_repeated(incident, change.source):
                return incident
            return incident.with_entry(rules.following(incident, kind, change, at, by, self.zone))

        try:
            changed = self._stored.change(number, day_of(at, self.zone), edit)
        except KeyError:
            raise self._unknown(number) from None
        return self._tell(changed)

    def _unknown(self, number: int) -> UserError:
        latest = self.latest()
        known = f"The latest is #{latest}; `!incident list` shows what is open." if latest else "None was opened yet."
        return UserError(f"There is no incident #{number}. {known}")

    def _tell(self, incident: Incident) -> Incident:
        for hear in self._changed:
            try:
                hear(incident)
            except Exception:  # the change is on disk: whoever failed to follow must not turn its answer into an error
                log.exception("#%d changed, and %r failed to follow", incident.number, hear)
        return incident


def passed_over(day: date) -> None:
    """Ignore a lost day where nothing can be said of it; the store's own warning has to do."""


def _stands_in(incident: Incident, room: str, thread: str) -> bool:
    return (card := incident.card) is not None and card.room == room and thread in (card.ts, card.thread)


def _day_of_thread(thread: str, zone: tzinfo) -> date:
    """Return the day on which a thread was begun: a message's id is the Unix time of its posting, in seconds."""
    return day_of(datetime.fromtimestamp(float(thread), UTC), zone)
