"""What people have agreed about their shifts, with a clock moved by hand."""

from collections.abc import Callable
from datetime import date

import pytest

from opsdesk.errors import Refusal
from opsdesk.oncall.agreements import Agreements
from opsdesk.oncall.rotation import Override, Rotation, on_call, stretches
from rota import EASTERN, eastern


class Talks:
    """What people have agreed, as time goes by."""

    def __init__(self, rotation: Rotation, at: str) -> None:
        self.rotation, self.at = rotation, eastern(at)
        self.overrides: dict[int, Override] = {}

    @property
    def agreed(self) -> Agreements:
        return Agreements(self.rotation, tuple(self.overrides.values()), self.at)

    def keep(self, override: Override) -> Override:
        self.overrides[override.number] = override
        return override

    def to(self, local: str) -> None:
        self.at = eastern(local)

    def who(self, local: str) -> str:
        stretch = on_call(self.rotation, tuple(self.overrides.values()), eastern(local))
        return stretch.primary.name if stretch else "no shift"

    def day(self, day: str) -> str:
        """The people on call that day, one after the other."""
        shifts = self.rotation.calendar.shifts_on(date.fromisoformat(day))
        parts = [part for shift in shifts for part in stretches(self.rotation, tuple(self.overrides.values()), shift)]
        return ", ".join(f"{part.primary.name} {part.start.astimezone(EASTERN):%H:%M}" for part in parts)

    def refused(self, do: Callable[[Agreements], Override]) -> str:
        with pytest.raises(Refusal) as refusal:
            do(self.agreed)
        return str(refusal.value)
