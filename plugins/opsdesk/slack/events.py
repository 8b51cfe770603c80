"""Slack's message events: what each one is to the desk."""

import enum
from typing import Any

from opsdesk import guard
from opsdesk.slack import mrkdwn as slack_text

Event = dict[str, Any]

TYPED = ("", "file_share", "thread_broadcast", "me_message")  # subtypes of what people type
EDITABLE = 120.0  # seconds within which the edited text of a command that failed is run


class EventKind(enum.Enum):
    """What is to be done with a message."""

    TYPED = "a person's: run it if it is a command, and show it to the plugins"
    POSTED = "another bot's, or nobody's: show it to the plugins, and never run it"
    RETYPED = "a person's, changed: run it if it was a command that failed a moment ago"
    REPOSTED = "another bot's, changed: show it to the plugins as an edited one"
    NOTHING = "the desk's own, or about the channel rather than in it"


def kind_of(event: Event, own_user: str, own_bot: str) -> EventKind:
    """What the event of a message means, to the bot with these ids."""
    subtype = event.get("subtype") or ""
    inner = event.get("message") or {} if subtype == "message_changed" else event
    if not inner or own_user == inner.get("user") or (own_bot and own_bot == inner.get("bot_id")):
        return EventKind.NOTHING
    by_bot = bool(inner.get("bot_id")) or not inner.get("user") or inner.get("subtype") == "bot_message"
    if subtype == "message_changed":
        return _changed(event, by_bot)
    if by_bot and subtype in (*TYPED, "bot_message"):
        return EventKind.POSTED
    return EventKind.TYPED if subtype in TYPED else EventKind.NOTHING


def message_in(event: Event) -> Event:
    """The message itself, with its channel: the inner one of a change. In a thread only if it does not head it."""
    inner = event.get("message") or {} if event.get("subtype") == "message_changed" else event
    message = {**inner, "channel": event["channel"]}
    if message.get("thread_ts") == message.get("ts"):
        message.pop("thread_ts", None)
    return message


def typed_in(message: Event) -> str:
    """What somebody typed in a message, fit to be kept and repeated."""
    return guard.clean(slack_text.read(str(message.get("text") or ""))).strip()


def thread_of(message: Event) -> str:
    """The ts of the thread's parent; "" for a message that stands in no thread."""
    thread = str(message.get("thread_ts") or "")
    return "" if thread == message.get("ts") else thread


def event_of(message: Any) -> Event:
    """The Slack message that an Errbot message was made of."""
    event: Event = message.extras["slack_event"]
    return event


def key_of(event: Event) -> str:
    """What a delivery of this event and its repetitions have in common."""
    changed = event.get("message") or {} if event.get("subtype") == "message_changed" else {}
    edited = (changed.get("edited") or {}).get("ts") or event.get("event_ts") if changed else ""
    ts = changed.get("ts") or event.get("ts")
    return f"{event.get('channel')}:{ts}" + (f":{edited}" if edited else "")


def lane_of(event: Event) -> str:
    """What an event is about: events about one message, its changes and its emoji, must be dealt with in order."""
    about = event.get("item") or event.get("message") or event
    return f"{event.get('channel') or about.get('channel')}:{about.get('ts') or event.get('event_ts')}"


def soon_enough(event: Event) -> bool:
    """Whether a message was changed within two minutes, by Slack's own clock."""
    message = event["message"]
    edited = (message.get("edited") or {}).get("ts") or event.get("event_ts") or event["ts"]
    return float(edited) - float(message["ts"]) <= EDITABLE


def _changed(event: Event, by_bot: bool) -> EventKind:
    before, after = event.get("previous_message") or {}, event["message"]
    if by_bot:
        return EventKind.REPOSTED
    return (
        EventKind.RETYPED if before.get("text") != after.get("text") else EventKind.NOTHING
    )  # Slack unfolds links by itself
