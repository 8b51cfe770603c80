"""What to do, step by step, in words."""

from collections.abc import Iterator
from datetime import datetime

from opsdesk.directory import Directory
from opsdesk.errors import Refusal, quoted
from opsdesk.lookup import Matched
from opsdesk.render.contacts import with_channels
from opsdesk.render.paging import numbered, part
from opsdesk.runbooks import Runbook


def runbook(directory: Directory, typed: str, at: datetime) -> str:
    """The answer to `!runbook`: the steps for what was typed, of several runbooks their names, of none a Refusal.

    `typed` may end in the number of a part.
    """
    words, number = numbered(typed)
    if not words:
        return part(["Runbooks:", *(_named(book) for book in directory.runbooks.values())], number, "!runbook")
    match = directory.find_runbooks(words)
    if match.how is Matched.NOTHING:
        raise Refusal(f"There is no runbook for {quoted(words)}. `!runbook` lists them.")
    books = [directory.runbooks[key] for key in match.found]
    meant = [f"Did you mean {match.meant}?"] if match.how is Matched.TYPO else []
    if len(books) > 1:
        return part([*meant, f"{len(books)} for {quoted(words)}:", *map(_named, books)], number, f"!runbook {words}")
    return part([*meant, *_steps(books[0], directory, at)], number, f"!runbook {books[0].key}")


def _named(book: Runbook) -> str:
    return f"• *{book.title}* `!runbook {book.key}`"


def _steps(book: Runbook, directory: Directory, at: datetime) -> Iterator[str]:
    """The title, the steps line by line, and the addresses of the links in them: a long one would drown its step."""
    yield f"*{book.title}*"
    text = with_channels(book.filled(_referred), directory)
    yield from (_line(line) for line in text.split("\n"))
    keys = dict.fromkeys(key for kind, key in book.references if kind == "link")
    if keys:
        yield ""
    yield from (f"*{link.title}* {link.address(at)}" for link in map(directory.links.__getitem__, keys))


def _referred(words: str, kind: str, key: str) -> str:
    return f"`!runbook {key}`" if kind == "runbook" else words


def _line(line: str) -> str:
    """A line of Markdown as chats write it."""
    if line.startswith("#"):
        return f"*{line.lstrip('#').strip()}*"
    indent, dash, rest = line.partition("- ")
    return (f"{indent}• {rest}" if dash and not indent.strip() else line).replace("**", "*")
