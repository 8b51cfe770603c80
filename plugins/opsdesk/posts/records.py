"""The records of scheduled posts: on disk, and in memory while the disk refuses them."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial

import msgspec

from opsdesk.errors import UserError
from opsdesk.latest import LatestValues
from opsdesk.posts.post import PostEntry, PostLine, PostRecord, State
from opsdesk.posts.scheduled import FOLLOWED, Scheduled
from opsdesk.store import KeyedTable

log = logging.getLogger(__name__)

Check = Callable[[PostRecord], None]  # raises what keeps a record as it is
Lines = tuple[PostLine, ...]


class Addition(msgspec.Struct, frozen=True):
    """Entries to add to a record, and whatever else is new: the text, the desk's own lines in it, the record's id."""

    entries: tuple[PostEntry, ...] = ()
    lines: Lines | None = None
    ours: Lines | None = None
    id: str = ""

    def then(self, other: "Addition") -> "Addition":
        """Return both as one addition."""
        return Addition(
            entries=(*self.entries, *other.entries),
            lines=self.lines if other.lines is None else other.lines,
            ours=self.ours if other.ours is None else other.ours,
            id=other.id or self.id,
        )

    def to(self, key: str, record: PostRecord | None) -> PostRecord:
        """Return the record with the addition; a new one for None."""
        old = record or PostRecord(key)
        return msgspec.structs.replace(
            old,
            entries=(*old.entries, *self.entries),
            lines=old.lines if self.lines is None else self.lines,
            ours=old.ours if self.ours is None else self.ours,
            id=self.id or old.id,
        )


class PostRecords:
    """Keeps what became of each post. A post is owed even if its record can be neither read nor written.

    Without its claim on disk a post is still not sent twice: before each sending the chat is read back.
    """

    def __init__(self, kept: KeyedTable[PostRecord], *, shared: bool = False) -> None:
        """Keep them in a table, which may be `shared` with other desks."""
        self._kept, self._shared = kept, shared
        self._known = LatestValues[str, PostRecord](FOLLOWED)
        self._unstored: dict[str, Addition] = {}

    def get(self, scheduled: Scheduled) -> PostRecord:
        """Return the record of a post; an empty one if it cannot be read."""
        return self.of(scheduled.day, scheduled.key)

    def of(self, day: date | None, key: str) -> PostRecord:
        """Return the record of the post of a day, or of none, by its key."""
        try:
            stored = self._kept.get(day, key)
            if self._shared and stored:
                self._known.set(key, stored)
        except UserError as damaged:
            log.error("The record of post %s cannot be read (%s); the chat itself is asked.", key, damaged)
            stored = self._known.get(key)
        return self._unstored.get(key, Addition()).to(key, stored)

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

    def note(
        self,
        scheduled: Scheduled,
        entry: PostEntry,
        lines: Lines | None = None,
        ours: Lines | None = None,
        id: str = "",
    ) -> PostRecord:
        """Add a step of the post, and what else is given; return the record. Keep it in memory if the disk refuses."""
        pending = self._refused(scheduled).then(Addition((entry,), lines, ours, id))
        return self._stored_or_known(scheduled, pending, partial(pending.to, scheduled.key))

    def claim(self, scheduled: Scheduled, entry: PostEntry, lines: Lines, id: str) -> PostRecord:
        """Note that a post is about to be sent, and return its record; as it is, if meanwhile it was left out.

        Somebody may have left it out at another desk since it was decided to send it.
        """
        pending = self._refused(scheduled).then(Addition((entry,), lines, id=id))

        def edit(stored: PostRecord | None) -> PostRecord:
            left_out = stored and stored.state is State.SKIPPED
            return stored if stored and left_out else pending.to(scheduled.key, stored)

        return self._stored_or_known(scheduled, pending, edit)

    def settle(self, scheduled: Scheduled) -> None:
        """Try once more to store what the disk refused."""
        if scheduled.key in self._unstored:
            with suppress(UserError):
                self._store(scheduled, partial(self._settled, scheduled, self._refused(scheduled)))

    def _settled(self, scheduled: Scheduled, pending: Addition, stored: PostRecord | None) -> PostRecord:
        """Return the record with what was refused; without it if meanwhile another desk had the post in hand."""
        if self._shared and stored and stored.state is State.POSTED:
            return stored
        return pending.to(scheduled.key, stored)

    def _refused(self, scheduled: Scheduled) -> Addition:
        return self._unstored.get(scheduled.key, Addition())

    def _stored_or_known(
        self, scheduled: Scheduled, pending: Addition, edit: Callable[[PostRecord | None], PostRecord]
    ) -> PostRecord:
        try:
            return self._store(scheduled, edit)
        except UserError as full:
            log.error("The record of post %s cannot be written: %s", scheduled.key, full)
            self._unstored[scheduled.key] = pending
            return self.get(scheduled)

    def _store(self, scheduled: Scheduled, edit: Callable[[PostRecord | None], PostRecord]) -> PostRecord:
        record = self._kept.change(scheduled.day, scheduled.key, edit)
        self._unstored.pop(scheduled.key, None)
        return record
