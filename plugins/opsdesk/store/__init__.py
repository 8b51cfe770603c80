"""Durable records. The domain sees Numbered, Kept and Store; what keeps them is this package's own business."""

from opsdesk.store.interface import Kept, Lost, NotStored, Numbered, Store, Unreadable
from opsdesk.store.tinydb.embedded import open_store

__all__ = ["Kept", "Lost", "NotStored", "Numbered", "Store", "Unreadable", "open_store"]
