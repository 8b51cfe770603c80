"""Slack's Web API as the desk calls it: with retries, with names kept for minutes, and with no post made twice."""

import logging
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackRequestError
from slack_sdk.web import SlackResponse, WebClient

from opsdesk import clock, guard
from opsdesk.clock import Backoff
from opsdesk.slack.call_limit import TIMEOUT, CallLimit
from opsdesk.slack.doubles import Doubles, UnansweredMessage
from opsdesk.slack.doubt import TokenDoubt
from opsdesk.slack.failures import FAILED, ONCE, CallFailure, trouble_of
from opsdesk.slack.lookups import Lookups
from opsdesk.tally import timed

log = logging.getLogger(__name__)

SLACK = "https://slack.com/api/"
SKEW = timedelta(minutes=10)  # between this machine's clock and Slack's
BACKOFF = Backoff(first=timedelta(seconds=0.5), longest=timedelta(seconds=30))
PAGES, PAGE = 5, 200
EVENT_TYPE = "desk_post"
# What an answer has in it, whatever it tells: without that it is an answer of somebody in between, or the half of one.
TELLS = {
    "auth.test": "user_id",
    "chat.postMessage": "ts",
    "conversations.history": "messages",
    "conversations.open": "channel",
    "conversations.replies": "messages",
    "files.getUploadURLExternal": "upload_url",
}
Metadata = dict[str, Any]


class TooManyMessages(SlackRequestError):
    """There are more messages than the desk looks through."""


class SlackWeb(WebClient):
    """A WebClient that waits when Slack asks it to, up to `patience` for each call, and retries what is safe.

    A message is posted once: if the answer was lost, the channel is read back before the message is posted again.
    `stopping` ends every wait. `doubt` follows whether Slack takes the token; without one a refusal is final.
    `doubles` looks for what may have been sent twice all the same.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str = SLACK,
        timeout: int = TIMEOUT,
        patience: timedelta = timedelta(minutes=2),
        stopping: threading.Event | None = None,
        doubt: TokenDoubt | None = None,
        doubles: Doubles | None = None,
        now: clock.Now = clock.now,
    ) -> None:
        super().__init__(token, base_url=base_url, timeout=timeout, retry_handlers=[])
        self.patience, self.now, self._limit = patience, now, CallLimit(timeout)
        self._stopping, self._doubt = stopping or threading.Event(), doubt or TokenDoubt()
        self._doubles = doubles or Doubles()
        self.lookups = Lookups(self.api_call)

    def without_retries(self) -> "SlackWeb":
        """Return a client that never retries; its caller does."""
        other = SlackWeb(
            self.token or "",
            base_url=self.base_url,
            timeout=self.timeout,
            patience=timedelta(0),
            stopping=self._stopping,
            doubt=self._doubt,
            doubles=self._doubles,
            now=self.now,
        )
        other.lookups = self.lookups
        return other

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        """Call Slack, after a last look at what is said; raise what slack_sdk raises once a retry cannot help, or the
        patience is used up.
        """
        waits, said, call = self._waits(), guard.checked_call(arguments), self._limit.within(super().api_call)
        while True:
            try:
                answer = timed("slack", api_method, lambda: _whole(api_method, call(api_method, **said)))
            except FAILED as failed:
                trouble = trouble_of(failed)
                if trouble.token and not self._doubt.refused(api_method, trouble.reason):
                    raise
                if (trouble.unclear and api_method in ONCE) or not waits(trouble):
                    raise
                log.info("%s: %s; trying again", api_method, trouble.reason)
            else:
                self._doubt.taken(api_method)
                return answer

    def chat_postMessage(self, *, channel: str, **message: Any) -> SlackResponse:  # noqa: N802  # slack_sdk's name
        """Post once, even if the answer is lost; raise what slack_sdk raises if the channel cannot be read back."""
        mark = uuid.uuid4().hex
        message["metadata"] = marked(message.get("metadata"), mark)
        begun, thread = self.now(), message.get("thread_ts")
        sent = _sent(channel, thread, message["metadata"]["event_payload"], begun)
        answer = self._once(
            lambda: super(SlackWeb, self).chat_postMessage(channel=channel, **message),
            lambda: self._shown(channel, thread, begun, lambda shown: mark_of(shown) == mark),
            lambda: self._doubles.look_for(self.without_retries(), sent) if sent else None,
        )
        if sent:
            self._doubles.confirmed(channel, sent.name, str(answer["ts"]))
        return answer

    def own_messages(self, sent: UnansweredMessage) -> list[dict[str, Any]]:
        """Return how often a message of the desk's own stands, oldest first. Raises what slack_sdk raises."""
        own = self.lookups.own_ids()
        messages = self.messages(sent.channel, sent.since - SKEW, sent.thread)
        found = [one for one in messages if own.sent(one) and payload_of(one).get(sent.label) == sent.name]
        return sorted(found, key=lambda one: str(one["ts"]))

    def link(self, room: str, ts: str, thread: str = "") -> str:
        """Return the permalink of a message; "" if Slack does not tell the workspace's address."""
        home = self.lookups.home()
        link = f"{home}archives/{room}/p{ts.replace('.', '')}" if home else ""
        return link + (f"?thread_ts={thread}&cid={room}" if thread and link else "")

    def show_file(self, key: str, title: str, channel: str, thread: str | None) -> None:
        """Show an uploaded file in a channel once; raise what slack_sdk raises if the channel cannot be read back."""
        begun = self.now()

        def is_it(shown: dict[str, Any]) -> bool:
            return any(file.get("id") == key for file in shown.get("files") or ())

        self._once(
            lambda: self.files_completeUploadExternal(
                files=[{"id": key, "title": guard.checked(title)}], channel_id=channel, thread_ts=thread
            ),
            lambda: self._shown(channel, thread, begun, is_it),
        )

    def upload_bytes(self, url: str, data: bytes) -> None:
        """Send a file's bytes to the address that files.getUploadURLExternal returned."""
        waits = self._waits()
        while True:
            try:
                urllib.request.urlopen(urllib.request.Request(url, data, method="POST"), timeout=self.timeout).close()
                return
            except FAILED as failed:
                if not waits(trouble_of(failed)):
                    raise

    def auth_test(self, **more: Any) -> SlackResponse:
        """Return whose token it is, and remember it."""
        answer = super().auth_test(**more)
        self.lookups.signed_in(dict(answer.data))  # type: ignore[arg-type]  # bytes only of files
        return answer

    def messages(
        self, channel: str, since: datetime, thread: str | None = None, until: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the messages of a channel, or of a thread in it, from `since` to `until`, with their metadata.

        Raises what slack_sdk raises. Raises TooManyMessages beyond `PAGES` pages: a message that was not looked at
        must not be taken for missing.
        """
        asked: dict[str, Any] = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "limit": PAGE}
        if until:
            asked |= {"latest": f"{until.timestamp():.6f}", "inclusive": True}
        for _ in range(PAGES):
            if thread:
                page = self.conversations_replies(ts=thread, include_all_metadata=True, **asked)
            else:
                page = self.conversations_history(include_all_metadata=True, **asked)
            yield from page["messages"]
            asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not asked["cursor"]:
                return
        raise TooManyMessages(f"there are more than {PAGES * PAGE} messages to look through")

    def users_info(self, *, user: str, **more: Any) -> SlackResponse:
        """Return the user as of the last minutes; a stand-in named by the id if Slack does not tell."""
        return self._answer(self.lookups.user(user))

    def bots_info(self, *, bot: str | None = None, **more: Any) -> SlackResponse:
        """Return the bot as of the last minutes; a stand-in named by the id if Slack does not tell."""
        return self._answer(self.lookups.bot(bot or ""))

    def conversations_info(self, *, channel: str, **more: Any) -> SlackResponse:
        """Return the conversation as of the last minutes; a stand-in named by the id if Slack does not tell."""
        return self._answer(self.lookups.conversation(channel))

    def team_info(self, *, team: str | None = None, **more: Any) -> SlackResponse:
        """Return the workspace from auth.test: slackv3 asks for its domain with every message."""
        return self._answer({"ok": True, "team": {"id": team, "domain": self.lookups.domain()}})

    def _once(
        self,
        call: Callable[[], SlackResponse],
        read_back: Callable[[], SlackResponse | None],
        lost_one: Callable[[], None] = lambda: None,
    ) -> SlackResponse:
        """Make a call, and make it again only if the channel itself shows that a lost one was not done.

        `lost_one` is called whenever an answer was lost: the call may still be done.
        """
        waits = self._waits()
        while True:
            try:
                return call()
            except FAILED as lost:
                trouble = trouble_of(lost)
                if trouble.unclear:
                    lost_one()
                again = trouble.unclear and waits(trouble)
                done = self._found(read_back, lost) if trouble.unclear else None
                if done:
                    return done
                if not again:
                    raise
                log.info("%s, and it was not done; trying again", trouble.reason)

    def _found(self, read_back: Callable[[], SlackResponse | None], lost: Exception) -> SlackResponse | None:
        """Return what the channel shows of a call whose answer was `lost`; raise `lost` if it cannot be read."""
        try:
            return read_back()
        except FAILED as unread:
            log.info("it cannot be read back whether it was done: %s", trouble_of(unread).reason)
            raise lost from unread

    def _shown(
        self, channel: str, thread: str | None, begun: datetime, is_it: Callable[[dict[str, Any]], bool]
    ) -> SlackResponse | None:
        own = self.lookups.own_ids()
        messages = (shown for shown in self.messages(channel, begun - SKEW, thread) if own.sent(shown))
        found = next(filter(is_it, messages), None)
        return self._answer({"ok": True, "channel": channel, "ts": found["ts"], "message": found}) if found else None

    def _answer(self, data: dict[str, Any]) -> SlackResponse:
        return SlackResponse(
            client=self, http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=200
        )

    def _waits(self) -> Callable[[CallFailure], bool]:
        """Return what waits before a retry, longer each time unless Slack names a time; it gives False for no retry."""
        waited, tries = timedelta(0), 0

        def wait(trouble: CallFailure) -> bool:
            nonlocal waited, tries
            if trouble.wait is None:
                return False
            tries += 1
            length = BACKOFF.after(tries, timedelta(seconds=trouble.wait))
            waited += length
            return waited <= self.patience and not self._stopping.wait(length.total_seconds())

        return wait


def _whole(method: str, answer: SlackResponse) -> SlackResponse:
    """Return the answer to a call; raise what slack_sdk raises where it does not tell what was asked."""
    if method in TELLS and answer.get(TELLS[method]) is None:
        raise SlackRequestError("what answered was not Slack")
    return answer


def _sent(channel: str, thread: str | None, payload: dict[str, Any], begun: datetime) -> UnansweredMessage | None:
    """Return what to look for if the answer is lost; None for a post with a record, which is looked for by that."""
    label = "key" if payload.get("key") else "mark"
    return None if payload.get("record") else UnansweredMessage(channel, thread, label, str(payload[label]), begun)


def metadata_of(key: str = "", record: str = "", version: str = "") -> Metadata | None:
    """Return what a message carries unseen, by which the desk knows it again; None without a key."""
    payload = {"key": key, "record": record, "version": version}
    return {"event_type": EVENT_TYPE, "event_payload": {k: v for k, v in payload.items() if v}} if key else None


def marked(metadata: Any, mark: str) -> dict[str, Any]:
    """Return message metadata with `mark` in it, by which the message is found again."""
    payload = dict(metadata["event_payload"]) if metadata else {}
    return {"event_type": EVENT_TYPE, "event_payload": payload | {"mark": mark}}


def payload_of(message: dict[str, Any]) -> dict[str, Any]:
    """Return what the desk noted in the metadata of its own message; empty for others."""
    metadata = message.get("metadata") or {}
    return dict(metadata.get("event_payload") or {}) if metadata.get("event_type") == EVENT_TYPE else {}


def mark_of(message: dict[str, Any]) -> str:
    """Return the mark in a message's metadata; "" if there is none."""
    return str(payload_of(message).get("mark", ""))
