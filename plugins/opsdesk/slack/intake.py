"""What Slack delivers, taken in: each event once, those about one thing in order, and no command lost unsaid."""

import logging
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from opsdesk.chat import MessageRef
from opsdesk.slack.events import Event, key_of, lane_of, message_in, thread_of, typed_in
from opsdesk.slack.retyped import FailedCommands
from opsdesk.slack.seen import SeenEvent, SeenEvents
from opsdesk.workers import Lanes

log = logging.getLogger(__name__)

THREADS = 20
UNFINISHED = "I was stopped while I did this. Please look whether it is done, and type it again if it is not."


class Intake:
    """Has events dealt with by `handle`, in threads of its own, once the desk is `active`.

    What was taken is on disk in `file` before Slack is told so. A message that begins with one of `prefixes` is a
    command: one that the desk's end cut short is told of after the next start. Once `stopping`, nothing counts as
    done any more. `tell_admins` hears of what was not handled.
    """

    def __init__(
        self,
        file: Path,
        handle: Callable[[Event], None],
        *,
        prefixes: Callable[[], tuple[str, ...]],
        tell_admins: Callable[[str], None],
        active: threading.Event,
        stopping: threading.Event,
    ) -> None:
        self.failed = FailedCommands()
        self._handled, self._lanes = SeenEvents(file), Lanes(THREADS)
        self._handle, self._prefixes, self._tell_admins = handle, prefixes, tell_admins
        self._active, self._stopping = active, stopping
        self._in_hand = threading.local()

    def take(self, payload: Mapping[str, Any]) -> None:
        """Has an event dealt with, unless it was taken before."""
        event: Event = payload.get("event") or {}
        if payload.get("type") == "app_rate_limited":
            self._tell_admins("Slack delivers no more events for a minute: what is typed now may get no answer.")
            return
        is_message = event.get("type") == "message"
        key = key_of(event) if is_message else str(payload.get("event_id"))
        message = message_in(event) if is_message else {}
        if not self._handled.take(key, self._command_in(event, message), thread_of(message)):
            log.info("Event %s was delivered again; it is not handled again.", key)
            return
        self._lanes.add(lane_of(event), partial(self._deal_with, event, key))

    def tell_unfinished(self, reply: Callable[[MessageRef, str], None]) -> None:
        """Tells the admins of the commands that the desk's last end cut short, and by `reply` whoever typed them."""
        for key, taken in self._handled.unfinished.items():
            self._lanes.add(key, partial(self._tell_unfinished, key, taken, reply))

    def finish(self, seconds: float) -> bool:
        """Whether everything taken was dealt with, waited for no longer than that. What comes later is done at once."""
        return self._lanes.close(seconds)

    def done_in_hand(self) -> None:
        """What this thread deals with counts as done: a command that ends the desk never comes back to say so."""
        if key := getattr(self._in_hand, "key", None):
            self._handled.done(key)

    def close(self) -> None:
        """Writes nothing any more."""
        self._handled.close()

    def _tell_unfinished(self, key: str, taken: SeenEvent, reply: Callable[[MessageRef, str], None]) -> None:
        channel, ts = key.split(":")[:2]
        self._tell_admins(f'The desk was stopped while it did "{taken.command}": it may or may not be done.')
        reply(MessageRef(channel, taken.thread or ts), UNFINISHED)
        self._done(key)

    def _command_in(self, event: Event, message: Event) -> str:
        """The command that is to run; "" where the message holds none, or was changed and has no need to run again."""
        text = typed_in(message)
        if event.get("subtype") == "message_changed" and not self.failed.awaits(event):
            return ""
        return text if text.startswith(self._prefixes()) else ""

    def _deal_with(self, event: Event, key: str) -> None:
        self._active.wait()
        self._in_hand.key = key
        try:
            self._handle(event)
        except Exception as mistake:  # whatever a plugin or Slack raised: a message must not vanish without a word
            log.exception("Event %s was not handled", key)  # what people typed does not belong into an error's report
            self._tell_admins(f"What Slack delivered as {key} ({event.get('type')}) was not handled: {mistake!r}")
        finally:
            self._done(key)

    def _done(self, key: str) -> None:
        """Notes that an event was dealt with: not once no wait is waited for, since its answer may be missing then."""
        if not self._stopping.is_set():
            self._handled.done(key)
