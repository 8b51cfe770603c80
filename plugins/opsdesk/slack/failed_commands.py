"""Commands that failed as typed. Put right by editing the message, such a command runs once."""

import logging
from collections import deque
from datetime import datetime, timedelta

import msgspec

from opsdesk import clock
from opsdesk.errors import UserError
from opsdesk.slack.events import Event, key_of, message_in, soon_enough
from opsdesk.store import KeyedTable, Store

log = logging.getLogger(__name__)

FAILED_KEPT = 1_000  # commands
KEPT_FOR = timedelta(minutes=10)  # by the desks that share a store; an edit is run for two
FORGET_EVERY = 100  # commands that failed


class FailedCommand(msgspec.Struct, frozen=True, omit_defaults=True):
    """A command that failed as typed: when, and whether its message was changed since."""

    at: datetime
    changed: bool = False


class SharedFailures:
    """The commands that failed at any of the desks on one store: the edit may reach another one."""

    def __init__(self, store: Store, now: clock.Now) -> None:
        self._kept: KeyedTable[FailedCommand] = store.keyed("failed commands", FailedCommand, passing=True)
        self._now, self._added = now, 0

    def add(self, key: str) -> None:
        """Have the other desks know that the command in a message failed."""
        failed = FailedCommand(self._now())
        try:
            self._kept.change(None, key, lambda known: failed)
            self._added += 1
            if self._added % FORGET_EVERY == 0:
                self._kept.forget(None, lambda one: one.at < failed.at - KEPT_FOR)
        except UserError as refusal:
            log.warning("That command %s failed is not noted: %s", key, refusal)

    def holds(self, key: str) -> bool:
        """Return whether the command in a message failed, and the message was not changed since."""
        try:
            known = self._kept.get(None, key)
        except UserError as away:
            log.warning("Whether command %s failed cannot be read: %s", key, away)
            return False
        return known is not None and not known.changed

    def retry(self, key: str) -> bool:
        """Note that the message was changed, and return whether this is its first change."""
        changed = FailedCommand(self._now(), changed=True)
        try:
            if not self.holds(key):
                return False
            return self._kept.change(None, key, lambda known: known if known and known.changed else changed) is changed
        except UserError as refusal:
            log.warning("That command %s was changed is not noted: %s", key, refusal)
            return False


class FailedCommands:
    """The latest commands that failed as typed: of this desk, or of all on one store once they `share`."""

    def __init__(self) -> None:
        self._keys: deque[str] = deque(maxlen=FAILED_KEPT)
        self._shared: SharedFailures | None = None

    def share(self, shared: SharedFailures | None) -> None:
        """Keep what fails from now on where the other desks see it, if there may be others."""
        self._shared = shared

    def add(self, message: Event) -> None:
        """Remember that the command in this message failed."""
        if self._shared:
            self._shared.add(key_of(message))
        else:
            self._keys.append(key_of(message))

    def holds(self, change: Event) -> bool:
        """Return whether the changed message holds a command that failed."""
        key = key_of(message_in(change))
        return self._shared.holds(key) if self._shared else key in self._keys

    def retry(self, change: Event) -> bool:
        """Return whether to run the changed text: the first change of a failed command, made soon enough."""
        key = key_of(message_in(change))
        if self._shared:
            return self._shared.retry(key) and soon_enough(change)
        try:
            self._keys.remove(key)
        except ValueError:
            return False
        return soon_enough(change)
