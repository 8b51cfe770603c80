"""What is said to and by the desk, whatever chat it runs on."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import msgspec

from opsdesk import guard
from opsdesk.chat.panel import Panel

log = logging.getLogger(__name__)

MENTION_OPEN, MENTION_CLOSE = "\x02", "\x03"


class Person(msgspec.Struct, frozen=True, gc=False):
    """Somebody in the chat: `id` is stable (a Slack user id), `name` is what people call them."""

    id: str
    name: str


class Place(msgspec.Struct, frozen=True):
    """Where something was said: the room's id ("" in a direct message), its name, and the thread's parent message."""

    room: str = ""
    name: str = ""
    thread: str = ""


class Command(msgspec.Struct, frozen=True):
    """A command as it was typed: `text` is what stands behind the command's name, to the letter.

    `ts` is the id of its message, in which it is the first command but for `place_in_message` others. It is `late`
    where it was typed while nobody listened: what it is about must not have changed since. One sent by a `form`, by
    its number, is done once. Whoever asked had `seen` so many entries of what it is about; 0 where that is not known.
    """

    text: str
    by: Person
    place: Place
    at: datetime
    ts: str = ""
    place_in_message: int = 0
    late: bool = False
    form: str = ""
    seen: int = 0


class MessageRef(msgspec.Struct, frozen=True, gc=False):
    """Where a message is in the chat: the proof that it was sent. `ts` is its id within `room`, "" if it has none."""

    room: str
    ts: str = ""
    thread: str = ""
    permalink: str = ""


class Reply(msgspec.Struct, frozen=True):
    """An answer with more to it than its text.

    `key` marks the message so that it can be found again; `posted` is called with where it is, once it was sent;
    `file` is sent along, under its `title`, if the chat takes files. It is for whoever asked `alone` where nobody
    else saw them ask. `panel` is the answer with buttons, for chats that have them.
    """

    text: str
    key: str = ""
    posted: Callable[[MessageRef], None] | None = None
    file: Path | None = None
    title: str = ""
    alone: bool = False
    panel: Panel | None = None


class Message(msgspec.Struct, frozen=True):
    """A message as the chat shows it: its text, by whom, when, in which thread ("" for none), its emoji by name."""

    text: str
    by: Person
    at: datetime
    thread: str = ""
    emoji: frozenset[str] = frozenset()
    own: bool = False  # sent by the desk


class Edit(msgspec.Struct, frozen=True):
    """A person's message, in a room or in private, before and after they changed it; `is_soon`: within two minutes."""

    before: str
    after: str
    by: Person
    place: Place
    ts: str
    at: datetime
    is_soon: bool


class Unheard(msgspec.Struct, frozen=True):
    """A command that was typed while nobody listened: where (`ts` is its message's id), by whom (an id), when."""

    room: str
    ts: str
    thread: str
    by: str
    at: datetime
    text: str


class Reaction(msgspec.Struct, frozen=True):
    """An emoji that somebody put on a message (`added`) or took off it. `by` is an id."""

    emoji: str
    room: str
    ts: str
    by: str
    added: bool


class SentMessage(msgspec.Struct, frozen=True):
    """A message of the desk's own as the chat shows it.

    `record` and `version` are what it was sent, or last edited, with; `text` is as the desk wrote it.
    """

    ref: MessageRef
    record: str
    version: str
    text: str
    replies: int = 0


class SendError(Exception):
    """The chat did not confirm a call.

    `retry_after` is how long to wait before a retry, None if none can help before somebody mends something.
    `unclear`: the call may have been done all the same (the answer was lost). `final`: no retry will ever succeed;
    with `gone` because the message it is about is no longer there.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: timedelta | None = None,
        unclear: bool = False,
        final: bool = False,
        gone: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason, self.retry_after, self.unclear = reason, retry_after, unclear
        self.final, self.gone = final or gone, gone


class Outlet(Protocol):
    """Where scheduled posts go. Every call is confirmed, or raises SendError."""

    edits: bool  # whether a message can be changed after it was sent
    reads_back: bool  # whether `find` sees what was sent

    def post(
        self,
        room: str,
        text: str,
        *,
        thread: str = "",
        key: str = "",
        record: str = "",
        version: str = "",
        panel: Panel | None = None,
    ) -> MessageRef:
        """Post a message in a room. It carries `key`, by which `find` finds it, and `record` and `version`, unseen.

        A chat that has buttons shows it as `panel`.
        """

    def tell(
        self,
        person: str,
        text: str,
        *,
        key: str = "",
        record: str = "",
        version: str = "",
        panel: Panel | None = None,
    ) -> MessageRef:
        """Send a direct message to the person with this id; it carries what a message in a room carries."""

    def edit(
        self,
        posted: MessageRef,
        text: str,
        *,
        key: str = "",
        record: str = "",
        version: str = "",
        panel: Panel | None = None,
    ) -> None:
        """Replace the text of a message that the desk sent; without a `key`, what it carries stays.

        Without a `panel` it has no buttons any more.
        """

    def delete(self, posted: MessageRef) -> None:
        """Delete a message that the desk sent, which may be gone already."""

    def find(
        self, room: str, key: str, since: datetime, until: datetime | None = None, *, thread: str = ""
    ) -> Sequence[SentMessage]:
        """Return the desk's own messages with this key sent since then (and `until` then), oldest first.

        `room` may be a person's id. Those in a thread are found if it is named. Nobody else's message is among them.
        """

    def sent_at(self, posted: MessageRef) -> datetime | None:
        """Return when a message was sent by the chat's own clock; None if the chat does not tell."""

    def topic(self, room: str, text: str) -> None:
        """Set a room's topic."""


class Chat(Outlet, Protocol):
    """The chat the desk runs on. Every call is confirmed by the chat, or raises SendError."""

    confirms: bool  # whether it raises SendError for a message that did not arrive
    trusts_everybody: bool  # whether whoever types is taken at their word: they sit at the desk's own machine
    takes_emoji: bool  # whether the desk hears of the emoji that people put on a message
    gaps: int  # how often the connection was lost and came back: what was sent meanwhile may never arrive

    def command(self, message: Any, text: str, at: datetime) -> Command:
        """Return Errbot's message as a command."""

    def answer(self, message: Any, reply: Reply, *, refused: bool = False) -> str | None:
        """Answer a command where it was typed: send it and return None, or return the text for Errbot to send."""

    def person(self, named: str) -> Person | None:
        """Return the person that a typed "@bob" or a mention names; None for nobody."""

    def is_shared(self, room: str) -> bool:
        """Return whether people of another workspace are in the room too; False where the chat does not tell."""

    def reply(self, below: MessageRef, text: str) -> None:
        """Post a message in the thread of another. Never raises SendError: the admins hear of a failure."""

    def tell_admins(self, text: str) -> None:
        """Log `text`, queue it for the admins, and return at once."""

    def react(self, posted: MessageRef, emoji: str) -> None:
        """Put an emoji (its name without colons) on a message, which may have it already."""

    def unreact(self, posted: MessageRef, emoji: str) -> None:
        """Take the desk's own emoji off a message."""

    def upload(self, room: str, file: Path, *, title: str, thread: str = "") -> None:
        """Show a file in a room."""

    def read(self, room: str, ts: str) -> Message | None:
        """Return a message as it stands; None if there is none, or the chat cannot be read."""

    def history(self, room: str, since: datetime, *, thread: str = "") -> Sequence[Mapping[str, Any]]:
        """Return what others sent to a room, or to a thread in it, since then, as the chat has it.

        Empty if the chat cannot be read back.
        """

    def link(self, room: str, ts: str, *, thread: str = "") -> str:
        """Return the address of a message; "" if the chat has none."""


def mention(person: Person) -> str:
    """Return words that notify `person` if the chat can; nothing else in the desk's messages does.

    The marks are control characters, which `guard` takes out of everything from outside,
    so that nobody can type a mention into the desk's mouth.
    """
    id = guard.one_line(person.id).replace("|", "")  # which an IRC nick may hold, and which parts id and name here
    return f"{MENTION_OPEN}{id}|{guard.one_line(person.name)}{MENTION_CLOSE}"


def channel(id: str, name: str) -> str:
    """Return words that link to a channel under its present name if the chat can; elsewhere they read "#name"."""
    return f"<#{id}|{name.removeprefix('#')}>"


def reaction_of(event: Any) -> Reaction | None:
    """Return Errbot's event of a reaction as a Reaction; None if it is not to a message."""
    item = event.reacted_to or {}
    if item.get("type") != "message":
        return None
    added = event.action == "added"
    return Reaction(event.reaction_name, item["channel"], item["ts"], str(event.reactor.person), added)
