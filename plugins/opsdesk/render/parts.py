"""A long answer, one part of it at a time."""

from collections.abc import Sequence

from opsdesk.errors import Refusal
from opsdesk.render.paging import pages

ROOM = 3300  # characters: with heading and footing a part stays below one message


def part(blocks: Sequence[str], number: int, command: str) -> str:
    """Part `number` (from 1) of the blocks, and what to type for the next; a Refusal if there are not so many."""
    parts = pages(blocks, ROOM)
    if not 1 <= number <= len(parts):
        raise Refusal(f"There {'is 1 part' if len(parts) == 1 else f'are {len(parts)} parts'}: `{command}`")
    text = parts[number - 1]
    if len(parts) == 1:
        return text
    following = f" · `{command} {number + 1}` shows the next" if number < len(parts) else ""
    return f"{text}\nPart {number} of {len(parts)}{following}"


def numbered(typed: str) -> tuple[str, int]:
    """What was typed, and the number of the part that stands behind it: 1 if none does."""
    before, _, last = typed.strip().rpartition(" ")
    return (before.strip(), int(last)) if last.isdecimal() and len(last) < 4 else (typed.strip(), 1)
