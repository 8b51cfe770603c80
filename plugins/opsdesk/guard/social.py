"""Social Security numbers."""

from collections.abc import Iterator

from opsdesk.guard.beside import ALONE, BACK, FIRST, Beside, D, N, Screened
from opsdesk.guard.folding import MASKED, Folded
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.words import patients, wording
from opsdesk.patterns import regex

# 123-45-6789, also with blanks around the dashes.
DASHED = Screened(
    regex(r"-\s*+[0-9]\s*+[0-9]\s*+-"),
    regex(rf"[0-9]{ALONE}(?<![0-9]-[0-9]){D}{{2}}{N} ?- ?{D}{{2}}{N} ?- ?{D}{{4}}(?!-?[0-9])"),
)
DOTTED = Screened(
    regex(r"[._/][0-9]{2}[._/][0-9]{4}"),
    regex(r"[0-9](?<![0-9.][0-9])[0-9]{2}([._/])[0-9]{2}\1[0-9]{4}(?![0-9])(?!\1[0-9])"),
)
# 123 45 6789, where it is not a part of a longer row of numbers.
ROW = Screened(
    regex(r" [0-9]{2} {1,3}[0-9]{4}"),
    regex(
        rf"[0-9]{ALONE}(?<![0-9][ .,:/-][0-9])[0-9]{{2}} {{1,3}}[0-9]{{2}} {{1,3}}[0-9]{{4}}(?![0-9])"
        r"(?:[ ,]{1,3}[0-9]+)*+"
    ),
)
SPACED = regex(r"[0-9]{3} +[0-9]{2} +[0-9]{4}(?![0-9])")
COUNTED_BEHIND = regex(r" ?(?:ms|s|secs?|seconds|bytes|kb|mb|gb|%|errors|requests|calls|hits|total|rows|x)(?!\w)")
COUNTED_BEFORE = regex(
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
    regex(
        r"[0-9](?:(?:[-. \t_/]{0,3}[0-9]){8}|(?:\n?[0-9]){8}|[0-9]{2}[-\s]{1,3}[0-9]{2}[-\s]{1,3}[0-9]{4})"
        r"(?![0-9])(?!-[0-9])"
    ),
    near=True,
    rare=True,
    before=regex(rf"([0-9]{ALONE}(?:[-. ]?[0-9]){{8}}){BACK}"),
    screen=regex(rf"{FIRST}(?:[-.\s_/]{{0,3}}[0-9]){{8}}(?![0-9])"),
)
LAST_DIGITS = Beside(
    Kind.SSN,
    wording(
        "ssn social last",
        rf"{SOCIAL}[^0-9\n]{{0,30}}\s\(?(?:ending|ends?)(?:_(?:in|with))?"
        rf" {SOCIAL}_\(?(?:(?:ending|ends?)(?:_(?:in|with))?|{LAST_FOUR}(?:_(?:are|is))?)\)?"
        rf" {LAST_FOUR}(?:_(?:of|from))?(?:_(?:the|his|her|their|vet's|patient's))?(?:_full)?_{SOCIAL}",
    ),
    regex(r"[0-9]{4}(?![0-9])(?![-:/.][0-9])"),
)


# The last four digits alone, as many give them: "last four 1234", "L4 1234", {"last4": "1234"}.
FOUR = r"[0-9]{4}(?![0-9a-z])(?![-:/.][0-9])(?! ?(?:ms|secs?|seconds|min|minutes|hours?|runs|errors|requests|times|%))"
LAST_FOUR_ALONE = Beside(
    Kind.SSN,
    wording("last l4 ssn", rf"{LAST_FOUR} l4(?:ssn)? ssn_?4 ssn_{LAST_FOUR} last_initial_(?:and|\+|&)?_{LAST_FOUR}"),
    regex(rf"[a-z]?{FOUR}"),
    before=regex(r"(?<![-/.])\b([a-z]?[0-9]{4})[\"')]{0,2} ?(?:(?:is|was|as|are|for) )?(?:(?:his|her|their|the) )?\Z"),
)
# As VistA has it, with the surname's first letter: "SSN: H1234".
INITIAL_BESIDE = Beside(
    Kind.SSN, SOCIAL_SECURITY.words, regex(rf"[a-z]{FOUR}"), screen=regex("[0-9](?<=[a-z][0-9])[0-9]{3}(?![0-9a-z])")
)
# Behind a surname's first letter, which is how a clinic calls somebody up: "Pt H1234".
BEHIND_SOMEBODY = regex(r"[0-9](?<=[:\s#(\"'][a-z][0-9])[0-9]")  # stands in all that the next one finds
INITIAL_AND_FOUR = regex(rf"[:\s#(\"']{{1,3}}(?P<four>[a-z]{FOUR})")
# What is hidden but for its end: "XXX-XX-1234".
HIDDEN = Screened(regex(r"[x*#.][x*#.][- ]?[0-9]"), regex(r"[x*#.]{3}[- ]?[x*#.]{2}[- ]?[0-9]{4}(?![0-9])"))
# Behind the label of a name: "[name] 1234", "[name]/1234".
NAMED = regex(
    rf"{MASKED}(?<!{MASKED}{{7}})(?<={MASKED}{{6}})[\s,/(#-]{{1,3}}(?P<four>{FOUR})(?! ?(?:am|pm|et|appt|clinic))"
)


def social(folded: Folded) -> Iterator[Found]:
    """Return each Social Security number: by how it is written, or beside a word for one."""
    if folded.has_seven_together:
        for pattern in (DASHED, DOTTED):
            yield from (Found(Kind.SSN, one.start(), one.end()) for one in pattern.finditer(folded.lower))
        yield from _spaced(folded.lower)
        yield from SOCIAL_SECURITY.find(folded)
    for beside in (LAST_DIGITS, LAST_FOUR_ALONE, INITIAL_BESIDE):
        yield from beside.find(folded)
    yield from _of_whom(folded.lower)


def _of_whom(lower: str) -> Iterator[Found]:
    """Return the last four digits that stand behind a patient, and those of a number that is hidden but for them."""
    for _, end in patients(lower) if BEHIND_SOMEBODY.search(lower) else ():
        four = INITIAL_AND_FOUR.match(lower, end)
        if four:
            yield Found(Kind.SSN, *four.span("four"))
    if MASKED in lower:
        yield from (Found(Kind.SSN, *one.span("four")) for one in NAMED.finditer(lower))
    yield from (Found(Kind.SSN, one.start(), one.end()) for one in HIDDEN.finditer(lower))


def _spaced(lower: str) -> Iterator[Found]:
    """Return what is written 123 45 6789, but for rows of numbers that are something else."""
    for row in ROW.finditer(lower):
        parts = list(SPACED.finditer(row[0]))
        if len(row[0].replace(",", " ").split()) != 3 * len(parts):
            continue
        before = lower[max(0, row.start() - 24) : row.start()]
        if not COUNTED_BEHIND.match(lower, row.end()) and not COUNTED_BEFORE.search(before):
            yield from (Found(Kind.SSN, row.start() + one.start(), row.start() + one.end()) for one in parts)
