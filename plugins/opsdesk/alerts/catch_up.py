"""What arrived while the desk was down or deaf, read back from the alert channels: once, with its own time."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec

from opsdesk.alerts.intake import AlertIntake
from opsdesk.chat import Chat, SendError
from opsdesk.errors import UserError
from opsdesk.store import Store
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)  # also without a gap that anybody noticed
RETRY = timedelta(seconds=30)
AT_MOST = timedelta(days=3)  # how far back
OVERLAP = timedelta(minutes=2)  # read twice, for what arrived out of order: notifications are known by their id


class ReadUpTo(msgspec.Struct, frozen=True):
    """Up to when an alert channel has been read without a gap."""

    at: datetime


class CatchUp:
    """Reads the alert channels back at the start, after each gap in the connection, and every few minutes.

    `beside` reads what else others may have said meanwhile. The admins hear by `complain` of a channel that cannot be
    read.
    """

    def __init__(
        self,
        store: Store,
        chat: Chat,
        intake: AlertIntake,
        rooms: Sequence[str],
        beside: Callable[[], None] = lambda: None,
        complain: Callable[[str], None] = log.warning,
    ) -> None:
        self._kept = store.keyed("alert channels read", ReadUpTo)
        self._chat, self._intake, self._rooms = chat, intake, tuple(rooms)
        self._beside, self._complain = beside, complain
        self._failing: dict[str, datetime] = {}  # since when each channel could not be read
        self._told = set[str]()
        self._worker = Workers(1, "alerts read back")
        self._gaps: int | None = None
        self._due = datetime.min.replace(tzinfo=UTC)
        self._reading = False

    def tick(self, at: datetime) -> None:
        """Begin to read where it is due. Waits for nothing: the chat may hang."""
        if not self._rooms or not self._chat.reads_back or self._reading:
            return
        if self._gaps == self._chat.gaps and timedelta() < self._due - at <= EVERY:  # no longer, by whatever clock
            return
        self._reading, self._gaps = True, self._chat.gaps
        self._worker.do(lambda: self._read_all(at))

    def read(self, room: str, at: datetime) -> None:
        """Read a channel from where it was last read to its end; raise a SendError where the chat does not answer."""
        since = self._since(room, at)
        latest = since
        for message in sorted(self._chat.history(room, since), key=lambda one: str(one.get("ts", ""))):
            group = self._intake.message({**message, "channel": room}, read_back=True)
            latest = max(latest, group.last_at) if group else latest
        self._kept.change(None, room, lambda before: ReadUpTo(max(latest, at - OVERLAP)))

    def _since(self, room: str, at: datetime) -> datetime:
        kept = self._kept.get(None, room)
        return max(kept.at - OVERLAP if kept else at - timedelta(hours=12), at - AT_MOST)

    def _read_all(self, at: datetime) -> None:
        try:
            for room in self._rooms:
                self._tell(room, _trouble(partial(self.read, room, at)), at)
            beside = _trouble(self._beside)
            self._due = at + (RETRY if beside or set(self._failing) - self._told else EVERY)
        finally:
            self._reading = False

    def _tell(self, room: str, trouble: str, at: datetime) -> None:
        """Tell the admins, once, of a channel that could not be read for some minutes, and that it can again."""
        if not trouble:
            self._failing.pop(room, None)
            if room in self._told:
                self._told.discard(room)
                self._complain(f"The alert channel <#{room}> is read back again.")
        elif at - self._failing.setdefault(room, at) >= EVERY and room not in self._told:
            self._told.add(room)
            self._complain(
                f"The alert channel <#{room}> cannot be read back: {trouble}. What I missed there is missing."
            )


def _trouble(read: Callable[[], None]) -> str:
    """Return why reading failed, "" if it did not: one channel keeps no other from being read."""
    try:
        read()
    except (SendError, UserError) as failed:
        log.warning("The alert channels could not be read back: %s", failed)
        return str(failed).rstrip(".")
    except Exception:  # whatever it was, alerts that arrive now are taken all the same
        log.exception("Reading the alert channels back met a mistake")
        return "a mistake of mine, which is in the log"
    return ""
