"""Durable records behind one interface: numbered and keyed tables, whatever keeps them."""

from opsdesk.store.interface import KeyedTable, Lost, NotStored, NumberedTable, SearchFields, Store, Unreadable
from opsdesk.store.tinydb.embedded import open_store

__all__ = [
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


def open_database(url: str) -> Store:
    """Return the store in the PostgreSQL database at `url`. Raises a SettingsError."""
    from opsdesk.store.postgres import database  # who keeps no database never loads its driver

    return database.open_database(url)
