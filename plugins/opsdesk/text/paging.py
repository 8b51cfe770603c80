"""Long answers in parts that each fit one message, and one of them at a time."""

from collections.abc import Iterable, Sequence

from opsdesk.errors import UserError

ROOM = 3300  # characters of a message, less than any chat takes, so that heading and footing fit too


def pages(blocks: Iterable[str], room: int = ROOM) -> list[str]:
    """Return the blocks, a line end between them, in as few texts of at most `room` characters as keep their order.

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
    """Return `block` in pieces of at most `room` characters."""
    pieces = []
    while len(block) > room:
        end = max(block.rfind("\n", 1, room), block.rfind(" ", 1, room))
        end = end + 1 if end > 0 else room
        pieces.append(block[:end])
        block = block[end:]
    return [*pieces, block]


def part(blocks: Sequence[str], number: int, command: str) -> str:
    """Return part `number` (from 1) of the blocks, and what to type for the next; raise a UserError beyond the last."""
    parts = pages(blocks)
    if not 1 <= number <= len(parts):
        raise UserError(f"There {'is 1 part' if len(parts) == 1 else f'are {len(parts)} parts'}: `{command}`")
    text = parts[number - 1]
    if len(parts) == 1:
        return text
    following = f" · `{command} {number + 1}` shows the next" if number < len(parts) else ""
    return f"{text}\nPart {number} of {len(parts)}{following}"


def numbered(typed: str) -> tuple[str, int]:
    """Return what was typed, and the number of the part that stands behind it: 1 if none does."""
    before, _, last = typed.strip().rpartition(" ")
    return (before.strip(), int(last)) if last.isdecimal() and len(last) < 4 else (typed.strip(), 1)
