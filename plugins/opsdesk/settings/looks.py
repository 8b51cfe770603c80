"""Looks at files for whether they have changed: whoever asks them all for much asks each once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from opsdesk import clock

VALID = 0.1  # seconds: what hangs meanwhile makes them due again


class _Looks(threading.local):
    """What this thread has looked at, while it looks at each once."""

    valid_until = 0.0
    seen: frozenset[int] = frozenset()


_looks = _Looks()


@contextmanager
def looking_once() -> Iterator[None]:
    """Have this thread look at each file once for all it does now, and again where that takes longer than VALID."""
    _looks.valid_until, _looks.seen = clock.seconds() + VALID, frozenset()
    try:
        yield
    finally:
        _looks.valid_until = 0.0


def is_due(file: object) -> bool:
    """Return whether this thread is to look at a file now, which then counts as looked at."""
    if not _looks.valid_until or clock.seconds() > _looks.valid_until:
        return True
    if id(file) in _looks.seen:
        return False
    _looks.seen |= {id(file)}
    return True
