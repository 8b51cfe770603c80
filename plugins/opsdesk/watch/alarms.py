"""Values that crossed a threshold: each is one alarm until it has been well for a while. Stored, step by step."""

import enum
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

WELL_FOR = timedelta(minutes=5)  # that a value must be well before its alarm is over: on the edge it does not flap
AGAIN_WITHIN = timedelta(minutes=30)  # a value that crosses again is told in the message of before


class AlarmStanding(enum.StrEnum):
    """Where a value stands, from the best to the worst."""

    WELL = "well"
    EDGE = "on the edge"  # between the threshold and where it is well again: as it was before
    SILENT = "silent"
    WARNING = "warning"
    ALERT = "alert"

    @property
    def is_told(self) -> bool:
        """Return whether an alarm begins with it."""
        return self in (AlarmStanding.SILENT, AlarmStanding.WARNING, AlarmStanding.ALERT)

    @property
    def rank(self) -> int:
        """Return how bad it is beside the others: the larger, the worse."""
        return list(AlarmStanding).index(self)

    @property
    def is_worse_than_warning(self) -> bool:
        """Return whether the person on call is told, too."""
        return self is AlarmStanding.ALERT


class Finding(msgspec.Struct, frozen=True):
    """What a look found of one value: "5 in 10 minutes" as its `figure`, against its `limit`, with `more` to say.

    Of two findings of one value, that with the larger `badness` is worse.
    """

    key: str
    title: str
    standing: AlarmStanding
    figure: str
    badness: float = 0
    limit: str = ""
    more: str = ""
    link: str = ""
    service: str = ""


class Alarm(msgspec.Struct, frozen=True, omit_defaults=True):
    """A crossing: what was `found` at first, or once it got worse than a warning, and the `worst` figure since.

    It is told from `told_at` on. `well_since` is since when its value is well; it is over from `over_at` on, with the
    value `last` as of then. `times` is how often it crossed.
    """

    number: int
    found: Finding
    found_at: datetime
    worst: Finding
    told_at: datetime | None = None
    well_since: datetime | None = None
    over_at: datetime | None = None
    last: Finding | None = None
    times: int = 1

    @property
    def key(self) -> str:
        """Return the key of its value."""
        return self.found.key

    @property
    def is_open(self) -> bool:
        """Return whether it is not over."""
        return self.over_at is None


class AlarmDay(msgspec.Struct, frozen=True, omit_defaults=True):
    """The alarms of a day, in the order in which they began."""

    alarms: tuple[Alarm, ...] = ()

    @property
    def open_alarms(self) -> tuple[Alarm, ...]:
        """Return those that are not over."""
        return tuple(alarm for alarm in self.alarms if alarm.is_open)


def worst_of(alarms: Iterable[Alarm]) -> AlarmStanding:
    """Return where the worst of these alarms stands, or stood."""
    return max((alarm.found.standing for alarm in alarms), key=lambda standing: standing.rank)


def step(day: AlarmDay, findings: Iterable[Finding], at: datetime, *, tells: bool) -> AlarmDay:
    """Return the day with what a look found at `at`. What was not found out is left as it was.

    With `tells`, what is open is told from now on, if it has not been.
    """
    for finding in findings:
        day = AlarmDay(_taken(day.alarms, finding, at))
    if not tells:
        return day
    return AlarmDay(tuple(replace(one, told_at=at) if one.is_open and not one.told_at else one for one in day.alarms))


def _taken(alarms: Sequence[Alarm], finding: Finding, at: datetime) -> tuple[Alarm, ...]:
    last = next((one for one in reversed(alarms) if one.key == finding.key), None)
    if last and last.is_open:
        return tuple(_gone_on(one, finding, at) if one is last else one for one in alarms)
    if not finding.standing.is_told:
        return tuple(alarms)
    if last and last.over_at and at - last.over_at < AGAIN_WITHIN:
        return tuple(_again(one, finding) if one is last else one for one in alarms)
    return (*alarms, Alarm(len(alarms) + 1, finding, at, finding))


def _gone_on(alarm: Alarm, finding: Finding, at: datetime) -> Alarm:
    if finding.standing is AlarmStanding.WELL:
        since = alarm.well_since or at
        over_at = at if at - since >= WELL_FOR else None
        return replace(alarm, well_since=since, over_at=over_at, last=finding if over_at else None)
    got_worse = finding.standing.is_told and finding.standing.rank > alarm.found.standing.rank
    worst = finding if finding.standing.is_told and finding.badness > alarm.worst.badness else alarm.worst
    return replace(alarm, found=finding if got_worse else alarm.found, worst=worst, well_since=None)


def _again(alarm: Alarm, finding: Finding) -> Alarm:
    found = finding if finding.standing.rank > alarm.found.standing.rank else alarm.found
    worst = max(alarm.worst, finding, key=lambda one: one.badness)
    return replace(alarm, found=found, worst=worst, well_since=None, over_at=None, last=None, times=alarm.times + 1)
