"""Dates of birth."""

from collections.abc import Iterator

from opsdesk.guard.beside import BACK, Beside
from opsdesk.guard.folding import Folded
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.words import is_near, patients, wording
from opsdesk.patterns import regex

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]{0,8}\.?"
YEAR, OLD_YEAR = r"(?:(?:19|20)[0-9]{2}|'?[0-9]{2})", r"(?:19[0-9]{2}|200[0-8])"
DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?"
TIME = r"(?:[t ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:z|[+-][0-9]{2}:?[0-9]{2})?)?"

CLOCK = r"(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap]m)?)?"


def _dates(year: str) -> str:
    """Return the pattern of a whole date with such a year, in whatever order people write it."""
    return (
        rf"(?:[0-3]?[0-9] ?[-/. ] ?[0-3]?[0-9] ?[-/., ] ?{year}|{year}[-/. ][01]?[0-9][-/. ][0-3]?[0-9]{TIME}"
        rf"|{MONTH}[- ]{{1,2}}{DAY},?[- ]{{1,2}}{year}"
        rf"|{DAY}(?: of| de)?[- ,]{{0,2}}{MONTH}(?: de)?,?[- ]{{0,2}}{year})(?![0-9])"
    )


BORN = Beside(
    Kind.BIRTH,
    wording(
        "dob d.o.b d/o/b birth bday b-day yob born nac",
        r"(?:patient|veteran|vet|pt|member|user)?dobs?(?:_year\b)? d\.o\.b\.? d/o/b (?:date|year|month|day)_of_birth"
        r" birth(?:_(?:dates?|dt|days?|year|time))? b-?day yob born(?:_(?:on|in))?"
        r" (?:fecha_de_|f\.?_)nac(?:imiento|\b) nacid[oa](?:_el)?",
    ),
    regex(
        rf"{_dates(YEAR)}{CLOCK}|(?:19|20)[0-9]{{2}}[01][0-9][0-3][0-9](?:t[0-9]{{4,6}}z?)?(?![0-9])|[01][0-9][0-3][0-9](?:19|20)[0-9]{{2}}"
        rf"(?![0-9])|[123][0-9]{{6}}(?![0-9])|{MONTH},? {{1,2}}{OLD_YEAR}|[01]?[0-9]/{OLD_YEAR}"
        rf"|{OLD_YEAR}(?![0-9])(?! ?(?:ms|errors|x))|{MONTH} {DAY}(?![0-9])|[01]?[0-9][/-][0-3]?[0-9](?![0-9/-])"
        r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])(?! ?(?:ms|errors|x|times|users|calls|requests))"
        r"|(?<=[:=\"'] )[0-9]{6}(?![0-9])|(?<=[:=\"'])-?[0-9]{6,13}(?![0-9])"
    ),
    before=regex(rf"((?<![0-9]){_dates(YEAR)}){BACK}"),
)
OLD_DATE = regex(_dates(OLD_YEAR))
OLD = regex(r"(?:19[0-9]|200)[0-9]")
# What computers take for the beginning of time, and show where they know no date.
ZERO = regex(r"(?:0?1[-/. ]0?1[-/. ]19[07]0|12[-/. ]31[-/. ]1969|19[07]0[-/. ]0?1[-/. ]0?1|1969[-/. ]12[-/. ]31)")
NEVER = regex(r"(?:0?1[-/. ]?0?1[-/. ]?1900|1900[-/. ]?0?1[-/. ]?0?1|0001-01-01)")
# As HL7 has it: PID|1||…||DOE^JOHN||19520314.
IN_HL7 = regex(r"(?<=\|)(?:19[0-9]{2}|20[0-2][0-9])[01][0-9][0-3][0-9](?=[|^0-9]|\Z)")
BEFORE, BEHIND = 100, 60  # letters within which a date of long ago is that of the word


def births(folded: Folded) -> Iterator[Found]:
    """Return each date of birth: beside a word for it, or long ago and not far from one, or from one for a patient."""
    yield from (date for date in BORN.find(folded) if not NEVER.match(folded.lower, date.start))
    if "pid|" in folded.lower:
        yield from (Found(Kind.BIRTH, one.start(), one.end()) for one in IN_HL7.finditer(folded.lower))
    if OLD.search(folded.lower):
        words = [*(one.span() for one in BORN.words.of(folded)), *patients(folded.lower)]
        yield from _long_ago(folded.lower, sorted(words)) if words else ()


def _long_ago(lower: str, words: list[tuple[int, int]]) -> Iterator[Found]:
    for date in OLD_DATE.finditer(lower):
        start, end = date.span()
        if lower[start - 1 : start].isdigit() or ZERO.match(date[0]):
            continue
        if is_near(words, start, end, BEFORE, BEHIND):
            yield Found(Kind.BIRTH, start, end)
