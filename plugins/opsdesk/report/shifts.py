"""The shifts of a report: who had them, and for how long."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from opsdesk.oncall import Roster
from opsdesk.report.spans import ReportSpan

NOBODY = "nobody named"


class ShiftsHad(msgspec.Struct, frozen=True):
    """How many shifts a person had, parts of one counted as one, and for how long in all."""

    name: str
    shifts: int
    length: timedelta


def shifts_of(roster: Roster, span: ReportSpan, at: datetime) -> list[ShiftsHad]:
    """Return who had the shifts that had begun by `at`, most first, with covers and swaps."""
    lengths: dict[str, timedelta] = {}
    shifts: dict[str, set[datetime]] = {}
    for _, slots in roster.days(span.first, span.latest):
        for slot in (one for one in slots if one.start <= at):
            name = slot.primary.name if slot.primary.id else NOBODY
            lengths[name] = lengths.get(name, timedelta()) + (slot.end - slot.start)
            shifts.setdefault(name, set()).add(slot.shift.start)
    had = [ShiftsHad(name, len(shifts[name]), length) for name, length in lengths.items()]
    return sorted(had, key=lambda one: (-one.length, one.name))


def words(had: Sequence[ShiftsHad]) -> list[str]:
    """Return the part of the report about who had the shifts."""
    if not had:
        return ["*Shifts* none"]
    return [f"*Shifts* {', '.join(map(_person, had))} (with covers and swaps, as the rotation stands)"]


def _person(had: ShiftsHad) -> str:
    hours = f"{had.length / timedelta(hours=1):.1f}".removesuffix(".0")
    return f"{had.name} {had.shifts} ({hours} hours)"
