"""The chat's words as HTML: everything escaped, then bold, code, addresses and incidents' numbers set off."""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from markupsafe import Markup, escape

from opsdesk import guard
from opsdesk.chat import MENTION_CLOSE, MENTION_OPEN
from opsdesk.patterns import regex

MARKS = f"{MENTION_OPEN}{MENTION_CLOSE}"
TOKEN = regex(
    r"`(?P<code>[^`\n]+)`"
    r"|(?<![\w*])\*(?P<bold>(?=\S)[^*\n]+(?<=\S))\*(?![\w*])"
    r"|(?P<address>https?://[^\s<>\"'`\\]+)"
    r"|(?<![\w&/#])#(?P<number>[1-9]\d{0,6})\b"
    r"|<#[CG][A-Z0-9]+\|(?P<channel>[^<>]*)>"
    rf"|{MENTION_OPEN}[^|{MARKS}]*\|(?P<mentioned>[^{MARKS}]*){MENTION_CLOSE}"
    rf"|<@(?P<person>{guard.USER_ID})(?:\|[^<>]*)?>"
)
NOBODY: Mapping[str, str] = {}
BEHIND = ".,;:!?)]}'"  # marks behind an address that are the sentence's
BULLETS = ("• ", "- ")


def plain(text: str, names: Mapping[str, str] = NOBODY) -> str:
    """Return a piece of the chat's text as it stands, for titles: nothing in it becomes a link.

    People and channels are called by name in it; `names` are of people, by their ids in the chat.
    """
    return TOKEN.sub(lambda token: _called(token, names) or token[0], guard.legible(guard.checked(text)))


def line(text: str, names: Mapping[str, str] = NOBODY) -> Markup:
    """Return a piece of the chat's text as HTML, on one line. `names` are of people, by their ids in the chat."""
    shown, made, at = guard.legible(guard.checked(text)), list[str](), 0
    for token in TOKEN.finditer(shown):
        made += [str(escape(shown[at : token.start()])), *map(str, _parts(token, names))]
        at = token.end()
    return Markup("".join([*made, str(escape(shown[at:]))]))  # each part is escaped above


def paragraphs(text: str, names: Mapping[str, str] = NOBODY) -> Markup:
    """Return the chat's text as HTML: its points as a list, other lines in paragraphs that blank lines part."""
    lines = text.split("\n")
    return Markup("\n").join(_block(kind, list(ones), names) for kind, ones in groupby(lines, _kind) if kind != "blank")


def _kind(text: str) -> str:
    if not text.strip():
        return "blank"
    return "points" if text.startswith(BULLETS) else "lines"


def _block(kind: str, lines: list[str], names: Mapping[str, str]) -> Markup:
    if kind == "points":
        points = (Markup("<li>{}</li>").format(line(one[2:], names)) for one in lines)
        return Markup("<ul>{}</ul>").format(Markup("").join(points))
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(line(one, names) for one in lines))


def _parts(token: re.Match[str], names: Mapping[str, str]) -> Iterator[Markup]:
    kind, said = token.lastgroup, token[token.lastgroup or 0]
    if kind == "code":
        yield Markup("<code>{}</code>").format(said)
    elif kind == "bold":
        yield Markup("<strong>{}</strong>").format(line(said, names))
    elif kind == "number":
        yield Markup('<a href="/board/incident/{0}">#{0}</a>').format(said)
    elif kind == "address":
        address = said.rstrip(BEHIND)
        yield Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(address)
        yield escape(said[len(address) :])
    else:
        yield escape(_called(token, names))


def _called(token: re.Match[str], names: Mapping[str, str]) -> str:
    """Return the channel or the person that is meant, by name; "" where neither is."""
    kind, said = token.lastgroup, token[token.lastgroup or 0]
    if kind == "channel":
        return f"#{said}"
    return f"@{names.get(said, said)}" if kind in ("mentioned", "person") else ""
