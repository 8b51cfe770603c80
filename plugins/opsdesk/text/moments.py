"""Times, days and lengths as people write them, in the desk's zone."""

import calendar
import difflib
import re
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from opsdesk.clock import day_of, moment
from opsdesk.errors import UserError, quoted
from opsdesk.patterns import regex
from opsdesk.text.lengths import LENGTH, read_length

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT_DAYS = {  # as phones write them; a weekday's first letters are it, too
    "tonight": "today", "yday": "yesterday", "yest": "yesterday", "tmrw": "tomorrow", "tmr": "tomorrow",
    "tmw": "tomorrow", "tomo": "tomorrow", "2moro": "tomorrow", "2morrow": "tomorrow",
}  # fmt: skip
SHORT_WEEKDAY = r"mon|tues?|weds?|thu|thurs?|fri|sat|sun"
MONTHS = {name[:3].casefold(): number for number, name in enumerate(calendar.month_name) if name}
MONTH = "|".join((*calendar.month_name[1:], *calendar.month_abbr[1:], "Sept"))
YEARS = range(2000, 2101)  # beyond them, somebody mistyped

# Patterns as texts: whoever matches with one has it compiled then, which at the start would take longer than reading
# desk.toml, and is seldom needed before somebody types a time.
NAMED_ZONE = r"\b(?i:([ecmp])[sd]?t|(utc|gmt)|(eastern|central|mountain|pacific)(?:\s+time)?)"
IN_ZONE = (
    r"(?:\s*(?i:[ecmp][sd]?t|utc|gmt|(?:eastern|central|mountain|pacific)(?:\s+time)?)(?!\w))?"  # NAMED_ZONE, or none
)
TIME = rf"(?i:(?:(\d{{1,2}})(?::(\d{{2}}))?\s*([ap])\.?m\.?|(\d{{1,2}}):(\d{{2}})|(noon|midnight)){IN_ZONE})"
SHORT_TIME = regex(r"([0-9]{1,2})(?::([0-9]{2}))?([ap])m")  # as the team's files have them
MONTH_DAY = rf"(?i:({MONTH})\.?\s+(\d{{1,2}})(?:,?\s+(\d{{4}}))?)"
NAMED_MONTH = rf"(?i:(?:last\s+)?({MONTH})\.?(?:\s+(\d{{4}}))?)"
NAMED_DAY = rf"\b(?:today|yesterday|tomorrow|{'|'.join((*WEEKDAYS, *SHORT_DAYS))}|{SHORT_WEEKDAY})\b"
DAY = rf"(?i:{NAMED_DAY}|\d{{4}}-\d{{2}}-\d{{2}}|{MONTH_DAY})"
OF_MONTH = r"(?i:(?:the\s+)?(\d{1,2})(?:st|nd|rd|th))"
SLASHED = r"\d+/\d+(?:/\d+)?"
MOMENT = rf"(?i:(?:({DAY})\s+(?:at\s+)?)?({TIME}))"
AGO = rf"(?i:(?:{LENGTH}\s*)+ago)"
SPANS = "Type week, month, 2026-11 or 2026-11-02..2026-11-20."
ZONES = {"e": "America/New_York", "c": "America/Chicago", "m": "America/Denver", "p": "America/Los_Angeles"}


def read_zoned_time(text: str, zone: tzinfo) -> tuple[time, tzinfo]:
    """Return the time of day in "12:50pm", "12:50 PM ET", and the zone it is of, `zone` where none is named."""
    text = text.rstrip()
    named = re.search(rf"{NAMED_ZONE}$", text)
    if not named:
        return read_time(text), zone
    letter = (named[1] or (named[3] or "")[:1]).lower()
    return read_time(text[: named.start()]), ZoneInfo(ZONES.get(letter, "UTC"))


def read_time(text: str) -> time:
    """Return the time of day in "12:50pm", "8pm", "20:15", "noon"; raise a UserError for anything else."""
    if short := SHORT_TIME.fullmatch(text):
        return _time_of(text, *short.groups())
    found = re.fullmatch(TIME, text.strip())
    if not found or re.search(rf"{NAMED_ZONE}$", text.strip()):
        raise UserError(f"{quoted(text)} is not a time I can read. Type it as 12:50pm or 20:15.")
    hour12, minute12, half, hour24, minute24, word = found.groups()
    if word:
        return time(12 if word.lower() == "noon" else 0)
    return _time_of(text, hour12 or hour24, minute12 or minute24, half)


def _time_of(text: str, hour: str, minute: str | None, half: str | None) -> time:
    """Return the time of day that `text` tells by its parts; `half` is None where the hour is one of 24."""
    if half and not 1 <= int(hour) <= 12:
        raise UserError(f"{quoted(text)} is not a time of day. Type it as 12:50pm or 20:15.")
    try:
        return time(int(hour) % 12 + 12 * (half in "pP") if half else int(hour), int(minute or 0))
    except ValueError:
        raise UserError(f"{quoted(text)} is not a time of day. Type it as 12:50pm or 20:15.") from None


def read_zone(text: str, like: str = "America/New_York") -> ZoneInfo:
    """Return the time zone of that name. For anything else raise a UserError with the one that was probably meant, or
    with `like` as an example.
    """
    if re.fullmatch(r"[A-Z]{3}", text) and text not in ("UTC", "GMT"):
        place = _likely_zone(text) or like
        raise UserError(f"{quoted(text)} is the same all year, summer and winter. Name a place, such as {place}")
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a part of a name, such as America
        raise UserError(f"{quoted(text)} is not a time zone, such as {_likely_zone(text) or like}") from None


def _likely_zone(text: str) -> str:
    """Return the zone meant by "PST", "Pacific", "Chicago" or "america/new_yrok", "" where none is likely."""
    word = text.strip().casefold().replace(" ", "_")
    if named := re.fullmatch(NAMED_ZONE, text.strip()):
        return ZONES.get((named[1] or (named[3] or "")[:1]).lower(), "")
    zones = {zone.casefold(): zone for zone in sorted(available_timezones())}
    ending = (name for name in zones if word and name.endswith(f"/{word}"))
    found = next(ending, None) or next(iter(difflib.get_close_matches(word, zones, n=1, cutoff=0.8)), "")
    return zones.get(found, "")


def read_weekday(text: str) -> int:
    """Return which day of the week "monday", "Mon" or "tues" is, 0 for Monday; raise a UserError for anything else."""
    word = text.strip().casefold()
    if word not in WEEKDAYS and not re.fullmatch(SHORT_WEEKDAY, word):
        raise UserError(f"{quoted(text)} is no day of the week; write monday, tuesday ...")
    return next(number for number, day in enumerate(WEEKDAYS) if day.startswith(word[:3]))


def is_day(text: str) -> bool:
    """Return whether `text` looks like a day that read_day reads."""
    return re.fullmatch(DAY, text) is not None


def read_day(text: str, today: date) -> date:
    """Return the day in "today", "yesterday", "2026-11-20", "Nov 20", or the last past "monday" or "25th".

    A month and day without a year are the last such day up to today. Raises a UserError for anything else.
    """
    return _read_day(text, today, coming=False)


def _read_day(text: str, today: date, *, coming: bool) -> date:
    word = _whole_day(text.strip().casefold())
    if word in ("today", "yesterday", "tomorrow"):
        return today + timedelta(days=("yesterday", "today", "tomorrow").index(word) - 1)
    if word in WEEKDAYS:
        ahead = (WEEKDAYS.index(word) - today.weekday()) % 7
        return today + timedelta(days=ahead if coming else ahead - 7)
    try:
        day = (
            _month_day(word, today, coming=coming) or _of_month(word, today, coming=coming) or date.fromisoformat(word)
        )
    except ValueError:
        raise UserError(f"{quoted(text)} is not a day I can read. Type today, yesterday or 2026-11-20.") from None
    if day.year not in YEARS:
        raise UserError(f"{quoted(text)} is not a day I can count with. Type today, yesterday or 2026-11-20.")
    return day


def _whole_day(word: str) -> str:
    """Return a day's name as it is written in full: "fri" is "friday", "tmrw" is "tomorrow"."""
    short = re.fullmatch(SHORT_WEEKDAY, word)
    return next(one for one in WEEKDAYS if one.startswith(word[:3])) if short else SHORT_DAYS.get(word, word)


def take_day(text: str, today: date) -> tuple[date | None, str]:
    """Return the coming day that `text` begins with ("friday", "on Nov 25", "the 25th") or None, and the rest.

    A weekday is the next one, today among them. Raises a UserError for what looks like a day but cannot be read.
    """
    words = text.split()
    if len(words) > 1 and words[0].casefold() in ("on", "this", "next"):
        words = words[1:]
    for many in (3, 2, 1):
        typed = " ".join(words[:many]).rstrip(":,")
        if words[:many] and (is_day(typed) or re.fullmatch(rf"{SLASHED}|{OF_MONTH}", typed)):
            return read_coming_day(typed, today), " ".join(words[many:])
    return None, text.strip()


def read_coming_day(text: str, today: date) -> date:
    """Return the day as read_day has it, but the next "friday" or "jan 5" from today on, today among them."""
    return _read_day(text, today, coming=True)


def read_moment(text: str, now: datetime, zone: tzinfo, *, coming: bool = False) -> datetime:
    """Return the moment in "12:50pm" (today), "yesterday 4:10pm", "Nov 20 16:10", "20m ago", in UTC.

    A `coming` one is of a day from today on: "friday 1pm". Of a time that clocks show twice today, the later one is
    meant if it has passed. Raises a UserError for anything else.
    """
    if re.fullmatch(AGO, text.strip()):
        return _ago(text.strip()[: -len("ago")], now)
    today = day_of(now, zone)
    if is_day(text.strip()):
        raise UserError(f"{quoted(text)} needs a time of day too, such as {quoted(text.strip() + ' 4:10pm')}.")
    day_text, time_text = _day_and_time(text.strip())
    day = _read_day(day_text, today, coming=coming) if day_text else today
    wall, of_zone = read_zoned_time(time_text, zone)
    first, second = moment(day, wall, of_zone), moment(day, wall.replace(fold=1), of_zone)
    return second if first < second <= now else first


def _ago(length: str, now: datetime) -> datetime:
    try:
        return now - read_length(length)
    except OverflowError:
        raise UserError(f"{quoted(length)} ago is longer than I can count. Type it as 20m ago or 12:50pm.") from None


def read_days(text: str, today: date) -> tuple[date, date]:
    """Return the first and last day in "week", "month" (both so far), "2026-11", "2026-11-02..2026-11-20" or one day.

    "november" is the last that has begun, "2026-11-02.." goes up to today. Raises a UserError for anything else, and
    for days in the wrong order.
    """
    word = text.strip().casefold().removeprefix("this ")
    if word == "week":
        return today - timedelta(days=today.weekday()), today
    if word == "month":
        return today.replace(day=1), today
    if word == "last week":
        return last_week(today)
    if word == "last month":
        end = today.replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end
    if month := re.fullmatch(r"(\d{4})-(\d{1,2})", word):
        return _month(int(month[1]), int(month[2]), text)
    if named := re.fullmatch(NAMED_MONTH, word):
        return _named_month(MONTHS[named[1][:3]], int(named[2] or 0), today, text)
    first, dots, last = (part.strip() for part in word.partition(".."))
    if first and dots and not last:
        last = "today"
    if not dots and not is_day(word):
        raise UserError(f"{quoted(text)} is not a span of days I can read. {SPANS}")
    span = read_day(first, today), read_day(last if dots else first, today)
    if span[0] > span[1]:
        raise UserError(f"{quoted(text)} ends before it begins. {SPANS}")
    return span


def _named_month(month: int, year: int, today: date, text: str) -> tuple[date, date]:
    """Return the days of a month by its name, without a year of the last one that has begun: of that those so far."""
    first, last = _month(year or today.year - (month > today.month), month, text)
    return (first, today) if first <= today <= last else (first, last)


def last_week(today: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of the week before that of `today`."""
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


def _month(year: int, month: int, text: str) -> tuple[date, date]:
    if year not in YEARS or not 1 <= month <= 12:
        raise UserError(f"{quoted(text)} is not a month. {SPANS}")
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _month_day(word: str, today: date, *, coming: bool) -> date | None:
    """Return the day in "nov 20" or "nov 20 2025"; None if it is neither. Raise a ValueError for "nov 31".

    Without a year it is the nearest that exists, today among them, before today or, where it is `coming`, after.
    """
    found = re.fullmatch(MONTH_DAY, word)
    if not found:
        return None
    month, day = MONTHS[found[1][:3]], int(found[2])
    if found[3]:
        return date(int(found[3]), month, day)
    step = 1 if coming else -1
    years = (today.year + step * many for many in range(9))  # Feb 29 may be eight years away
    days = (date(year, month, day) for year in years if day <= calendar.monthrange(year, month)[1])
    nearest = next((one for one in days if (one - today).days * step >= 0), None)
    if nearest is None:
        raise ValueError(word)
    return nearest


def _of_month(word: str, today: date, *, coming: bool) -> date | None:
    """Return the nearest "25th" up to today, or from today on; None for no such word, a ValueError for "32nd"."""
    found = re.fullmatch(OF_MONTH, word)
    if not found:
        return None
    number, step = int(found[1]), 1 if coming else -1
    months = (divmod(today.year * 12 + today.month - 1 + step * many, 12) for many in range(9))
    days = [
        date(year, month + 1, number) for year, month in months if number <= calendar.monthrange(year, month + 1)[1]
    ]
    nearest = next((one for one in days if (one - today).days * step >= 0), None)
    if nearest is None:
        raise ValueError(word)
    return nearest


def _day_and_time(text: str) -> tuple[str, str]:
    """Return the parts of "yesterday 4:10pm"; the day may stand behind, or be missing ("")."""
    if found := re.fullmatch(MOMENT, text):
        return found[1] or "", found[5]
    first, _, rest = text.partition(" ")
    last = re.search(DAY, text)
    if last and last.end() == len(text) and last.start():
        return last[0], text[: last.start()]
    return (first, rest) if rest and not re.fullmatch(TIME, text) else ("", text)
