"""Lengths of time as people write them, in figures or in words: "30m", "1h 30m", "half an hour", "two days"."""

import re
from datetime import timedelta

from opsdesk.errors import UserError, quoted
from opsdesk.patterns import regex

COUNTED = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "ninety": 90, "couple": 2, "half": 0.5, "quarter": 0.25,
}  # fmt: skip
AND_A_HALF = r"\s{1,9}and\s{1,9}a\s{1,9}half(?!\w)"
IN_WORDS = (
    r"(?<!\w)(?:(?:an?\s+)?(?:couple|half|quarter)(?:\s+of)?(?:\s+an?)?|an?|another|one|two|three|four|five|six|seven|"
    r"eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty(?:[\s-]five)?|fifty|sixty|ninety)"
)
LONG_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?)"
# A letter is no unit behind a word: "a d" begins a sentence, "am" is a half of the day.
LENGTH = (
    rf"(?i:(?:\d{{1,6}}(?:\.\d{{1,2}})?(?:{AND_A_HALF})?\s*(?:{LONG_UNIT}|[mhdw])|"
    rf"{IN_WORDS}(?:{AND_A_HALF})?[\s-]+{LONG_UNIT})(?![^\W\d_])(?:{AND_A_HALF})?)"
)
LENGTHS = rf"(?i:{LENGTH}(?:\s*(?:(?=\d)|and\s+){LENGTH})*)"  # "1 hour and 30 minutes"
SHORT = regex(r"([0-9]{1,6})([mhdw])")  # as the team's files have them: a start needs no more
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def read_length(text: str) -> timedelta:
    """Return the length in "30m", "1h 30m", "2 days", "half an hour"; raise a UserError for anything else."""
    if short := SHORT.fullmatch(text):
        return int(short[1]) * UNITS[short[2]]
    pieces = re.findall(LENGTH, text)
    if not pieces or re.sub(rf"{LENGTH}|(?i:\band\b)", "", text).strip():
        raise UserError(f"{quoted(text)} is not a length of time I can read. Type it as 30m, 2h or 1h30m.")
    try:
        return sum(map(_one, pieces), timedelta())
    except OverflowError:
        raise UserError(f"{quoted(text)} is longer than I can count. Type it as 30m, 2h or 1h30m.") from None


def _one(piece: str) -> timedelta:
    """Return the length of a number and its unit: "90 minutes", "a couple of hours", "an hour and a half"."""
    plain, halves = re.subn(AND_A_HALF, " ", piece.casefold())
    *counted, unit = re.findall(r"[a-z]+", plain)
    number = re.match(r"[\d.]+", plain)
    many = float(number[0]) if number else sum(COUNTED.get(word, 0) for word in counted) or 1
    return (many + halves / 2) * UNITS[unit[0]]
