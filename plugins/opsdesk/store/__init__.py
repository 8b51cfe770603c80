"""Durable records behind one interface: numbered and keyed tables, whatever keeps them."""

from collections.abc import Callable
from pathlib import Path

from opsdesk.store.desks import ALONE, Desks, DeskSeen, Duty, MaySend, Turn
from opsdesk.store.interface import (
    Backup,
    KeyedTable,
    Lost,
    NotStored,
    NumberedKind,
    NumberedTable,
    SearchFields,
    Store,
    Unreadable,
)
from opsdesk.store.kept_texts import KeptTexts

__all__ = [
    "ALONE",
    "Backup",
    "DeskSeen",
    "Desks",
    "Duty",
    "KeptTexts",
    "KeyedTable",
    "Lost",
    "MaySend",
    "NotStored",
    "NumberedKind",
    "NumberedTable",
    "SearchFields",
    "Store",
    "Turn",
    "Unreadable",
    "move",
    "moving",
    "open_database",
    "open_store",
]


def open_store(state_dir: Path, mirror_dir: Path | None = None) -> Store:
    """Return the store in this folder, made if it is missing; second copies go to `mirror_dir`, else below the folder.

    Raises a SettingsError if another desk has the folder, it cannot be used, or a newer desk wrote it.
    """
    from opsdesk.store.tinydb import embedded  # who keeps a database never loads it

    return embedded.open_store(state_dir, mirror_dir)


def open_database(url: str, lost: Callable[[str], object], state_dir: Path) -> Store:
    """Return the store in the PostgreSQL database at `url`, which other desks may share; backups go to `state_dir`.

    It need not be there yet. `lost` is called, with why, if it turns out to be none that this desk can work with.
    Raises a SettingsError for what is no address.
    """
    from opsdesk.store.postgres import database  # who keeps no database never loads its driver

    return database.open_database(url, lost, state_dir)
