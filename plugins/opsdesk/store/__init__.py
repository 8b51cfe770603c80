"""Durable records behind one interface: numbered and keyed tables, whatever keeps them."""

from collections.abc import Callable

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
from opsdesk.store.move import MovedDay
from opsdesk.store.moving import Way, move_records
from opsdesk.store.tinydb.embedded import open_store

__all__ = [
    "ALONE",
    "Backup",
    "DeskSeen",
    "Desks",
    "Duty",
    "KeyedTable",
    "Lost",
    "MaySend",
    "MovedDay",
    "NotStored",
    "NumberedKind",
    "NumberedTable",
    "SearchFields",
    "Store",
    "Turn",
    "Unreadable",
    "Way",
    "move_records",
    "open_database",
    "open_store",
]


def open_database(url: str, lost: Callable[[str], object]) -> Store:
    """Return the store in the PostgreSQL database at `url`, which other desks may share.

    It need not be there yet. `lost` is called, with why, if it turns out to be none that this desk can work with.
    Raises a SettingsError for what is no address.
    """
    from opsdesk.store.postgres import database  # who keeps no database never loads its driver

    return database.open_database(url, lost)
