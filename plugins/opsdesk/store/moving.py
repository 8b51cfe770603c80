"""Moving a desk's records between a state folder and a database, whichever way."""

import enum
from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from opsdesk.errors import UserError
from opsdesk.files import explain
from opsdesk.store.interface import NumberedKind
from opsdesk.store.move import MovedDay, Tell, move
from opsdesk.store.tinydb import moved
from opsdesk.store.tinydb.copies import Roots


class Way(enum.StrEnum):
    """Where records are moved to."""

    DATABASE = "database"
    FOLDER = "folder"


def move_records(
    to: Way,
    folder: Path,
    url: str,
    kinds: Sequence[NumberedKind[Any]],
    at: datetime,
    tell: Tell,
    without: Collection[date | None] = (),
) -> Sequence[MovedDay]:
    """Move everything between a state folder and the database at `url`, and return what has arrived, day by day.

    `kinds` are those numbered tables whose records the database is to know at once as open and by their words. See
    `move` for the rest. Raises a UserError or a SettingsError.
    """
    from opsdesk.store.postgres import moved as database  # who keeps no database never loads its driver

    roots = Roots(folder, folder / "mirror")
    try:
        if to is Way.DATABASE:
            old = moved.source(roots, tell, [kind.table for kind in kinds])
            return move(old, database.destination(url, kinds), at, tell, without)
        return move(database.source(url), moved.destination(roots, tell), at, tell, without)
    except OSError as error:
        raise UserError(f"It ended on the way: {explain(error)}. Nothing is lost: run it again.") from error
