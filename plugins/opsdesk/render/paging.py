"""Long answers in parts that each fit one message."""

from collections.abc import Iterable

ROOM = 3300  # characters of a message, less than any chat takes, so that a heading fits too


def pages(blocks: Iterable[str], room: int = ROOM) -> list[str]:
    """The blocks, a line end between them, in as few texts of at most `room` characters as keep their order.

    A block longer than that is cut where it has a line end or a blank, or anywhere if it has none.
    """
    parts: list[str] = []
    for block in blocks:
        joined = "\n".join([*parts[-1:], block])
        if len(joined) <= room or len(block) > room:
            parts[-1:] = cut(joined, room)
        else:
            parts.append(block)
    return parts


def cut(block: str, room: int) -> list[str]:
    """`block` in pieces of at most `room` characters."""
    pieces = []
    while len(block) > room:
        end = max(block.rfind("\n", 1, room), block.rfind(" ", 1, room))
        end = end + 1 if end > 0 else room
        pieces.append(block[:end])
        block = block[end:]
    return [*pieces, block]
