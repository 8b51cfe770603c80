"""People and channels as whoever is not in the chat reads them: by name, and nobody is called."""

from collections.abc import Callable

from opsdesk import guard
from opsdesk.chat.chat import MENTION_CLOSE, MENTION_OPEN
from opsdesk.patterns import regex

MARKS = f"{MENTION_OPEN}{MENTION_CLOSE}"
MENTION = regex(rf"{MENTION_OPEN}[^|{MARKS}]*\|([^{MARKS}]*){MENTION_CLOSE}")
CHANNEL = regex(r"<#([CG][A-Z0-9]+)(?:\|([^<>|]*))?>")


def by_name(text: str, name_of: Callable[[str], str]) -> str:
    """Return `text` with "@name" for people and "#name" for channels; `name_of` gives the name of somebody by id."""
    called = MENTION.sub(r"@\1", CHANNEL.sub(lambda found: f"#{found[2] or found[1]}", text))
    return guard.disarm(called, name_of)
