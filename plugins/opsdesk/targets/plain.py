"""The desk's own messages for people who read them elsewhere than in the chat: its marks as weight, ids as names."""

from collections.abc import Callable, Iterator

import msgspec

from opsdesk import guard
from opsdesk.chat import by_name
from opsdesk.patterns import regex

# What others type never stands so: guard.plain sees to that. Addresses and code are as they are.
WEIGHTED = regex(
    r"(?P<kept>https?://\S+|`[^`\n]+`)"
    r"|(?<![\w*~])(?:\*(?=\S)(?P<bold>[^*\n]+)(?<=\S)\*|~(?=\S)(?P<struck>[^~\n]+)(?<=\S)~)(?![\w*~])"
)


class TextRun(msgspec.Struct, frozen=True):
    """A piece of a line, bold or struck through."""

    text: str
    bold: bool = False
    struck: bool = False


def legible(text: str, name_of: Callable[[str], str]) -> str:
    """Return a message with people and channels by name, and private data masked once more."""
    return guard.checked(by_name(text, name_of))


def runs(line: str) -> Iterator[TextRun]:
    """Yield the pieces of a line of the desk's own."""
    at = 0
    for found in WEIGHTED.finditer(line):
        if line[at : found.start()]:
            yield TextRun(line[at : found.start()])
        yield TextRun(found["kept"] or found["bold"] or found["struck"], bool(found["bold"]), bool(found["struck"]))
        at = found.end()
    if line[at:]:
        yield TextRun(line[at:])


def unmarked(text: str) -> str:
    """Return the text for whoever sees no weight: what is struck through says so."""
    return "\n".join("".join(map(_unmarked, runs(line))) for line in text.split("\n"))


def _unmarked(run: TextRun) -> str:
    return f"[struck out: {run.text}]" if run.struck else run.text
