"""A Slack message read as a whole: its text, attachments, blocks and file names, with the links in all of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from opsdesk.patterns import regex

LINK = regex(r"<(https?://[^\s<>|]+)(?:\|([^<>]*))?>")
BARE = regex(r"https?://[^\s<>|\"')\]]+")
SPECIAL = regex(r"<([@#!][^<>]*)>")
EMOJI = regex(r":[a-z0-9_+'-]{2,40}:")
DEEPEST = 12  # levels of blocks within blocks: Slack's own have four


class Whole(msgspec.Struct, frozen=True):
    """A message in plain words.

    `lines` are its lines in reading order, without markup; `links` are (address, label) in the same order; `titles`
    are the lines that stand out: the titles of attachments, headers and the first line of each section.
    """

    lines: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return all lines as one text."""
        return "\n".join(self.lines)


def read_whole(message: Mapping[str, Any]) -> Whole:
    """Return the message as a whole. Parts of an unknown shape are passed over; nothing is raised."""
    parts = list(_parts(message))
    lines = [line for _, text in parts for line in plain(text).splitlines() if line.strip()]
    links = [link for _, text in parts for link in _links(text)]
    titles = [line for stands_out, text in parts if stands_out for line in plain(text).splitlines()[:1] if line.strip()]
    return Whole(tuple(dict.fromkeys(lines)), tuple(dict.fromkeys(links)), tuple(dict.fromkeys(titles)))


def moment_of(event: Mapping[str, Any], otherwise: datetime) -> datetime:
    """Return when a message was sent, by its `ts` (seconds since 1970); `otherwise` without a readable one."""
    try:
        return datetime.fromtimestamp(float(str(event.get("ts"))), UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise


def plain(text: str) -> str:
    """Return mrkdwn as people see it: links as their labels, entities unescaped, without emoji names and bold marks."""
    shown = LINK.sub(lambda found: found[2] or found[1], text)
    shown = SPECIAL.sub(lambda found: found[1].partition("|")[2] or found[1], shown)
    shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return "\n".join(EMOJI.sub("", line).strip().strip("*").strip() for line in shown.splitlines())


def _links(text: str) -> Iterator[tuple[str, str]]:
    """Return the links of a text; where the markup is broken, the bare addresses in it."""
    for found in LINK.finditer(text):
        yield _address(found[1]), (found[2] or "").strip()
    for bare in BARE.findall(LINK.sub(" ", text)):
        yield _address(bare.rstrip(".,;:!?*_`")), ""


def _address(url: str) -> str:
    return url.replace("&amp;", "&")


def _parts(message: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """Return the texts of a message, each with whether it stands out."""
    yield False, _text(message.get("text"))
    yield from _blocks(message.get("blocks"), 0)
    for attachment in _each(message.get("attachments")):
        yield from _attachment(attachment)
    for file in _each(message.get("files")):
        yield False, _text(file.get("title") or file.get("name"))


def _attachment(one: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    title, link = _text(one.get("title")), _text(one.get("title_link"))
    yield False, _text(one.get("pretext"))
    yield True, f"<{link}|{title}>" if link.startswith("http") and title and "<" not in title else title or link
    yield from _blocks(one.get("blocks"), 0)
    yield False, _text(one.get("text"))
    for field in _each(one.get("fields")):
        yield False, ": ".join(filter(None, (_text(field.get("title")), _text(field.get("value")))))
    yield False, _text(one.get("footer"))
    if not (title or one.get("text") or one.get("blocks")):
        yield False, _text(one.get("fallback"))


def _blocks(blocks: Any, depth: int) -> Iterator[tuple[bool, str]]:
    for block in _each(blocks):
        kind = block.get("type")
        if kind in ("rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"):
            yield False, _rich(block, depth)
            continue
        yield kind in ("header", "section"), _text(block.get("text"))
        for part in (*_each(block.get("fields")), *(_each(block.get("elements")) if kind == "context" else ())):
            yield False, _text(part)


def _rich(block: Mapping[str, Any], depth: int) -> str:
    """Return a rich text as mrkdwn."""
    if depth > DEEPEST:
        return ""
    pieces = []
    for element in _each(block.get("elements")):
        url = _text(element.get("url"))
        if "elements" in element:
            pieces.append(_rich(element, depth + 1) + "\n")
        elif url.startswith("http"):
            pieces.append(f"<{url}|{_text(element.get('text'))}>" if element.get("text") else f"<{url}>")
        else:
            pieces.append(_text(element.get("text")))
    return "".join(pieces)


def _text(part: Any) -> str:
    """Return a text, or that of a text object."""
    found = part.get("text") if isinstance(part, Mapping) else part
    return found if isinstance(found, str) else ""


def _each(parts: Any) -> Sequence[Mapping[str, Any]]:
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list | tuple) else ()
