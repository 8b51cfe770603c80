"""The severity scale: each level with how soon its owner is reminded, the default, and how people type it."""

import enum
from datetime import timedelta


class Severity(enum.IntEnum):
    """How bad an incident is, 1 being the worst. After `remind_every` without news its owner is reminded."""

    remind_every: timedelta

    def __new__(cls, level: int, remind_every: timedelta) -> "Severity":
        """Make a level of its number, by which it is stored and compared."""
        member = int.__new__(cls, level)
        member._value_ = level
        member.remind_every = remind_every
        return member

    SEV_1 = 1, timedelta(minutes=30)
    SEV_2 = 2, timedelta(hours=1)
    SEV_3 = 3, timedelta(hours=4)

    MAJOR = SEV_2  # the team's playbook: from here up it is a major incident
    DEFAULT = SEV_3  # until somebody says otherwise

    @classmethod
    def of(cls, level: int) -> "Severity":
        """Return the severity with this number; raise a ValueError where there is none."""
        return cls(level)  # type: ignore[call-arg]  # which reads it as a new member, not as the look-up it is

    @property
    def label(self) -> str:
        """Return "sev 2"."""
        return f"sev {self.value}"


WORST, LIGHTEST = min(Severity), max(Severity)
PATTERN = f"[{WORST}-{LIGHTEST}]"  # a level as it is typed
CHOICES = f"{', '.join(map(str, sorted(Severity)[:-1]))} or {LIGHTEST}"  # "1, 2 or 3"
