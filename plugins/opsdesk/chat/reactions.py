"""The emoji that people put on messages."""

from typing import Any

import msgspec


class Reaction(msgspec.Struct, frozen=True):
    """An emoji that somebody put on a message, or took off it."""

    emoji: str
    room: str
    ts: str
    by: str
    added: bool


def reaction_of(told: Any) -> Reaction | None:
    """What Errbot tells of a reaction, where it is one to a message."""
    item = told.reacted_to or {}
    if item.get("type") != "message":
        return None
    added = told.action == "added"
    return Reaction(told.reaction_name, item["channel"], item["ts"], str(told.reactor.person), added)
