"""What somebody asks by a slash command, a button or a form: no message of theirs stands in the chat for it."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from typing import Any

import msgspec

from opsdesk.chat import MessageRef, Reaction
from opsdesk.slack.events import Event

BY = "by "  # begins the key of what was asked, and the id of whoever asked follows


class Asked(msgspec.Struct, frozen=True):
    """What was asked, beside the words for it that its event has.

    Every delivery of it shares `key`. `name` and `text` are the command where it is known, "" for words that have yet
    to be read. The answer to one alone goes to `response_url`. A card that cannot stand where it was asked for stands
    in the channel `elsewhere`; a change that was asked for in no channel is told `below` a message. `form` is the
    number of the form that was sent, whose `outcome` is set once it is done: to "", or to why it was refused; `said`
    are the words in it, which nobody else has seen. `seen` is how many entries whoever asked had seen of what it is
    about.
    """

    key: str
    name: str = ""
    text: str = ""
    response_url: str = ""
    elsewhere: str = ""
    below: MessageRef | None = None
    form: str = ""
    said: str = ""
    seen: int = 0
    outcome: Future[str] | None = None


def asked_in(event: Mapping[str, Any]) -> Asked | None:
    """Return what an event tells was asked; None for the event of a message."""
    found = event.get("asked")
    return found if isinstance(found, Asked) else None


def asking(channel: str, thread: str, user: str, at: datetime, words: str, asked: Asked) -> Event:
    """Return the event of what was asked, which reads like that of a message with these words."""
    event = {"type": "message", "channel": channel, "user": user, "ts": f"{at.timestamp():.6f}", "text": words}
    return event | {"asked": asked} | ({"thread_ts": thread} if thread else {})


def tell_outcome(outcome: "Future[str]", refusal: str) -> None:
    """Tell whoever waits for the outcome of a form, the first time."""
    if not outcome.done():
        outcome.set_result(refusal)


def key_by(user: str, number: str) -> str:
    """Return the key of what somebody asked, by Slack's own number for it."""
    return f"{BY}{user}:{number}"


def asker_in(key: str) -> str:
    """Return the id of whoever asked what has this key; "" for a message's key."""
    return key.removeprefix(BY).partition(":")[0] if key.startswith(BY) else ""


def slash_command(
    payload: Mapping[str, Any], at: datetime, words: Callable[[str, str], str], elsewhere: str = ""
) -> Event:
    """Return the event of a slash command, as `words` makes a line of it. Raise a KeyError where a part is missing.

    Source: https://docs.slack.dev/interactivity/implementing-slash-commands
    """
    user, text = str(payload["user_id"]), str(payload.get("text") or "").strip()
    asked = Asked(
        key_by(user, str(payload["trigger_id"])),
        response_url=str(payload.get("response_url") or ""),
        elsewhere=elsewhere,
    )
    return asking(str(payload["channel_id"]), "", user, at, words(str(payload["command"]), text), asked)


def marked(reaction: Reaction, at: datetime, thread: str, name: str, text: str) -> Event:
    """Return the event of a command that somebody asks for by an emoji on a message: each once, in that thread."""
    asked = Asked(key_by(reaction.by, f"{reaction.room} {reaction.ts} {name} {text}"), name=name, text=text)
    return asking(reaction.room, thread, reaction.by, at, f"!{name}", asked)


def pressed_event(payload: Mapping[str, Any], at: datetime, elsewhere: str = "") -> Event:
    """Return the event of a press or a shortcut, in the thread of the message it is about, if it is about one.

    Raise a KeyError where a part is missing.
    Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
    """
    user, container, message = str(payload["user"]["id"]), payload.get("container") or {}, payload.get("message") or {}
    channel = str((payload.get("channel") or {}).get("id") or container.get("channel_id") or "")
    threads = (message.get("thread_ts"), container.get("thread_ts"), container.get("message_ts"), message.get("ts"))
    thread = next((str(one) for one in threads if one), "")
    asked = Asked(
        key_by(user, str(payload["trigger_id"])),
        response_url=str(payload.get("response_url") or ""),
        elsewhere=elsewhere,
    )
    return asking(channel, thread if channel else "", user, at, "", asked)
