"""The page that people see who open the desk, in a chat that has one."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from opsdesk.chat import HomePage, Person
from opsdesk.desk import Desk
from opsdesk.ground import Ground
from opsdesk.workers import Repeating

if TYPE_CHECKING:
    from opsdesk.home import Home

EVERY, FIRST = 5.0, 30.0  # seconds between two looks whether a page tells otherwise, and until the first


class PageAtHand:
    """The page that people see who open the desk, shown by `publish`. `why_not` tells who is no member.

    It is made once somebody opens it, or did before the start. Nothing is shown unasked unless the chat `is_ready`.
    """

    def __init__(
        self,
        desk: Desk,
        why_not: Callable[[str], str],
        publish: Callable[[str, HomePage], None],
        is_ready: Callable[[], bool],
    ) -> None:
        self._desk, self._why_not, self._publish, self._is_ready = desk, why_not, publish, is_ready
        self._making = threading.Lock()
        self._made: Home | None = None
        self._following = Repeating(self._tick, EVERY, "home", first=FIRST)

    def opened(self, person: str) -> None:
        """Show the page to somebody who opens it. Waits for nothing."""
        self._home.opened(person)

    @property
    def _home(self) -> "Home":
        with self._making:  # somebody may open it just when it is first looked after
            self._made = self._made or self._build()
            return self._made

    def _build(self) -> "Home":
        from opsdesk.home import build  # nobody may ever open it: without it the desk starts sooner

        desk = self._desk
        ground = Ground(desk.settings, desk.store, desk.chat, desk.now, desk.trouble)
        wings = desk.oncall, desk.incidents, desk.alerts, desk.counts, desk.summary
        return build(ground, *wings, self._refused, self._publish)

    def _refused(self, person: str, at: datetime) -> str:
        return self._why_not(person) or self._desk.access.why_not_read(Person(person, person), at)

    def _tick(self) -> None:
        if self._is_ready():
            self._home.tick()
