"""Events from Slack: each is handled once, those about one message in order, and no command is lost unreported."""

import logging
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from opsdesk.chat import MessageRef
from opsdesk.slack.events import Event, FailedCommands, key_of, lane_of, message_in, thread_of, typed_in
from opsdesk.slack.seen import SeenEvent, SeenEvents
from opsdesk.workers import Lanes

log = logging.getLogger(__name__)

THREADS = 20
UNFINISHED = "I was stopped while I did this. Please look whether it is done, and type it again if it is not."


class Intake:
    """Hands events to `handle`, in threads of its own, once the desk is `active`.

    An event is noted in the store before Slack is told that it was received. A message that begins with one of
    `prefixes` is a command; one that the end of the process cut short is reported after the next start. Once
    `stopping` is set, nothing counts as done any more. `tell_admins` hears of events that could not be handled.
    """

    def __init__(
        self,
        handle: Callable[[Event], None],
        *,
        prefixes: Callable[[], tuple[str, ...]],
        tell_admins: Callable[[str], None],
        active: threading.Event,
        stopping: threading.Event,
    ) -> None:
        self.failed = FailedCommands()
        self._lanes = Lanes(THREADS, "slack-event")
        self._handle, self._prefixes, self._tell_admins = handle, prefixes, tell_admins
        self._active, self._stopping = active, stopping
        self._current = threading.local()

    def open(self, seen: SeenEvents) -> None:
        """Tell by `seen` from now on which events were received before. To be called before the first arrives."""
        self._seen = seen

    def receive(self, payload: Mapping[str, Any]) -> None:
        """Queue an event to be handled, unless it was received before."""
        event: Event = payload.get("event") or {}
        if payload.get("type") == "app_rate_limited":
            self._tell_admins("Slack delivers no more events for a minute: what is typed now may get no answer.")
            return
        is_message = event.get("type") == "message"
        key = key_of(event) if is_message else str(payload.get("event_id"))
        message = message_in(event) if is_message else {}
        if not self._seen.take(key, self._command_in(event, message), thread_of(message)):
            log.info("Event %s was delivered again; it is not handled again.", key)
            return
        self._lanes.add(lane_of(event), partial(self._handle_in_turn, event, key))

    def tell_unfinished(self, reply: Callable[[MessageRef, str], None]) -> None:
        """Tell the admins, and by `reply` whoever typed them, of commands that the end of the process cut short."""
        for key, seen in self._seen.unfinished.items():
            self._lanes.add(key, partial(self._tell_unfinished, key, seen, reply))

    def finish(self, seconds: float) -> bool:
        """Wait up to `seconds` until all events are handled, and return whether they are; handle later ones at once."""
        return self._lanes.close(seconds)

    def mark_current_done(self) -> None:
        """Mark what this thread handles as done: a command that ends the process never returns to do so."""
        if key := getattr(self._current, "key", None):
            self._seen.done(key)

    def _tell_unfinished(self, key: str, seen: SeenEvent, reply: Callable[[MessageRef, str], None]) -> None:
        channel, ts = key.split(":")[:2]
        self._tell_admins(f'The desk was stopped while it did "{seen.command}": it may or may not be done.')
        reply(MessageRef(channel, seen.thread or ts), UNFINISHED)
        self._done(key)

    def _command_in(self, event: Event, message: Event) -> str:
        """Return the command to run; "" if there is none, or if a changed message has no need to run again."""
        text = typed_in(message)
        if event.get("subtype") == "message_changed" and not self.failed.holds(event):
            return ""
        return text if text.startswith(self._prefixes()) else ""

    def _handle_in_turn(self, event: Event, key: str) -> None:
        self._active.wait()
        self._current.key = key
        try:
            self._handle(event)
        except Exception as mistake:  # whatever a plugin or Slack raised: a message must not vanish silently
            log.exception("Event %s was not handled", key)  # what people typed does not belong into an error's report
            self._tell_admins(f"What Slack delivered as {key} ({event.get('type')}) was not handled: {mistake!r}")
        finally:
            self._done(key)

    def _done(self, key: str) -> None:
        """Note that an event was handled. While the desk stops it may have no answer, so it counts as unfinished."""
        if not self._stopping.is_set():
            self._seen.done(key)
