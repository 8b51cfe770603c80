"""The door: who may have the desk do something, and who is told, once a day, that they may not."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from opsdesk import clock
from opsdesk.access.standing import Standing, standing_of

log = logging.getLogger(__name__)

Tell = Callable[[str, str, str], None]  # the room, the person, the text


class Door:
    """Lets members in. `user_of` gives what Slack knows of somebody, `home` the ids of the workspace and Enterprise."""

    def __init__(
        self,
        user_of: Callable[[str], Mapping[str, Any]],
        home: Callable[[], tuple[str, str]],
        tell: Tell,
        now: clock.Now = clock.now,
    ) -> None:
        self._user_of, self._home, self._tell, self._now = user_of, home, tell, now
        self._told: dict[str, date] = {}
        self._lock = threading.Lock()

    def admits(self, user: str, room: str, what: str) -> bool:
        """Return whether that person may have `what` done. If not, log it, and tell them alone, once a day."""
        standing = standing_of(self._user_of(user), *self._home())
        if standing is Standing.MEMBER:
            return True
        log.warning("%s by %s in %s was refused: %s", what, user, room, standing.name.lower())
        if standing.told and self._is_first_today(user):
            self._tell(room, user, standing.told)
        return False

    def _is_first_today(self, user: str) -> bool:
        today = self._now().date()
        with self._lock:
            first = self._told.get(user) != today
            self._told = {one: day for one, day in self._told.items() if day == today} | {user: today}
        return first
