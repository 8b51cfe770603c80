"""Until when: an end as people type it, as a length or as a time to come, in figures or in words."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from opsdesk.clock import day_of, moment
from opsdesk.text.lengths import LENGTHS, read_length
from opsdesk.text.moments import DAY, TIME, WEEKDAYS, read_coming_day, read_zoned_time

FOR = r"(?i:(?:for|in)(?:\s+the\s+next)?|the\s+next)"
UNTIL = r"(?i:until|'?till?|by)"
PARTS = {"morning": time(9), "afternoon": time(13), "evening": time(18), "night": time(20)}  # each begins then
EARLIEST = time(6)  # before it, a time tonight is of the night that ends tomorrow
PART = rf"(?i:{'|'.join(PARTS)})"
ONE = r"(?i:(?:(?:for|in)\s+)?the\s+next\s+(?=(?:minute|hour|day|week)(?!\w)))"  # the next hour is one hour
ENDS = r"[,;:]?(?:\s+|$)"
LONG = rf"(?:{FOR}\s+)?({LENGTHS}){ENDS}"
AT_A_TIME = (
    rf"(?:{UNTIL}\s+)?(?i:(?:(?P<day>{DAY})\s+(?:(?P<part>{PART})\s+)?|(?:(?P<this>this)|the)\s+(?P<of>{PART})\s+)?"
    rf"(?:at\s+)?(?P<time>{TIME})"
    rf"(?:\s+(?:on\s+)?(?P<behind>{DAY})(?:\s+(?P<behind_part>{PART}))?|\s+(?:in\s+the|(?P<today>this))\s+(?P<in>{PART}))?){ENDS}"
)
AT_AN_HOUR = rf"{UNTIL}\s+(?P<hour>1[0-2]|0?[1-9])(?:[,;:.]?\s*$|(?:[,;:.]|\s[-–—])\s+)"  # "until 3, a load test"
ON_A_DAY = (
    rf"(?P<until>{UNTIL}\s+)?(?i:(?:(?P<named>{DAY}|this|the)\s+(?P<part>{PART})|(?P<tonight>tonight)|(?P<whole>{DAY})))"
    rf"{ENDS}(?!\s*(?:at\s+)?\d)"  # "tomorrow at 7" is half of a time
)
END_OF_DAY = (  # of the shift and of the day that the post tells
    rf"(?i:(?:(?:{UNTIL}|at|for)\s+)?(?:(?P<day>{DAY})\s+)?(?P<end_of_day>e\.?o\.?d\.?|eob|cob|close of business|"
    rf"(?:the\s+)?(?:end|rest) of\s+(?:(?:the|this|my)\s+)?(?:business\s+)?(?:day|shift))"
    rf"(?:\s+(?:on\s+)?(?P<behind>{DAY}))?){ENDS}"
)
BEGINS = rf"(?i:(?:in|at|on|from|by)\s|{DAY}(?!\w)|(?:this|the)\s+{PART}(?!\w))"  # when it begins, not when it ends


def take_until(text: str, at: datetime, zone: tzinfo) -> tuple[datetime | None, str]:
    """Return the end that `text` begins with, in UTC, and the rest; None where it begins with none.

    It is "2h", "for half an hour", "until 3pm", "tomorrow at 9am"; a day or a part of one is its begin, the morning's
    where only the day is named: "till tomorrow morning", "until monday". Those have "until" before them, or nothing
    behind. An hour alone is the next such one, in either half of the day: "until 3". The end of the day or of the
    shift is 8pm, today's where none is named. Raises a UserError for a day or a time that there isn't.
    """
    plain = _plain(text)
    found = _match(plain)
    if not found:
        return None, plain
    rest, parts = plain[found.end() :].strip(), found.groupdict()
    if "time" in parts:
        return _at_a_time(found, at, zone), rest
    if "hour" in parts:
        return _at_an_hour(found["hour"], at, zone), rest
    if "end_of_day" in parts:
        on = read_coming_day((found["day"] or found["behind"] or "today").casefold(), day_of(at, zone))
        return moment(on, PARTS["night"], zone), rest
    return _on_a_day(found, at, zone) if "until" in parts else _later(at, read_length(found[1])), rest


def take_end(text: str, at: datetime, zone: tzinfo) -> tuple[datetime | None, str]:
    """Return what take_until returns, but None where `text` says when something is to begin: "at 5pm"."""
    return (None, text.strip()) if begins_later(text) else take_until(text, at, zone)


def begins_later(text: str) -> bool:
    """Return whether `text` says when something is to begin, "in 2h" or "tomorrow 7am", rather than when it ends."""
    return re.match(BEGINS, text.strip()) is not None


def named_end(text: str) -> str:
    """Return the end that `text` begins with, as take_until reads it; "" where it begins with none."""
    text, plain = text.strip(), _plain(text)
    found = _match(plain)
    return text[: len(text) - len(plain[found.end() :])].strip() if found else ""


def _plain(text: str) -> str:
    """Return a text that begins with "for the next hour" with "1 hour" instead."""
    return re.sub(rf"\A{ONE}", "1 ", text.strip())


def _match(plain: str) -> re.Match[str] | None:
    whole = (LONG, AT_A_TIME, AT_AN_HOUR, END_OF_DAY)
    if found := next(filter(None, (re.match(one, plain) for one in whole)), None):
        return found
    found = re.match(ON_A_DAY, plain)
    return found if found and (found["until"] or found.end() == len(plain)) else None


def _later(at: datetime, length: timedelta) -> datetime:
    """Return the moment a length after `at`, or the last there is."""
    try:
        return at + length
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _at_a_time(found: re.Match[str], at: datetime, zone: tzinfo) -> datetime:
    """Return the time on the day that is named, whose midnight is its last, or else the next such time."""
    day = (found["day"] or found["behind"] or ("today" if found["this"] or found["today"] else "")).casefold()
    wall, of_zone = _wall(found, zone)
    if not day:
        return _next(wall, of_zone, at)
    on = read_coming_day(day, day_of(at, zone))
    pair = moment(on, wall, of_zone), moment(on, wall.replace(fold=1), of_zone)
    until = pair[1] if pair[0] < pair[1] <= at else pair[0]
    of_the_night = day == "tonight" and until <= at and wall < EARLIEST
    is_last = "midnight" in found["time"].casefold() or of_the_night
    return moment(on + timedelta(days=1), wall, of_zone) if is_last else until


def _wall(found: re.Match[str], zone: tzinfo) -> tuple[time, tzinfo]:
    """Return the time that is typed and its zone; "this evening at 6:30" is in the evening."""
    wall, of_zone = read_zoned_time(found["time"], zone)
    part = (found["part"] or found["of"] or found["behind_part"] or found["in"] or "").casefold()
    is_half = re.match(r"\d{1,2}:\d{2}(?!\s*[ap]\.?m)", found["time"], re.IGNORECASE)
    is_late = part in ("afternoon", "evening") or (part == "night" and wall >= EARLIEST)
    return (wall.replace(hour=wall.hour + 12) if is_half and is_late and wall.hour < 12 else wall), of_zone


def _next(wall: time, zone: tzinfo, at: datetime) -> datetime:
    """Return the next moment after `at` at which clocks in `zone` show `wall`, be it for the second time that day."""
    today = day_of(at, zone)
    pairs = (
        (moment(day, wall, zone), moment(day, wall.replace(fold=1), zone)) for day in (today, today + timedelta(1))
    )
    return next(one for pair in pairs for one in pair if one > at and one >= pair[0])


def _at_an_hour(hour: str, at: datetime, zone: tzinfo) -> datetime:
    """Return the next time that a clock with twelve hours shows this one."""
    return min(_next(time(int(hour) % 12 + half), zone, at) for half in (0, 12))


def _on_a_day(found: re.Match[str], at: datetime, zone: tzinfo) -> datetime:
    """Return when the day or the part of it begins; "the morning" that is over is tomorrow's, a Monday the next one."""
    today, named = day_of(at, zone), (found["named"] or found["whole"] or "today").casefold()
    begins = PARTS["night" if found["tonight"] else (found["part"] or "morning").casefold()]
    day = today if named in ("this", "the") else read_coming_day(named, today)
    until = moment(day, begins, zone)
    is_weekday = any(one.startswith(named[:3]) for one in WEEKDAYS)
    again = timedelta(days=1) if named == "the" else timedelta(weeks=is_weekday)
    is_next = until <= at or (is_weekday and day == today and not found["part"])
    return moment(day + again, begins, zone) if is_next else until
