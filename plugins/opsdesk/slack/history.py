"""What a channel or a thread holds since some moment, however much that is."""

from datetime import UTC, datetime

from opsdesk.slack.api import SlackWeb, TooManyMessages
from opsdesk.slack.events import Event

MOST_LOOKS = 10


def history(web: SlackWeb, room: str, since: datetime, thread: str) -> list[Event]:
    """Return the messages of a room, or of a thread in it, since then. Raises what slack_sdk raises.

    A busy channel is read in several looks, each of what is older than the look before: Slack gives the latest first.
    Of a thread it gives the oldest first, so that is one look. Raises TooManyMessages where even that is too little.
    """
    found: dict[str, Event] = {}
    until: datetime | None = None
    for _ in range(1 if thread else MOST_LOOKS):
        try:
            for message in web.messages(room, since, thread or None, until):
                found[str(message["ts"])] = message
        except TooManyMessages as more:
            too_many, until = more, datetime.fromtimestamp(float(min(found)), UTC)
        else:
            return list(found.values())
    raise too_many
