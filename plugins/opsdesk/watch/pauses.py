"""The watch turned off for a while: by whom, until when and why. Stored, and told when it ends."""

import logging
from datetime import datetime, timedelta, tzinfo

import msgspec

from opsdesk.chat import Person
from opsdesk.errors import UserError, quoted
from opsdesk.store import KeyedTable, Store
from opsdesk.text import take_end

log = logging.getLogger(__name__)

LONGEST = timedelta(hours=12)  # a shift and what may come before it; a longer pause would be forgotten
LATEST = "latest"
MOST_WORDS = 200  # characters of a reason
USAGE = "Type `!watch off until 3pm a load test`, or `!watch off 2h a load test`."


class Pause(msgspec.Struct, frozen=True, omit_defaults=True):
    """A while from `at` until `until` in which nothing is told. `ended_at` is when somebody ended it before."""

    by: str
    at: datetime
    until: datetime
    reason: str
    ended_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Return whether the watch is off at `at`."""
        return self.at <= at < (self.ended_at or self.until)


class Pauses:
    """The latest pause of the watch; times are those of `zone`."""

    def __init__(self, store: Store, zone: tzinfo) -> None:
        self._kept: KeyedTable[Pause] = store.keyed("watch pauses", Pause)
        self._zone = zone

    def latest(self) -> Pause | None:
        """Return the pause that was made last; None if there was none."""
        return self._kept.get(None, LATEST)

    def at(self, at: datetime) -> Pause | None:
        """Return the pause that holds at `at`; None while the watch is on."""
        try:
            last = self.latest()
        except UserError as damaged:  # a message too many does less harm
            log.warning("Whether the watch is off cannot be read: %s", damaged)
            return None
        return last if last and last.holds(at) else None

    def begin(self, typed: str, by: Person, at: datetime) -> Pause:
        """Store a pause as it was typed, "until 3pm a load test", in place of one that holds.

        Raises a UserError without an end or a reason.
        """
        until, reason = read_pause(typed, at, self._zone)
        return self._kept.change(None, LATEST, lambda before: Pause(by.name, at, until, reason))

    def end(self, at: datetime) -> Pause:
        """Store that the pause that holds is over; raise a UserError if none does."""
        return self._kept.change(None, LATEST, lambda before: _ended(before, at))


def _ended(pause: Pause | None, at: datetime) -> Pause:
    if not pause or not pause.holds(at):
        raise UserError("The watch is on already. `!watch` shows what it sees.")
    return msgspec.structs.replace(pause, ended_at=at)


def read_pause(typed: str, at: datetime, zone: tzinfo) -> tuple[datetime, str]:
    """Return until when, and why, of "until 3pm a load test" or "2h a load test". Raise a UserError otherwise."""
    text = " ".join(typed.split())
    until, reason = take_end(text, at, zone)
    if until is None:
        raise UserError(f"Until when? {USAGE}" if not text else f"{quoted(text)} has no end. {USAGE}")
    if not reason:
        raise UserError(f"Say why, for whoever reads it. {USAGE}")
    if until <= at:
        raise UserError(f"That is over already. {USAGE}")
    if until - at > LONGEST:
        raise UserError(f"The watch can be off for 12 hours at most. {USAGE}")
    return until, reason[:MOST_WORDS]
