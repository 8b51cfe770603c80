"""Several desks on one store: who they are, which of them does what is scheduled, and whose turn a command is."""

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from opsdesk import clock


class Duty(enum.Enum):
    """What a desk has to do with what is scheduled."""

    LEADS = "does it"
    LEFT_ALONE = "did it until the store was lost, and knows of no other that does"
    WAITS = "leaves it to another"


class MaySend(enum.Enum):
    """Whether what is scheduled may be sent right now."""

    YES = "the lease is this desk's for longer than a call may take"
    NO = "another desk has the lease"
    UNKNOWN = "the store cannot be asked"


class Turn(enum.Enum):
    """Whether an event may be handled now."""

    BEGUN = "it is noted as begun: handle it"
    NOT_YET = "another desk is busy with what goes before it"
    TAKEN_AWAY = "this desk was taken for gone, and whoever typed it was told so"


class DeskSeen(msgspec.Struct, frozen=True):
    """A desk on the store: since when, and when it was last heard of. `files` is a digest of its team's files."""

    name: str
    since: datetime
    seen_at: datetime
    version: str
    files: str
    here: bool  # heard of within seconds
    leads: bool


class Turns(Protocol):
    """The events that the desks have taken and not yet handled. None of these raises: without a store all may begin."""

    def add(self, key: str, lanes: Sequence[str], at: float) -> bool:
        """Have an event wait its turn behind earlier ones of its lanes, and return whether it does.

        `at` is its moment in seconds.
        """

    def begin(self, key: str) -> Turn:
        """Note an event as begun if nothing of its lanes is before it at another desk, and return whether it is."""

    def force(self, key: str) -> None:
        """Note an event as begun, whatever is before it."""

    def done(self, key: str) -> None:
        """Let go of an event that was handled."""

    def sweep(self) -> None:
        """Take away what desks that are gone have left."""


class Desks(Protocol):
    """The desks that share a store, as one of them knows of the others."""

    shared: bool  # whether there may be others
    name: str  # this desk's, "" where it is alone
    turns: Turns

    def duty(self) -> Duty:
        """Return what this desk has to do with what is scheduled, as far as is known. Waits for nothing."""

    def away(self) -> bool:
        """Return whether the store cannot be reached, as far as is known. Waits for nothing."""

    def may_send(self) -> MaySend:
        """Return whether to send what is scheduled, asked of the store itself, with the lease renewed for the call."""

    def hurry(self, on: bool) -> None:  # it reads well where it is called
        """Keep the lease short while something punctual is close, so that another takes over within seconds."""

    def step_aside(self) -> None:
        """Leave what is scheduled to another desk for some seconds, if there is one: this one cannot reach the chat."""

    def rank(self) -> int:
        """Return how many of the desks that wait come before this one: 0 for the first."""

    def introduce(self, version: str, files: str) -> None:
        """Have the others know this desk's version and the digest of its team's files."""

    def all(self) -> Sequence[DeskSeen]:
        """Return the desks that were heard of in the last hour, this one among them. Waits for nothing."""

    def is_here(self, name: str) -> bool:
        """Return whether a desk was heard of within seconds."""

    def changes(self) -> int:
        """Return a number that differs after every change of what is kept, by whichever desk, within seconds."""

    def clock(self, now: clock.Now) -> clock.Now:
        """Return a clock that shows what all desks on the store agree on, made of this machine's."""


class Untimed:
    """Turns where one desk keeps its own order: every event may begin."""

    def add(self, key: str, lanes: Sequence[str], at: float) -> bool:
        """Return False: it waits for no other desk."""
        return False

    def begin(self, key: str) -> Turn:
        """Return that it has begun."""
        return Turn.BEGUN

    def force(self, key: str) -> None:
        """Do nothing."""

    def done(self, key: str) -> None:
        """Do nothing."""

    def sweep(self) -> None:
        """Do nothing."""


class Alone:
    """The only desk on its store: everything is its own to do, by its own clock."""

    shared = False
    name = ""
    turns: Turns = Untimed()

    def duty(self) -> Duty:
        """Return that this desk does what is scheduled."""
        return Duty.LEADS

    def away(self) -> bool:
        """Return False: the folder is there as long as its desk is."""
        return False

    def may_send(self) -> MaySend:
        """Return that it may be sent."""
        return MaySend.YES

    def hurry(self, on: bool) -> None:
        """Do nothing."""

    def step_aside(self) -> None:
        """Do nothing: there is nobody else."""

    def rank(self) -> int:
        """Return 0."""
        return 0

    def introduce(self, version: str, files: str) -> None:
        """Do nothing."""

    def all(self) -> Sequence[DeskSeen]:
        """Return none: there is no list to be on."""
        return ()

    def is_here(self, name: str) -> bool:
        """Return False: whoever had the store before has ended."""
        return False

    def changes(self) -> int:
        """Return 0: what changes, this desk changes itself."""
        return 0

    def clock(self, now: clock.Now) -> clock.Now:
        """Return the machine's own."""
        return now


ALONE = Alone()
