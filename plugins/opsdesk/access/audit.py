"""The audit log: what somebody wanted done and was refused, a line each."""

import csv
import io
import logging
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo

import msgspec

from opsdesk import guard
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.store import KeyedTable
from opsdesk.text import tell_time

log = logging.getLogger(__name__)

MOST = 5_000  # lines of one day: a flood of refused attempts must not fill the disk
SHOWN = 40
LATELY = 100  # attempts


class Refused(msgspec.Struct, frozen=True):
    """An attempt that was refused: when, by whom (id and name), what, where (the room's id, "" in private), and why."""

    at: datetime
    by: str
    name: str
    what: str
    where: str
    why: str


class AuditLog:
    """The refused attempts, by day in `zone`."""

    def __init__(self, kept: KeyedTable[Refused], zone: tzinfo) -> None:
        self._kept, self._zone = kept, zone
        self._lately: deque[str] = deque(maxlen=LATELY)

    def add(self, refused: Refused) -> None:
        """Keep a line. Where it cannot be kept, the log has it: a refusal stands all the same."""
        log.warning("%s by %s was refused: %s", refused.what, refused.by, refused.why)
        day = day_of(refused.at, self._zone)
        try:
            self._kept.decide(day, lambda lines: _next(lines, refused))
        except UserError as wrong:
            log.error("The audit log lacks a line: %s", wrong)

    def add_once(self, attempt: str, refused: Refused) -> None:
        """Keep a line unless it was kept lately for this attempt, about which several parts of the desk ask."""
        if attempt not in self._lately:
            self._lately.append(attempt)
            self.add(refused)

    def of(self, day: date) -> Sequence[Refused]:
        """Return the lines of a day, oldest first."""
        return tuple(self._kept.all(day).values())


def _next(lines: Mapping[str, Refused], refused: Refused) -> tuple[str, Refused]:
    """Return what is kept, and under which number: of a day that is full the last line, as it is."""
    number = str(min(len(lines) + 1, MOST))
    return number, lines.get(number, refused)


def about(lines: Iterable[Refused], person: str) -> list[Refused]:
    """Return the lines of somebody, by name or id; all for ""."""
    wanted = person.casefold().lstrip("@")
    return [line for line in lines if wanted in ("", line.by.casefold(), line.name.casefold())]


def listing(lines: Sequence[Refused], whom: str, zone: tzinfo) -> str:
    """Return the newest lines for people, newest last."""
    if not lines:
        return f"Nothing was refused to {whom}."
    shown = [
        f"{tell_time(line.at, zone)} {line.name} ({line.by}) {f'in {line.where}' if line.where else 'in private'}: "
        f"{line.what}. {line.why}"
        for line in lines[-SHOWN:]
    ]
    earlier = [f"… and {len(lines) - SHOWN} earlier: `!desk audit csv`"] if len(lines) > SHOWN else []
    return "\n".join([f"{len(lines)} refused to {whom}:", *earlier, *shown])


def table(lines: Iterable[Refused]) -> str:
    """Return the lines as CSV, with their moments in UTC."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["at", "id", "name", "what", "where", "why"])
    for line in lines:
        cells = (line.at.isoformat(), line.by, line.name, line.what, line.where, line.why)
        rows.writerow([guard.cell(cell) for cell in cells])
    return out.getvalue()
