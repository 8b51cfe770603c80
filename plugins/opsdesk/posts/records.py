"""The records of scheduled posts: on disk, and in memory while the disk refuses them."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import msgspec

from opsdesk.errors import UserError
from opsdesk.posts.post import PostEntry, PostLine, PostRecord, Scheduled
from opsdesk.store import KeyedTable

log = logging.getLogger(__name__)

Check = Callable[[PostRecord], None]  # raises what keeps a record as it is


class _Addition(msgspec.Struct, frozen=True):
    """Entries to add to a record, and the text as it was last sent, if that is new."""

    entries: tuple[PostEntry, ...]
    lines: tuple[PostLine, ...] | None

    def then(self, entry: PostEntry, lines: tuple[PostLine, ...] | None) -> "_Addition":
        return _Addition((*self.entries, entry), self.lines if lines is None else lines)

    def to(self, key: str, record: PostRecord | None) -> PostRecord:
        old = record or PostRecord(key)
        lines = old.lines if self.lines is None else self.lines
        return msgspec.structs.replace(old, entries=(*old.entries, *self.entries), lines=lines)


NOTHING = _Addition((), None)


class PostRecords:
    """Keeps what became of each post. A post is owed even if its record can be neither read nor written.

    Without its claim on disk a post is still not sent twice: before each sending the chat is read back.
    """

    def __init__(self, kept: KeyedTable[PostRecord]) -> None:
        self._kept = kept
        self._unstored: dict[str, _Addition] = {}

    def get(self, scheduled: Scheduled) -> PostRecord:
        """Return the record of a post; an empty one if it cannot be read."""
        try:
            stored = self._kept.get(scheduled.day, scheduled.key)
        except UserError as damaged:
            log.error("The record of post %s cannot be read (%s); the chat itself is asked.", scheduled.key, damaged)
            stored = None
        return self._refused(scheduled).to(scheduled.key, stored)

    def add(self, scheduled: Scheduled, entry: PostEntry, check: Check) -> PostRecord:
        """Add what somebody said about the post, unless `check` raises about its record; return the record.

        Nothing comes between the check and the entry. Raises a UserError if it cannot be stored.
        """
        refused = self._refused(scheduled)

        def edit(stored: PostRecord | None) -> PostRecord:
            record = refused.to(scheduled.key, stored)
            check(record)
            return record.then(entry)

        return self._store(scheduled, edit)

    def note(self, scheduled: Scheduled, entry: PostEntry, lines: tuple[PostLine, ...] | None = None) -> PostRecord:
        """Add a step of the post, and its text if given; return the record. Keep both in memory if the disk refuses."""
        pending = self._refused(scheduled).then(entry, lines)
        try:
            return self._store(scheduled, partial(pending.to, scheduled.key))
        except UserError as full:
            log.error("The record of post %s cannot be written: %s", scheduled.key, full)
            self._unstored[scheduled.key] = pending
            return self.get(scheduled)

    def settle(self, scheduled: Scheduled) -> None:
        """Try once more to store what the disk refused."""
        if scheduled.key in self._unstored:
            with suppress(UserError):
                self._store(scheduled, partial(self._refused(scheduled).to, scheduled.key))

    def _refused(self, scheduled: Scheduled) -> _Addition:
        return self._unstored.get(scheduled.key, NOTHING)

    def _store(self, scheduled: Scheduled, edit: Callable[[PostRecord | None], PostRecord]) -> PostRecord:
        record = self._kept.change(scheduled.day, scheduled.key, edit)
        self._unstored.pop(scheduled.key, None)
        return record
