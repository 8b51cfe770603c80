"""Who opened the page lately: kept, so that it goes on being brought up to date after a start, and by another desk."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from opsdesk.errors import UserError
from opsdesk.remembered import Remembered
from opsdesk.store import Store

log = logging.getLogger(__name__)

LATELY = timedelta(hours=8)  # a shift, and an hour: Slack does not tell when somebody leaves the page
MOST = 500  # people, those who opened it last


class Opened(msgspec.Struct, frozen=True):
    """When somebody last opened the page."""

    at: datetime


class Readers:
    """The people who opened the page lately, by id. Where the store refuses, they are known until the process ends."""

    def __init__(self, store: Store) -> None:
        self._kept = store.keyed("home", Opened, passing=True)
        self._unstored: dict[str, Opened] = {}
        self._of_version = Remembered(lambda version: dict(self._kept.all(None)))

    def opened(self, person: str, at: datetime) -> None:
        """Note that somebody opened the page."""
        try:
            self._kept.change(None, person, lambda before: Opened(at))
            self._unstored.pop(person, None)
            if any(one.at < at - LATELY for one in self._stored().values()):
                self._kept.forget(None, lambda one: one.at < at - LATELY)
        except UserError as refusal:
            log.warning("Who opened the page is not kept: %s", refusal)
            self._unstored[person] = Opened(at)

    def lately(self, at: datetime) -> Sequence[str]:
        """Return who opened it lately, the last first."""
        known = {**self._stored(), **self._unstored}
        since = [person for person, one in known.items() if at - LATELY <= one.at]
        return sorted(since, key=lambda person: known[person].at, reverse=True)[:MOST]

    def _stored(self) -> Mapping[str, Opened]:
        version = self._kept.version()
        try:
            return self._of_version(version)
        except UserError as damaged:
            log.warning("Who opened the page cannot be read: %s", damaged)
            return {}
