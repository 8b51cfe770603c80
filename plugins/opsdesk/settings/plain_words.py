"""What msgspec says of a wrong value, in words for somebody who edits a file of the team's."""

import enum
import re
import typing
from typing import Any

from opsdesk.patterns import regex

NAMES = {
    "object": "a table",
    "array": "a list",
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "date": "a day such as 2026-11-23",
    "time": "a time such as 20:15:00",
    "datetime": "a moment such as 2026-11-23T20:15:00-05:00",
    "null": "nothing",
}
LIMITS = {">=": "of at least", ">": "above", "<=": "of at most", "<": "below"}
EXPECTED = regex(r"Expected `([^`]+)`(?:, got `(\w+)`| ([<>]=?) (\S+))?.*", re.DOTALL)
UNREADABLE = regex(r"Invalid RFC3339 encoded (\w+).*", re.DOTALL)


def plainly(said: str, kind: Any) -> str:
    """Return what is expected of a `kind` instead of the value, such as "a list belongs here, not text in quotes"."""
    if words := _words(kind):
        return f"{words} belongs here"
    if unreadable := UNREADABLE.fullmatch(said):
        return f"{NAMES.get(unreadable[1], unreadable[1])} belongs here"
    found = EXPECTED.fullmatch(said)
    if not found:
        return said
    kinds = [NAMES.get(kind, kind) for kind in found[1].split(" | ") if kind != "null"]
    wanted = " or ".join(kinds)
    if found[3]:
        return f"{wanted} {LIMITS[found[3]]} {found[4].removesuffix('.0')} belongs here"
    got = f", not {NAMES.get(found[2], found[2])}" if found[2] else ""
    return f"{wanted} belongs here{got}"


def _words(kind: Any) -> str:
    """Return the words among which somebody chooses: "week", "sprint" or "month"; "" for what is no choice."""
    if isinstance(kind, type) and issubclass(kind, enum.StrEnum):
        chosen: tuple[str, ...] = tuple(one.value for one in kind)
    else:
        chosen = typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else ()
    words = [f'"{one}"' for one in chosen]
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
