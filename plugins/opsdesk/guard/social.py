"""Social Security numbers."""

import re
from collections.abc import Iterator

from opsdesk.guard.beside import ALONE, BACK, Beside, D, N
from opsdesk.guard.folding import Folded
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.words import wording

# 123-45-6789, also with blanks around the dashes.
DASHED = re.compile(rf"[0-9]{ALONE}(?<![0-9]-[0-9]){D}{{2}}{N} ?- ?{D}{{2}}{N} ?- ?{D}{{4}}(?!-?[0-9])")
DOTTED = re.compile(r"[0-9](?<![0-9.][0-9])[0-9]{2}([._/])[0-9]{2}\1[0-9]{4}(?![0-9])(?!\1[0-9])")
# 123 45 6789, where it is not a part of a longer row of numbers.
ROW = re.compile(
    rf"[0-9]{ALONE}(?<![0-9][ .,:/-][0-9])[0-9]{{2}} {{1,3}}[0-9]{{2}} {{1,3}}[0-9]{{4}}(?![0-9])"
    r"(?:[ ,]{1,3}[0-9]+)*+"
)
SPACED = re.compile(r"[0-9]{3} +[0-9]{2} +[0-9]{4}(?![0-9])")
COUNTED_BEHIND = re.compile(r" ?(?:ms|s|secs?|seconds|bytes|kb|mb|gb|%|errors|requests|calls|hits|total|rows|x)(?!\w)")
COUNTED_BEFORE = re.compile(
    r'(?:"|\b(?:http[/0-9. ]{0,6}|get|post|put|patch|delete|head|status|counts?|was|were|took|got|p[0-9]{2}|codes?'
    r"|ports?|stations?|sites?|version|v|build|monitors?))[ :]{0,3}\Z"
)
WHOSE = r"(?:patient|veteran|vet|user|member|person|claimant|full|my)?"
SOCIAL = r"(?:ssns?|social(?:_security(?:_number)?)?)"
LAST_FOUR = r"last_(?:4|four)(?:_digits)?"
SOCIAL_SECURITY = Beside(
    Kind.SSN,
    wording(
        "ss s.s.n soc",
        rf"{WHOSE}ssns? ssan s\.s\.n\.? ss_\# ss(?:_(?:number|num|no)\b)? social_security(?:_(?:number|num|no|nbr)\b)?"
        r" soc(?:ial)?\.?_sec(?:urity)? socials? soc usssa",
    ),
    re.compile(
        r"(?:[0-9](?:[-. \t_/]{0,3}[0-9]){8}|[0-9](?:\n?[0-9]){8}|[0-9]{3}[-\s]{1,3}[0-9]{2}[-\s]{1,3}[0-9]{4})"
        r"(?![0-9])(?!-[0-9])"
    ),
    near=True,
    before=re.compile(rf"([0-9]{ALONE}(?:[-. ]?[0-9]){{8}}){BACK}"),
)
LAST_DIGITS = Beside(
    Kind.SSN,
    wording(
        "ssn social last",
        rf"{SOCIAL}_\(?(?:(?:ending|ends?)(?:_(?:in|with))?|{LAST_FOUR}(?:_(?:are|is))?)\)?"
        rf" {LAST_FOUR}(?:_(?:of|from))?(?:_(?:the|his|her|their|vet's|patient's))?(?:_full)?_{SOCIAL}",
    ),
    re.compile(r"[0-9]{4}(?![0-9])(?![-:/.][0-9])"),
)


def social(folded: Folded) -> Iterator[Found]:
    """Return each Social Security number: by how it is written, or beside a word for one."""
    for pattern in (DASHED, DOTTED):
        yield from (Found(Kind.SSN, one.start(), one.end()) for one in pattern.finditer(folded.lower))
    yield from _spaced(folded.lower)
    for beside in (SOCIAL_SECURITY, LAST_DIGITS):
        yield from beside.find(folded)


def _spaced(lower: str) -> Iterator[Found]:
    """Return what is written 123 45 6789, but for rows of numbers that are something else."""
    for row in ROW.finditer(lower):
        parts = list(SPACED.finditer(row[0]))
        if len(row[0].replace(",", " ").split()) != 3 * len(parts):
            continue
        before = lower[max(0, row.start() - 24) : row.start()]
        if not COUNTED_BEHIND.match(lower, row.end()) and not COUNTED_BEFORE.search(before):
            yield from (Found(Kind.SSN, row.start() + one.start(), row.start() + one.end()) for one in parts)
