"""The desk's own messages as Slack shows them. Nobody else's counts, whatever metadata it carries."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from opsdesk.chat import MessageRef, SentMessage
from opsdesk.slack import mrkdwn
from opsdesk.slack.api import SlackWeb, TooManyMessages, payload_of
from opsdesk.slack.events import thread_of

Shown = dict[str, Any]  # a message in an answer of conversations.history


class OwnMessages:
    """Finds what the desk sent. `warn` is called once with words about each message that only pretends to be its own.

    `link` gives a message's address by channel, ts and thread.
    """

    def __init__(self, web: SlackWeb, link: Callable[[str, str, str], MessageRef], warn: Callable[[str], None]) -> None:
        self._web, self._link, self._warn = web, link, warn
        self._foreign: set[tuple[str, str]] = set()

    def find(self, channel: str, key: str, since: datetime, until: datetime | None, thread: str) -> list[SentMessage]:
        """Return the messages with this key, oldest first. Raises what slack_sdk raises.

        Of more messages than are looked through, the latest are: TooManyMessages is raised only if none of those is it.
        """
        found: list[SentMessage] = []
        try:
            for one in self._with_key(channel, key, since, until, thread):
                found.append(one)  # those before an error count
        except TooManyMessages:
            if not found:
                raise
        return sorted(found, key=lambda one: one.ref.ts)

    def _with_key(
        self, channel: str, key: str, since: datetime, until: datetime | None, thread: str
    ) -> Iterator[SentMessage]:
        own = self._web.lookups.own_ids()
        for message in self._web.messages(channel, since, thread or None, until):
            if payload_of(message).get("key") != key:
                continue
            if own.sent(message):
                yield self._sent(channel, message)
            else:
                self._report(channel, message)

    def _sent(self, channel: str, message: Shown) -> SentMessage:
        payload = payload_of(message)
        return SentMessage(
            ref=self._link(channel, str(message["ts"]), thread_of(message)),
            record=str(payload.get("record", "")),
            version=str(payload.get("version", "")),
            text=mrkdwn.read(str(message.get("text") or "")),
            replies=int(message.get("reply_count") or 0),
        )

    def _report(self, channel: str, message: Shown) -> None:
        if (channel, str(message["ts"])) in self._foreign:
            return
        self._foreign.add((channel, str(message["ts"])))
        sender = message.get("user") or message.get("bot_id") or "somebody unknown"
        link = self._link(channel, str(message["ts"]), thread_of(message)).permalink
        self._warn(
            f"A message that {sender} sent carries the desk's metadata, as if the desk had sent it. "
            f"It is ignored: {link or channel}"
        )


def sent_at(ts: str) -> datetime | None:
    """Return when a message with this ts was sent, by Slack's clock, in UTC; None for what is no ts."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return None
