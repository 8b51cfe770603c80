"""Times, days and lengths as people write and read them, in the desk's zone."""

import calendar
import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import humanize

from opsdesk.clock import day_of, moment
from opsdesk.errors import UserError, quoted

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = {name[:3].casefold(): number for number, name in enumerate(calendar.month_name) if name}
MONTH = "|".join((*calendar.month_name[1:], *calendar.month_abbr[1:], "Sept"))
HALF_A_YEAR = timedelta(days=183)
YEARS = range(2000, 2101)  # beyond them, somebody mistyped

# Patterns as texts: whoever matches with one has it compiled then, which at the start would take longer than reading
# desk.toml, and is seldom needed before somebody types a time.
NAMED_ZONE = r"\s*\b(?i:([ecmp])[sd]?t|(utc|gmt)|(eastern|central|mountain|pacific)(?:\s+time)?)"
IN_ZONE = (
    r"(?:\s*(?i:[ecmp][sd]?t|utc|gmt|(?:eastern|central|mountain|pacific)(?:\s+time)?)(?!\w))?"  # NAMED_ZONE, or none
)
TIME = rf"(?i:(?:(\d{{1,2}})(?::(\d{{2}}))?\s*([ap])\.?m\.?|(\d{{1,2}}):(\d{{2}})|(noon|midnight)){IN_ZONE})"
MONTH_DAY = rf"(?i:({MONTH})\.?\s+(\d{{1,2}})(?:,?\s+(\d{{4}}))?)"
DAY = rf"(?i:today|yesterday|tomorrow|{'|'.join(WEEKDAYS)}|\d{{4}}-\d{{2}}-\d{{2}}|{MONTH_DAY})"
SLASHED = r"\d+/\d+(?:/\d+)?"
LENGTH = r"(?i:(\d{1,6})\s*(minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w))"
MOMENT = rf"(?i:(?:({DAY})\s+(?:at\s+)?)?({TIME}))"
AGO = rf"(?i:(?:{LENGTH}\s*)+ago)"
SPANS = "Type week, month, 2026-11 or 2026-11-02..2026-11-20."
ZONES = {"e": "America/New_York", "c": "America/Chicago", "m": "America/Denver", "p": "America/Los_Angeles"}
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


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


def read_zoned_time(text: str, zone: tzinfo) -> tuple[time, tzinfo]:
    """Return the time of day in "12:50pm", "12:50 PM ET", and the zone it is of, `zone` where none is named."""
    named = re.search(rf"{NAMED_ZONE}\s*$", text)
    if not named:
        return read_time(text), zone
    letter = (named[1] or (named[3] or "")[:1]).lower()
    return read_time(text[: named.start()]), ZoneInfo(ZONES.get(letter, "UTC"))


def read_time(text: str) -> time:
    """Return the time of day in "12:50pm", "8pm", "20:15", "noon"; raise a UserError for anything else."""
    found = re.fullmatch(TIME, text.strip())
    if not found or re.search(rf"{NAMED_ZONE}$", text.strip()):
        raise UserError(f"{quoted(text)} is not a time I can read. Type it as 12:50pm or 20:15.")
    hour12, minute12, half, hour24, minute24, word = found.groups()
    if word:
        return time(12 if word.lower() == "noon" else 0)
    if half and not 1 <= int(hour12) <= 12:
        raise UserError(f"{quoted(text)} is not a time of day. Type it as 12:50pm or 20:15.")
    hour = int(hour12) % 12 + (12 if half in "pP" else 0) if half else int(hour24)
    try:
        return time(hour, int(minute12 or minute24 or 0))
    except ValueError:
        raise UserError(f"{quoted(text)} is not a time of day. Type it as 12:50pm or 20:15.") from None


def read_zone(text: str, like: str = "America/New_York") -> ZoneInfo:
    """Return the time zone of that name; raise a UserError that gives `like` as an example, for anything else."""
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a part of a name, such as America
        raise UserError(f"{quoted(text)} is not a time zone, such as {like}") from None


def is_day(text: str) -> bool:
    """Return whether `text` looks like a day that read_day reads."""
    return re.fullmatch(DAY, text) is not None


def read_day(text: str, today: date) -> date:
    """Return the day in "today", "yesterday", "2026-11-20", "Nov 20", or the last past "monday".

    A month and day without a year are this year's, or the last one's where that is far ahead. Raises a UserError for
    anything else.
    """
    word = text.strip().casefold()
    if word in ("today", "yesterday", "tomorrow"):
        return today + timedelta(days=("yesterday", "today", "tomorrow").index(word) - 1)
    if word in WEEKDAYS:
        return today - timedelta(days=(today.weekday() - WEEKDAYS.index(word) - 1) % 7 + 1)
    try:
        day = _month_day(word, today) or date.fromisoformat(word)
    except ValueError:
        raise UserError(f"{quoted(text)} is not a day I can read. Type today, yesterday or 2026-11-20.") from None
    if day.year not in YEARS:
        raise UserError(f"{quoted(text)} is not a day I can count with. Type today, yesterday or 2026-11-20.")
    return day


def take_day(text: str, today: date) -> tuple[date | None, str]:
    """Return the coming day that `text` begins with ("friday", "Nov 25", "2026-11-25") or None, and the rest.

    A weekday is the next one, today among them. Raises a UserError for what looks like a day but cannot be read.
    """
    words = text.split()
    if len(words) > 1 and words[0].casefold() in ("on", "this", "next") and is_day(words[1]):
        words = words[1:]
    for many in (3, 2, 1):
        typed = " ".join(words[:many]).rstrip(":,")
        if words[:many] and (is_day(typed) or re.fullmatch(SLASHED, typed)):
            return read_coming_day(typed, today), " ".join(words[many:])
    return None, text.strip()


def read_coming_day(text: str, today: date) -> date:
    """Return the day as read_day has it, but of a weekday the next one: "friday" typed on a Friday is today."""
    word = text.strip().casefold()
    if word in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(word) - today.weekday()) % 7)
    return read_day(text, today)


def read_moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment in "12:50pm" (today), "yesterday 4:10pm", "Nov 20 16:10", "20m ago", in UTC.

    Of a time that clocks show twice today, the later one is meant if it has passed. Raises a UserError for anything
    else.
    """
    if re.fullmatch(AGO, text.strip()):
        return _ago(text.strip()[: -len("ago")], now)
    today = day_of(now, zone)
    if is_day(text.strip()):
        raise UserError(f"{quoted(text)} needs a time of day too, such as {quoted(text.strip() + ' 4:10pm')}.")
    day_text, time_text = _day_and_time(text.strip())
    day = read_day(day_text, today) if day_text else today
    wall, of_zone = read_zoned_time(time_text, zone)
    first, second = moment(day, wall, of_zone), moment(day, wall.replace(fold=1), of_zone)
    return second if first < second <= now else first


def _ago(length: str, now: datetime) -> datetime:
    try:
        return now - read_length(length)
    except OverflowError:
        raise UserError(f"{quoted(length)} ago is longer than I can count. Type it as 20m ago or 12:50pm.") from None


def read_length(text: str) -> timedelta:
    """Return the length in "30m", "2h", "1h 30m", "2 days"; raise a UserError for anything else, or for nothing."""
    pieces = [found.groups() for found in re.finditer(LENGTH, text)]
    if not pieces or re.sub(LENGTH, "", text).strip():
        raise UserError(f"{quoted(text)} is not a length of time I can read. Type it as 30m, 2h or 1h30m.")
    try:
        return sum((int(many) * UNITS[unit[0].lower()] for many, unit in pieces), timedelta())
    except OverflowError:
        raise UserError(f"{quoted(text)} is longer than I can count. Type it as 30m, 2h or 1h30m.") from None


def read_days(text: str, today: date) -> tuple[date, date]:
    """Return the first and last day in "week", "month" (both so far), "2026-11", "2026-11-02..2026-11-20" or one day.

    "2026-11-02.." goes up to today. Raises a UserError for anything else, and for days in the wrong order.
    """
    word = text.strip().casefold()
    if word == "week":
        return today - timedelta(days=today.weekday()), today
    if word == "month":
        return today.replace(day=1), today
    if month := re.fullmatch(r"(\d{4})-(\d{1,2})", word):
        return _month(int(month[1]), int(month[2]), text)
    first, dots, last = (part.strip() for part in word.partition(".."))
    if first and dots and not last:
        last = "today"
    if not dots and not is_day(word):
        raise UserError(f"{quoted(text)} is not a span of days I can read. {SPANS}")
    span = read_day(first, today), read_day(last if dots else first, today)
    if span[0] > span[1]:
        raise UserError(f"{quoted(text)} ends before it begins. {SPANS}")
    return span


def _month(year: int, month: int, text: str) -> tuple[date, date]:
    if year not in YEARS or not 1 <= month <= 12:
        raise UserError(f"{quoted(text)} is not a month. {SPANS}")
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _month_day(word: str, today: date) -> date | None:
    """Return the day in "nov 20" or "nov 20 2025"; None if it is neither. Raise a ValueError for "nov 31"."""
    found = re.fullmatch(MONTH_DAY, word)
    if not found:
        return None
    month, day = MONTHS[found[1][:3]], int(found[2])
    if found[3]:
        return date(int(found[3]), month, day)
    years = (year for year in range(today.year, today.year - 8, -1) if day <= calendar.monthrange(year, month)[1])
    past = (told for year in years if (told := date(year, month, day)) - today < HALF_A_YEAR)
    if latest := next(past, None):
        return latest
    raise ValueError(word)


def _day_and_time(text: str) -> tuple[str, str]:
    """Return the parts of "yesterday 4:10pm"; the day may stand behind, or be missing ("")."""
    if found := re.fullmatch(MOMENT, text):
        return found[1] or "", found[5]
    first, _, rest = text.partition(" ")
    last = re.search(DAY, text)
    if last and last.end() == len(text) and last.start():
        return last[0], text[: last.start()]
    return (first, rest) if rest and not re.fullmatch(TIME, text) else ("", text)
