"""The chat through Errbot's own sending: for the console, the test backend, and any backend but Slack."""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from opsdesk import guard
from opsdesk.chat.chat import (
    MENTION_CLOSE,
    MENTION_OPEN,
    Command,
    Message,
    MessageRef,
    Person,
    Place,
    Reply,
    SendError,
    SentMessage,
)

log = logging.getLogger(__name__)

MENTION = re.compile(rf"{MENTION_OPEN}[^|{MENTION_CLOSE}]*\|([^{MENTION_CLOSE}]*){MENTION_CLOSE}")
# What Markdown would alter: marks that mean something anywhere, others and digits where a line begins, every blank
# but a single space, and a line's end but between two words. The rest is left to it as it stands: each character
# written as a number costs as much as all the words of an answer.
ALTERED = re.compile(
    r"[\x00-\x09\x0b-\x1f&*<>\[-`{-\xa0]|(?:^|(?<=^ ))[!-@]|(?<!\S)\n|\n(?!\S)|(?![ \n])\s| {2,}", re.MULTILINE
)
CHANNEL = re.compile(r"<#[CG][A-Z0-9]+\|([^<>]*)>")


def as_markdown(text: str) -> str:
    """Return Markdown that Errbot turns back into exactly `text`: its converter would eat #12, *, blanks, line ends."""
    words = CHANNEL.sub(r"#\1", MENTION.sub(r"@\1", text))
    return ALTERED.sub(lambda found: "".join(map(_escaped, found[0])), words)


def _escaped(letter: str) -> str:
    return f"\\{letter}" if letter in "\\`*_{}[]()>#+-.!" else f"&#{ord(letter)};"


class ErrbotChat:
    """Sends through Errbot, which confirms no more than that its backend raised nothing."""

    edits = False
    reads_back = False
    gaps = 0

    def __init__(self, bot: Any, names: Mapping[str, str], admins: Sequence[str] = ()) -> None:
        """Send by `bot`. `names` maps the Slack ids of rooms to their names here."""
        self._bot, self._names, self._admins = bot, names, admins

    def command(self, message: Any, text: str, at: datetime) -> Command:
        """Return the command as Errbot's own backends have it: people by nick, rooms by name."""
        room = getattr(message.frm, "room", None)
        place = Place(room=str(room), name=str(room)) if room is not None else Place()
        return Command(text=guard.clean(text), by=self._person(message.frm), place=place, at=at)

    def answer(self, message: Any, reply: Reply, *, refused: bool = False) -> str | None:
        """Return the text for Errbot to send, with the path of a file: not every backend takes files."""
        text = reply.text if reply.file is None else f"{reply.text}\n{reply.file}"
        if reply.posted:
            reply.posted(MessageRef(room=str(getattr(message.frm, "room", "") or "")))
        return as_markdown(text)

    def person(self, named: str) -> Person | None:
        """Return a person for any name: these backends have no list of people."""
        name = named.removeprefix("@")
        return Person(id=f"@{name}", name=name) if re.fullmatch(r"[\w.-]+", name) else None

    def post(
        self, room: str, text: str, *, thread: str = "", key: str = "", record: str = "", version: str = ""
    ) -> MessageRef:
        """Post a message in the room with this id or name."""
        name = self._names.get(room, room)
        return self._send(name if name.startswith("#") else f"#{name}", text, room)

    def reply(self, below: MessageRef, text: str) -> None:
        """Post a message in the same room: these backends have no threads."""
        try:
            self.post(below.room, text)
        except SendError as unsent:
            log.warning("An answer was not sent (%s): %s", unsent.reason, text)

    def tell(self, person: str, text: str, *, key: str = "", record: str = "", version: str = "") -> MessageRef:
        """Send a message to the person with this name."""
        return self._send(person if person.startswith("@") else f"@{person}", text, "")

    def tell_admins(self, text: str) -> None:
        """Tell each admin now, and log whoever could not be told."""
        log.warning("%s", text)
        for admin in self._admins:
            try:
                self.tell(admin, text)
            except SendError as unsent:
                log.warning("Admin %s could not be told: %s", admin, unsent.reason)

    def edit(self, posted: MessageRef, text: str, *, key: str = "", record: str = "", version: str = "") -> None:
        """Raise SendError: these backends cannot."""
        raise SendError("this chat cannot change a message", final=True)

    def delete(self, posted: MessageRef) -> None:
        """Raise SendError: these backends cannot."""
        raise SendError("this chat cannot delete a message", final=True)

    def react(self, posted: MessageRef, emoji: str) -> None:
        """Raise SendError: these backends cannot."""
        raise SendError("this chat has no reactions")

    def unreact(self, posted: MessageRef, emoji: str) -> None:
        """Raise SendError: these backends cannot."""
        raise SendError("this chat has no reactions")

    def upload(self, room: str, file: Path, *, title: str, thread: str = "") -> None:
        """Post the path of the file."""
        self.post(room, f"{title}\n{file}")

    def find(
        self, room: str, key: str, since: datetime, until: datetime | None = None, *, thread: str = ""
    ) -> Sequence[SentMessage]:
        """Return nothing: these backends cannot be read back."""
        return ()

    def sent_at(self, posted: MessageRef) -> datetime | None:
        """Return None: these backends do not tell."""
        return None

    def read(self, room: str, ts: str) -> Message | None:
        """Return None: these backends cannot be read back."""
        return None

    def history(self, room: str, since: datetime, *, thread: str = "") -> Sequence[Mapping[str, Any]]:
        """Return nothing: these backends cannot be read back."""
        return ()

    def link(self, room: str, ts: str, *, thread: str = "") -> str:
        """Return nothing: these backends have no addresses."""
        return ""

    def topic(self, room: str, text: str) -> None:
        """Raise SendError: these backends cannot."""
        raise SendError("this chat has no topics")

    def _send(self, to: str, text: str, room: str) -> MessageRef:
        try:
            self._bot.send(self._bot.build_identifier(to), as_markdown(f"[{to}] {text}"))
        except Exception as refused:  # whatever a backend raises, the caller must hear of it
            raise SendError(str(refused)) from refused
        return MessageRef(room=room)

    def _person(self, who: Any) -> Person:
        name = str(who.nick or who.person).removeprefix("@")
        return Person(id=f"@{name}", name=name)
