"""Durable records behind one interface: numbered and keyed tables, whatever keeps them."""

from collections.abc import Callable

from opsdesk.store.interface import Backup, KeyedTable, Lost, NotStored, NumberedTable, SearchFields, Store, Unreadable
from opsdesk.store.tinydb.embedded import open_store

__all__ = [
    "Backup",
    "KeyedTable",
    "Lost",
    "NotStored",
    "NumberedTable",
    "SearchFields",
    "Store",
    "Unreadable",
    "open_database",
    "open_store",
]


def open_database(url: str, *, stand_by: bool, lost: Callable[[], object]) -> Store:
    """Return the store in the PostgreSQL database at `url`, once no other desk has it. Raises a SettingsError.

    While another goes on, this one stands by, if it is to. `lost` is called if another takes the database over.
    """
    from opsdesk.store.postgres import database  # who keeps no database never loads its driver

    return database.open_database(url, stand_by=stand_by, lost=lost)
