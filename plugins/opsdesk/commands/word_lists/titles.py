"""The words around the title of an opening that ask for it, grade it, or point at what was said before."""

import re
from functools import cache

from opsdesk.commands.line import plainly
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.commands.word_lists.spelling import Spellings
from opsdesk.patterns import regex

NOUNS = words_in("incident inc ticket issue problem outage")
NEW_ONE = NOUNS | words_in("new fresh another one something for about")
POINTING = NEW_ONE | words_in("a an it that this them those please pls plz now thanks thx")  # at what was said before
OF_A_SEVERITY = regex(  # "a sev2 for chip: no tokens"
    r"\A(?:an?\s+)?(?P<sev>sev(?:erity)?[ -]?[1-5])(?:\s+(?:incident|issue|one))?"
    r"(?:\s+(?:for|on|in|at|about|that)\b|[:,])*\s+",
    re.IGNORECASE,
)
OF_ONE = regex(  # "one for puma: backlog climbs"
    r"\A(?:(?:i|we)\s+(?:need|want|would like|gotta have)\s+)?(?:(?:an?|another|new|fresh)\s+){0,3}"
    r"(?:one|incident|ticket|inc)(?:\s+(?:for|on|about|because|as)\b|:)+\s+(?=\S)",
    re.IGNORECASE,
)
SORT = r"(?:incident|ticket|inc|one|issue|sev(?:erity)?[ -]?(?P<sev>[1-3]))"
ORDER = regex(  # "claims are rejected, log it"
    r"(?:[,.;!?]|\s[-–—])\s*(?:(?:so|and|ok|then|can (?:you|u|someone|somebody|we)|could (?:you|someone)|please|pls|"
    r"plz|someone|somebody|i'?m|im)\s+)*(?:log|open|start|raise|create|file|make|track|register|declare)(?:ing)?\s+"
    rf"(?:(?:it|this|that)(?:\s+(?:up|as an? {SORT}))?|(?:an?\s+|the\s+)?(?:new\s+)?{SORT.replace('<sev>', '<sev2>')}"
    r"(?:\s+(?:for|on)\s+(?:it|this|that))?)"
    r"(?:\s+(?:please|pls|plz|now|thx|thanks|asap))*(?:[\s.!?]*\Z|(?=[,;.!]))",
    re.IGNORECASE,
)
SUPPOSED = (
    r"(?:i\s+(?:would\s+|d\s+|'d\s+)?(?:think|guess|believe|say|call|rate)|id\s+say|so|and|probably|prob|maybe|likely|say|"
    r"should be|would be|call(?:ing)?|it(?:['’]?s|\s+is)?|that(?:['’]?s|\s+is)?|this\s+is|an?|as|with|at|must be)"
)
GRADED = regex(  # at the end: "tokens fail. I think it is severity 2."
    rf"(?<!\s)[,.;:]?\s++[(]?(?:{SUPPOSED}\s++){{1,6}}+sev(?:erity)?[ -]?(?P<sev>[1-3])"
    r"(?:\s+(?:i\s+(?:think|guess)|for now|imo|at least|please|pls))*[)]?[\s.!]*\Z",
    re.IGNORECASE,
)


def without_lead(title: str) -> str:
    """Return a title without the words that join its severity or a word for a new one to it; "" for nothing else."""
    if all(map(_points, title.split())):
        return ""
    return OF_ONE.sub("", OF_A_SEVERITY.sub(r"\g<sev> ", title, count=1), count=1)


def graded(title: str) -> str:
    """Return a title with the severity as an option that is told of it at its end, and without an order behind it."""
    if found := ORDER.search(title):
        digit = found["sev"] or found["sev2"]
        title = title[: found.start()] + title[found.end() :] + (f" --sev {digit}" if digit else "")
    return GRADED.sub(r" --sev \g<sev>", title, count=1)


def title_of(told: str) -> str:
    """Return the title of what is told, without what leads to it or orders it, its severity as an option."""
    return graded(without_lead(told))


def _points(word: str) -> bool:
    plain = plainly(word)
    return plain in POINTING or bool(_nouns().near(plain))


@cache
def _nouns() -> Spellings:
    return Spellings(word for word in NOUNS if len(word) > len("issue"))
