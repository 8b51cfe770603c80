"""What was worked out last, so that whoever asks every second works it out only when something has changed."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Remembers what `work_out` returned last, until it is asked of something else.

    Ask it of everything that the result depends on, of what the store holds by its version. Time is no such thing: have
    moments worked out, and compare them with the present one. Threads may ask at once; then it may be worked out twice.
    """

    def __init__(self, work_out: Callable[..., T]) -> None:
        self._work_out = work_out
        self._last: tuple[tuple[Any, ...], T] | None = None

    def __call__(self, *of: Any) -> T:
        last = self._last
        if last is None or last[0] != of:
            last = self._last = of, self._work_out(*of)
        return last[1]
