"""Slack's markup and the desk's own text, one made into the other.

The desk keeps what people type as plain text, with two of Slack's tokens left in it as data: a person is `<@U012AB>`
(so that `--owner <@U012AB>` can be looked up) and a channel is `<#C012AB|name>`. Everything else becomes what was
typed: entities are unescaped, a link is its address, or "label (address)" where the label says something else, and
`<!here>` and its like are the words "@here".

Source of the tokens and of what must be escaped: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable
from typing import Any

from opsdesk import guard
from opsdesk.chat import MENTION_CLOSE, MENTION_OPEN, Converter
from opsdesk.patterns import regex

LONGEST = 4_000  # characters of text in a message that can be edited as one
TOKEN = regex(r"<([^<>]+)>")
MARKS = f"{MENTION_OPEN}{MENTION_CLOSE}"
DELIBERATE = rf"{MENTION_OPEN}(?P<id>[^|{MARKS}]*)\|(?P<name>[^{MARKS}]*){MENTION_CLOSE}"
CHANNEL = r"<#(?P<channel>[CG][A-Z0-9]+)(?:\|[^<>]*)?>"
TOKENS = regex(rf"{DELIBERATE}|{CHANNEL}|{guard.PERSON.pattern}")
SLACK_ID = regex(guard.USER_ID)
LINK = regex(r"<(?:https?://|mailto:)[^<>\s]+>|<(?:https?://|mailto:)[^<>|\s]+\|[^<>]*>")
UNFINISHED = regex(r"(?:&[a-z]*|<[^<>]*)\Z")  # the beginning of an entity or a token
FORCED = regex(r"&(?!(?:amp|lt|gt);)")


def read(text: str) -> str:
    """Return what somebody typed, from the text of a Slack event."""
    plain = TOKEN.sub(_typed, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def write(text: str, name_of: Callable[[str], str]) -> str:
    """Return the desk's `text` as mrkdwn that Slack shows exactly as it stands.

    Only mentions that the desk itself makes (`chat.mention`) notify; those that people typed become words. What
    `name_of` gives is not read again: no name can be a mention.
    """
    shown, written, at = guard.legible(text), "", 0
    for token in TOKENS.finditer(shown):
        written += escape(shown[at : token.start()]) + _token(token, name_of)
        at = token.end()
    return written + escape(shown[at:])


def escape(text: str) -> str:
    """Return `text` with &, < and >, which mean something to Slack, as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def disarm_markup(mrkdwn: str) -> str:
    """Return mrkdwn that others wrote with its links kept and all other tokens (mentions, commands) made inert."""
    written, at = "", 0
    for link in LINK.finditer(mrkdwn):
        written += _inert(mrkdwn[at : link.start()]) + link[0]
        at = link.end()
    return written + _inert(mrkdwn[at:])


def shorten(mrkdwn: str, rest: str = "") -> str:
    """Return `mrkdwn` cut to what fits one message: its first lines, and how many were left out.

    `rest` says where to find those.
    """
    if len(mrkdwn) <= LONGEST:
        return mrkdwn
    lines = mrkdwn.split("\n")
    kept = _fitting(lines, LONGEST - 100 - len(rest))
    if kept == 0:
        beginning = UNFINISHED.sub("", mrkdwn[: LONGEST - 100 - len(rest)])
        return f"{beginning}…\n{_left_out('The end of the line is', rest)}"
    left = len(lines) - kept
    return "\n".join([*lines[:kept], _left_out(f"{left} more line{' is' if left == 1 else 's are'}", rest)])


def _typed(token: re.Match[str]) -> str:
    target, _, label = token[1].partition("|")
    if target[0] == "@":
        return f"<{target}>"
    if target[0] == "#":
        return token[0]
    if target[0] == "!":
        return label or f"@{target[1:].partition('^')[0]}"
    return _typed_link(target, label)


def _typed_link(address: str, label: str) -> str:
    """Return a link as it was typed: an address without "https://" has itself as its label, and people see that."""
    plain = re.sub(r"^(?:https?://|mailto:|tel:)", "", address)
    if label and (label.rstrip("/") in (address.rstrip("/"), plain.rstrip("/")) or address.startswith("tel:")):
        return label
    return f"{label} ({address})" if label else address


def _token(found: re.Match[str], name_of: Callable[[str], str]) -> str:
    if found["channel"]:
        return f"<#{found['channel']}>"
    if found["id"] is None:
        return f"@{escape(name_of(found['person']))}"
    return f"<@{found['id']}>" if SLACK_ID.fullmatch(found["id"]) else f"@{escape(found['name'])}"


def _inert(mrkdwn: str) -> str:
    return FORCED.sub("&amp;", mrkdwn).replace("<", "&lt;").replace(">", "&gt;")


def _fitting(lines: list[str], room: int) -> int:
    for count, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return count
    return len(lines)


def _left_out(what: str, rest: str) -> str:
    return f"… {what} left out{f': {rest}' if rest else ''}."


class InertMarkdown:
    """slackv3's Markdown converter, whose result notifies nobody."""

    def __init__(self, converter: Any) -> None:
        self._converter = Converter(converter)

    def convert(self, body: str) -> str:
        """Return Markdown as mrkdwn."""
        return disarm_markup(self._converter.convert(body))
