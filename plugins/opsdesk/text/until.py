"""Until when: an end as people type it, as a length or as a time to come, in figures or in words."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from opsdesk.clock import day_of, moment
from opsdesk.text.lengths import LENGTHS, read_length
from opsdesk.text.moments import DAY, TIME, WEEKDAYS, read_coming_day, read_moment

FOR = r"(?i:(?:for|in)(?:\s+the\s+next)?|the\s+next)"
UNTIL = r"(?i:until|'?till?|by)"
PARTS = {"morning": time(9), "afternoon": time(13), "evening": time(18), "night": time(20)}  # each begins then
PART = rf"(?i:{'|'.join(PARTS)})"
ONE = r"(?i:(?:(?:for|in)\s+)?the\s+next\s+(?=(?:minute|hour|day|week)(?!\w)))"  # the next hour is one hour
ENDS = r"[,;:]?(?:\s+|$)"
LONG = rf"(?:{FOR}\s+)?({LENGTHS}){ENDS}"
AT_A_TIME = (
    rf"(?:{UNTIL}\s+)?(?i:(?:(?P<day>{DAY})\s+)?(?:at\s+)?(?P<time>{TIME})(?:\s+(?:on\s+)?(?P<behind>{DAY}))?){ENDS}"
)
AT_AN_HOUR = rf"{UNTIL}\s+(?P<hour>1[0-2]|0?[1-9])(?:[,;:.]?\s*$|(?:[,;:.]|\s[-–—])\s+)"  # "until 3, a load test"
ON_A_DAY = (
    rf"(?P<until>{UNTIL}\s+)?(?i:(?:(?P<named>{DAY}|this|the)\s+(?P<part>{PART})|(?P<tonight>tonight)|(?P<whole>{DAY})))"
    rf"{ENDS}"
)


def take_until(text: str, at: datetime, zone: tzinfo) -> tuple[datetime | None, str]:
    """Return the end that `text` begins with, in UTC, and the rest; None where it begins with none.

    It is "2h", "for half an hour", "until 3pm", "tomorrow at 9am"; a day or a part of one is its begin, the morning's
    where only the day is named: "till tomorrow morning", "until monday". Those have "until" before them, or nothing
    behind. An hour alone is the next such one, in either half of the day: "until 3". Raises a UserError for a day or a
    time that there isn't.
    """
    text = re.sub(rf"\A{ONE}", "1 ", text.strip())
    if found := re.match(LONG, text):
        return _later(at, read_length(found[1])), text[found.end() :].strip()
    if found := re.match(AT_A_TIME, text):
        return _at_a_time(found, at, zone), text[found.end() :].strip()
    if found := re.match(AT_AN_HOUR, text):
        return _at_an_hour(found["hour"], at, zone), text[found.end() :].strip()
    found = re.match(ON_A_DAY, text)
    if found and (found["until"] or found.end() == len(text)):
        return _on_a_day(found, at, zone), text[found.end() :].strip()
    return None, text


def named_end(text: str) -> str:
    """Return the end that `text` begins with, as take_until reads it; "" where it begins with none."""
    found = (re.match(one, text) for one in (LONG, AT_A_TIME, AT_AN_HOUR, ON_A_DAY))
    return next((one[0].strip() for one in found if one), "")


def _later(at: datetime, length: timedelta) -> datetime:
    """Return the moment a length after `at`, or the last there is."""
    try:
        return at + length
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _at_a_time(found: re.Match[str], at: datetime, zone: tzinfo) -> datetime:
    """Return the time on the day that is named, or else the next such time."""
    day = found["day"] or found["behind"] or ""
    until = read_moment(f"{day} {found['time']}".strip(), at, zone, coming=True)
    return until if day or until > at else read_moment(f"tomorrow {found['time']}", at, zone)


def _at_an_hour(hour: str, at: datetime, zone: tzinfo) -> datetime:
    """Return the next time that a clock with twelve hours shows this one."""
    ends = (read_moment(f"{day} {hour}{half}m", at, zone) for day in ("today", "tomorrow") for half in "ap")
    return min(end for end in ends if end > at)


def _on_a_day(found: re.Match[str], at: datetime, zone: tzinfo) -> datetime:
    """Return when the day or the part of it begins; "the morning" that is over is tomorrow's, a Monday the next one."""
    today, named = day_of(at, zone), (found["named"] or found["whole"] or "today").casefold()
    begins = PARTS["night" if found["tonight"] else (found["part"] or "morning").casefold()]
    day = today if named in ("this", "the") else read_coming_day(named, today)
    until = moment(day, begins, zone)
    again = timedelta(days=1) if named == "the" else timedelta(weeks=any(one.startswith(named[:3]) for one in WEEKDAYS))
    return until if until > at else moment(day + again, begins, zone)
