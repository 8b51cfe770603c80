"""Names that stand for something in a query, "$environment": replaced, the longer ones before the shorter."""

import re
from collections.abc import Callable, Iterable

from opsdesk.patterns import regex

LEFT = regex(r"\$(\w[\w-]*)")


def resolve(text: str, names: Iterable[str], put: Callable[[str, bool], str]) -> str:
    """Return `text` with each "$name" and "$name.value" replaced by what `put` gives for the name.

    `put` is told whether the value alone is wanted. Names may have "-" and "." in them.
    """
    known = sorted(filter(None, names), key=len, reverse=True)
    if not known:
        return text
    pattern = re.compile(rf"\$({'|'.join(map(re.escape, known))})(?!\w)(\.value\b)?")
    return pattern.sub(lambda found: put(found[1], bool(found[2])), text)


def unresolved(text: str, names: Iterable[str]) -> list[str]:
    """Return the names in `text` that are not known."""
    return LEFT.findall(resolve(text, names, lambda name, value: ""))
