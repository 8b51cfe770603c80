"""All that the desk keeps moved to another store: `python -m opsdesk.move_store database`, or `folder`; see the README.

The folder is that of DESK_STATE_DIR, the database that of DESK_DATABASE_URL.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from opsdesk import alerts, clock, incidents
from opsdesk.errors import SettingsError, UserError
from opsdesk.store import move, moving

KINDS = (incidents.KEPT, alerts.KEPT)
USAGE = (
    "make move-store TO=database (or TO=folder), with DESK_DATABASE_URL set, and DESK_STATE_DIR if it is not data/state"
)
UNDATED = "undated"


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Move the records and write how that goes; return 0 once all has arrived, 1 if not, 2 if it was not understood."""
    folder, url = environment.get("DESK_STATE_DIR", ""), environment.get("DESK_DATABASE_URL", "").strip()
    if not arguments or arguments[0] not in list(moving.Way) or not folder or not url:
        return _write(f"Type {USAGE}.", 2)
    to = moving.Way(arguments[0])
    try:
        without = [_day(word) for words in arguments[1:] for word in words.split(",") if word]
        moved = moving.move_records(to, Path(folder), url, KINDS, clock.now(), _tell, without)
    except (UserError, SettingsError) as refused:
        return _write(str(refused), 1)
    return _write(arrived(moved, to, Path(folder)), 0)


def arrived(moved: Sequence[move.MovedDay], to: moving.Way, folder: Path) -> str:
    """Return what to tell once all has arrived: how much of it, day by day, and how the desk starts there."""
    many, days = sum(one.many for one in moved), sum(1 for one in moved if one.many)
    lines = [f"{one.day or UNDATED}  {one.many:>9,}  {one.digest}" for one in moved if one.many]
    start = (
        f"No desk starts on {folder} any more: start it with DESK_DATABASE_URL."
        if to is moving.Way.DATABASE
        else f"No desk starts on the database any more: start it on {folder}, without DESK_DATABASE_URL."
    )
    return "\n".join(
        [*lines, f"{many:,} records of {days:,} days have arrived, each day compared by its digest.", start]
    )


def _day(word: str) -> date | None:
    try:
        return None if word == UNDATED else date.fromisoformat(word)
    except ValueError:
        raise UserError(f'"{word}" is no day. Type {USAGE}, and WITHOUT=2026-11-23 to leave out a day.') from None


def _write(text: str, code: int) -> int:
    _tell(text)
    return code


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], os.environ))
