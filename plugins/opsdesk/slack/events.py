"""Slack's message events: what each one means to the desk, and which commands a change of their text puts right."""

import enum
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from opsdesk import guard
from opsdesk.chat import Edit, Person, Place
from opsdesk.patterns import regex
from opsdesk.slack import mrkdwn

Event = dict[str, Any]

TYPED = ("", "file_share", "thread_broadcast", "me_message")  # subtypes of what people type
EDITABLE = 120.0  # seconds within which the edited text of a command that failed is run
LONG_ANSWER, LONG_LINES = 2_000, 15  # characters and lines
LATE = "desk_late"  # marks an event that is handled long after it was typed: Slack has nothing of that name
UNSEEN = regex(r"\A[\s`\x00-\x1f\x7f-\x9f]+")  # or the mark of code, which may stand around a command


class EventKind(enum.Enum):
    """What the desk does with a message."""

    TYPED = "a person's: run it if it is a command, and show it to the plugins"
    POSTED = "another bot's, or nobody's: show it to the plugins, and never run it"
    RETYPED = "a person's, changed: run it if it was a command that failed a moment ago"
    REPOSTED = "another bot's, changed: show it to the plugins as an edited one"
    NOTHING = "the desk's own, or about the channel rather than in it"


def kind_of(event: Event, own_user: str, own_bot: str) -> EventKind:
    """Return what to do with a message event, for the bot with these ids."""
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


def asks_nothing(event: Event, own_user: str, own_bot: str) -> bool:
    """Return whether there is nothing to do about an event, for the bot with these ids.

    So it is with the desk's own messages, each of which Slack delivers as well, but for what changes in a thread.
    """
    if event.get("type") != "message" or changed_in(event):
        return False
    return kind_of(event, own_user, own_bot) is EventKind.NOTHING


def message_in(event: Event) -> Event:
    """Return the message of an event, with its channel; of a change, the changed message.

    The parent of a thread is not in the thread: it has no `thread_ts`.
    """
    inner = event.get("message") or {} if event.get("subtype") == "message_changed" else event
    message = {**inner, "channel": event["channel"]}
    if message.get("thread_ts") == message.get("ts"):
        message.pop("thread_ts", None)
    return message


def changed_in(event: Event) -> tuple[str, str, str] | None:
    """Return room, thread and ts of the message in a thread that an event tells was edited or deleted; None else."""
    if event.get("subtype") not in ("message_changed", "message_deleted"):
        return None
    before = event.get("previous_message") or event.get("message") or {}
    thread = thread_of(before)
    return (str(event["channel"]), thread, str(before["ts"])) if thread else None


def typed_in(message: Event) -> str:
    """Return the text that somebody typed, cleaned so that it can be stored and repeated."""
    return guard.clean(mrkdwn.read(str(message.get("text") or ""))).strip()


def beginning_of(message: Event, most: int) -> str:
    """Return how the text that somebody typed begins, cleaned; a long text costs no more than a short one."""
    text = guard.legible(mrkdwn.read(str(message.get("text") or "")))
    return guard.clean(UNSEEN.sub("", text, count=1)[:most]).strip()


def length_of(message: Event) -> int:
    """Return how many characters somebody typed."""
    return len(mrkdwn.read(str(message.get("text") or "")))


def typed_at(message: Event) -> datetime:
    """Return when a message was typed, or last changed, by Slack's clock."""
    return datetime.fromtimestamp(float((message.get("edited") or {}).get("ts") or message["ts"]), UTC)


def happened_at(event: Event) -> float:
    """Return when an event happened, in seconds by Slack's clock; 0 where it does not tell."""
    try:
        return float(event.get("event_ts") or event.get("ts") or 0)
    except (TypeError, ValueError):
        return 0.0


def thread_of(message: Event) -> str:
    """Return the ts of the thread's parent; "" for a message outside any thread."""
    thread = str(message.get("thread_ts") or "")
    return "" if thread == message.get("ts") else thread


def thread_for_answer(message: Event, text: str, *, stays: bool) -> str:
    """Return the ts of the thread that an answer to a message belongs in; "" for none.

    A long one in a channel makes a thread, unless it `stays`: nobody else there should have to scroll past it.
    """
    is_long = len(text) > LONG_ANSWER or text.count("\n") >= LONG_LINES
    apart = is_long and not stays and not str(message["channel"]).startswith("D")
    return thread_of(message) or (str(message["ts"]) if apart else "")


def event_of(message: Any) -> Event:
    """Return the Slack message that an Errbot message was made of."""
    event: Event = message.extras["slack_event"]
    return event


def is_direct(room: str) -> bool:
    """Return whether a room's id is that of direct messages; "" is nowhere at all."""
    return room.startswith("D") or not room


def key_of(event: Event) -> str:
    """Return a key that every delivery of this event shares: Slack delivers some events more than once."""
    changed = event.get("message") or {} if event.get("subtype") == "message_changed" else {}
    edited = (changed.get("edited") or {}).get("ts") or event.get("event_ts") if changed else ""
    ts = changed.get("ts") or event.get("ts")
    return f"{event.get('channel')}:{ts}" + (f":{edited}" if edited else "")


def lane_of(event: Event) -> str:
    """Return the message an event is about: a message, its changes and its emoji are handled in order."""
    about = event.get("item") or event.get("message") or event
    return f"{event.get('channel') or about.get('channel')}:{about.get('ts') or event.get('event_ts')}"


def soon_enough(event: Event) -> bool:
    """Return whether a message was changed within two minutes, by Slack's own clock."""
    message = event["message"]
    edited = (message.get("edited") or {}).get("ts") or event.get("event_ts") or event["ts"]
    return float(edited) - float(message["ts"]) <= EDITABLE


def edit_in(event: Event, name_of: Callable[[str], str]) -> Edit | None:
    """Return what a changed message was and is; None where Slack does not tell what it was."""
    before, message, room = event.get("previous_message"), message_in(event), str(event["channel"])
    if not before:
        return None
    by = Person(str(message["user"]), name_of(str(message["user"])))
    place = Place("" if is_direct(room) else room, thread=thread_of(message))
    at, soon = typed_at(message), soon_enough(event)
    return Edit(typed_in(before), typed_in(message), by, place, str(message["ts"]), at, soon)


def _changed(event: Event, by_bot: bool) -> EventKind:
    before, after = event.get("previous_message") or {}, event["message"]
    if by_bot:
        return EventKind.REPOSTED
    unfolded = before.get("text") == after.get("text")  # Slack unfolds links by itself
    return EventKind.NOTHING if unfolded else EventKind.RETYPED
