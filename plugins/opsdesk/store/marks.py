"""What is written on a store while its records are moved, and afterwards: no desk starts on one that has a mark."""

import enum
from datetime import datetime

import msgspec

from opsdesk.errors import SettingsError


class StoreRole(enum.StrEnum):
    """What a store is to a move."""

    ARRIVING = "arriving"  # a part of the records is here: what is lacking is where they come from
    MOVED = "moved"  # the records are elsewhere: what is here gets older


class Mark(msgspec.Struct, frozen=True):
    """A mark on a store: of which move, what the `other` store of that is called, and since when."""

    standing: StoreRole
    move: str
    other: str
    at: datetime

    def refused(self, here: str, instead: str) -> SettingsError:
        """Return why no desk starts on the store called `here`; `instead` tells how one starts on the other."""
        if self.standing is StoreRole.ARRIVING:
            return SettingsError(
                [
                    f"{here[:1].upper()}{here[1:]} holds only a part of what is moved there from {self.other}: "
                    "run `make move-store` again, until it says that all of it is there."
                ]
            )
        day = f"{self.at:%Y-%m-%d}"
        return SettingsError(
            [f"What was kept in {here} was moved to {self.other} on {day}: {instead}, and start the desk again."]
        )
