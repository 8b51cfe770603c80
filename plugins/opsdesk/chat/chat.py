"""What is said to and by the desk, whatever chat it runs on."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import msgspec

log = logging.getLogger(__name__)

MENTION_OPEN, MENTION_CLOSE = "\x02", "\x03"


class Person(msgspec.Struct, frozen=True):
    """Somebody in the chat: `id` is stable (a Slack user id), `name` is what people call them."""

    id: str
    name: str


class Place(msgspec.Struct, frozen=True):
    """Where something was said: the room's id ("" in a direct message), its name, and the thread's parent message."""

    room: str = ""
    name: str = ""
    thread: str = ""


class Command(msgspec.Struct, frozen=True):
    """A command as it was typed: `text` is what stands behind the command's name, to the letter."""

    text: str
    by: Person
    place: Place
    at: datetime
    ts: str = ""


class MessageRef(msgspec.Struct, frozen=True):
    """Proof that a message stands in the chat. `ts` is its id within `room`, "" where the chat has none."""

    room: str
    ts: str = ""
    thread: str = ""
    permalink: str = ""


class Reply(msgspec.Struct, frozen=True):
    """An answer with more to it than its text.

    `key` marks the message so that it can be found again; `posted` is called with the proof
    once it stands; `file` is sent along where the chat takes files.
    """

    text: str
    key: str = ""
    posted: Callable[[MessageRef], None] | None = None
    file: Path | None = None


class Message(msgspec.Struct, frozen=True):
    """A message as it stands in the chat: what, by whom, when, in which thread ("" in none), and its emoji by name."""

    text: str
    by: Person
    at: datetime
    thread: str = ""
    emoji: frozenset[str] = frozenset()
    own: bool = False  # the desk's


class SendError(Exception):
    """The chat did not confirm. `unclear` means it may stand there all the same (the answer was lost)."""

    def __init__(self, reason: str, *, retry_after: timedelta | None = None, unclear: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.retry_after, self.unclear = reason, retry_after, unclear


@contextmanager
def confirming(what: str) -> Iterator[None]:
    """Makes an SendError of any mistake within: whoever waits for the chat hears of it in one way.

    A mistake may well come of an answer that makes no sense, to what was done all the same: it is unclear.
    """
    try:
        yield
    except SendError:
        raise
    except Exception as mistake:  # whatever it was, it must be told, and wait before it is met again
        log.exception("%s met a mistake", what)
        raise SendError(f"a mistake in the desk itself: {mistake!r}", unclear=True) from mistake


class Chat(Protocol):
    """The chat the desk runs on. Every call has the chat's confirmation or raises SendError."""

    edits: bool  # whether a message can be changed after it was sent
    reads_back: bool  # whether `find` can see what was sent

    def command(self, message: Any, text: str, at: datetime) -> Command:
        """Errbot's message as the desk sees it."""

    def answer(self, message: Any, reply: Reply, *, refused: bool = False) -> str | None:
        """Answers a command where it was typed: sent here, or returned for Errbot to send."""

    def person(self, named: str) -> Person | None:
        """Whom a typed "@bob" or a mention names; None if nobody."""

    def post(self, room: str, text: str, *, thread: str = "", key: str = "") -> MessageRef:
        """A new message in a room, found again by `key`."""

    def reply(self, below: MessageRef, text: str) -> None:
        """An answer in the thread of a message to somebody who typed no command. Never raises SendError."""

    def tell(self, person: str, text: str, *, key: str = "") -> MessageRef:
        """A direct message to the person with this id."""

    def tell_admins(self, text: str) -> None:
        """Logs what the admins must hear, and tells them once the chat lets it through. Waits for nothing."""

    def edit(self, posted: MessageRef, text: str) -> None:
        """Replaces the text of a message of the desk's own."""

    def react(self, posted: MessageRef, emoji: str) -> None:
        """Puts an emoji (its name without colons) on a message; on one that has it already, nothing changes."""

    def unreact(self, posted: MessageRef, emoji: str) -> None:
        """Takes the desk's own emoji off a message."""

    def upload(self, room: str, file: Path, *, title: str, thread: str = "") -> None:
        """Puts a file into a room."""

    def find(self, room: str, key: str, since: datetime, *, thread: str = "") -> MessageRef | None:
        """The desk's own message with this key sent since then, in a thread if one is named, read from the chat."""

    def read(self, room: str, ts: str) -> Message | None:
        """A message as it stands; None where there is none, or the chat cannot be read."""

    def topic(self, room: str, text: str) -> None:
        """Sets a room's topic."""


def mention(person: Person) -> str:
    """Words that notify `person` where the chat can; nothing else the desk repeats does.

    The marks are control characters, which `guard` takes out of everything from outside,
    so that nobody can type a mention into the desk's mouth.
    """
    return f"{MENTION_OPEN}{person.id}|{person.name}{MENTION_CLOSE}"


def channel(id: str, name: str) -> str:
    """Words that lead to the channel where the chat can, under whatever name it has by now; elsewhere "#name"."""
    return f"<#{id}|{name.removeprefix('#')}>"


def tell_each(
    chat: Chat, people: Iterable[Person], text: str, proved: Callable[[MessageRef], None] = lambda posted: None
) -> dict[str, str]:
    """Tells each who can be reached, and hands the proof on; gives the reason, by name, for each who was not told."""
    untold: dict[str, str] = {}
    for person in {person.id: person for person in people if person.id}.values():
        try:
            proved(chat.tell(person.id, text))
        except SendError as unsent:
            untold[person.name] = unsent.reason
    return untold
