"""What this process holds: what is loaded is looked through no more, and what is free goes back to the machine."""

import gc
from contextlib import suppress
from datetime import datetime, timedelta

AT_START = 100_000  # config.py's threshold: while so few objects are new, the start is not stopped to look for cycles
AT_WORK = (2_000, 10, 10)
EVERY = timedelta(minutes=10)


class Memory:
    """Tidied now and then, by whoever has nothing more urgent to do."""

    def __init__(self) -> None:
        self._trimmed_at: datetime | None = None

    def tidy(self, at: datetime) -> None:
        """End what config.py set for the start alone; every ten minutes, give back what is free."""
        if gc.get_threshold()[0] == AT_START:
            gc.collect()
            gc.freeze()
            gc.set_threshold(*AT_WORK)
        if not self._trimmed_at or at - self._trimmed_at >= EVERY:
            self._trimmed_at = at
            _trim()


def _trim() -> None:
    """Have the C library give back the pages that it keeps for itself: glibc does so only at the end of its heap."""
    import ctypes  # with the first tick, not with the start

    with suppress(AttributeError, OSError):  # another C library has no such call
        ctypes.CDLL(None).malloc_trim(0)
