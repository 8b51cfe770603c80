"""A file such as the team has, of a house and its rooms."""

import enum
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from opsdesk.errors import SettingsError


class Room(msgspec.Struct, frozen=True):
    floor: int
    doors: tuple[str, ...] = ()
    lamp: str = ""

    def __post_init__(self) -> None:
        if self.floor > 9:
            raise ValueError(f"floor: {self.floor} is above the roof")
        if self.lamp == "broken":
            raise SettingsError(["lamp: broken", "lamp: and hot"])


class Wall(enum.StrEnum):
    BRICK = "brick"
    STONE = "stone"
    WOOD = "wood"


class House(msgspec.Struct, frozen=True):
    name: str
    rooms: dict[str, Room]
    porch: Room | None = None
    sheds: tuple[Room, ...] = ()
    roof: Literal["slate", "tile"] = "slate"
    walls: tuple[Wall, ...] = ()


Written = Callable[[str], Path]
