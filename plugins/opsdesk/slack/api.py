"""Slack's Web API as the desk calls it: patient, with looked-up names kept, and no post made twice."""

import logging
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackRequestError
from slack_sdk.web import SlackResponse, WebClient

from opsdesk import clock
from opsdesk.slack.failures import FAILED, ONCE, Trouble, trouble_of
from opsdesk.slack.lookups import Lookups

log = logging.getLogger(__name__)

SLACK = "https://slack.com/api/"
TIMEOUT = 10  # seconds a call may take; Slack itself gives up on slow ones
SKEW = timedelta(minutes=10)  # between this machine's clock and Slack's
PAGES, PAGE = 5, 200
EVENT_TYPE = "desk_post"


class SlackWeb(WebClient):
    """A WebClient that waits when Slack asks it to, up to `patience` for a call, and tries again what is safe.

    A message is posted once: where the answer was lost, the channel is read back before it is posted again.
    `stopping` ends every wait. `token_refused` is told when Slack takes the token no more.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str = SLACK,
        timeout: int = TIMEOUT,
        patience: timedelta = timedelta(minutes=2),
        stopping: threading.Event | None = None,
        token_refused: Callable[[str], None] = lambda reason: None,
        now: clock.Now = clock.now,
    ) -> None:
        super().__init__(token, base_url=base_url, timeout=timeout, retry_handlers=[])
        self.patience, self.now = patience, now
        self._stopping, self._token_refused = stopping or threading.Event(), token_refused
        self.lookups = Lookups(self.api_call)

    def without_retries(self) -> "SlackWeb":
        """The same without patience: whoever uses it decides when to try again."""
        other = SlackWeb(
            self.token or "",
            base_url=self.base_url,
            timeout=self.timeout,
            patience=timedelta(0),
            stopping=self._stopping,
            token_refused=self._token_refused,
            now=self.now,
        )
        other.lookups = self.lookups
        return other

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        """Calls Slack; raises what slack_sdk raises once patience is at its end or trying again cannot help."""
        waits = self._waits()
        while True:
            try:
                return super().api_call(api_method, **arguments)
            except FAILED as failed:
                trouble = trouble_of(failed)
                if trouble.token:
                    self._token_refused(trouble.reason)
                if (trouble.unclear and api_method in ONCE) or not waits(trouble):
                    raise
                log.info("%s: %s; trying again", api_method, trouble.reason)

    def chat_postMessage(self, *, channel: str, **message: Any) -> SlackResponse:  # noqa: N802  # slack_sdk's name
        """Posts once, however often the answer is lost; raises what slack_sdk raises where that cannot be settled."""
        mark = uuid.uuid4().hex
        message["metadata"] = marked(message.get("metadata"), mark)
        begun, thread = self.now(), message.get("thread_ts")
        return self._once(
            lambda: super(SlackWeb, self).chat_postMessage(channel=channel, **message),
            lambda: self._shown(channel, thread, begun, lambda shown: mark_of(shown) == mark),
        )

    def show_file(self, key: str, title: str, channel: str, thread: str | None) -> None:
        """Puts an uploaded file into a channel once; raises likewise."""
        begun = self.now()

        def is_it(shown: dict[str, Any]) -> bool:
            return any(file.get("id") == key for file in shown.get("files") or ())

        self._once(
            lambda: self.files_completeUploadExternal(
                files=[{"id": key, "title": title}], channel_id=channel, thread_ts=thread
            ),
            lambda: self._shown(channel, thread, begun, is_it),
        )

    def put(self, url: str, data: bytes) -> None:
        """Sends a file's bytes to where files.getUploadURLExternal said."""
        waits = self._waits()
        while True:
            try:
                urllib.request.urlopen(urllib.request.Request(url, data, method="POST"), timeout=self.timeout).close()
                return
            except FAILED as failed:
                if not waits(trouble_of(failed)):
                    raise

    def messages(self, channel: str, since: datetime, thread: str | None = None) -> Iterator[dict[str, Any]]:
        """The messages of a channel, or of a thread in it, from `since` on, with their metadata.

        Raises what slack_sdk raises, and so also where there are more than `PAGES`: what comes after those was not
        looked at, and nobody may take it for missing.
        """
        asked: dict[str, Any] = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "limit": PAGE}
        for _ in range(PAGES):
            if thread:
                page = self.conversations_replies(ts=thread, include_all_metadata=True, **asked)
            else:
                page = self.conversations_history(include_all_metadata=True, **asked)
            yield from page.get("messages") or ()
            asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not asked["cursor"]:
                return
        raise SlackRequestError(f"there are more than {PAGES * PAGE} messages to look through")

    def users_info(self, *, user: str, **more: Any) -> SlackResponse:
        """The user, as looked up within the last minutes; a stand-in named by id where Slack does not tell."""
        return self._answer(self.lookups.user(user))

    def bots_info(self, *, bot: str | None = None, **more: Any) -> SlackResponse:
        """The bot, likewise."""
        return self._answer(self.lookups.bot(bot or ""))

    def conversations_info(self, *, channel: str, **more: Any) -> SlackResponse:
        """The conversation, likewise."""
        return self._answer(self.lookups.conversation(channel))

    def team_info(self, *, team: str | None = None, **more: Any) -> SlackResponse:
        """The workspace, as auth.test told of it: slackv3 asks for its domain with every message."""
        return self._answer({"ok": True, "team": {"id": team, "domain": self.lookups.domain()}})

    def _once(self, call: Callable[[], SlackResponse], standing: Callable[[], SlackResponse | None]) -> SlackResponse:
        """Calls again only where the channel itself shows that a lost call was not done."""
        waits = self._waits()
        while True:
            try:
                return call()
            except FAILED as lost:
                trouble = trouble_of(lost)
                again = trouble.unclear and waits(trouble)
                done = self._settled(standing, lost) if trouble.unclear else None
                if done:
                    return done
                if not again:
                    raise
                log.info("%s, and it was not done; trying again", trouble.reason)

    def _settled(self, standing: Callable[[], SlackResponse | None], lost: Exception) -> SlackResponse | None:
        """What stands of a call whose answer was `lost`; raises that where the channel cannot be read."""
        try:
            return standing()
        except FAILED as unread:
            log.info("it cannot be read back whether it was done: %s", trouble_of(unread).reason)
            raise lost from unread

    def _shown(
        self, channel: str, thread: str | None, begun: datetime, is_it: Callable[[dict[str, Any]], bool]
    ) -> SlackResponse | None:
        found = next((shown for shown in self.messages(channel, begun - SKEW, thread) if is_it(shown)), None)
        return self._answer({"ok": True, "channel": channel, "ts": found["ts"], "message": found}) if found else None

    def _answer(self, data: dict[str, Any]) -> SlackResponse:
        return SlackResponse(
            client=self, http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=200
        )

    def _waits(self) -> Callable[[Trouble], bool]:
        """Waits before another attempt, ever longer where Slack names no time; False where it makes no sense."""
        waited, attempt = timedelta(0), 0

        def wait(trouble: Trouble) -> bool:
            nonlocal waited, attempt
            if trouble.wait is None:
                return False
            length = timedelta(seconds=trouble.wait or min(2**attempt / 2, 30))
            waited, attempt = waited + length, attempt + 1
            return waited <= self.patience and not self._stopping.wait(length.total_seconds())

        return wait


def marked(metadata: Any, mark: str) -> dict[str, Any]:
    """Message metadata with `mark` in it, so that the message is known again."""
    payload = dict(metadata["event_payload"]) if metadata else {}
    return {"event_type": EVENT_TYPE, "event_payload": payload | {"mark": mark}}


def payload_of(message: dict[str, Any]) -> dict[str, Any]:
    """What the desk noted in the metadata of a message of its own; empty for others."""
    metadata = message.get("metadata") or {}
    return dict(metadata.get("event_payload") or {}) if metadata.get("event_type") == EVENT_TYPE else {}


def mark_of(message: dict[str, Any]) -> str:
    """The mark in a message's metadata; "" where there is none."""
    return str(payload_of(message).get("mark", ""))
