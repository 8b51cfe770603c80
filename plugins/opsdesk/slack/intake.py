"""Events from Slack: each is handled once, those about one message in order, and no command is lost unreported."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from opsdesk import clock, guard
from opsdesk.chat import MessageRef
from opsdesk.slack.asked import asked_in, asker_in, tell_outcome
from opsdesk.slack.events import (
    LATE,
    Event,
    beginning_of,
    happened_at,
    is_direct,
    key_of,
    lane_of,
    length_of,
    message_in,
    thread_of,
    typed_at,
    typed_in,
)
from opsdesk.slack.failed_commands import FailedCommands
from opsdesk.slack.in_turn import InTurn
from opsdesk.slack.rates import EndedFlood, FloodDecision, RateLimiter
from opsdesk.slack.seen import SeenEvent, SeenEvents
from opsdesk.store import Duty
from opsdesk.workers import Lanes

log = logging.getLogger(__name__)

About = Callable[[str, str, str], Iterable[str]]

THREADS = 20
LONGEST_COMMAND = 8_000  # characters: Errbot takes a command apart word by word, and its time grows with the square
HEAD = 400  # characters in which a command is known for one, and by which it is named
UNFINISHED = "I was stopped while I did this. Please look whether it is done, and type it again if it is not."
NOT_DONE = "This was not done: it is not for you, or something went wrong here, and then the admins hear of it."
FLOODED = (
    "Sorry, this is more than I can follow at once: I leave out what is typed from here on, until there is a pause of "
    "a minute. Then I tell what I left out."
)


class Intake:
    """Hands events to `handle`, in threads of its own, once the desk is `active`.

    An event is noted in the store before Slack is told that it was received, unless it `is_idle`: there is nothing to
    do about it. `hears` tells of a room, and of how a message there begins, whether it may be a command; one that the
    end of the process cut short is reported after the next start. Once `stopping` is set, nothing counts as done any
    more. `tell_admins` hears of events that could not be handled. `reply` says below a message why its command is not
    done, if the desk `admits` whoever typed it.
    """

    def __init__(
        self,
        handle: Callable[[Event], None],
        *,
        hears: Callable[[str, str], bool],
        tell_admins: Callable[[str], None],
        reply: Callable[[MessageRef, str], None],
        admits: Callable[[Event], bool],
        active: threading.Event,
        stopping: threading.Event,
        is_idle: Callable[[Event], bool] = lambda event: False,
        now: clock.Now = clock.now,
    ) -> None:
        self.failed = FailedCommands()
        self._lanes = Lanes(THREADS, "slack-event")
        self._handle, self._hears, self._is_idle, self._tell_admins = handle, hears, is_idle, tell_admins
        self._reply, self._admits, self._limiter = reply, admits, RateLimiter(now)
        self._active, self._stopping = active, stopping
        self._current, self._told = threading.local(), set[str]()

    def open(self, seen: SeenEvents, about: About = lambda room, thread, text: ()) -> None:
        """Tell by `seen` from now on which events were received before. To be called before the first arrives.

        `about` gives what a command in a room and a thread is about: what is about one thing is done in order.
        """
        self._seen, self._about, self._turns = seen, about, InTurn(seen.desks, self._stopping)
        self.failed.share(seen.failed)

    def receive(self, payload: Mapping[str, Any]) -> None:
        """Queue an event to be handled, unless it was received before."""
        event: Event = payload.get("event") or {}
        if payload.get("type") == "app_rate_limited":
            self._tell_admins("Slack delivers no more events for a minute: what is typed now may get no answer.")
            return
        if self._is_idle(event):
            return
        message = message_in(event) if event.get("type") == "message" else {}
        head = self._head_of_command(event, message)
        if head:
            self._receive_command(event, message, head)
        else:
            key = key_of(event) if message else str(payload.get("event_id"))
            self._queue(event, key, partial(self._handle_in_turn, event, key))

    def ask(self, event: Event) -> None:
        """Queue what was asked without a message, unless it was received before."""
        self._receive_command(event, message_in(event), beginning_of(event, HEAD))

    def receive_late(self, event: Event) -> None:
        """Queue a command that was typed while nobody listened, unless it was received after all."""
        key, message = key_of(event), message_in(event)
        lanes = self._lanes_of(event, message, beginning_of(message, HEAD))
        work = partial(self._handle_in_turn, {**event, LATE: True}, key)
        self._queue(event, key, work, typed_in(message), thread_of(message), lanes)

    def tell_unfinished(self) -> None:
        """Tell the admins, and whoever typed them, of commands that the end of the process cut short."""
        self._tell_all(self._seen.unfinished)

    def tell_left_behind(self) -> None:
        """Tell of commands that another desk on the same store had when it went. Called every few seconds."""
        if self._seen.desks.shared and self._seen.desks.duty() is Duty.LEADS:
            self._seen.desks.turns.sweep()
            left = {key: seen for key, seen in self._seen.left_behind().items() if key not in self._told}
            self._told.update(left)
            self._tell_all(left)

    def tell_left_out(self) -> None:
        """Tell whoever flooded the desk, once that is over, what was not done."""
        for over in self._limiter.ended():
            self._lanes.add(f"flood {over.below.room}", partial(self._reply, over.below, left_out(over)))

    def finish(self, seconds: float) -> bool:
        """Wait up to `seconds` until all events are handled, and return whether they are; handle later ones at once."""
        return self._lanes.close(seconds)

    def mark_current_done(self) -> None:
        """Mark what this thread handles as done: a command that ends the process never returns to do so."""
        if key := getattr(self._current, "key", None):
            self._seen.done(key)

    def _tell_all(self, cut_short: Mapping[str, SeenEvent]) -> None:
        for key, seen in cut_short.items():
            self._lanes.add(key, partial(self._tell_unfinished, key, seen))

    def _receive_command(self, event: Event, message: Event, head: str) -> None:
        key, place = _key_of(event), _place_of(message)
        at = typed_at(message)
        decision = self._limiter.decide(key, str(message["user"]), head, place, at)
        if (asked := asked_in(event)) and asked.outcome and decision is not FloodDecision.HANDLE:
            tell_outcome(asked.outcome, FLOODED)
        if decision is not FloodDecision.HANDLE:
            log.warning("A command by %s in %s is left out: there are too many.", message["user"], place.room)
            if decision is FloodDecision.REFUSE:
                self._lanes.add(self._lanes_of(event, message, head), partial(self._refuse, message, place, FLOODED))
        elif (length := length_of(message)) > LONGEST_COMMAND:
            self.failed.add(message)
            self._queue(event, key, partial(self._refuse, message, place, too_long(length)), in_turn=False)
        else:
            work = partial(self._handle_in_turn, event, key, command=True)
            lanes = self._lanes_of(event, message, head)
            self._queue(event, key, work, typed_in(message), thread_of(message), lanes, at.timestamp())

    def _lanes_of(self, event: Event, message: Event, head: str) -> tuple[str, ...]:
        """Return where a command waits its turn: behind others of its message, its author, its thread, its incident."""
        room, thread = str(event["channel"]), thread_of(message)
        here = (f"in {room}:{thread}",) if thread else ()
        return _lane_of(event), f"by {message['user']}", *here, *self._about(room, thread, head)

    def _queue(
        self,
        event: Event,
        key: str,
        work: Callable[[], None],
        command: str = "",
        thread: str = "",
        lanes: Sequence[str] = (),
        at: float | None = None,
        *,
        in_turn: bool = True,
    ) -> None:
        asked = asked_in(event)
        # Whoever sends a form waits for what becomes of it, and may send it again.
        if (asked and asked.form) or self._seen.take(key, command, thread):
            lanes = lanes or (_lane_of(event),)
            if in_turn:
                self._turns.add(key, lanes, happened_at(event) if at is None else at)
            self._lanes.add(lanes, work, at=at)
        else:
            log.info("Event %s was delivered again; it is not handled again.", key)

    def _refuse(self, message: Event, place: MessageRef, why: str) -> None:
        self._active.wait()
        if self._admits(message):
            self._reply(place, why)

    def _tell_unfinished(self, key: str, seen: SeenEvent) -> None:
        self._tell_admins(f'The desk was stopped while it did "{seen.command}": it may or may not be done.')
        if asker := asker_in(key):
            self._reply(MessageRef(asker), f"`{guard.plain(seen.command.replace('`', '´'))}`: {UNFINISHED}")
        else:
            channel, ts = key.split(":")[:2]
            self._reply(MessageRef(channel, seen.thread or ts), UNFINISHED)
        self._done(key)

    def _head_of_command(self, event: Event, message: Event) -> str:
        """Return how a person's command begins; "" for no command, or if a changed message is not to run again."""
        if not message.get("user") or message.get("bot_id"):
            return ""
        if event.get("subtype") == "message_changed" and not self._may_be_done(event):
            return ""
        head = beginning_of(message, HEAD)
        return head if self._hears(str(event["channel"]), head) else ""

    def _may_be_done(self, change: Event) -> bool:
        """Return whether a message that was changed may have become a command, or one that can be done."""
        before, room = change.get("previous_message"), str(change["channel"])
        was_none = before is not None and (is_direct(room) or not self._hears(room, beginning_of(before, HEAD)))
        return was_none or self.failed.holds(change)

    def _handle_in_turn(self, event: Event, key: str, *, command: bool = False) -> None:
        self._active.wait()
        if not self._turns.may_begin(key, command=command):
            return
        self._current.key = key
        try:
            self._handle(event)
        except Exception as mistake:  # whatever a plugin or Slack raised: a message must not vanish silently
            log.exception("Event %s was not handled", key)  # what people typed does not belong into an error's report
            self._tell_admins(f"What Slack delivered as {key} ({event.get('type')}) was not handled: {mistake!r}")
        finally:
            if (asked := asked_in(event)) and asked.outcome:
                tell_outcome(asked.outcome, NOT_DONE)
            self._done(key)
            self._turns.done(key)

    def _done(self, key: str) -> None:
        """Note that an event was handled. While the desk stops it may have no answer, so it counts as unfinished."""
        if not self._stopping.is_set():
            self._seen.done(key)


def _key_of(event: Event) -> str:
    asked = asked_in(event)
    return asked.key if asked else key_of(event)


def _lane_of(event: Event) -> str:
    asked = asked_in(event)
    return asked.key if asked else lane_of(event)


def _place_of(message: Event) -> MessageRef:
    """Return below which message to say something of a command; of one without, the person to tell it."""
    if asked_in(message) and not thread_of(message):
        return MessageRef(str(message["user"]))
    return MessageRef(str(message["channel"]), thread_of(message) or str(message["ts"]))


def too_long(length: int) -> str:
    """Return the refusal of a command of that many characters."""
    return (
        f"That is {length:,} characters long, and I read {LONGEST_COMMAND:,} at most: nothing of it was done. Shorten "
        "it, by editing the message or in a new one, or send it in parts."
    )


def left_out(over: EndedFlood) -> str:
    """Return what was not done while there was too much: the first commands by name, and how many more."""
    named = ", ".join(f"`{guard.plain(command.replace('`', '´'))}`" for command in over.named)
    more = f" and {over.many - len(over.named):,} more" if over.many > len(over.named) else ""
    return f"I follow again. Left out: {named}{more}. Please type again what is still needed."
