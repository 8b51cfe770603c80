"""Text made comparable: digits of every script, wide letters, dashes and blanks as ASCII has them, nothing invisible.

People type 123-45-6789 with whatever their phone or word processor makes of it, and paste it from pages that put soft
hyphens and letters of no width into it. What is looked for is looked for here, and found again in what was typed.
"""

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from opsdesk.guard.kinds import Kind
from opsdesk.patterns import regex

NOTHING = "\u200b"  # stands for each letter that nobody sees, until all of them are taken out
MASKED = "\ufffc"  # stands for each letter of a label: what is masked is never looked at again
LABELS = regex("|".join(re.escape(kind.label) for kind in Kind))
DIGIT, FOUR_DIGITS = regex("[0-9]"), regex("[0-9](?:[^0-9]*[0-9]){3}")
SEVEN_TOGETHER = regex("[0-9](?:[^0-9a-z]*+[0-9]){6}")
UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")  # fillers, which count as letters
WRITTEN_OTHERWISE = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2028": "\n",
    "\u2029": "\n",
    "\u2800": " ",  # Braille's blank
    "\u00b7": ".",
    "\u2022": ".",
    "\u2212": "-",
    "\u2043": "-",
    "\u2217": "*",  # these four are what the desk itself writes for marks that would format
    "\u02cd": "_",
    "\u223c": "~",
    "\u02cb": "`",
    MASKED: " ",  # as somebody may type it
    "\u0130": "I",  # whose lower case is two letters
}
MOST_KEPT = 20_000


class _Letters(dict[int, str]):
    """What each letter is made, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        made = _folded(chr(code))
        if len(self) < MOST_KEPT:
            self[code] = made
        return made


def _folded(letter: str) -> str:
    if letter in WRITTEN_OTHERWISE:
        return WRITTEN_OTHERWISE[letter]
    category = unicodedata.category(letter)
    if category in ("Cf", "Mn", "Me") or letter in UNSEEN:
        return NOTHING
    if (digit := unicodedata.digit(letter, None)) is not None:
        return str(digit)
    if category in ("Pd", "Zs"):
        return "-" if category == "Pd" else " "
    wide = unicodedata.normalize("NFKC", letter)
    return wide if len(wide) == 1 and len(wide.lower()) == 1 else letter


LETTERS = _Letters({code: chr(code) for code in range(128)})


class Folded(msgspec.Struct, frozen=True):
    """A text as it is searched: `text` made comparable, and `lower`, letter by letter the same in lower case.

    It `has_seven_together` where no letter of the alphabet stands between seven digits: every telephone number does.
    `places` tells where each letter of it stands in what was typed; None where they are the same places. `words` keeps
    what was found in it of words that several masks look for.
    """

    text: str
    lower: str
    has_digits: bool
    has_four_digits: bool
    has_seven_together: bool
    places: Sequence[int] | None = None
    words: dict[int, Sequence[re.Match[str]]] = msgspec.field(default_factory=dict)

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Return where in what was typed the letters from `start` to before `end` stand."""
        if self.places is None or start == end:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold(typed: str) -> Folded:
    """Return `typed` made comparable."""
    text, places = typed, None
    if not typed.isascii():
        letters = typed.translate(LETTERS)
        places = [at for at, letter in enumerate(letters) if letter != NOTHING] if NOTHING in letters else None
        text = letters.replace(NOTHING, "")
    if "[" in text:
        text = LABELS.sub(lambda label: MASKED * len(label[0]), text)
    lower = text.lower()
    four = bool(FOUR_DIGITS.search(text))
    return Folded(
        text, lower, four or bool(DIGIT.search(text)), four, four and bool(SEVEN_TOGETHER.search(lower)), places
    )


def places_of(word: str, text: str) -> Sequence[int]:
    """Return where `word` stands in `text`, in order. Far sooner found than by a pattern."""
    if word not in text:
        return ()
    found, at = list[int](), text.find(word)
    while at >= 0:
        found.append(at)
        at = text.find(word, at + len(word))
    return found
