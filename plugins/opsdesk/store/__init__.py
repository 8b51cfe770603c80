"""Durable records. The domain sees Numbered, Kept and Store; what keeps them is this package's own business."""

from opsdesk.store.embedded import open_store
from opsdesk.store.interface import Kept, Lost, NotStored, Numbered, Store, Unreadable

__all__ = ["Kept", "Lost", "NotStored", "Numbered", "Store", "Unreadable", "open_store"]
