"""How many commands one person, and one room, may give: beyond that one refusal, then silence until it is over."""

import enum
import threading
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from opsdesk import clock
from opsdesk.chat import MessageRef

NAMED = 10  # commands that were not done and are named; of the others it is told how many
LONGEST_NAMED = 80  # characters of each
MOST_KEPT = 2_000  # people or rooms followed at a time
MOST_DECIDED = 5_000  # commands whose second delivery is known


class Rate(msgspec.Struct, frozen=True):
    """So many commands within so long are done, and no more."""

    most: int
    within: timedelta


OF_A_PERSON = (Rate(30, timedelta(seconds=10)), Rate(90, timedelta(minutes=1)))
OF_A_ROOM = tuple(Rate(rate.most * 10, rate.within) for rate in OF_A_PERSON)


class FloodDecision(enum.Enum):
    """What is done with a command."""

    HANDLE = "the rate is kept"
    REFUSE = "the first that is too much: say so"
    IGNORE = "a further one: say nothing until it is over"


class EndedFlood(msgspec.Struct, frozen=True):
    """A flood that is over: below which message it was refused, and what was not done since, the first few by name."""

    below: MessageRef
    named: Sequence[str]
    many: int


class _Flood:
    """The commands of one person, or of one room. Each counts, done or not: who goes on is not heard until a pause."""

    def __init__(self, rates: Sequence[Rate]) -> None:
        self._rates = rates
        self._typed: deque[datetime] = deque(maxlen=max(rate.most for rate in rates))
        self._named: list[str] = []
        self._many, self._below = 0, MessageRef("")
        self._over_at: datetime | None = None

    def add(self, typed_at: datetime) -> timedelta:
        """Count a command, and return for how long those that follow are too many; none if it is done itself."""
        left = max(self._left(rate, typed_at) for rate in self._rates)
        self._typed.append(typed_at)
        return left and max(self._left(rate, typed_at) for rate in self._rates)

    def leave_out(self, command: str, below: MessageRef, over_at: datetime) -> FloodDecision:
        """Note a command that is not done, below whose message the first refusal stands."""
        first = not self._many
        self._many, self._over_at = self._many + 1, over_at
        if first:
            self._below = below
        if len(self._named) < NAMED:
            self._named.append(command)
        return FloodDecision.REFUSE if first else FloodDecision.IGNORE

    def ended(self, at: datetime) -> EndedFlood | None:
        """Return what was left out, once, as soon as commands are done again; None before and without a flood."""
        if self._over_at is None or at < self._over_at:
            return None
        over = EndedFlood(self._below, tuple(self._named), self._many)
        self._named, self._many, self._over_at = [], 0, None
        return over

    def _left(self, rate: Rate, at: datetime) -> timedelta:
        """Return after how long another command keeps the rate; none if it does now."""
        if len(self._typed) < rate.most:
            return timedelta()
        return max(self._typed[-rate.most] + rate.within - at, timedelta())


class RateLimiter:
    """Decides for each command whether it is done. May be asked by several threads at once."""

    def __init__(self, now: clock.Now) -> None:
        self._now, self._lock = now, threading.Lock()
        self._people: OrderedDict[str, _Flood] = OrderedDict()
        self._rooms: OrderedDict[str, _Flood] = OrderedDict()
        self._handled: OrderedDict[str, bool] = OrderedDict()

    def decide(self, key: str, by: str, command: str, message: MessageRef, typed_at: datetime) -> FloodDecision:
        """Return whether to do a command that `by` typed at a moment of the chat's own clock.

        What comes late and all at once, after the connection was lost, was not typed all at once. What is delivered
        twice, by its `key`, was typed once.
        """
        with self._lock:
            if key in self._handled:
                return FloodDecision.HANDLE if self._handled[key] else FloodDecision.IGNORE
            decision = self._decide(by, _shortened(command), message, typed_at)
            self._handled[key] = decision is FloodDecision.HANDLE
            if len(self._handled) > MOST_DECIDED:
                self._handled.popitem(last=False)
        return decision

    def ended(self) -> list[EndedFlood]:
        """Return the floods that have ended since the last call."""
        with self._lock:
            return list(self._ended(self._now()))

    def _decide(self, by: str, command: str, message: MessageRef, typed_at: datetime) -> FloodDecision:
        for floods, key, rates in ((self._people, by, OF_A_PERSON), (self._rooms, message.room, OF_A_ROOM)):
            flood = _kept(floods, key, rates)
            if pause := flood.add(typed_at):
                return flood.leave_out(command, message, self._now() + pause)
        return FloodDecision.HANDLE

    def _ended(self, at: datetime) -> Iterator[EndedFlood]:
        for flood in (*self._people.values(), *self._rooms.values()):
            if over := flood.ended(at):
                yield over


def _kept(floods: OrderedDict[str, _Flood], key: str, rates: Sequence[Rate]) -> _Flood:
    """Return the flood of a person or room; whoever was quiet for longest is forgotten where there are too many."""
    flood = floods.setdefault(key, _Flood(rates))
    floods.move_to_end(key)
    if len(floods) > MOST_KEPT:
        floods.popitem(last=False)
    return flood


def _shortened(command: str) -> str:
    line = " ".join(command.split())
    return line if len(line) <= LONGEST_NAMED else f"{line[: LONGEST_NAMED - 1]}…"
