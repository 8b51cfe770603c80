"""What msgspec says of a wrong value, in words for somebody who edits a file of the team's."""

import re

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


def plainly(said: str) -> str:
    """Return what is expected instead of the value, such as "a list belongs here, not text in quotes"."""
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
