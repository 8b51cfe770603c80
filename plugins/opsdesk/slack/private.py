"""What somebody is told, and nobody else, of private data in their own message."""

import logging
from collections.abc import Sequence

from opsdesk import guard
from opsdesk.guard import Kind
from opsdesk.slack import mrkdwn
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.events import Event, thread_of
from opsdesk.slack.failures import FAILED, trouble_of

log = logging.getLogger(__name__)


def tell_of_private_data(web: SlackWeb, event: Event) -> None:
    """Tell whoever typed a message, and nobody else, that private data in it was masked, and to delete it."""
    kinds = guard.mask(mrkdwn.read(str(event.get("text") or "")), guard.team()).kinds
    if kinds:
        whisper(web, str(event["channel"]), str(event["user"]), _warning(kinds), thread=thread_of(event))


def whisper(web: SlackWeb, room: str, user: str, text: str, *, thread: str = "") -> None:
    """Tell somebody something in a room, or in a thread there, that nobody else sees; log it if Slack refuses."""
    try:
        web.chat_postEphemeral(channel=room, user=user, text=text, thread_ts=thread or None)
    except FAILED as failed:
        log.warning("Something was not told to %s alone: %s", user, trouble_of(failed).reason)


def _warning(kinds: Sequence[Kind]) -> str:
    found = ", ".join(kind.about for kind in kinds)
    labels = ", ".join(kind.label for kind in kinds)
    return (
        f"Your message holds private data ({found}). I keep and repeat it as {labels}, but your message still shows "
        "it: please delete it, and write it again without."
    )
