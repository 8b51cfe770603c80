"""Counts that somebody typed last: what keeps `!undo` from taking back what they did before that."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.counts import words
from opsdesk.counts.counts import Entered
from opsdesk.counts.source import CountSource
from opsdesk.errors import UserError
from opsdesk.undo import WITHIN, Undoable, order_of

DAYS = 8  # of which counts are mostly typed: today and the week before


def last_typed(source: CountSource, by: Person, at: datetime) -> Undoable | None:
    """Return the counts that `by` typed last in the ten minutes before `at`; None for none.

    What they took the place of is not known any more: to undo them says how they are taken back.
    """
    days = [day_of(at, source.zone) - timedelta(days=back) for back in range(DAYS)]
    typed = [(moment, day) for day in days if (moment := _last(source.entered(day), by)) and at - WITHIN <= moment]
    if not typed:
        return None
    moment, day = max(typed)
    counters = [key for key, one in source.entered(day).items() if one.by == by.name and one.at == moment]
    known = source.file().counters  # which may have lost one since
    labels = ", ".join(f"{words.small(known[key].label) if key in known else key} none" for key in counters)

    def undo() -> str:
        raise UserError(f"You typed counts last, which `!undo` leaves alone: `!stats record {day} {labels}` does it.")

    return Undoable(moment, undo, order=order_of("counts", day))


def _last(entered: Mapping[str, Entered], by: Person) -> datetime | None:
    return max((one.at for one in entered.values() if one.by == by.name), default=None)
