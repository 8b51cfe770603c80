"""The latest of what is known, which several threads ask and change."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")


class LatestValues(Generic[K, T]):
    """The values of the `most` keys that were set last."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._values: OrderedDict[K, T] = OrderedDict()

    def get(self, key: K) -> T | None:
        """Return the value; None where there is none."""
        return self._values.get(key)

    def set(self, key: K, value: T) -> None:
        """Keep a value, in place of the one set longest ago where there are too many."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)

    def drop(self, key: K) -> None:
        """Keep no value for the key."""
        with self._lock:
            self._values.pop(key, None)

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._values.clear()
