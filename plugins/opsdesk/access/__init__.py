"""Who may have the desk do anything."""

from opsdesk.access.door import Door, KnownStanding
from opsdesk.access.emoji import Emoji
from opsdesk.access.permissions import Right
from opsdesk.access.permissions import read as read_permissions
from opsdesk.access.permissions import remarks as permissions_remarks
from opsdesk.access.standing import Standing, standing_of
from opsdesk.access.wing import AccessDesk, OnCall, build

__all__ = [
    "AccessDesk",
    "Door",
    "Emoji",
    "KnownStanding",
    "OnCall",
    "Right",
    "Standing",
    "build",
    "permissions_remarks",
    "read_permissions",
    "standing_of",
]
