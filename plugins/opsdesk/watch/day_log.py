"""What the watch found on each day: on disk, and in memory while the disk refuses it."""

import logging
from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

import msgspec

from opsdesk.errors import UserError
from opsdesk.store import KeyedTable

log = logging.getLogger(__name__)

T = TypeVar("T", bound=msgspec.Struct)


class DayLog(Generic[T]):
    """The records of a table under one key, a day each; a day without one is as `empty`.

    What is found is told, whether or not it can be stored: then it is stored with the next change that can be.
    """

    def __init__(self, kept: KeyedTable[T], key: str, empty: T) -> None:
        self._kept, self._key, self._empty = kept, key, empty
        self._unstored: dict[date, T] = {}

    def get(self, day: date) -> T:
        """Return a day as it is known; as empty where it cannot be read, which is logged."""
        if day in self._unstored:
            return self._unstored[day]
        try:
            return self._kept.get(day, self._key) or self._empty
        except UserError as damaged:
            log.error("What the watch found on %s cannot be read: %s", day, damaged)
            return self._empty

    def change(self, day: date, edit: Callable[[T], T]) -> bool:
        """Change a day, and return whether that made a difference."""
        before = self.get(day)
        if (found := edit(before)) == before and day not in self._unstored:
            return False
        try:
            self._kept.change(day, self._key, lambda stored: edit(self._unstored.get(day, stored or self._empty)))
            self._unstored.pop(day, None)
        except UserError as refused:
            log.error("What the watch found on %s cannot be stored: %s", day, refused)
            self._unstored = {day: found}
        return found != before
