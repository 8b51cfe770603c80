"""The incidents: the log that keeps them, and where to find one again."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo

import msgspec
from msgspec.structs import replace

from opsdesk.chat import MessageRef, Person, Place
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents import rules as incident_rules
from opsdesk.incidents.incident import EntryKind, Incident, Status
from opsdesk.incidents.rules import Change
from opsdesk.store import Lost, Store

STRAIGHT = str.maketrans("‘’“”", "''\"\"")

log = logging.getLogger(__name__)


class IncidentLog:
    """Every incident there ever was. Moments are aware; days are those of `zone`.

    Each function in `changed` is called with the incident once a change is stored. `on_call` says whether a
    person has the shift at a moment.
    What is not allowed raises a UserError, and then nothing was stored. So does a list that cannot be read whole,
    unless `lost` is there to hear which days it leaves out.
    """

    def __init__(
        self,
        store: Store,
        zone: tzinfo,
        *,
        on_call: Callable[[Person, datetime], bool] = lambda person, at: False,
        changed: Sequence[Callable[[Incident], None]] = (),
    ) -> None:
        self._stored = store.numbered("incidents", Incident, lambda incident: incident.is_open)
        self.zone = zone
        self._on_call, self._changed = on_call, changed

    def open(self, told: Change, *, at: datetime, by: Person, place: Place) -> Incident:
        """A new incident, owned by `by` unless `told` says otherwise, begun at `told.started_at`.

        A message (`told.source`) that opened one before gives that one again.
        """
        entry = incident_rules.opening(told, at, by, self.zone, taken=self._on_call(by, at))
        day = day_of(at, self.zone)
        return self._tell(self._stored.add(day, lambda number: Incident(number, place, (entry,)), key=entry.source))

    def update(self, number: int, told: Change, *, at: datetime, by: Person) -> Incident:
        """News of an open incident. A status of resolved resolves it."""
        what = EntryKind.RESOLVED if told.status is Status.RESOLVED else EntryKind.UPDATED
        return self._append(number, what, told, at, by)

    def resolve(self, number: int, told: Change, *, at: datetime, by: Person) -> Incident:
        """The end of it."""
        return self._append(number, EntryKind.RESOLVED, replace(told, status=Status.RESOLVED), at, by)

    def reopen(self, number: int, told: Change, *, at: datetime, by: Person) -> Incident:
        """Resolved, but not over: being investigated again unless `told` gives another status."""
        again = replace(told, status=told.status or Status.INVESTIGATING)
        return self._append(number, EntryKind.REOPENED, again, at, by)

    def assign(self, number: int, told: Change, *, at: datetime, by: Person) -> Incident:
        """Another owner."""
        return self._append(number, EntryKind.ASSIGNED, told, at, by)

    def note(self, number: int, told: Change, *, at: datetime, by: Person) -> Incident:
        """Something worth remembering, resolved or not. A message (`told.source`) is taken only once."""
        return self._append(number, EntryKind.NOTED, told, at, by)

    def link(self, number: int, told: Change, *, at: datetime, by: Person) -> Incident:
        """A text with a URL in it, resolved or not."""
        return self._append(number, EntryKind.LINKED, told, at, by)

    def withdraw(self, number: int, source: str, *, at: datetime, by: Person) -> Incident:
        """Takes back what was noted from the message `source`, by one more entry."""
        return self._append(number, EntryKind.WITHDRAWN, Change(source=source), at, by)

    def place(self, number: int, card: MessageRef) -> None:
        """Remembers which message shows the incident. A chat whose messages have no ids has none to remember."""
        if card.ts:
            day = _day_of_thread(card.thread or card.ts, self.zone)
            self._stored.change(number, day, lambda incident: msgspec.structs.replace(incident, card=card))

    def get(self, number: int) -> Incident:
        """The incident with this number; a UserError where there is none."""
        found = self._stored.get(number)
        if found is None:
            raise self._unknown(number)
        return found

    def latest(self) -> int:
        """The number of the newest incident; 0 before the first."""
        return self._stored.latest()

    def open_ones(self, lost: Lost | None = None) -> list[Incident]:
        """Those not resolved: worst severity first, then the longest going."""
        return sorted(self._stored.open(lost), key=lambda i: (i.severity, i.started_at, i.number))

    def touched(self, first: date, last: date, lost: Lost | None = None) -> Sequence[Incident]:
        """Those opened, or with anything written about them, on the days from `first` to `last`, in order of number."""

        def written(incident: Incident) -> bool:
            return any(first <= day_of(entry.written_at, self.zone) <= last for entry in incident.entries)

        return [one for one in self._stored.touched(first, last, lost) if written(one)]  # not one that was only placed

    def opened(self, first: date, last: date) -> list[Incident]:
        """Those opened on the days from `first` to `last`, in order of number."""
        return [i for i in self.touched(first, last) if first <= day_of(i.opened_at, self.zone) <= last]

    def newest_first(self, lost: Lost | None = None) -> Iterator[Incident]:
        """All of them, read as the caller goes on."""
        return self._stored.scan(lost)

    def search(self, words: Sequence[str], lost: Lost | None = None) -> Iterator[Incident]:
        """Those whose title and timeline hold every one of the words, newest first."""
        wanted = [searchable(word) for word in words]
        return (incident for incident in self.newest_first(lost) if _holds(incident, wanted))

    def by_thread(self, room: str, thread: str) -> Incident | None:
        """The incident whose card heads this thread or stands in it: of several an open one, else the newest.

        None for one that cannot be read, too: what is said in other threads is heard all the same.
        """
        if not thread:
            return None
        shown = [i for i in self._stored.open(passed_over) if _stands_in(i, room, thread)]
        if not shown:
            day = _day_of_thread(thread, self.zone)
            shown = [i for i in self._stored.touched(day, day, passed_over) if _stands_in(i, room, thread)]
        return shown[-1] if shown else None

    def _append(self, number: int, what: EntryKind, told: Change, at: datetime, by: Person) -> Incident:
        def edit(incident: Incident) -> Incident:
            return incident.with_entry(incident_rules.following(incident, what, told, at, by, self.zone))

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
    """Hears of a lost day where nothing can be said of it, and the store's own warning has to do."""


def searchable(text: str) -> str:
    """`text` with what people do not tell apart when they search made the same: case, curly and straight quotes."""
    return text.casefold().translate(STRAIGHT)


def _holds(incident: Incident, wanted: Sequence[str]) -> bool:
    text = searchable("\n".join(f"{entry.title or ''}\n{entry.text}" for entry in incident.standing))
    return all(word in text for word in wanted)


def _stands_in(incident: Incident, room: str, thread: str) -> bool:
    card = incident.card
    return card is not None and card.room == room and thread in (card.ts, card.thread)


def _day_of_thread(thread: str, zone: tzinfo) -> date:
    """The day on which a thread was begun: a message's id in the chat is the moment it was posted, in Unix seconds."""
    return day_of(datetime.fromtimestamp(float(thread), UTC), zone)
