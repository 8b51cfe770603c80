"""The hours people keep: read, and asked about at a moment."""

import re
from datetime import datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

import msgspec

from opsdesk.errors import UserError
from opsdesk.text import read_time


class Presence(Enum):
    """Whether somebody can be expected to answer."""

    WITHIN = "within their hours"
    OUTSIDE = "outside their hours"
    UNKNOWN = "hours unknown"


class Hours(msgspec.Struct, frozen=True):
    """From `start` to `end` on the clocks of `zone`, on `days` (0 is Monday); past midnight where `end` is earlier."""

    start: time
    end: time
    days: frozenset[int]
    zone: ZoneInfo

    def presence(self, at: datetime) -> Presence:
        """Return whether `at` is within them. `end` itself is not; a night belongs to the day it began on."""
        local = at.astimezone(self.zone)
        wall = local.time()
        if self.start < self.end:
            within = self.start <= wall < self.end and local.weekday() in self.days
        elif wall >= self.start:
            within = local.weekday() in self.days
        else:
            within = wall < self.end and (local - timedelta(days=1)).weekday() in self.days
        return Presence.WITHIN if within else Presence.OUTSIDE


def read_hours(text: str) -> tuple[time, time]:
    """Return start and end in "8am to 4:30pm"; raise a UserError for anything else."""
    sides = re.split(r"(?<!\s)(?:\s+to\s+|\s*[-–]\s*)", text.strip())
    if len(sides) != 2:
        raise UserError(f'"{text}" are not hours I can read. Write them as 8am to 4:30pm.')
    start, end = read_time(sides[0]), read_time(sides[1])
    if start == end:
        raise UserError(f'"{text}" begins when it ends. Write the hours as 8am to 4:30pm.')
    return start, end
