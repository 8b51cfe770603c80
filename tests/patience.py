"""How long tests wait for what should come at once: a busy machine makes them slow, and must not make them fail."""

import time
from collections.abc import Callable
from typing import Any

LONG = 300.0  # seconds
MILDLY = 1.0  # seconds between two commands of a person who asks until the answer is there: no flood


def until(condition: Callable[[], Any], what: str, seconds: float = LONG, every: float = 0.005) -> Any:
    """Waits until `condition` gives something true, and returns it; fails with `what` was waited for.

    It is looked at `every` so many seconds.
    """
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} seconds for {what}")
        time.sleep(every)
    return found
