"""Durable records behind one interface: numbered and keyed tables, whatever keeps them."""

from opsdesk.store.interface import KeyedTable, Lost, NotStored, NumberedTable, SearchFields, Store, Unreadable
from opsdesk.store.tinydb.embedded import open_store

__all__ = ["KeyedTable", "Lost", "NotStored", "NumberedTable", "SearchFields", "Store", "Unreadable", "open_store"]
