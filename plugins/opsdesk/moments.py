"""Times, days and lengths as people write and read them, in the desk's zone."""

import re
from datetime import date, datetime, time, timedelta, tzinfo

import humanize

from opsdesk.clock import day_of, moment
from opsdesk.errors import Refusal

TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m\.?|(\d{1,2}):(\d{2})|(noon|midnight)", re.IGNORECASE)
LENGTH = re.compile(r"\s*(\d+)\s*(minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)\s*", re.IGNORECASE)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def tell_time(at: datetime, zone: tzinfo) -> str:
    """`at` on the wall clock of `zone`, with minutes: "1:12pm", "8:00pm"."""
    local = at.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def tell_hour(at: datetime, zone: tzinfo) -> str:
    """The same, a full hour without its minutes: "8pm", "8:30pm", "midnight" and "noon" in words."""
    told = tell_time(at, zone)
    return {"12:00am": "midnight", "12:00pm": "noon"}.get(told, told.replace(":00", ""))


def tell_zone(at: datetime, zone: tzinfo) -> str:
    """What people call `zone`, summer and winter alike: "ET" for EST and EDT; else its own abbreviation."""
    name = at.astimezone(zone).strftime("%Z")
    return name[0] + name[2] if re.fullmatch(r"[A-Z][SD]T", name) else name


def tell_day(day: date) -> str:
    """A day in full: "Monday, November 23, 2026"."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def tell_date(day: date, today: date) -> str:
    """A day in short, with the year where it is another one: "today", "yesterday", "Nov 19", "Nov 19 2025"."""
    if abs((today - day).days) <= 1:
        return {0: "today", 1: "yesterday", -1: "tomorrow"}[(today - day).days]
    return f"{day:%b} {day.day}" + (f" {day.year}" if day.year != today.year else "")


def tell_when(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment as seen from `now`: "4:10pm" today, else "yesterday 4:10pm", "Nov 19 4:10pm"."""
    day, today = day_of(at, zone), day_of(now, zone)
    return tell_time(at, zone) if day == today else f"{tell_date(day, today)} {tell_time(at, zone)}"


def tell_length(length: timedelta) -> str:
    """A length in hours and minutes, from a day on in days and hours: "2 hours 28 minutes"; never below a minute."""
    if length < timedelta(minutes=1):
        return "less than a minute"
    smallest, hidden = ("hours", ["weeks", "months", "years"]) if length >= timedelta(days=1) else ("minutes", ["days"])
    whole = length - length % (UNITS["h"] if smallest == "hours" else UNITS["m"])
    told = humanize.precisedelta(whole, minimum_unit=smallest, suppress=hidden, format="%d")
    return told.replace(" and ", " ").replace(",", "")


def tell_age(length: timedelta) -> str:
    """A length by its largest unit alone, for lists: "41 minutes", "22 hours", "3 days"."""
    units = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))
    for unit, name in units:
        if length >= unit:
            many = length // unit
            return f"{many} {name}" + ("s" if many != 1 else "")
    return "less than a minute"


def read_time(text: str) -> time:
    """The time of day in "12:50pm", "8pm", "20:15", "noon"; a Refusal for anything else."""
    found = TIME.fullmatch(text.strip())
    if not found:
        raise Refusal(f'"{text}" is not a time I can read. Type it as 12:50pm or 20:15.')
    hour12, minute12, half, hour24, minute24, word = found.groups()
    if word:
        return time(12 if word.lower() == "noon" else 0)
    if half and not 1 <= int(hour12) <= 12:
        raise Refusal(f'"{text}" is not a time of day. Type it as 12:50pm or 20:15.')
    hour = int(hour12) % 12 + (12 if half in "pP" else 0) if half else int(hour24)
    try:
        return time(hour, int(minute12 or minute24 or 0))
    except ValueError:
        raise Refusal(f'"{text}" is not a time of day. Type it as 12:50pm or 20:15.') from None


def read_day(text: str, today: date) -> date:
    """The day in "today", "yesterday", "tomorrow", "2026-11-20", or the last past "monday"; else a Refusal."""
    word = text.strip().casefold()
    if word in ("today", "yesterday", "tomorrow"):
        return today + timedelta(days=("yesterday", "today", "tomorrow").index(word) - 1)
    if word in WEEKDAYS:
        return today - timedelta(days=(today.weekday() - WEEKDAYS.index(word) - 1) % 7 + 1)
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise Refusal(f'"{text}" is not a day I can read. Type today, yesterday or 2026-11-20.') from None


def read_moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The moment in "12:50pm" (today), "yesterday 4:10pm", "2026-11-20 16:10", in UTC; else a Refusal.

    Of a time that clocks show twice today, the later one is meant if it has passed.
    """
    words = text.strip().split(maxsplit=1)
    dated = len(words) == 2 and not TIME.fullmatch(text.strip())
    day = read_day(words[0], day_of(now, zone)) if dated else day_of(now, zone)
    wall = read_time(words[1] if dated else text)
    first, second = moment(day, wall, zone), moment(day, wall.replace(fold=1), zone)
    return second if first < second <= now else first


def read_length(text: str) -> timedelta:
    """The length in "30m", "2h", "1h 30m", "2 days"; a Refusal for anything else, or for nothing."""
    pieces = [found.groups() for found in LENGTH.finditer(text)]
    if not pieces or LENGTH.sub("", text):
        raise Refusal(f'"{text}" is not a length of time I can read. Type it as 30m, 2h or 1h30m.')
    try:
        return sum((int(many) * UNITS[unit[0].lower()] for many, unit in pieces), timedelta())
    except OverflowError:
        raise Refusal(f'"{text}" is longer than I can count. Type it as 30m, 2h or 1h30m.') from None
