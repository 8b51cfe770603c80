"""Answers to what was asked without a message: to whoever asked alone, or where all see it, with who it was."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from slack_sdk.webhook import WebhookClient

from opsdesk import guard
from opsdesk.chat import MessageRef, Reply, SendError
from opsdesk.slack import mrkdwn
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.asked import asked_in
from opsdesk.slack.confirmed import confirmed
from opsdesk.slack.events import Event, is_direct, thread_of
from opsdesk.slack.failures import FAILED

log = logging.getLogger(__name__)

CUT = "ask in a channel for all of it"


class Aside:
    """Answers by events that `asked_in` knows. `post` posts in a room and a thread there, with a key."""

    def __init__(
        self,
        web: SlackWeb,
        post: Callable[[str, str, str, str], MessageRef],
        room_of: Callable[[str], str],
        name: Callable[[str], str],
    ) -> None:
        self._web, self._post, self._room_of, self._name = web, post, room_of, name

    def answer(self, event: Event, reply: Reply, *, refused: bool) -> MessageRef | None:
        """Answer, and return where the answer stands if everybody there sees it. Raises a SendError."""
        asked = asked_in(event)
        told = bool(asked and asked.outcome and _tell(asked.outcome, reply.text if refused else ""))
        if refused or reply.alone:
            if not told:
                self.whisper(event, reply.text)
            return None
        posted = self._tell_all(event, reply)
        if posted is None:
            self.whisper(event, reply.text)
        elif posted.room != event["channel"]:
            self.whisper(event, f"{reply.text}\nIt stands elsewhere, since I am not in here: {posted.permalink}")
        return posted

    def whisper(self, event: Event, text: str) -> None:
        """Tell whoever asked, and nobody else. Raises a SendError if there is no way to."""
        self.say(event, mrkdwn.shorten(mrkdwn.write(text, self._name), CUT))

    def say(self, event: Event, written: str) -> None:
        """Tell whoever asked, and nobody else, what is mrkdwn already. Raises a SendError if there is no way to."""
        asked = asked_in(event)
        if asked and asked.response_url and self._respond(asked.response_url, written):
            return
        room, user = str(event["channel"]), str(event["user"])
        if room and not is_direct(room):
            with suppress(*FAILED):
                self._web.chat_postEphemeral(channel=room, user=user, text=written, thread_ts=thread_of(event) or None)
                return
        with confirmed():
            self._web.chat_postMessage(
                channel=self._room_of(user), text=written, parse="none", link_names=False, unfurl_links=False
            )

    def _tell_all(self, event: Event, reply: Reply) -> MessageRef | None:
        """Return where the answer was posted; None where it cannot stand, since the desk is not in there."""
        asked, room = asked_in(event), str(event["channel"])
        # What the desk posts about an incident names who opened it; other answers stand below no words of anybody's.
        text = reply.text if reply.posted else f"{self._name(str(event['user']))}: {reply.text}"
        written = mrkdwn.shorten(mrkdwn.write(text, self._name), CUT)
        others = [(asked.elsewhere, "")] if asked and reply.posted and asked.elsewhere else []
        for where, thread in [*([(room, thread_of(event))] if room else []), *others]:
            try:
                return self._post(where, written, thread, reply.key)
            except SendError as unsent:
                if unsent.unclear or unsent.retry_after:
                    raise
                log.info("An answer cannot stand in %s: %s", where, unsent.reason)
        return None

    def _respond(self, address: str, written: str) -> bool:
        """Return whether Slack took an answer at the address that it gave for it, for half an hour."""
        client = WebhookClient(address, timeout=self._web.timeout, retry_handlers=[])
        try:
            return client.send(text=guard.checked(written), response_type="ephemeral").status_code == 200
        except FAILED as failed:
            log.info("An answer was not taken at its address: %r", failed)
            return False


def _tell(outcome: "Future[str]", text: str) -> bool:
    """Return whether whoever waits for the outcome is still there to be told."""
    if outcome.cancelled():
        return False
    outcome.set_result(text)
    return True
