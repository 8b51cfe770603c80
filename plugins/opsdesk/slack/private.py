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
    kinds = guard.mask(mrkdwn.read(str(event.get("text") or ""))).kinds
    if not kinds:
        return
    place = {"channel": event["channel"], "user": event["user"], "thread_ts": thread_of(event) or None}
    try:
        web.chat_postEphemeral(text=_warning(kinds), **place)
    except FAILED as failed:
        log.warning("Somebody was not told of private data in their message: %s", trouble_of(failed).reason)


def _warning(kinds: Sequence[Kind]) -> str:
    found = ", ".join(kind.about for kind in kinds)
    labels = ", ".join(kind.label for kind in kinds)
    return (
        f"Your message holds private data ({found}). I keep and repeat it as {labels}, but your message still shows "
        "it: please delete it, and write it again without."
    )
