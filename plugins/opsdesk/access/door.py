"""The door: who may have the desk do something, and who is told, once a day, that they may not."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from opsdesk import clock
from opsdesk.access.audit import AuditLog, Refused
from opsdesk.access.standing import Standing, standing_of
from opsdesk.errors import UserError
from opsdesk.store import KeyedTable

log = logging.getLogger(__name__)

Tell = Callable[[str, str, str], None]  # the room, the person, the text


class KnownStanding(msgspec.Struct, frozen=True):
    """What somebody was to the workspace when Slack last told of a change, by the name of the Standing."""

    standing: str
    at: datetime


class Door:
    """Lets members in. `user_of` gives what Slack knows of somebody, `home` the ids of the workspace and Enterprise.

    What was last known of somebody, in `kept`, counts while Slack cannot say.
    """

    def __init__(
        self,
        user_of: Callable[[str], Mapping[str, Any]],
        home: Callable[[], tuple[str, str]],
        tell: Tell,
        kept: KeyedTable[KnownStanding],
        audit: AuditLog,
        now: clock.Now = clock.now,
    ) -> None:
        self._user_of, self._home, self._tell, self._now = user_of, home, tell, now
        self._kept, self._audit = kept, audit
        self._known: dict[str, Standing] = {}
        self._told: dict[str, date] = {}
        self._lock = threading.Lock()

    def admits(self, user: str, room: str, what: str) -> bool:
        """Return whether that person may have the command `what` done. If not, keep it, and tell them alone.

        They are told once a day, but each time if it is only that Slack cannot say who they are.
        """
        standing = self._standing(user)
        if standing is Standing.MEMBER:
            return True
        self._audit.add(Refused(self._now(), user, self._name(user), what, room, standing.why))
        if standing.told and (standing is Standing.UNKNOWN or self._is_first_today(user)):
            self._tell(room, user, standing.told)
        return False

    def why_not(self, user: str) -> str:
        """Return why somebody who opens the desk's page is shown nothing, and whom to ask; "" for a member."""
        return self._standing(user).shown

    def is_member(self, user: str) -> bool:
        """Return whether that person is a member, as Slack says, or as was last known while it cannot say."""
        return self._standing(user) is Standing.MEMBER

    def admits_emoji(self, user: str, room: str, what: str) -> bool:
        """Return whether that person's emoji may have anything done. If not, keep `what` it asks for, unless it is "".

        Nobody is told: most ask nothing of the desk.
        """
        standing = self._standing(user)
        if standing is not Standing.MEMBER and what:
            self._audit.add(Refused(self._now(), user, self._name(user), what, room, standing.why))
        return standing is Standing.MEMBER

    def hear(self, user: Mapping[str, Any]) -> None:
        """Keep what somebody is from now on, as Slack tells it by itself, if they ever had anything done here."""
        id = str(user.get("id") or "")
        before, standing = self._recalled(id), standing_of(user, *self._home())
        if Standing.UNKNOWN not in (before, standing) and before is not standing:
            self._keep(id, standing)

    def _standing(self, user: str) -> Standing:
        """Return what somebody is: as Slack says, else as it was last known."""
        standing = standing_of(self._user_of(user), *self._home())
        if standing is Standing.UNKNOWN:
            return self._recalled(user)
        if self._known.get(user) is not standing:
            self._keep(user, standing)
        return standing

    def _keep(self, user: str, standing: Standing) -> None:
        new = KnownStanding(standing.name, self._now())
        self._known[user] = standing
        try:
            self._kept.change(None, user, lambda known: known if known and known.standing == new.standing else new)
        except UserError as refusal:  # it is asked anew after the next start
            log.warning("What %s is to the workspace is not kept: %s", user, refusal)

    def _recalled(self, user: str) -> Standing:
        if user in self._known:
            return self._known[user]
        try:
            kept = self._kept.get(None, user)
        except UserError as damaged:
            log.warning("What %s was to the workspace cannot be read: %s", user, damaged)
            return Standing.UNKNOWN
        return Standing.__members__.get(kept.standing, Standing.UNKNOWN) if kept else Standing.UNKNOWN

    def _name(self, user: str) -> str:
        profile = self._user_of(user).get("profile") or {}
        return str(profile.get("display_name") or profile.get("real_name") or user)

    def _is_first_today(self, user: str) -> bool:
        today = self._now().date()
        with self._lock:
            first = self._told.get(user) != today
            self._told = {one: day for one, day in self._told.items() if day == today} | {user: today}
        return first
