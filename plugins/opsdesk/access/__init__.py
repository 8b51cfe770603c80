"""Who may have the desk do anything."""

from opsdesk.access.door import Door
from opsdesk.access.standing import Standing, standing_of

__all__ = ["Door", "Standing", "standing_of"]
