"""Numbers that are private only beside a word for them: "DFN 7180001", {"mrn": "00123456"}, "7180001 is his DFN".

Every pattern here is bounded, or possessive, so that the time it takes grows with the length of a text and no faster.
"""

import re
from collections.abc import Iterator

import msgspec

from opsdesk.guard.folding import Folded
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.words import Wording
from opsdesk.patterns import regex

N = r"(?:[ \t]?\n[ \t]*+)?"  # a line break, which a paste or a narrow window puts anywhere
D = rf"(?:{N}[0-9])"
ALONE = r"(?<![0-9][0-9])"  # behind the first digit: it is no part of a longer number
# The first digit of a number behind whatever may stand before it: a blank or a quote may be written "%20" or "\\u0027".
FIRST = r"[0-9](?:(?<![0-9][0-9])|(?<=%[0-9a-f][0-9a-f][0-9])|(?<=\\u[0-9a-f]{4}[0-9]))"
# What may stand between a word and its number where both are plainly of one thing: signs, and words that join.
LINK = regex(
    r"""(?:'s\b|/(?:icn|dfn|ssn|mrn|edipi)\b|%3[ad]|&quot;|&gt;|&lt;|,(?=["'])|[^\w,;!?]|_
    |(?:in|at|from)\ (?:vista\ |station\ |site\ )?(?:vista|[0-9]{3}(?:[a-z]{2})?)\b
    |(?:is|was|are|were|of|for|no|nos|nr|tc|num|numbers?|nbr|id|ids|value|on|file|the|his|her|their|this|that|him|them|it|she
    |he|we|have|has|vet|veteran|veteran's|patient|patient's|pt|pt's|as|equals|returned|reads|shows|says|given|listed)\b
    ){0,24}+""",
    re.VERBOSE,
)
# What may stand between them where a number of that length beside that word can hardly be anything else.
NEAR = regex(r"(?:%[0-9a-f]{2}|\\u[0-9a-f]{4}|[^0-9\n]){0,40}(?:\n[^\w]{0,12})?")
PAST_ANOTHER = regex(r"[^0-9\n]{0,40}[0-9]{1,3}[^0-9\n]{1,25}")  # "SSN for the vet in clinic 3 is"
# Words whose number it is, rather than that of the word before them.
OTHERS = regex(
    r"(?<![a-z])(?:monitors?|events?|traces?|spans?|requests?|tickets?|incidents?|builds?|jobs?|issues?|dashboards?"
    r"|commits?|ports?|stations?|sites?|versions?|errors?|status|code|took|count|pid|thread|epoch|timestamp"
    r"|snow|jira|alerts?|deploys?|runs?|exception|duration|bytes|rows?|records?|media|worker|security (?:group|scan))"
    r"(?![a-z])"
)
MORE = regex(r"""["'`)\]\\*]{0,3}\s{0,3}(?:[,;/&+|]|and\b|or\b|then\b)\s{0,3}(?:and\b\s?)?["'`(\[\\*#]{0,3}""")
# What may stand between a number and its word where the number comes first: "7180001 (his DFN)".
BACK = (
    r"""["'`)\]*^]{0,4}[ \t]{0,2}(?:[-:=(,][ ]?|(?:is|was|as|for)[ ]){0,2}"""
    r"(?:(?:his|her|their|the|my|a|this|that|vet's|veteran's|patient's|pt's|full)\s){0,2}\(?\Z"
)
LOOKED_BACK = 60


class Screened(msgspec.Struct, frozen=True):
    """A pattern, with another that stands in all that it finds, and is far sooner found not to be there."""

    screen: re.Pattern[str]
    pattern: re.Pattern[str]

    def finditer(self, lower: str) -> Iterator[re.Match[str]]:
        """Return each place where the pattern stands."""
        return self.pattern.finditer(lower) if self.screen.search(lower) else iter(())


class Beside(msgspec.Struct, frozen=True):
    """Values that are private beside certain words.

    `near` takes a value from further off, unless it is that of another word. `before` is how it is written in front
    of the word. What is `rare` is sooner found not to be there than the words; `screen` stands in all such values, and
    is found not to be there still sooner.
    """

    kind: Kind
    words: Wording
    value: re.Pattern[str]
    near: bool = False
    before: re.Pattern[str] | None = None
    rare: bool = False
    screen: re.Pattern[str] | None = None

    def find(self, folded: Folded) -> Iterator[Found]:
        """Return each value that stands beside one of the words; none where no value of the kind is anywhere."""
        if not self.words.may_be_in(folded) or not (self.screen is None or self.screen.search(folded.lower)):
            return
        if self.rare and not self.value.search(folded.lower):
            return
        words = [one for one in self.words.of(folded) if stands_alone(folded.text, one.start(), one.end())]
        if not words or not (self.rare or self.value.search(folded.lower)):
            return
        for word in words:
            yield from self._after(folded.lower, word.end())
            yield from self._before(folded.lower, word.start())

    def _after(self, lower: str, at: int) -> Iterator[Found]:
        value = self._first(lower, at)
        while value:
            yield Found(self.kind, value.start(), value.end())
            more = MORE.match(lower, value.end())
            value = self.value.match(lower, more.end()) if more else None

    def _first(self, lower: str, at: int) -> re.Match[str] | None:
        for between in (NEAR, PAST_ANOTHER) if self.near else (LINK,):
            gap = between.match(lower, at)
            value = self.value.match(lower, gap.end()) if gap else None
            if gap and value and _joins(gap[0]):
                return value
        return None

    def _before(self, lower: str, at: int) -> Iterator[Found]:
        if self.before:
            begin = max(0, at - LOOKED_BACK)
            found = self.before.search(lower[begin:at])
            if found:
                yield Found(self.kind, begin + found.start(1), begin + found.end(1))


def _joins(gap: str) -> bool:
    """Return whether what stands between a word and a number leaves them together."""
    return gap.count("\n") < 3 and not OTHERS.search(gap)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether the word there is one of its own, or a part of a camel-case or snake_case name."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalpha() and not (before.islower() and text[start].isupper()):
        return False
    return not after.isalpha() or (text[end - 1].islower() and after.isupper()) or text[start:end].isupper()
