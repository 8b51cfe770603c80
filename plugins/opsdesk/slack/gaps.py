"""Gaps in which the desk did not listen to Slack, away or deaf, until what was typed in them has been read back."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec

from opsdesk import clock
from opsdesk.errors import UserError
from opsdesk.slack.outages import DELIVERED_AGAIN, REPORTED_AFTER
from opsdesk.store import Store

log = logging.getLogger(__name__)

NOTED_EVERY = timedelta(seconds=30)
LONGEST = timedelta(days=1)  # what was typed earlier nobody waits for any more
OVERLAP = timedelta(minutes=2)  # read twice: what was handled is known by its key
SETTLED_AFTER = DELIVERED_AGAIN + timedelta(minutes=1)


class Listened(msgspec.Struct, frozen=True):
    """When the desk last listened."""

    at: datetime


class Gap(msgspec.Struct, frozen=True):
    """A part of a gap: what was typed from `since` to `until` is to be read back at `due`."""

    since: datetime
    until: datetime
    due: datetime

    @property
    def key(self) -> str:
        """Return what tells it from others."""
        return self.since.astimezone(UTC).isoformat()


class Gaps:
    """Follows whether the desk listens, and keeps the gaps that are to be read back, over its ends and starts."""

    def __init__(self, store: Store, now: clock.Now = clock.now) -> None:
        self._kept, self._now = store.keyed("slack gaps", Gap), now
        self._noted = store.keyed("listened to slack", Listened, passing=True)
        self._shared, self._last = store.desks.shared, self._read_last()
        self._broken = True  # nobody listened while the desk was away

    def follow(self, is_open: bool) -> None:
        """Note that the desk listens now, or not."""
        if not is_open:
            self._broken = True
            return
        if self._broken and self._shared:
            self._last = self._read_last() or self._last  # what another desk heard meanwhile is no gap
        at, last = self._now(), self._last
        try:
            if self._broken and last and at - last >= REPORTED_AFTER:
                self._keep(last, at)
            if self._broken or last is None or not timedelta() <= at - last < NOTED_EVERY:
                self._noted.change(None, "", lambda before: Listened(at))
                self._last = at
            self._broken = False
        except UserError as refusal:
            log.debug("That the desk listens is not noted: %s", refusal)

    def needed_since(self) -> datetime | None:
        """Return since when received events must be known, to tell what was handled in a gap; None for no need."""
        gaps = (gap.since for gap in self._all())
        return min([*gaps, *([self._last - OVERLAP] if self._last else [])], default=None)

    def due(self) -> Gap | None:
        """Return a gap that is to be read back now; None without one."""
        at = self._now()
        return next((gap for gap in self._all() if gap.due <= at < gap.due + LONGEST), None)

    def done(self, gap: Gap) -> None:
        """Forget a gap that was read back, and those that could not be for a day."""
        over = self._now() - LONGEST
        self._kept.forget(None, lambda one: one == gap or one.due <= over)

    def _keep(self, last: datetime, at: datetime) -> None:
        for gap in _parts(max(last, at - LONGEST) - OVERLAP, at):
            self._kept.change(None, gap.key, partial(_first, gap))

    def _read_last(self) -> datetime | None:
        try:
            noted = self._noted.get(None, "")
        except UserError as damaged:
            log.warning("When the desk last listened is not known: %s", damaged)
            return None
        return noted.at if noted else None

    def _all(self) -> list[Gap]:
        try:
            return sorted(self._kept.all(None).values(), key=lambda gap: gap.since)
        except UserError as damaged:
            log.warning("What is to be read back is not known: %s", damaged)
            return []


def _first(gap: Gap, kept: Gap | None) -> Gap:
    return kept or gap


def _parts(since: datetime, at: datetime) -> Iterator[Gap]:
    """Yield what can be read back at once, and what Slack may deliver again yet."""
    settled = at - SETTLED_AFTER
    if since < settled:
        yield Gap(since, settled, at)
    yield Gap(max(since, settled), at + OVERLAP, at + SETTLED_AFTER)
