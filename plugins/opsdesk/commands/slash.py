"""Slash commands as the lines that are typed for them."""

from opsdesk.commands.line import Line
from opsdesk.commands.vocabulary import SPOKEN


def words_of(command: str, text: str) -> str:
    """Return what is typed, without "!", for a slash command and the text behind it.

    "/incident list" is "incident list". "/desk stats" is "stats", and "/desk status" the desk's own. An app may have
    its commands under other names: one with "incident" in it is about incidents, any other takes every command.
    """
    if "incident" in command.casefold():
        return f"incident {text}".strip()
    is_own = f"desk_{Line(text).word(0)}" in SPOKEN
    return f"desk {text}" if is_own else text or "help"


def form_for(command: str, text: str) -> str:
    """Return the form that is shown for a slash command that lacks its words; "" for none."""
    line = Line(words_of(command, text))
    return "incident.open" if line.phrase(0, 2) == ("incident", "open") and len(line) == 2 else ""
