"""Regular expressions that are compiled when they are first asked for: a text needs few of the hundreds there are."""

import re
from functools import cached_property
from typing import Any, cast

_made: list["Uncompiled"] = []


class Uncompiled:
    """Stands where a compiled pattern would, and takes over from it each method that is called."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """Return the pattern, compiled."""
        return re.compile(self.pattern, self.flags)

    def __getattr__(self, name: str) -> Any:
        found = vars(self)[name] = getattr(self.compiled, name)
        return found


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return `pattern` as re.compile would, but compiled when it is first used, or soon after the start."""
    made = seldom(pattern, flags)
    _made.append(cast("Uncompiled", made))
    return made


def seldom(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return `pattern` as re.compile would, but compiled when it is first used, which may never be."""
    return cast("re.Pattern[str]", Uncompiled(pattern, flags))


def compile_next() -> bool:
    """Compile one that has not been used yet, so that nobody who needs it waits; return whether there was one."""
    if _made:
        _made.pop().compiled  # noqa: B018  # the look at it compiles it
        return True
    return False
