"""Attends to posts one after another, but leaves one that hangs behind: those after it do not wait for it."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from functools import partial
from typing import TypeVar

from opsdesk.posts.scheduled import Scheduled
from opsdesk.workers import Workers

PATIENCE = 2.0  # seconds for each post, longer than a call to the chat usually takes
LITTLE = 0.2  # seconds for those behind one that hangs: the chat may hang for each of them
MOST = 16  # posts that may hang at a time

T = TypeVar("T")


class Apart:
    """Threads in which posts are attended to, in order as long as none hangs; each by one of them at a time."""

    def __init__(self) -> None:
        self._workers, self._lock = Workers(MOST, "posts"), threading.Lock()
        self._held: set[str] = set()  # the keys of those that are attended to

    @property
    def hangs(self) -> bool:
        """Return whether a post is still attended to."""
        return bool(self._held)

    def attend(self, posts: Iterable[Scheduled], attend: Callable[[Scheduled], T]) -> list[T]:
        """Attend to the posts, but those that still hang; return what `attend` returned of those that do not hang.

        `attend` must not raise.
        """
        found: list[T] = []
        with self._lock:
            left = deque(one for one in posts if one.key not in self._held)
        patience = PATIENCE
        while left and len(self._held) < MOST:
            if not _ended(self._workers.do(partial(self._attend, left, attend, found)), left, patience):
                patience = LITTLE
        with self._lock:
            left.clear()  # the next tick has them anew: whoever hangs now goes on with none of them
        return list(found)

    def _attend(self, left: deque[Scheduled], attend: Callable[[Scheduled], T], found: list[T]) -> None:
        while one := self._next(left):
            try:
                found.append(attend(one))
            finally:
                self._held.discard(one.key)

    def _next(self, left: deque[Scheduled]) -> Scheduled | None:
        with self._lock:
            one = left.popleft() if left else None
            if one:
                self._held.add(one.key)
        return one


def _ended(run: Future[None], left: deque[Scheduled], patience: float) -> bool:
    """Return whether a run has ended, which takes up to `patience` seconds for each post."""
    many = None
    while many != len(left):
        many = len(left)
        if wait([run], patience).done:
            return True
    return False
