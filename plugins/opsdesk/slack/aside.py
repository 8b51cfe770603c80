"""Answers to what was asked without a message: to whoever asked alone, or where all see it, with who it was."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from slack_sdk.webhook import WebhookClient

from opsdesk import guard
from opsdesk.chat import MessageRef, Panel, Reply, SendError
from opsdesk.slack import mrkdwn
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.asked import Asked, asked_in, tell_outcome
from opsdesk.slack.confirmed import confirmed
from opsdesk.slack.events import Event, is_direct, thread_of
from opsdesk.slack.failures import FAILED, trouble_of

log = logging.getLogger(__name__)

LONGEST_SAID, ALIKE = 1_000, 200  # characters of what was said in a form, and by how many it is known
CUT = "ask in a channel for all of it"


class Aside:
    """Answers by events that `asked_in` knows. `post` posts in a room and a thread there, with a key and buttons."""

    def __init__(
        self,
        web: SlackWeb,
        post: Callable[[str, str, str, str, Panel | None], MessageRef],
        room_of: Callable[[str], str],
        name: Callable[[str], str],
    ) -> None:
        self._web, self._post, self._room_of, self._name = web, post, room_of, name

    def answer(self, event: Event, reply: Reply, *, refused: bool) -> MessageRef | None:
        """Answer, and return where the answer stands if everybody there sees it. Raises a SendError."""
        asked = asked_in(event)
        if asked and asked.outcome:
            tell_outcome(asked.outcome, reply.text if refused else "")
        if refused or reply.alone:
            if not (asked and asked.outcome and refused):
                self.whisper(event, reply.text)
            return None
        posted = self._tell_all(event, reply)
        if posted is None:
            self.whisper(event, reply.text)
        elif posted.room != event["channel"] and not (asked and asked.form and asked.below):  # its form has closed
            why = "elsewhere, since I am not in here" if event["channel"] else "here"
            self.whisper(event, f"{reply.text}\nIt stands {why}: {posted.permalink}")
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
        below = asked.below if asked and not room and not reply.posted else None
        is_named = reply.posted or (is_direct(room) and not below)
        text = reply.text if is_named else f"{self._name(str(event['user']))}: {_with_words(reply.text, asked)}"
        written = mrkdwn.shorten(mrkdwn.write(text, self._name), CUT)
        others = [(asked.elsewhere, "")] if asked and reply.posted and asked.elsewhere else []
        here = [(room, thread_of(event))] if room else [(below.room, below.thread or below.ts)] if below else []
        for where, thread in [*here, *others]:
            try:
                return self._post(where, written, thread, reply.key, reply.panel)
            except SendError as unsent:
                if unsent.unclear or unsent.retry_after:
                    raise
                log.info("An answer cannot stand in %s: %s", where, unsent.reason)
        return None

    def _respond(self, address: str, written: str) -> bool:
        """Return whether Slack took an answer at the address that it gave for it, for half an hour."""
        client = WebhookClient(address, timeout=self._web.timeout, retry_handlers=[])
        try:
            return (
                client.send(text=guard.checked(written), response_type="ephemeral", replace_original=False).status_code
                == 200
            )
        except FAILED as failed:
            log.info("An answer was not taken at its address: %r", failed)
            return False


def _with_words(answer: str, asked: Asked | None) -> str:
    """Return the answer to a form with what was said in it, unless that stands there: nobody else has seen it."""
    said = asked.said if asked else ""
    if _flat(said)[:ALIKE] in _flat(answer):
        return answer
    cut = said if len(said) <= LONGEST_SAID else f"{said[: LONGEST_SAID - 1]}…"
    return "\n".join([answer, *(f"> {line}" for line in cut.splitlines() if line.strip())])


def _flat(text: str) -> str:
    return " ".join(text.split())


def show_form(web: SlackWeb, trigger: str, view: dict[str, Any]) -> str:
    """Show a form to whoever pressed a moment ago; return why that failed, "" if it did not."""
    try:
        web.views_open(trigger_id=trigger, view=view)
    except FAILED as failed:
        return trouble_of(failed).reason
    return ""
