"""A line of chat taken apart into the words that can name a command, and the text behind them."""

import unicodedata
from itertools import islice

from opsdesk.patterns import regex
from opsdesk.text import reference

WORD = regex(r"\S+")
MOST_WORDS = 12  # that can name a command
STRAIGHT = str.maketrans("‘’“”", "''\"\"")
AROUND = ".,:;!?\"'()[]<>"  # may stand around a word that names a command

POLITE = (
    "please", "pls", "can you", "could you", "can i", "can we", "could i", "i want to", "i need to", "let's",
    "i'd like to", "id like to", "i would like to", "we'd like to", "we would like to", "let me",
    "would you", "go ahead and",
)  # fmt: skip
# Words before a command that only shows something, and say no more than it does: "show alerts", "list the runbooks".
SHOWING = ("show", "list", "view", "find", "get", "see")
SMALL = ("now", "rn", "atm", "please", "pls", "plz", "thanks", "thx", "ty", "already", "immediately", "asap")
ARTICLES = ("a", "an", "the", "all", "new", "this", "only", "just")

Phrase = tuple[str, ...]


class Line:
    """What was typed, with its first words."""

    def __init__(self, typed: str) -> None:
        self._typed = typed
        found = ((plainly(one[0]), one.end()) for one in islice(WORD.finditer(typed), MOST_WORDS))
        words = [one for one in found if one[0]]
        self._words = [word for word, _ in words]  # without what does not matter in them
        self._ends = [end for _, end in words]  # where they end in the line

    def __len__(self) -> int:
        return len(self._words)

    def word(self, at: int) -> str:
        """Return the word `at`, "" behind the last."""
        return self._words[at] if at < len(self._words) else ""

    def phrase(self, at: int, many: int) -> Phrase:
        """Return `many` words from the word `at` on, or none where there are not so many."""
        return tuple(self._words[at : at + many]) if at + many <= len(self._words) else ()

    def number(self, at: int) -> int | None:
        """Return the incident's number that the word `at` is; None where it is none."""
        return reference(self.word(at))[0]

    def behind(self, at: int) -> str:
        """Return what was typed behind the words before the word `at`, to the letter."""
        at = min(at, len(self._words))
        text = self._typed[self._ends[at - 1] if at else 0 :].strip(" \t")
        return text.removeprefix(":").lstrip(" \t")


def tidy(text: str) -> str:
    """Return a text, but for the small words that say no more than is said without them: "now", "please"."""
    return "" if all(plainly(word) in SMALL for word in text.split()) else text


def is_word(typed: str) -> bool:
    """Return whether there is anything in `typed` that can be read: a letter or a digit."""
    return any(letter.isalnum() for letter in typed)


def plainly(word: str) -> str:
    """Return a word without what does not matter in it: casing, what cannot be seen, signs around it."""
    if word.isascii():  # nothing of it is unseen or slanting
        return word.lower().strip(AROUND)
    visible = "".join(letter for letter in word if unicodedata.category(letter) != "Cf")
    return visible.casefold().translate(STRAIGHT).strip(AROUND)
