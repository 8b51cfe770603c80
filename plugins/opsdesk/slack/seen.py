"""Which of Slack's events were received before: one delivered again, also after a start, is not handled again."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from opsdesk import clock
from opsdesk.errors import UserError
from opsdesk.slack.failed_commands import SharedFailures
from opsdesk.store import Duty, Store

log = logging.getLogger(__name__)

UNHEARD = timedelta(seconds=10)  # within which desks hear of one that has come, or that one has gone
KEPT = timedelta(minutes=10)  # Slack delivers again for five
FORGET_EVERY = 500  # events received


class SeenEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event that was received: when, its command ("" if it is none) in which thread, and whether that is done.

    `desk` is the name of the desk that received it, where several share a store.
    """

    at: datetime
    command: str = ""
    thread: str = ""
    done: bool = False
    desk: str = ""

    @property
    def unfinished(self) -> bool:
        """Return whether it is a command that may or may not be done: somebody has to be told, however old it is."""
        return bool(self.command) and not self.done


class SeenEvents:
    """The events of the last ten minutes by key, and older commands that were not done.

    Those since `needed_since()` are kept as well: what was typed then is being read back.

    Where the store refuses, events are handled all the same, and remembered until the process ends: a command must be
    answered, if only by saying that nothing can be stored.
    """

    def __init__(
        self,
        store: Store,
        now: clock.Now = clock.now,
        needed_since: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self._kept, self._now = store.keyed("seen events", SeenEvent, passing=True), now
        self.desks = store.desks
        self.failed = SharedFailures(store, now) if store.desks.shared else None
        self._needed_since = needed_since
        self._unstored: dict[str, SeenEvent] = {}
        self._lock = threading.Lock()
        self._received = 0
        self.unfinished = self.left_behind()
        self._forget(now())

    def left_behind(self) -> Mapping[str, SeenEvent]:
        """Return the commands that were not done and will not be, by key: of this folder's last desk, of desks gone.

        Those of desks that share a store are looked for by the one that does what is scheduled. It may not have heard
        yet of one that has just come, so that what was received a moment ago is left alone.
        """
        if self.desks.duty() is not Duty.LEADS:
            return {}
        before = self._now() - UNHEARD if self.desks.shared else datetime.max.replace(tzinfo=UTC)
        left = {key: one for key, one in self._all().items() if one.unfinished and one.at <= before}
        return {key: one for key, one in left.items() if not self.desks.is_here(one.desk)}

    def take(self, key: str, command: str = "", thread: str = "") -> bool:
        """Note the event and return True; False if it was received in the last ten minutes.

        Slack may be told that it was received once this returns: that is durable, unless the store refuses.
        """
        at = self._now()
        new = SeenEvent(at, command, thread, desk=self.desks.name)
        if _recent(self._unstored.get(key), at):
            return False
        try:
            return self._kept.change(None, key, lambda known: known if known and _recent(known, at) else new) is new
        except UserError as refusal:
            log.warning("Event %s is not noted: %s", key, refusal)
            return self._take_unstored(key, new)
        finally:
            self._forget_in_turn(at)

    def holds(self, key: str) -> bool:
        """Return whether an event with this key was received, as far back as they are kept. May raise a UserError."""
        return key in self._unstored or self._kept.get(None, key) is not None

    def done(self, key: str) -> None:
        """Note that the event was handled; of others than commands nobody needs to know."""
        try:
            seen = self._kept.get(None, key)
            if seen and seen.unfinished:
                self._kept.change(None, key, lambda known: msgspec.structs.replace(known or seen, done=True))
        except UserError as refusal:
            log.warning("That event %s was handled is not noted: %s", key, refusal)

    def _all(self) -> Mapping[str, SeenEvent]:
        try:
            return self._kept.all(None)
        except UserError as damaged:
            log.warning("The events received before cannot be read: %s", damaged)
            return {}

    def _take_unstored(self, key: str, new: SeenEvent) -> bool:
        with self._lock:
            if _recent(self._unstored.get(key), new.at) or _recent(self._all().get(key), new.at):
                return False
            self._unstored[key] = new
            return True

    def _forget_in_turn(self, at: datetime) -> None:
        self._received += 1
        if self._received % FORGET_EVERY == 0:
            self._forget(at)

    def _forget(self, at: datetime) -> None:
        since = min(at - KEPT, self._needed_since() or at)
        with self._lock:
            self._unstored = {key: seen for key, seen in self._unstored.items() if seen.at > since}
        try:
            self._kept.forget(None, lambda seen: seen.at <= since and not seen.unfinished)
        except UserError as refusal:
            log.warning("Old events are not forgotten: %s", refusal)


def _recent(seen: SeenEvent | None, at: datetime) -> bool:
    return seen is not None and seen.at > at - KEPT
