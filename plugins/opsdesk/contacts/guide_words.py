"""What to do, step by step, in words."""

from collections.abc import Iterator
from datetime import datetime

from opsdesk.contacts.directory import Directory
from opsdesk.contacts.links import Link
from opsdesk.contacts.runbooks import Runbook
from opsdesk.contacts.words import address, with_channels
from opsdesk.errors import UserError, quoted
from opsdesk.text import Matched, Offer, Offering, Unsure, literal, numbered, part


def runbook(directory: Directory, typed: str, at: datetime) -> str:
    """Return the answer to `!runbook`: the steps for what was typed, or the names of several runbooks.

    `typed` may end in the number of a part. Raises a UserError where there is no such runbook.
    """
    words, number = numbered(typed)
    if not words:
        return part(["Runbooks:", *(_named(book) for book in directory.runbooks.values())], number, "!runbook")
    match = directory.find_runbooks(words)
    if match.how is Matched.NOTHING:
        raise UserError(f"There is no runbook for {quoted(words)}. `!runbook` lists them.")
    books = [directory.runbooks[key] for key in match.found]
    if match.how is Matched.TYPO and len(books) == 1:
        offers = (Offer("runbook", books[0].key),)
        asked = f"There is no runbook for {quoted(words)}. Did you mean *{books[0].title}*"
        raise Unsure(Offering(f"{literal(asked)}, {{}}?", offers))
    if match.how is Matched.TYPO:
        raise UserError("\n".join([f"There is no runbook for {quoted(words)}. Did you mean:", *map(_named, books)]))
    if len(books) > 1:
        return part([f"{len(books)} for {quoted(words)}:", *map(_named, books)], number, f"!runbook {words}")
    return part([*_steps(books[0], directory, at)], number, f"!runbook {books[0].key}")


def _named(book: Runbook) -> str:
    return f"• *{book.title}* `!runbook {book.key}`"


def _steps(book: Runbook, directory: Directory, at: datetime) -> Iterator[str]:
    """Yield the title, the steps line by line, and below them the addresses, which are too long to stand in a step."""
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
    """Return a line of Markdown as chats write it."""
    if line.startswith("#"):
        return f"*{line.lstrip('#').strip()}*"
    indent, dash, rest = line.partition("- ")
    return (f"{indent}• {rest}" if dash and not indent.strip() else line).replace("**", "*")


def links(directory: Directory, typed: str, at: datetime) -> str:
    """Return the answer to `!links`: a line for each, or in full those that speak of what was typed.

    `typed` may end in the number of a part. Raises a UserError if no link speaks of it.
    """
    words, number = numbered(typed)
    if not words:
        blocks = [f"• *{link.title}* {address(key, directory, at)}" for key, link in directory.links.items()]
        return part([f"{len(blocks)} links; `!links sidekiq` finds by words", *blocks], number, "!links")
    found = directory.find_links(words)
    if not found:
        raise UserError(f"No link speaks of {quoted(words)}. `!links` lists them all.")
    return part([_full(directory.links[key], at) for key in found], number, f"!links {words}")


def _full(link: Link, at: datetime) -> str:
    hint = " (the last hour, live)" if link.is_timed else ""
    return "\n".join([f"*{link.title}*{hint}", link.address(at), *(f"• {look}" for look in link.look_for)])
