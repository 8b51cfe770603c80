"""Times, days and lengths as people read them, in the desk's zone."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta, tzinfo

from opsdesk.clock import day_of
from opsdesk.text.lengths import UNITS


def tell_time(at: datetime, zone: tzinfo) -> str:
    """Return `at` on the wall clock of `zone`, with minutes: "1:12pm", "8:00pm"."""
    local = at.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def tell_hour(at: datetime, zone: tzinfo) -> str:
    """Return `at` on the wall clock of `zone`, a full hour without minutes: "8pm", "8:30pm", "midnight", "noon"."""
    told = tell_time(at, zone)
    return {"12:00am": "midnight", "12:00pm": "noon"}.get(told, told.replace(":00", ""))


def tell_zone(at: datetime, zone: tzinfo) -> str:
    """Return what people call `zone`, summer and winter alike: "ET" for EST and EDT; else its own abbreviation."""
    name = at.astimezone(zone).strftime("%Z")
    return name[0] + name[2] if re.fullmatch(r"[A-Z][SD]T", name) else name


def tell_day(day: date) -> str:
    """Return a day in full: "Monday, November 23, 2026"."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def tell_date(day: date, today: date) -> str:
    """Return a day in short, with the year where it is another one: "today", "yesterday", "Nov 19", "Nov 19 2025"."""
    if abs((today - day).days) <= 1:
        return {0: "today", 1: "yesterday", -1: "tomorrow"}[(today - day).days]
    return f"{day:%b} {day.day}" + (f" {day.year}" if day.year != today.year else "")


def tell_list(parts: Sequence[str], between: str = ", ") -> str:
    """Return several things in a row: "4pm", "4pm and 5pm", "4pm, 5pm and 6pm"; "" for none."""
    return " and ".join(filter(None, (between.join(parts[:-1]), *parts[-1:])))


def tell_lost(days: Collection[date], today: date) -> str:
    """Return a line that a list leaves out what was opened on these unreadable days; "" for none."""
    if not days:
        return ""
    years = [f" {day.year}" if day.year != today.year else "" for day in sorted(days)]
    told = " and ".join(f"{day:%b} {day.day}{year}" for day, year in zip(sorted(days), years, strict=True))
    those = "that day" if len(days) == 1 else "on those days"
    return f"⚠ What was stored on {told} cannot be read: incidents opened {those} are missing here."


def tell_when(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a moment as seen from `now`: "4:10pm" today, else "yesterday 4:10pm", "Nov 19 4:10pm"."""
    day, today = day_of(at, zone), day_of(now, zone)
    return tell_time(at, zone) if day == today else f"{tell_date(day, today)} {tell_time(at, zone)}"


def tell_stamp(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a moment for a text that stands for days, without words that turn wrong: "4:10pm", "Nov 22 4:10pm"."""
    return tell_on(at, day_of(now, zone), zone)


def tell_on(at: datetime, day: date, zone: tzinfo) -> str:
    """Return a moment for a text about `day`: "4:10pm" where it is of that day, else "Nov 22 4:10pm"."""
    own = day_of(at, zone)
    year = f" {own.year}" if own.year != day.year else ""
    return tell_time(at, zone) if own == day else f"{own:%b} {own.day}{year} {tell_time(at, zone)}"


def tell_length(length: timedelta) -> str:
    """Return a length in hours and minutes, from a day on in days and hours: "2 hours 28 minutes"."""
    import humanize  # with the first length that is told, not with the start

    if length < timedelta(minutes=1):
        return "less than a minute"
    smallest, hidden = ("hours", ["months", "years"]) if length >= timedelta(days=1) else ("minutes", ["days"])
    whole = length - length % (UNITS["h"] if smallest == "hours" else UNITS["m"])
    told = humanize.precisedelta(whole, minimum_unit=smallest, suppress=hidden, format="%d")
    return told.replace(" and ", " ").replace(",", "")


def tell_age(length: timedelta) -> str:
    """Return a length by its largest unit alone, for lists: "41 minutes", "22 hours", "3 days"."""
    units = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))
    for unit, name in units:
        if length >= unit:
            many = length // unit
            return f"{many} {name}" + ("s" if many != 1 else "")
    return "less than a minute"


def tell_days(first: date, last: date) -> str:
    """Return the days from `first` to `last`: "Nov 1 to Nov 23, 2026", "Dec 28, 2025 to Jan 3, 2026"; one in full."""
    if first == last:
        return tell_day(first)
    year = f", {first.year}" if first.year != last.year else ""
    return f"{first:%b} {first.day}{year} to {last:%b} {last.day}, {last.year}"
