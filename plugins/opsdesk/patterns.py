"""Regular expressions that are compiled when they are first asked for: a text needs few of the hundreds there are."""

import re
from typing import Any, cast

METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split")

_made: list["Uncompiled"] = []


class Uncompiled:
    """Stands where a compiled pattern would, and takes its methods over from it at the first call of one."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self.flags)
        vars(self).update({method: getattr(compiled, method) for method in METHODS})
        return getattr(compiled, name)


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return `pattern` as re.compile would, but compiled when it is first used."""
    made = Uncompiled(pattern, flags)
    _made.append(made)
    return cast("re.Pattern[str]", made)


def compile_all() -> None:
    """Compile what has not been used yet, so that nobody waits for it who needs it."""
    while _made:
        _made.pop().match  # noqa: B018  # the look at it compiles it
