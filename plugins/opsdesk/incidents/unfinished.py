"""What is unfinished: the open incidents, and those, resolved or not, with action items that are to be done."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from opsdesk.incidents.actions import open_items
from opsdesk.incidents.incident import Incident
from opsdesk.store import Lost, NumberedTable


class InOrder(NamedTuple):
    """What the store has as unfinished: the open ones among it in order, and those with items to be done."""

    found: Sequence[Incident] = ()
    open: tuple[Incident, ...] = ()
    with_actions: tuple[Incident, ...] = ()


def in_order(incidents: Iterable[Incident]) -> list[Incident]:
    """Return them with the worst severity first, then the longest going."""
    return sorted(incidents, key=lambda one: (one.severity, one.started_at, one.number))


class Unfinished:
    """Puts what is unfinished in order, once after each change: it is asked for with every tick."""

    def __init__(self, stored: NumberedTable[Incident]) -> None:
        self._stored, self._last = stored, InOrder()

    def read(self, lost: Lost | None) -> InOrder:
        """Return what is unfinished, the very same while none of it has changed."""
        found = self._stored.open(lost)
        if found is not self._last.found:
            ones = in_order(one for one in found if one.is_open)
            self._last = InOrder(found, tuple(ones), tuple(one for one in found if open_items(one)))
        return self._last

    @property
    def resting(self) -> int:
        """Return how many of them were resolved when they were last read. Waits for nothing."""
        return len(self._last.found) - len(self._last.open)
