"""What people type for traces: "vista", "2h", "vista 2h"."""

import re
from datetime import timedelta

from opsdesk.errors import UserError
from opsdesk.patterns import regex
from opsdesk.text import LENGTH, read_length

USUALLY, LONGEST = timedelta(minutes=15), timedelta(days=1)
FILLERS = regex(r"(?i)\b(?:in|for|of|from|on|the|last|past|errors?)\b")
ONE = regex(r"(?i)(?<!\S)(?:last|past) (?=(?:minute|hour|day)(?!\S))")  # "the last hour" is one hour
MOST_WORDS = 60  # characters


def read_traces(typed: str) -> tuple[str, timedelta]:
    """Return what to search by, "" for everything, and how far back. Raise a UserError for a length over a day."""
    text = ONE.sub("1 ", " ".join(typed.split()))
    lengths = [found[0] for found in re.finditer(rf"(?<!\S){LENGTH}(?!\S)", text)]
    back = read_length(" ".join(lengths)) if lengths else USUALLY
    if not timedelta() < back <= LONGEST:
        raise UserError("Traces are shown for a day at most: `!traces 2h`, `!traces vista 30m`.")
    for one in lengths:
        text = text.replace(one, " ", 1)
    return " ".join(FILLERS.sub(" ", text).split())[:MOST_WORDS], back
