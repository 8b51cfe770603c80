"""Numbers and dates in words, as a phone writes down what is said: "social two one nine oh nine ..."."""

from collections.abc import Iterator

from opsdesk.guard.beside import Beside
from opsdesk.guard.births import BORN, MONTH
from opsdesk.guard.folding import Folded
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.phones import CALLING
from opsdesk.guard.social import LAST_FOUR_ALONE, SOCIAL_SECURITY
from opsdesk.guard.words import Wording, wording
from opsdesk.patterns import regex

DIGIT = "(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|double|triple)"
NUMBER = (
    r"(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|double|triple)"
)
ORDINAL = (
    r"(?:[0-9]{1,2}(?:st|nd|rd|th)?|(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth"
    r"|ninth)|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth)"
)
BETWEEN = "[ ,.-]{1,3}"
YEAR = rf"(?:{BETWEEN}(?:{NUMBER}|and)){{2,5}}|{BETWEEN}(?:19|20)[0-9]{{2}}"
DATE = regex(
    rf"(?:the )?(?:{MONTH}{BETWEEN}(?:the )?(?:{ORDINAL}|{NUMBER})|{ORDINAL}(?: of)?{BETWEEN}{MONTH})"
    rf"(?:{YEAR})(?![a-z0-9])"
)
FOUR, SEVEN = (regex(rf"{DIGIT}(?:{BETWEEN}{DIGIT}){{{least},15}}(?:{BETWEEN}{NUMBER})?(?![a-z])") for least in (3, 6))
HINTS = (" one", " two", " three", " four", " five", " six", " seven", " eight", " nine", " zero", " fifty", " twenty")
KNOWN_BY = wording("dfn icn edi mrn claim", "dfn icns? edipi mrn claim(?:_(?:number|no))?")


def _said(kind: Kind, words: Wording, value: object, *, rare: bool = False) -> Beside:
    # A pattern that is compiled when it is first used.
    return Beside(kind, words, value, rare=rare)  # type: ignore[arg-type]


BESIDE = (
    *(_said(Kind.SSN, one.words, FOUR) for one in (SOCIAL_SECURITY, LAST_FOUR_ALONE)),
    _said(Kind.DFN, KNOWN_BY, FOUR),
    _said(Kind.BIRTH, BORN.words, DATE),
    _said(Kind.PHONE, CALLING, SEVEN, rare=True),
)


def spoken(folded: Folded) -> Iterator[Found]:
    """Return each number in words beside a word for one that is private, and each date of birth in words."""
    if sum(map(folded.lower.count, HINTS)) > 1:
        for beside in BESIDE:
            yield from beside.find(folded)
