"""Reads back what was typed while the desk did not listen, once, slowly, in a thread of its own."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

import msgspec

from opsdesk.chat import Unheard
from opsdesk.errors import UserError
from opsdesk.slack.api import SlackWeb, TooManyMessages
from opsdesk.slack.events import Event, EventKind, beginning_of, key_of, kind_of, thread_of, typed_at, typed_in
from opsdesk.slack.failures import FAILED, trouble_of
from opsdesk.slack.gaps import Gap, Gaps
from opsdesk.slack.seen import SeenEvents
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

PAUSE = 2.0  # seconds between two looks into a room: Slack allows fifty pages a minute
RETRY = timedelta(minutes=1)
MOST_PLACES = 60
MOST_LOOKS = 5  # into one room, of a thousand messages each
PREFIX = 40  # characters in which a command's "!" or the desk's name stands
MOMENT = timedelta(microseconds=1)

Where = tuple[str, str]  # a room, and a thread in it or ""


class Meanwhile(msgspec.Struct, frozen=True):
    """What reading back asks of the desk: where people type, whose commands count (by id), and to take what was found.

    `found` is handed the gap's key, what was typed in it, and what calls the desk; it may raise a UserError.
    """

    places: Callable[[], Iterable[Where]]
    is_member: Callable[[str], bool]
    found: Callable[[str, Sequence[Unheard], Sequence[str]], None]


class GapReadBack:
    """Hands on what was typed in each of the `gaps`, unless it was `seen`. What cannot be read is tried again."""

    def __init__(
        self,
        web: SlackWeb,
        gaps: Gaps,
        seen: SeenEvents,
        *,
        meanwhile: Meanwhile,
        calls: Callable[[], tuple[str, ...]],
        tell_admins: Callable[[str], None],
        stopping: threading.Event,
    ) -> None:
        self._web, self._gaps, self._seen, self._calls = web, gaps, seen, calls
        self._meanwhile, self._tell_admins, self._stopping = meanwhile, tell_admins, stopping
        self._worker, self._reading = Workers(1, "read back"), False
        self._not_before = datetime.min.replace(tzinfo=UTC)

    def tick(self, at: datetime) -> None:
        """Begin to read where it is due. Waits for nothing: Slack may hang."""
        pauses = timedelta() < self._not_before - at <= RETRY  # no longer, by whatever clock
        if self._reading or pauses or not (gap := self._gaps.due()):
            return
        self._reading = True
        self._worker.do(lambda: self._read_safely(gap, at))

    def read(self, gap: Gap) -> None:
        """Read a gap back. Raises what slack_sdk raises, and a UserError where it cannot be kept."""
        typed: dict[str, Unheard] = {}
        for room, thread in islice(dict.fromkeys(self._meanwhile.places()), MOST_PLACES):
            for message in self._messages(gap, room, thread):
                if one := self._unheard(gap, {**message, "channel": room}):
                    typed[f"{one.room}/{one.ts}"] = one
        if self._stopping.is_set():
            return
        self._meanwhile.found(gap.key, sorted(typed.values(), key=lambda one: one.at), self._calls())
        self._gaps.done(gap)

    def message(self, room: str, ts: str, thread: str) -> Event | None:
        """Return a message as it stands now, as an event; None if it is gone. Raises what slack_sdk raises."""
        at = datetime.fromtimestamp(float(ts), UTC)
        for one in self._web.messages(room, at - MOMENT, thread or None, at + MOMENT):
            if one.get("ts") == ts:
                return {**one, "type": "message", "channel": room}
        return None

    def _messages(self, gap: Gap, room: str, thread: str) -> Iterator[Event]:
        """Yield what stands there, the latest first; tell the admins where it is more than can be read."""
        until = gap.until
        for _ in range(MOST_LOOKS):
            if self._stopping.wait(PAUSE):
                return
            oldest = until
            try:
                for message in self._web.messages(room, gap.since, thread or None, until):
                    oldest = min(oldest, datetime.fromtimestamp(float(message["ts"]), UTC))
                    yield message
            except TooManyMessages:
                until = oldest - MOMENT
            except FAILED as failed:
                if trouble_of(failed).wait is not None:
                    raise
                log.warning("%s cannot be read back: %s", room, trouble_of(failed).reason)
                return
            else:
                return
        self._tell_admins(f"More was said in <#{room}> while I did not listen than I can read back.")

    def _unheard(self, gap: Gap, message: Event) -> Unheard | None:
        """Return the command in a message; None where it is none, was received, or is by nobody who may give one."""
        own = self._web.lookups.own_ids()
        at = datetime.fromtimestamp(float(message["ts"]), UTC)
        is_typed = kind_of(message, own.user, own.bot) is EventKind.TYPED and message.get("user")
        if not is_typed or not gap.since <= at <= gap.until or self._seen.holds(key_of(message)):
            return None
        is_command = beginning_of(message, PREFIX).startswith(self._calls())
        if not is_command or not self._meanwhile.is_member(str(message["user"])):
            return None
        place = {"room": str(message["channel"]), "ts": str(message["ts"]), "thread": thread_of(message)}
        return Unheard(**place, by=str(message["user"]), at=typed_at(message), text=typed_in(message))

    def _read_safely(self, gap: Gap, at: datetime) -> None:
        try:
            self.read(gap)
        except FAILED as failed:
            log.warning("What was typed meanwhile is read back later: %s", trouble_of(failed).reason)
            self._not_before = at + RETRY
        except UserError as refusal:
            log.warning("What was typed meanwhile is read back later: %s", refusal)
            self._not_before = at + RETRY
        except Exception:  # whatever it was, what is typed now is heard all the same
            log.exception("Reading back met a mistake")
            self._not_before = at + RETRY
        finally:
            self._reading = False
