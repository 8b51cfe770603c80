"""The last look at what goes out: whatever way a text came in, private data in it is masked here.

Names and street addresses are left to the ways in. They are known by the words around them, which on the way out are
the desk's own, beside the names of the team.
"""

import logging
from collections.abc import Iterator
from typing import Any

from opsdesk.guard.kinds import Kind
from opsdesk.guard.masks import mask
from opsdesk.guard.own import team

log = logging.getLogger(__name__)

KNOWN_BY_WORDS = frozenset({Kind.NAME, Kind.ADDRESS})
PIECE = 8_000  # characters looked at in one go, so that a long file keeps nothing else waiting
SAID = frozenset({"text", "topic", "title", "filename", "initial_comment", "fallback", "pretext", "alt_text"})


def checked(text: str) -> str:
    """Return `text` with a label in the place of each piece of private data that is known by itself.

    Never raises: if the masks fail, the text goes out as it is, for it was masked on its way in, and a post must not
    be missing for it. The failure is logged.
    """
    try:
        own = team()
        return "".join(mask(piece, own, but=KNOWN_BY_WORDS).text for piece in _pieces(text))
    except Exception:  # a mistake in a mask must stop nothing
        log.exception("A text went out without a last look: the masks failed")
        return text


def checked_call(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call to a chat, with every text in them that is shown to people checked."""
    return {name: _checked_value(name, value) for name, value in arguments.items()}


def _checked_value(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return checked(value) if name in SAID else value
    if isinstance(value, dict):
        return checked_call(value)
    if isinstance(value, list | tuple):
        return [_checked_value(name, one) for one in value]
    return value


def _pieces(text: str) -> Iterator[str]:
    """Return the text in pieces that end where a line does, if one does."""
    begin = 0
    while len(text) - begin > PIECE:
        end = text.rfind("\n", begin, begin + PIECE) + 1 or begin + PIECE
        yield text[begin:end]
        begin = end
    yield text[begin:]
