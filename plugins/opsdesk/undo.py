"""`!undo`: takes back what somebody did last, whichever wing it was about, and tells people that it can be."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import msgspec

from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.ground import Ground

WITHIN = timedelta(minutes=10)
HINT = "(`!undo` takes it back for ten minutes.)"
NOTHING = (
    "You have changed nothing in the last ten minutes that `!undo` takes back: incidents, outage notices, notes "
    "for the summary, what became of alerts. A swap: `!oncall undo`."
)


class Undoable(msgspec.Struct, frozen=True):
    """A change made at `at`. `undo` takes it back and returns the answer; it raises a UserError where that is refused.

    `told` is whether the day's post tells of it.
    """

    at: datetime
    undo: Callable[[], str]
    told: bool = False


LastChange = Callable[[Person, datetime], Undoable | None]


class ToldOfUndo(msgspec.Struct, frozen=True):
    """The last day on which somebody was told of `!undo`."""

    day: date


class LastingChange(msgspec.Struct, frozen=True):
    """The last change somebody made that `!undo` leaves alone, and what it answers instead."""

    at: datetime
    instead: str


class Undoing:
    """Finds what a person changed last. `told_since` says in a sentence what went out of a change, "" for nothing.

    Of changes that no source knows of, the last of each person is kept as it is made: by `!undo` nobody takes back
    something older.
    """

    def __init__(
        self, ground: Ground, sources: Sequence[LastChange], told_since: Callable[[datetime, datetime], str]
    ) -> None:
        self.told = ground.store.keyed("told of undo", ToldOfUndo)
        self.lasting = ground.store.keyed("not undone", LastingChange)
        self._zone, self._sources, self._told_since = ground.zone, tuple(sources), told_since

    def undo(self, by: Person, at: datetime) -> str:
        """Take back the last change that `by` made in the last ten minutes, and return the answer."""
        last, lasting = self._last(by, at), self.lasting.get(None, by.id)
        if lasting and lasting.at >= at - WITHIN and not (last and last.at >= lasting.at):
            raise UserError(lasting.instead)
        if last is None:
            raise UserError(NOTHING)
        answer = last.undo()
        went_out = self._told_since(last.at, at) if last.told else ""
        return f"{answer} {went_out}".strip()

    def lasts(self, by: Person, at: datetime, instead: str) -> None:
        """Keep that `by` changed something at `at` that `!undo` leaves alone, and what it is to answer instead."""
        new = LastingChange(at, instead)
        self.lasting.change(None, by.id, lambda known: known if known and known.at > at else new)

    def hint(self, by: Person, at: datetime) -> str:
        """Return the sentence that what `by` did at `at` can be taken back, once a day; "" where it is not told."""
        today = day_of(at, self._zone)
        known = self.told.get(None, by.id)
        if known and known.day >= today:
            return ""
        if not any(last.at == at for source in self._sources if (last := source(by, at))):
            return ""
        self.told.change(None, by.id, lambda before: ToldOfUndo(today))
        return HINT

    def _last(self, by: Person, at: datetime) -> Undoable | None:
        found = [one for source in self._sources if (one := source(by, at))]
        return max(found, key=lambda one: one.at, default=None)
