"""Where to look, in words."""

from datetime import datetime

from opsdesk.directory import Directory
from opsdesk.errors import Refusal, quoted
from opsdesk.links import Link
from opsdesk.render.contacts import address
from opsdesk.render.paging import numbered, part


def links(directory: Directory, typed: str, at: datetime) -> str:
    """The answer to `!links`: all of them a line each, or those that speak of what was typed, with what to look for.

    `typed` may end in the number of a part; a Refusal if no link speaks of it.
    """
    words, number = numbered(typed)
    if not words:
        blocks = [f"• *{link.title}* {address(key, directory, at)}" for key, link in directory.links.items()]
        return part([f"{len(blocks)} links; `!links sidekiq` finds by words", *blocks], number, "!links")
    found = directory.find_links(words)
    if not found:
        raise Refusal(f"No link speaks of {quoted(words)}. `!links` lists them all.")
    return part([_full(directory.links[key], at) for key in found], number, f"!links {words}")


def _full(link: Link, at: datetime) -> str:
    hint = " (the last hour, live)" if link.is_timed else ""
    return "\n".join([f"*{link.title}*{hint}", link.address(at), *(f"• {look}" for look in link.look_for)])
