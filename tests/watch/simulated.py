"""Simulated days of the four counters, each minute's events drawn: what the rule of the watch was worked out on.

The numbers are drawn in a fixed order from `random.Random(seed)`, so that a case is the same day for ever.
"""

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from opsdesk.watch import rule
from opsdesk.watch.rule import SETTLE, Judgement, Minutes, Today, Usual, Verdict

HOURS = (
    *(0.05, 0.05, 0.05, 0.05, 0.05, 0.2, 0.6, 3, 8, 11.5, 12, 11),
    *(9.5, 10, 9.5, 8, 6.5, 4.5, 2.5, 1.4, 0.8, 0.4, 0.2, 0.1),
)  # percent of a day's events
TOTALS = (1765, 1121, 6251, 2602)  # check-ins clicked and completed, pre-check-ins clicked and completed
CLICKED, COMPLETED, PRE_CLICKED, PRE_COMPLETED = COUNTERS = range(4)
PAST_DAYS = 8
Day = list[list[float]]  # by counter and minute
SERIES = {
    "clicked": (CLICKED,),
    "completed": (COMPLETED,),
    "pre-clicked": (PRE_CLICKED,),
    "pre-completed": (PRE_COMPLETED,),
    "check-ins": (CLICKED, COMPLETED),
    "pre-check-ins": (PRE_CLICKED, PRE_COMPLETED),
    "all": COUNTERS,
}


def _curve() -> list[float]:
    """The share of a day's events in each minute: linear between the middles of the hours."""

    def at(minute: int) -> float:
        place = (minute - 29.5) / 60
        hour = math.floor(place)
        if hour < 0 or hour >= 23:
            return HOURS[0 if hour < 0 else 23]
        return HOURS[hour] + (HOURS[hour + 1] - HOURS[hour]) * (place - hour)

    shares = [at(minute) for minute in range(1440)]
    return [share / sum(shares) for share in shares]


CURVE = _curve()


class Chance:
    """Numbers drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def strayed(self, deviation: float) -> float:
        """A factor around 1; without a draw where nothing strays."""
        if not deviation:
            return 1
        variance = math.log(1 + deviation**2)
        return self.rng.lognormvariate(-variance / 2, math.sqrt(variance))

    def poisson(self, mean: float) -> int:
        count, reached = 0, self.rng.expovariate(1.0)
        while reached < mean:
            count, reached = count + 1, reached + self.rng.expovariate(1.0)
        return count

    def day(
        self,
        day: float,
        hour: float,
        level: Callable[[int], float] = lambda minute: 1,
        *,
        together: bool = False,
    ) -> Day:
        """A day whose counters stray by `day` and in each hour by `hour`, each on its own or all `together`."""
        common = [self.strayed(day), *(self.strayed(hour) for _ in range(24))] if together else None
        return [self._counter(total, day, hour, level, common) for total in TOTALS]

    def _counter(
        self, total: int, day: float, hour: float, level: Callable[[int], float], common: Sequence[float] | None
    ) -> list[float]:
        whole, *hours = common or [self.strayed(day), *(self.strayed(hour) for _ in range(24))]
        means = (total * level(at) * whole * hours[at // 60] * share for at, share in enumerate(CURVE))
        return [self.poisson(mean) for mean in means]

    def fault(self, day: Day, faults: Mapping[int, Callable[[int], float]], since: int) -> Day:
        """The day with each event from `since` on kept as often as the counter's fault says for its minute."""
        faulty = [list(minutes) for minutes in day]
        for counter, keep in faults.items():
            for minute in range(since, 1440):
                events = int(day[counter][minute])
                faulty[counter][minute] = sum(self.rng.random() < keep(minute) for _ in range(events))
        return faulty


@dataclass(frozen=True)
class Case:
    """Eight past days, and today with a fault from `since` on: the events of the counters in `keep` that remain."""

    seed: int
    day: float
    hour: float
    since: int = 0
    keep: Mapping[int, float] | None = None
    level: float = 1

    def draw(self) -> tuple[list[Day], Day]:
        """The past days, latest first, and today."""
        rng = Chance(self.seed)
        past = [rng.day(self.day, self.hour) for _ in range(PAST_DAYS)]
        today = rng.day(self.day, self.hour, lambda minute: self.level)
        faults = {counter: lambda minute, kept=kept: kept for counter, kept in (self.keep or {}).items()}
        return past, rng.fault(today, faults, self.since) if faults else today


def at(clock: str) -> int:
    """Minutes since midnight of "1:20pm"."""
    hour, minute = clock[:-2].split(":")
    return (int(hour) % 12 + (12 if clock.endswith("pm") else 0)) * 60 + int(minute)


def clock(minute: int) -> str:
    """A minute as people write it: "1:20pm"."""
    hour = minute // 60
    return f"{(hour - 1) % 12 + 1}:{minute % 60:02}{'pm' if hour % 24 >= 12 else 'am'}"


def merged(day: Day, members: Sequence[int]) -> list[float | None]:
    """The events of several counters together; unknown where one of them is."""
    return [None if None in values else sum(values) for values in zip(*(day[one] for one in members), strict=True)]


class Arriving(Today):
    """A whole day of which, at each minute, the latest ones have not come yet: SETTLE of them, or `late`."""

    def __init__(self, usual: Usual, minutes: Minutes, late: int = SETTLE) -> None:
        super().__init__(usual, minutes)
        self._late = late

    def last_event(self, now: int) -> int:
        return super().last_event(now - self._late)


class Looks:
    """The seven series of a day, looked at minute by minute, beside what is usual by the past days."""

    def __init__(self, past: Sequence[Day], today: Day) -> None:
        self.usual = {name: rule.usual_of([merged(day, members) for day in past]) for name, members in SERIES.items()}
        self.minutes = {name: merged(today, members) for name, members in SERIES.items()}
        self._arriving = {name: _day(Arriving, self.usual[name], minutes) for name, minutes in self.minutes.items()}

    def look(self, now: int, late: Mapping[int, float] | None = None) -> dict[str, Judgement]:
        """What is judged at `now`; `late` are events of the latest minutes that came at once, in all series."""
        if late is None:
            return {name: rule.judge(today, now) for name, today in self._arriving.items()}
        come = [late.get(now - SETTLE + one, 0) for one in range(SETTLE)]
        whole = {name: [*minutes[: now - SETTLE], *come] for name, minutes in self.minutes.items()}
        return {name: rule.judge(_day(Today, self.usual[name], minutes), now) for name, minutes in whole.items()}

    def first_told(self, minutes: Iterable[int]) -> dict[str, str]:
        """When each series was first told of, and as what."""
        told: dict[str, str] = {}
        for now in minutes:
            for name, one in self.look(now).items():
                if one.verdict.is_fall and name not in told:
                    told[name] = f"{clock(now)} {_worded(one)}"
        return told


def _day(kind: type[Today], usual: Usual | None, minutes: Minutes) -> Today | None:
    return kind(usual, minutes) if usual else None


def _worded(one: Judgement) -> str:
    if one.verdict is Verdict.NONE:
        return f"NONE since {clock(one.since)}, {one.due:.1f} due"
    return f"LOW {one.count:.0f} of {one.due:.1f}"
