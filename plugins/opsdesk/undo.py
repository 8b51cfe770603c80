"""`!undo`: takes back what somebody did last, whichever wing it was about, and tells people that it can be."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import count

import msgspec

from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.latest import LatestValues

WITHIN = timedelta(minutes=10)
HINT = "(`!undo` takes it back for ten minutes.)"
NOTHING = (
    "You have changed nothing in the last ten minutes that `!undo` takes back: incidents, outage notices, notes "
    "for the summary, what became of alerts. A swap: `!oncall undo`."
)


MOST_ORDERED = 10_000  # changes whose order is known
_numbers, _made = count(1), LatestValues[tuple[object, ...], int](MOST_ORDERED)


def made(*what: object) -> None:
    """Keep that a change has just been made: of several at the same moment, `!undo` takes back the last one."""
    _made.set(what, next(_numbers))


def order_of(*what: object) -> int:
    """Return a number that is higher the later a change was made; 0 for one that was made before the desk started."""
    return _made.get(what) or 0


class Undoable(msgspec.Struct, frozen=True):
    """A change made at `at`. `undo` takes it back and returns the answer; it raises a UserError where that is refused.

    `told` is whether the day's post tells of it; of the same moment, the one of the highest `order` was made last.
    """

    at: datetime
    undo: Callable[[], str]
    told: bool = False
    order: int = 0


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
        is_later = last and lasting and (last.at, last.order) >= (lasting.at, order_of("lasting", by.id))
        if lasting and lasting.at >= at - WITHIN and not is_later:
            raise UserError(lasting.instead)
        if last is None:
            raise UserError(NOTHING)
        answer = last.undo()
        went_out = self._told_since(last.at, at) if last.told else ""
        return f"{answer} {went_out}".strip()

    def lasts(self, by: Person, at: datetime, instead: str) -> None:
        """Keep that `by` changed something at `at` that `!undo` leaves alone, and what it is to answer instead."""
        new = LastingChange(at, instead)
        if self.lasting.change(None, by.id, lambda known: known if known and known.at > at else new) is new:
            made("lasting", by.id)

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
        return max(found, key=lambda one: (one.at, one.order), default=None)
