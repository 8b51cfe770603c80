"""What this process has done and has still to do, counted for whoever collects figures: calls by outcome, queues."""

import threading
import weakref
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

import msgspec

from opsdesk import clock

UPPER = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)  # seconds: the bounds that calls are counted by
ANSWERED, REFUSED, FAILED = "answered", "refused", "failed"
T = TypeVar("T")


class Timed(msgspec.Struct, frozen=True):
    """How many calls took up to each of the bounds they are counted by, and longer; and the seconds of all together."""

    up_to: tuple[int, ...] = (0,) * (len(UPPER) + 1)
    seconds: float = 0.0

    def with_one(self, seconds: float, bounds: tuple[float, ...] = UPPER) -> "Timed":
        """Return it with one more call."""
        place = sum(seconds > bound for bound in bounds)
        counted = (many + (at == place) for at, many in enumerate(self.up_to))
        return Timed(tuple(counted), self.seconds + seconds)


class Queue(Protocol):
    """What has work waiting."""

    def waiting(self) -> int:
        """Return how much of it waits, or is being done."""


_lock = threading.Lock()
_calls: dict[tuple[str, str, str], Timed] = {}
_queues: weakref.WeakKeyDictionary[Queue, str] = weakref.WeakKeyDictionary()


def timed(service: str, call: str, do: Callable[[], T]) -> T:
    """Return what `do` returns, and count it as a call of a service; what it raises is counted, too, and raised.

    An error may name its `outcome`; one with the `response` of the other side is a refusal.
    """
    begun, outcome = clock.seconds(), ANSWERED
    try:
        return do()
    except Exception as error:
        outcome = str(getattr(error, "outcome", "") or (REFUSED if hasattr(error, "response") else FAILED))
        raise
    finally:
        with _lock:
            of = service, call, outcome
            _calls[of] = _calls.get(of, Timed()).with_one(clock.seconds() - begun)


def calls() -> Mapping[tuple[str, str, str], Timed]:
    """Return the calls so far, by service, call and outcome."""
    with _lock:
        return dict(_calls)


def follow_queue(name: str, queue: Queue) -> None:
    """Have the length of a queue counted under a name, for as long as there is the queue."""
    with _lock:
        _queues[queue] = name


def queues() -> Mapping[str, int]:
    """Return how much waits in the queues of each name."""
    with _lock:
        those = list(_queues.items())
    lengths: dict[str, int] = {}
    for queue, name in those:
        lengths[name] = lengths.get(name, 0) + queue.waiting()
    return lengths
