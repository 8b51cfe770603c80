"""Messages that stand twice, since Slack carried out a call that had been given up: all but one are taken away."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from opsdesk.chat import Job, Outbox, SendError
from opsdesk.slack.confirmed import confirmed
from opsdesk.slack.events import thread_of

if TYPE_CHECKING:
    from opsdesk.slack.api import SlackWeb

log = logging.getLogger(__name__)

LOOKS = (timedelta(minutes=1), timedelta(minutes=5))  # after a call whose answer was lost
MOST = 500  # messages that are looked for at a time: in a long outage of Slack the rest are left

Shown = dict[str, Any]


class Sent(msgspec.Struct, frozen=True):
    """A message whose call was not answered, and what its metadata has under `label`, however often it is sent."""

    channel: str
    thread: str | None
    label: str
    name: str
    since: datetime

    @property
    def id(self) -> tuple[str, str]:
        """Return what tells it from any other message."""
        return self.channel, self.name


class Doubles:
    """Looks for messages that were sent twice, in a thread of its own. `tell_admins` hears of those that stay."""

    def __init__(self, tell_admins: Callable[[str], None] = log.error, looks: Sequence[timedelta] = LOOKS) -> None:
        self._tell_admins, self._looks = tell_admins, looks
        self._counted: dict[tuple[str, str], str] = {}  # by id, the ts that Slack has confirmed, "" if none
        self._told: set[str] = set()  # where messages stay
        self._jobs, self._lock = Outbox(), threading.Lock()

    def look_for(self, web: "SlackWeb", sent: Sent) -> None:
        """Look for the message in a minute, and once more later: it may be carried out twice."""
        with self._lock:
            if sent.id in self._counted or len(self._counted) >= MOST:
                return
            self._counted[sent.id] = ""
        for number, after in enumerate(self._looks, start=1):
            look = partial(self._look, web, sent, last=number == len(self._looks))
            name = f"look {number} for {sent.name} in {sent.channel}"
            self._jobs.add(Job(name, look, partial(self._ended, sent)), after)

    def confirmed(self, channel: str, name: str, ts: str) -> None:
        """Note which message counts, if it is looked for."""
        with self._lock:
            if (channel, name) in self._counted:
                self._counted[channel, name] = ts

    def close(self) -> None:
        """End the thread."""
        self._jobs.close()

    def _look(self, web: "SlackWeb", sent: Sent, *, last: bool) -> None:
        with confirmed():
            self._put_right(web, sent, web.own_messages(sent))
        if last:
            self._ended(sent)

    def _put_right(self, web: "SlackWeb", sent: Sent, shown: list[Shown]) -> None:
        """Take away all but the message that Slack has confirmed, or else all but the first."""
        kept = next((one for one in shown if one["ts"] == self._counted.get(sent.id)), shown[0] if shown else None)
        for one in shown:
            if kept and one is not kept:
                self._take_away(web, sent.channel, one, link_to(web, sent.channel, kept))

    def _take_away(self, web: "SlackWeb", channel: str, shown: Shown, counts: str) -> None:
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

    def _ended(self, sent: Sent, reason: str = "") -> None:
        with self._lock:
            self._counted.pop(sent.id, None)


def link_to(web: "SlackWeb", channel: str, shown: Shown) -> str:
    """Return the permalink of a message; its channel if Slack does not tell the workspace's address."""
    return web.link(channel, str(shown["ts"]), thread_of(shown)) or channel
