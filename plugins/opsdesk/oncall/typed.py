"""What people type behind `!oncall`: days to come, and hours of one of them."""

import calendar
import re
from datetime import date, datetime, time, tzinfo

from opsdesk.clock import day_of, moment
from opsdesk.errors import UserError, quoted
from opsdesk.patterns import regex
from opsdesk.text import DAY, TIME, read_coming_day, read_time, read_zoned_time, take_day, take_until

TO = r" ?(?:\bto\b|\buntil\b|\btill\b|-|–|—|\.\.) ?"
HOUR = r"(?:1[0-2]|0?[1-9])(?::\d{2})?"  # whose half of the day stands behind the other: "3-5pm"
HALF = r"(?i:([ap])\.?m\.?)"
SWAP = rf"(?i:(?:with |w/ ?|w )?(?P<who>.+?) (?:on |from )?(?P<first>{DAY})(?:{TO}(?P<last>{DAY}))?)"
COVER = (
    rf"(?i:(?:for )?(?:me |my shift )?(?:on )?(?:(?P<before>{DAY}) )?(?:from )?"
    rf"(?P<start>{TIME}|{HOUR}){TO}(?P<end>{TIME})"
    rf"(?: (?:on )?(?P<behind>{DAY}))?)"
)
SLASHED = regex(r"(?<!\S)(1[0-2]|0?[1-9])/(\d{1,2})(?!\S)")  # as the desk writes days: the month, and its day
FROM_NOW = r"(?i:(?:for )?(?:(?:me|my shift) )?(?P<end>(?:for|the next|until|till) .+))"
SWAP_USAGE = "Type `!oncall swap bob 2026-12-01`, or `!oncall swap bob 2026-11-30 to 2026-12-04`."
COVER_USAGE = "Type `!oncall cover from 3pm to 5pm`, with a day behind it where it is not today."


def read_swap(text: str, at: datetime, zone: tzinfo) -> tuple[str, date, date]:
    """Return whom, the first and the last day in "bob 2026-12-01" or "@bob monday to friday". Raise a UserError
    otherwise.
    """
    found = re.fullmatch(SWAP, _spaced(text))
    if not found:
        raise UserError(SWAP_USAGE if not text.strip() else f"{quoted(text)} names no person and day. {SWAP_USAGE}")
    first = read_coming_day(found["first"], day_of(at, zone))
    return found["who"], first, read_coming_day(found["last"], first) if found["last"] else first


def read_cover(text: str, at: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the start and end, in UTC, of "from 3pm to 5pm", "tomorrow 3-5pm" or "for the next two hours". Raise a
    UserError otherwise.
    """
    found = re.fullmatch(COVER, _spaced(text))
    if until := None if found else _from_now_until(_spaced(text), at, zone):
        return at, until
    if not found:
        raise UserError(COVER_USAGE if not text.strip() else f"{quoted(text)} is no span of hours. {COVER_USAGE}")
    today = day_of(at, zone)
    named = found["before"] or found["behind"]
    day = read_coming_day(named, today) if named else today
    end = read_zoned_time(found["end"], zone)
    return moment(day, *_start(found["start"], found["end"], zone)), moment(day, *end)


def _from_now_until(text: str, at: datetime, zone: tzinfo) -> datetime | None:
    """Return the end of "me for an hour" and "until 5pm"; None for anything else, and where it is over."""
    found = re.fullmatch(FROM_NOW, text)
    until, more = take_until(found["end"], at, zone) if found else (None, "")
    return until if until and until > at and not more else None


def _start(typed: str, end: str, zone: tzinfo) -> tuple[time, tzinfo]:
    """Return the time that a span starts at; the half of the day in "3-5pm" and "11-1pm" is the nearer one."""
    half = re.search(HALF, end)
    if re.fullmatch(TIME, typed) or not half:
        return read_zoned_time(typed, zone)
    until, of_zone = read_zoned_time(end, zone)
    starts = [read_time(f"{typed}{one}m") for one in "ap"]
    earlier = [start for start in starts if start < until]
    return max(earlier, default=max(starts)), of_zone


def read_day_alone(text: str, at: datetime, zone: tzinfo) -> date | None:
    """Return the coming day in "today", "on friday", "jan 5", where nothing else is typed; else None."""
    day, rest = take_day(text, day_of(at, zone))
    return None if rest else day


def read_number(text: str) -> int | None:
    """Return the number of a request, None if nothing is typed. Raise a UserError for anything else."""
    word = text.strip().removeprefix("#")
    if not word:
        return None
    if not re.fullmatch(r"\d{1,9}", word):
        raise UserError(f"{quoted(text)} is not the number of a request. `!oncall me` shows what waits for you.")
    return int(word)


def read_many(text: str, usual: int, most: int) -> int:
    """Return the number typed, `usual` if nothing is. Raise a UserError for anything else, and above `most`."""
    word = text.strip()
    if not word:
        return usual
    if not re.fullmatch(r"\d{1,9}", word) or not 1 <= int(word) <= most:
        raise UserError(f"{quoted(text)} is not a number from 1 to {most}. Type `!oncall next {usual}`.")
    return int(word)


def _spaced(text: str) -> str:
    """Return `text` with single blanks, as SWAP and COVER have them, and "12/1" as "Dec 1"."""
    return SLASHED.sub(lambda found: f"{calendar.month_abbr[int(found[1])]} {found[2]}", " ".join(text.split()))
