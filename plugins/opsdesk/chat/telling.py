"""What is told, and to whom: people found by their id, one by one; lines below an answer; failures of one kind."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import msgspec

from opsdesk.chat.chat import Chat, Command, MessageRef, Person, Reply, SendError
from opsdesk.chat.panel import Panel
from opsdesk.errors import UserError

log = logging.getLogger(__name__)


@contextmanager
def confirming(what: str) -> Iterator[None]:
    """Raise a SendError for any exception within, so that callers of the chat handle one kind of failure.

    It is unclear: the exception may come of a senseless answer to a call that was done.
    """
    try:
        yield
    except SendError:
        raise
    except Exception as mistake:  # whatever it was, it must be reported, and retried only later
        log.exception("%s met a mistake", what)
        raise SendError(f"a mistake in the desk itself: {mistake!r}", unclear=True) from mistake


def with_lines(reply: Reply, *lines: str) -> Reply:
    """Return the answer with these lines below it, those that are none left out."""
    more = [line for line in lines if line]
    if not more:
        return reply
    panel = reply.panel and msgspec.structs.replace(reply.panel, below="\n".join([reply.panel.below, *more]).strip())
    return msgspec.structs.replace(reply, text="\n".join([reply.text, *more]), panel=panel)


def tell_each(
    chat: Chat,
    people: Iterable[Person],
    text: str,
    sent: Callable[[MessageRef], None] = lambda posted: None,
    panel: Panel | None = None,
) -> dict[str, str]:
    """Tell each person who has an id, calling `sent` with each message; return why others were not told, by name."""
    not_told: dict[str, str] = {}
    for person in {person.id: person for person in people if person.id}.values():
        try:
            sent(chat.tell(person.id, text, panel=panel))
        except SendError as unsent:
            not_told[person.name] = unsent.reason
    return not_told


def tell_alone(chat: Chat, command: Command, text: str, instead: str) -> str:
    """Return `text` as the answer in a direct message; elsewhere send it to whoever typed, and return `instead`.

    Raises a UserError where it cannot be sent.
    """
    if not command.place.room:
        return text
    try:
        chat.tell(command.by.id, text)
    except SendError as unsent:
        typed = "That is for you alone, and I could not send you a direct message"
        raise UserError(f"{typed}: {unsent.reason}. Type it there to me.") from None
    return instead


def person_of(chat: Chat, key: str) -> Person:
    """Return the person with this id, named by it where the chat knows no better."""
    return chat.person(f"<@{key}>") or Person(key, key)
