"""What people type behind `!oncall`: days to come, and hours of one of them."""

import re
from datetime import date, datetime, tzinfo

from opsdesk.clock import day_of, moment
from opsdesk.errors import UserError, quoted
from opsdesk.text import DAY, TIME, read_coming_day, read_zoned_time, take_day

TO = r" ?(?:\bto\b|\buntil\b|\btill\b|-|–|—|\.\.) ?"
SWAP = rf"(?i:(?:with )?(?P<who>.+?) (?:on |from )?(?P<first>{DAY})(?:{TO}(?P<last>{DAY}))?)"
COVER = (
    rf"(?i:(?:(?P<before>{DAY}) )?(?:from )?(?P<start>{TIME}){TO}(?P<end>{TIME})"
    rf"(?: (?:on )?(?P<behind>{DAY}))?)"
)
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
    """Return the start and end, in UTC, of "from 3pm to 5pm" or "tomorrow from 3pm to 5pm". Raise a UserError
    otherwise.
    """
    found = re.fullmatch(COVER, _spaced(text))
    if not found:
        raise UserError(COVER_USAGE if not text.strip() else f"{quoted(text)} is no span of hours. {COVER_USAGE}")
    today = day_of(at, zone)
    named = found["before"] or found["behind"]
    day = read_coming_day(named, today) if named else today
    start, end = (read_zoned_time(found[name], zone) for name in ("start", "end"))
    return moment(day, *start), moment(day, *end)


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
    """Return `text` with single blanks, as SWAP and COVER have them."""
    return " ".join(text.split())
