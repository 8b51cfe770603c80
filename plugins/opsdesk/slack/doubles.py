"""Messages that stand twice, since Slack carried out a call that had been given up: all but one are taken away."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import msgspec

from opsdesk.chat import Job, Outbox, SendError
from opsdesk.errors import UserError
from opsdesk.slack.confirmed import confirmed
from opsdesk.slack.events import thread_of
from opsdesk.store import KeyedTable, Store

log = logging.getLogger(__name__)

LOOKS = (timedelta(minutes=1), timedelta(minutes=5))  # after a call whose answer was lost
MOST = 500  # messages that are looked for at a time: in a long outage of Slack the rest are left
OLD = timedelta(days=1)  # after an end of the desk, what is older is not looked for

Shown = dict[str, Any]


class UnansweredMessage(msgspec.Struct, frozen=True):
    """A message whose call was not answered, and what its metadata has under `label`, however often it is sent.

    `ts` is that of the message that Slack has confirmed, "" if none.
    """

    channel: str
    thread: str | None
    label: str
    name: str
    since: datetime
    ts: str = ""

    @property
    def id(self) -> tuple[str, str]:
        """Return what tells it from any other message."""
        return self.channel, self.name


class OwnPosts(Protocol):
    """What the search needs of Slack's Web API. Every call raises what slack_sdk raises."""

    def own_messages(self, sent: UnansweredMessage) -> list[Shown]:
        """Return how often a message of the desk's own stands, oldest first."""

    def link(self, room: str, ts: str, thread: str = "") -> str:
        """Return the permalink of a message; "" if Slack does not tell the workspace's address."""

    def chat_update(self, *, channel: str, ts: str, text: str) -> object:
        """Give a message another text."""

    def chat_delete(self, *, channel: str, ts: str) -> object:
        """Take a message away."""


class Doubles:
    """Looks for messages that were sent twice, in a thread of its own. `tell_admins` hears of those that stay.

    What is looked for is in the store once that is open, so that the end of the desk ends no search.
    """

    def __init__(self, tell_admins: Callable[[str], None] = log.error, looks: Sequence[timedelta] = LOOKS) -> None:
        self._tell_admins, self._looks = tell_admins, looks
        self._sought: dict[tuple[str, str], UnansweredMessage] = {}  # by id
        self._told: set[str] = set()  # where messages stay
        self._jobs, self._lock = Outbox(), threading.Lock()
        self._kept: KeyedTable[UnansweredMessage] | None = None

    def open(self, web: OwnPosts, store: Store, at: datetime) -> None:
        """Go on looking for what was looked for when the desk ended."""
        self._kept = store.keyed("sent twice", UnansweredMessage, passing=True)
        try:
            self._kept.forget(None, lambda sent: at - sent.since > OLD)
            left = self._kept.all(None)
        except UserError as damaged:
            log.warning("What may have been sent twice cannot be read: %s", damaged)
            return
        for sent in left.values():
            self.look_for(web, sent)

    def look_for(self, web: OwnPosts, sent: UnansweredMessage) -> None:
        """Look for the message in a minute, and once more later: it may be carried out twice."""
        with self._lock:
            if sent.id in self._sought or len(self._sought) >= MOST:
                return
            self._sought[sent.id] = sent
        self._keep(sent)
        for number, after in enumerate(self._looks, start=1):
            look = partial(self._look, web, sent, last=number == len(self._looks))
            name = f"look {number} for {sent.name} in {sent.channel}"
            self._jobs.add(Job(name, look, partial(self._ended, sent)), after)

    def confirmed(self, channel: str, name: str, ts: str) -> None:
        """Note which message counts, if it is looked for."""
        with self._lock:
            if (channel, name) not in self._sought:
                return
            sent = msgspec.structs.replace(self._sought[channel, name], ts=ts)
            self._sought[sent.id] = sent
        self._keep(sent)

    def close(self) -> None:
        """End the thread."""
        self._jobs.close()

    def _look(self, web: OwnPosts, sent: UnansweredMessage, *, last: bool) -> None:
        with confirmed():
            self._put_right(web, sent, web.own_messages(sent))
        if last:
            self._ended(sent)

    def _put_right(self, web: OwnPosts, sent: UnansweredMessage, shown: list[Shown]) -> None:
        """Take away all but the message that Slack has confirmed, or else all but the first."""
        counts = self._sought.get(sent.id, sent).ts
        kept = next((one for one in shown if one["ts"] == counts), shown[0] if shown else None)
        for one in shown:
            if kept and one is not kept:
                self._take_away(web, sent.channel, one, link_to(web, sent.channel, kept))

    def _take_away(self, web: OwnPosts, channel: str, shown: Shown, counts: str) -> None:
        """Delete a message; one with replies becomes a line with a link to the one that counts."""
        log.warning("A message stood twice in %s: %s", channel, shown["ts"])
        try:
            with confirmed("message_not_found"):
                if shown.get("reply_count"):
                    text = f"(sent twice by mistake: what counts is {counts})"
                    web.chat_update(channel=channel, ts=shown["ts"], text=text)
                else:
                    web.chat_delete(channel=channel, ts=shown["ts"])
        except SendError as refused:
            if refused.retry_after is not None:
                raise
            where = link_to(web, channel, shown)
            if where in self._told:
                return
            self._told.add(where)
            self._tell_admins(f"A message was sent twice; the second could not be deleted ({refused.reason}): {where}")

    def _keep(self, sent: UnansweredMessage) -> None:
        """Keep what is looked for. Where it cannot be kept, it is looked for until the desk ends."""
        if self._kept is None:
            return
        try:
            self._kept.change(None, " ".join(sent.id), lambda known: sent)
        except UserError as refusal:
            log.warning("That %s in %s is looked for is not noted: %s", sent.name, sent.channel, refusal)

    def _ended(self, sent: UnansweredMessage, reason: str = "") -> None:
        if self._kept is not None:
            try:
                self._kept.forget(None, lambda one: one.id == sent.id)
            except UserError as refusal:
                log.warning("%s in %s is looked for again after the next start: %s", sent.name, sent.channel, refusal)
        with self._lock:
            self._sought.pop(sent.id, None)


def link_to(web: OwnPosts, channel: str, shown: Shown) -> str:
    """Return the permalink of a message; its channel if Slack does not tell the workspace's address."""
    return web.link(channel, str(shown["ts"]), thread_of(shown)) or channel
