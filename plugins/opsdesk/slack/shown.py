"""A message as Slack shows it, read: what it says, by whom, with which emoji."""

from datetime import datetime

from opsdesk import guard
from opsdesk.chat import Message, Person, read_whole
from opsdesk.slack import mrkdwn
from opsdesk.slack.events import Event, thread_of
from opsdesk.slack.lookups import Lookups


def shown(message: Event, at: datetime, lookups: Lookups) -> Message:
    """Return the message, of that moment."""
    by = _author(message, lookups)
    return Message(
        text=guard.clean(_everything_in(message)),
        by=by,
        at=at,
        thread=thread_of(message),
        emoji=frozenset(str(reaction["name"]) for reaction in message.get("reactions") or ()),
        own=by.id == lookups.me(),
    )


def _author(message: Event, lookups: Lookups) -> Person:
    """Return who wrote a message: a person, or an app under the name that it gives itself."""
    user, bot = str(message.get("user") or ""), str(message.get("bot_id") or "")
    if user and not bot and message.get("subtype") != "bot_message":
        return Person(id=user, name=lookups.name(user))
    called = message.get("username") or lookups.bot(bot)["bot"].get("name")
    return Person(id=user or bot, name=guard.app_name(guard.clean(str(called or "")), user or bot))


def _everything_in(message: Event) -> str:
    """Return a message's text, and the lines of its attachments, blocks and files that its text does not have."""
    text = mrkdwn.read(str(message.get("text") or ""))
    further = read_whole({**message, "text": ""}).lines
    return "\n".join(filter(None, (text, *(line for line in further if line not in text))))
