"""The chat through Errbot's own sending: for any backend that does not bring a chat of its own."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from opsdesk import guard
from opsdesk.chat.chat import (
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
from opsdesk.chat.naming import MENTION
from opsdesk.chat.rendering import convert_afresh, note
from opsdesk.errors import UserError
from opsdesk.patterns import regex
from opsdesk.text import pages

log = logging.getLogger(__name__)

# What Markdown would alter: marks that mean something anywhere, others and digits where a line begins, every blank
# but a single space, and a line's end but between two words. The rest is left to it as it stands: each character
# written as a number costs as much as all the words of an answer. Each alternative begins with the letters that it may:
# all others are passed over sooner.
ALTERED = regex(
    "[\\x00-\\x09\\x0b-\\x1f&*<>\\[-`{-\\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
    r"|[!-@](?:(?<=^[!-@])|(?<=^ [!-@]))|\n(?:(?<!\S\n)|(?!\S))|  +",
    re.MULTILINE,
)
NAME = regex(r"[\w.\-\[\]\\`^{}|@]+")  # an account, an IRC nick, an address; no blank or comma, which part them
SLACK_ID = regex(r"[UW][A-Z0-9]{4,}")
CHANNEL = regex(r"<#[CG][A-Z0-9]+\|([^<>]*)>")


def as_markdown(text: str) -> str:
    """Return Markdown that Errbot turns back into exactly `text`: its converter would eat #12, *, blanks, line ends."""
    words = guard.legible(text)
    if MENTION_OPEN in words:
        words = MENTION.sub(r"@\1", words)
    if "<#" in words:
        words = CHANNEL.sub(r"#\1", words)
    markdown = ALTERED.sub(lambda found: "".join(map(_escaped, found[0])), words)
    note(markdown, words)
    return markdown


def _escaped(letter: str) -> str:
    return f"\\{letter}" if letter in "\\`*_{}[]()>#+-.!" else f"&#{ord(letter)};"


def as_pages(text: str, most: int) -> list[str]:
    """Return `text` as Markdown in pieces of at most `most` characters: Errbot would cut a mark in two."""
    whole = as_markdown(text)
    if len(whole) <= most or len(text) < 2:
        return [whole]
    parts = pages(text.split("\n"), len(text) // 2)
    return [page for part in parts for page in as_pages(part, most)]


class ErrbotChat:
    """Sends through Errbot, which confirms no more than that its backend raised nothing.

    A person's id is "@" and what the backend knows the person by, or a Slack user id.
    """

    confirms = False
    edits = False
    reads_back = False
    trusts_everybody = False
    takes_emoji = False
    gaps = 0

    def __init__(self, bot: Any, names: Mapping[str, str], admins: Sequence[str] = ()) -> None:
        """Send by `bot`. `names` maps the Slack ids of rooms to their names here."""
        self._bot, self._names, self._admins = bot, names, admins
        convert_afresh(bot)

    def command(self, message: Any, text: str, at: datetime) -> Command:
        """Return the command as Errbot's own backends have it: people and rooms by what tells them from others."""
        room = getattr(message.frm, "room", None)
        place = Place(room=str(room), name=str(room)) if room is not None else Place()
        return Command(text=guard.clean(text), by=self._person(message.frm), place=place, at=at)

    def answer(self, message: Any, reply: Reply, *, refused: bool = False) -> str | None:
        """Return the text for Errbot to send, with the path of a file: not every backend takes files."""
        text = reply.text if reply.file is None else f"{reply.text}\n{reply.file}"
        if reply.posted:
            self._hand_on(reply.posted, str(getattr(message.frm, "room", "") or ""))
        *before, last = self._pages(text)
        for page in before:
            self._bot.send_simple_reply(message, page)
        return last

    def person(self, named: str) -> Person | None:
        """Return a person for any name: these backends have no list of people."""
        name = named.removeprefix("@")
        return Person(id=f"@{name}", name=name) if NAME.fullmatch(name) else None

    def is_shared(self, room: str) -> bool:
        """Return False: Errbot knows of no other workspace."""
        return False

    def post(self, room: str, text: str, **more: Any) -> MessageRef:
        """Post a message in the room with this id or name."""
        name = self._names.get(room, room)
        return self._send(self._room, name if name[:1] in ("#", "<") or "@" in name else f"#{name}", text, room)

    def reply(self, below: MessageRef, text: str) -> None:
        """Post a message in the same room: these backends have no threads."""
        try:
            self.post(below.room, text)
        except SendError as unsent:
            log.warning("An answer was not sent (%s): %s", unsent.reason, text)

    def tell(self, person: str, text: str, **more: Any) -> MessageRef:
        """Send a message to the person with this id."""
        return self._send(self._individual, person if self._is_slack_id(person) else _with_at(person), text, "")

    def tell_admins(self, text: str) -> None:
        """Tell each admin now, and log whoever could not be told."""
        log.warning("%s", text)
        for admin in self._admins:
            try:
                self.tell(admin, text)
            except SendError as unsent:
                log.warning("Admin %s could not be told: %s", admin, unsent.reason)

    def edit(self, posted: MessageRef, text: str, **more: Any) -> None:
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

    def _hand_on(self, keep: Callable[[MessageRef], None], room: str) -> None:
        """Pass on where an answer stands; what it tells of is done by now, so that it is not lost for this."""
        try:
            keep(MessageRef(room=room))
        except UserError as refusal:
            self.tell_admins(f"Where an answer stands could not be kept: {refusal}")

    def _send(self, make: Callable[[str], Any], to: str, text: str, room: str) -> MessageRef:
        """Send `text` to what the backend makes of `to`."""
        try:
            self._deliver(make(to), self._shown(to, text))
        except SendError:
            raise
        except Exception as refused:  # whatever a backend raises, the caller must hear of it
            raise SendError(str(refused)) from refused
        return MessageRef(room=room)

    def _deliver(self, to: Any, text: str) -> None:
        for page in self._pages(text):
            self._bot.send(to, page)

    def _pages(self, text: str) -> list[str]:
        return as_pages(guard.checked(text), self._bot.message_size_limit)

    def _shown(self, to: str, text: str) -> str:
        """Return what stands in the chat of a text that goes to a room or a person."""
        return text

    def _room(self, name: str) -> Any:
        """Return the room that the backend knows by this name. Raise SendError if the bot is not in it."""
        room = self._identifier([name, name.removeprefix("#")], "joined")
        if not room.joined:
            raise SendError(f"the bot is not in {name}; `!room join {name}` brings it there")
        return room

    def _individual(self, person: str) -> Any:
        """Return the person whom the backend means by the desk's id of somebody."""
        name = person.removeprefix("@")
        return self._identifier([f"<@{name}>"] if self._is_slack_id(name) else [name, person], "person")

    def _identifier(self, spellings: Sequence[str], kind: str) -> Any:
        """Return the first that the backend makes of one of the spellings and that has what its `kind` has."""
        reason = f"{spellings[0]} is nobody here"
        for spelling in spellings:
            try:
                made = self._bot.build_identifier(spelling)
            except Exception as refused:  # each backend raises its own, and may take the next spelling
                log.debug("%s is not taken", spelling, exc_info=True)
                reason = str(refused)
            else:
                if hasattr(made, kind):
                    return made
        raise SendError(reason)

    def _person(self, who: Any) -> Person:
        known = str(who.person)
        id = known if self._is_slack_id(known) else _with_at(known)
        nick = guard.clean(str(who.nick or known)).removeprefix("@")
        return Person(id=id, name=guard.name(nick, "somebody"))

    def _is_slack_id(self, person: str) -> bool:
        return self._bot.mode.startswith("slack") and SLACK_ID.fullmatch(person) is not None


def _with_at(name: str) -> str:
    return name if name.startswith("@") else f"@{name}"
