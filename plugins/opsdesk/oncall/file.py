"""data/rotation.toml: who is on the rotation and in which order, the shifts, the days off."""

import re
from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from opsdesk.errors import SettingsError, UserError, near
from opsdesk.guard import USER_ID
from opsdesk.oncall.rotation import Member, Pattern, Rotation
from opsdesk.oncall.shifts import Calendar, ShiftTimes
from opsdesk.patterns import regex
from opsdesk.settings import NOTHING_KEPT, KeptFiles, TeamFile, team_file
from opsdesk.text import WEEKDAYS, plain, read_time, read_weekday, read_zone

TURNS = {"week": timedelta(weeks=1), "sprint": timedelta(weeks=2)}
PERSON_ID = regex(rf"{USER_ID}|@[^\s,#<>]+")  # or what another chat knows somebody by, with an @


class MemberTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[people.KEY]: a Slack id ("" for a placeholder), a name, a time zone ("" for the desk's)."""

    id: str
    name: str
    zone: str = ""

    def __post_init__(self) -> None:
        if self.id and not PERSON_ID.fullmatch(self.id):
            raise ValueError(
                f'id: "{self.id}" is not a Slack user id such as U01ABCDEF, nor a console name such as @ann'
            )
        if not self.name.strip():
            raise ValueError("name: missing")
        if not plain(self.name):
            raise ValueError(f'name: "{self.name}" has no letter in it, by which people could call them')
        try:
            read_zone(self.zone or "UTC", like="America/Denver")
        except UserError as wrong:
            raise ValueError(f"zone: {wrong}") from None


class ShiftTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[[shifts]]: a name, times of day in the desk's zone, the days of the week."""

    name: str
    start: str
    end: str
    days: tuple[str, ...] = WEEKDAYS[:5]

    def __post_init__(self) -> None:
        for key in ("start", "end"):
            try:
                read_time(getattr(self, key))
            except UserError as wrong:
                raise ValueError(f"{key}: {wrong}") from None
        try:
            weekdays = [read_weekday(day) for day in self.days]
        except UserError as wrong:
            raise ValueError(f"days: {wrong}") from None
        if not weekdays:
            raise ValueError("days: nothing is no day of the week; write monday, tuesday ...")
        if not self.times.start < self.times.end:
            raise ValueError("end: a shift ends on the day it starts, after its start")

    @property
    def times(self) -> ShiftTimes:
        """Return its times as values."""
        start, end = read_time(self.start), read_time(self.end)
        return ShiftTimes(self.name, start, end, frozenset(map(read_weekday, self.days)))


class TurnsTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[[turns]]: from `first_day` on, people take turns of a "week" or a two-week "sprint", in order, by shift."""

    first_day: date
    each: str
    order: dict[str, tuple[str, ...]]
    secondary: bool = False

    def __post_init__(self) -> None:
        if self.each not in TURNS:
            raise ValueError(f'each: "{self.each}" is neither "week" nor "sprint" (two weeks)')


class HolidaysTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[holidays]: the team's own days off beside the federal ones, and where alerting downtimes are made."""

    own: tuple[date, ...] = ()
    downtimes: str = ""


class RotationFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written."""

    people: dict[str, MemberTable]
    shifts: tuple[ShiftTable, ...]
    turns: tuple[TurnsTable, ...]
    holidays: HolidaysTable = HolidaysTable()


def read(path: Path, zone: ZoneInfo, *, slack: bool = False) -> Rotation:
    """Return the rotation, with times in `zone`. Raise a SettingsError with everything wrong in the file.

    On `slack` people have its ids.
    """
    file = team_file.read(path, RotationFile)
    complaints = [*_wrong_people(file, slack=slack), *_wrong_shifts(file), *_wrong_turns(file)]
    if complaints:
        raise SettingsError(f"{path.name} {complaint}" for complaint in complaints)
    times = tuple(shift.times for shift in file.shifts)
    people = {
        key: Member(key, one.id, one.name.strip(), ZoneInfo(one.zone) if one.zone else zone)
        for key, one in file.people.items()
    }
    return Rotation(
        Calendar(zone, times, frozenset(file.holidays.own)),
        tuple(people.values()),
        tuple(_pattern(turns, people) for turns in file.turns),
        file.holidays.downtimes,
    )


def follow(
    path: Path,
    zone: ZoneInfo,
    complain: Callable[[SettingsError], None],
    kept: KeptFiles = NOTHING_KEPT,
    *,
    slack: bool = False,
) -> TeamFile[Rotation]:
    """Return the rotation, read again after each edit. A wrong edit leaves the last good version; without one it is
    empty. On `slack` people have its ids.
    """
    reading, instead = partial(read, zone=zone, slack=slack), partial(without_people, zone)
    return TeamFile(path, reading, complain, instead=instead, kept=kept)


def remarks(path: Path) -> list[str]:
    """Return what is right and yet may be a mistake: people in no order, of one name, or with ids of two chats."""
    file = team_file.read(path, RotationFile)
    named = {key for turns in file.turns for keys in turns.order.values() for key in keys}
    unnamed = [f"[people.{key}]: {file.people[key].name} is in no order" for key in file.people if key not in named]
    names = [plain(one.name) for one in file.people.values()]
    twice = [
        f'[people.{key}] name: "{one.name}" is the name of another, too'
        for key, one in file.people.items()
        if names.count(plain(one.name)) > 1
    ]
    by_slack = [key for key, one in file.people.items() if re.fullmatch(USER_ID, one.id)]
    by_name = [key for key, one in file.people.items() if one.id.startswith("@")]
    mixed = [f"[people.{key}] id: {file.people[key].id} is nobody on Slack" for key in by_name] if by_slack else []
    return [f"{path.name} {remark}" for remark in (*unnamed, *twice, *mixed)]


def without_people(zone: ZoneInfo, wrong: SettingsError) -> Rotation:
    """Return the stand-in for a file that never was right: nobody on call, in the hours of the team's guide.

    The guide: Monday to Friday, 1pm to 8pm Eastern.
    """
    support = ShiftTimes("support", time(13), time(20), frozenset(range(5)))
    return Rotation(Calendar(zone, (support,), frozenset()), (), (), wrong=wrong.complaints)


def _pattern(turns: TurnsTable, people: dict[str, Member]) -> Pattern:
    order = {shift: tuple(people[key] for key in keys) for shift, keys in turns.order.items()}
    return Pattern(turns.first_day, TURNS[turns.each], order, turns.secondary)


def _wrong_people(file: RotationFile, *, slack: bool) -> Iterable[str]:
    ids = [one.id for one in file.people.values() if one.id]
    for key, one in file.people.items():
        if ids.count(one.id) > 1:
            yield f"[people.{key}] id: {one.id} is given to more than one person"
        if slack and one.id and not re.fullmatch(USER_ID, one.id):
            yield f'[people.{key}] id: "{one.id}" is not a Slack user id such as U01ABCDEF, and nobody on Slack'


def _wrong_shifts(file: RotationFile) -> Iterable[str]:
    if not file.shifts:
        yield "shifts: missing"
    names = [shift.name for shift in file.shifts]
    for number, shift in enumerate(file.shifts, 1):
        if names.count(shift.name) > 1:
            yield f'[shifts.{number}] name: "{shift.name}" is given to more than one shift'
        for other in file.shifts[number:]:
            if _overlap(shift.times, other.times):
                yield f'[shifts.{number}] "{shift.name}" and "{other.name}" overlap'


def _overlap(one: ShiftTimes, other: ShiftTimes) -> bool:
    apart: bool = one.end <= other.start or other.end <= one.start
    return not apart and bool(one.weekdays & other.weekdays)


def _wrong_turns(file: RotationFile) -> Iterable[str]:
    if not file.turns:
        yield "turns: missing"
    shifts = {shift.name for shift in file.shifts}
    first_days = [turns.first_day for turns in file.turns]
    for number, turns in enumerate(file.turns, 1):
        where = f"[turns.{number}"
        if first_days.count(turns.first_day) > 1:
            yield f"{where}] first_day: {turns.first_day} is given twice"
        for name in sorted(shifts ^ turns.order.keys()):
            yield f"{where}.order] {name}: " + ("missing" if name in shifts else "there is no shift of that name")
        for name, keys in turns.order.items():
            yield from (f"{where}.order] {name}: {wrong}" for wrong in _wrong_order(turns, keys, file))


def _wrong_order(turns: TurnsTable, keys: tuple[str, ...], file: RotationFile) -> Iterable[str]:
    if not keys:
        yield "nobody is in it"
    if turns.secondary and len(set(keys)) < 2:
        yield "a secondary needs a second person"
    for key in keys:
        if key not in file.people:
            likely = near(key, file.people)
            yield f'"{key}" is not among [people]' + (f", did you mean {likely[0]}?" if likely else "")
