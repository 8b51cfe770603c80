"""The order of events where several desks are on one store: each waits for what another has before it."""

import logging
import threading
from collections.abc import Sequence

from opsdesk import clock
from opsdesk.store import Desks, Turn

log = logging.getLogger(__name__)

HELD = 0.1  # seconds in which what was typed just before may still reach another desk
PATIENCE = 30.0  # seconds after which what another desk is busy with holds nothing up any more
SHORTEST, LONGEST = 0.03, 0.5  # seconds between two looks


class InTurn:
    """Has events wait until no other of the `desks` has an earlier one of their lanes. `stopping` ends every wait."""

    def __init__(self, desks: Desks, stopping: threading.Event) -> None:
        self._desks, self._stopping = desks, stopping
        self._since: dict[str, float] = {}

    def add(self, key: str, lanes: Sequence[str], at: float) -> None:
        """Queue an event of the moment `at`, in seconds, behind earlier ones."""
        if self._desks.turns.add(key, lanes, at):
            self._since[key] = clock.seconds()

    def may_begin(self, key: str, *, command: bool) -> bool:
        """Wait for the event's turn, and return whether to handle it.

        Not a command that was taken from this desk: whoever typed it has been told so. Nor while the desk stops.
        """
        since = self._since.get(key)
        if since is None:
            return True
        if command and len([one for one in self._desks.all() if one.here]) > 1:
            self._stopping.wait(max(0.0, since + HELD - clock.seconds()))
        return self._waited(key, since) is not Turn.TAKEN_AWAY or not command

    def done(self, key: str) -> None:
        """Let what is behind the event begin."""
        if self._since.pop(key, None) is not None:
            self._desks.turns.done(key)

    def _waited(self, key: str, since: float) -> Turn:
        turns, pause = self._desks.turns, SHORTEST
        while (turn := turns.begin(key)) is Turn.NOT_YET:
            if self._stopping.wait(pause):
                return Turn.TAKEN_AWAY
            if clock.seconds() > since + PATIENCE:
                log.warning("Event %s is handled out of turn: another desk takes too long.", key)
                turns.force(key)
                return Turn.BEGUN
            pause = min(2 * pause, LONGEST)
        return turn
