"""The brief that whoever comes on call is given."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from opsdesk.chat import Person
from opsdesk.oncall.rotation import OnCallSlot


class OpenWork(NamedTuple):
    """The open incidents as a shift is handed them: a line each, how many, and the days that cannot be read."""

    lines: Sequence[str] = ()
    many: int = 0
    lost: Collection[date] = ()


class Brief(msgspec.Struct, frozen=True):
    """The contents of a brief. `outgoing` is who had the turn before, on the first day of a turn only."""

    slot: OnCallSlot
    before: Person | None
    outgoing: Person | None
    open: OpenWork
    notes: Sequence[str]
    counts: Sequence[str]
    alerts: Sequence[str]
    accepted_at: datetime | None
    said: str = ""
