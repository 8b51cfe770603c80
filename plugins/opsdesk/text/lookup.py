"""Finding what people mean: names however they are written, words of names, beginnings, one or two typos."""

import bisect
import functools
import unicodedata
from collections.abc import Hashable, Iterable
from enum import Enum
from typing import Generic, TypeVar

import msgspec

from opsdesk.patterns import regex

T = TypeVar("T", bound=Hashable)

SIGNS, BETWEEN_WORDS = regex(r"[\W_]+"), regex(r"[^\w']+|_")
SHORTEST_WORD = 3  # "de" in a name finds nobody


class Matched(Enum):
    """How something was found."""

    NAME = "by a name of it"
    WORD = "by a word of its name"
    KEYWORD = "by a keyword that points to it"
    START = "by the beginning of a name"
    TYPO = "by a name that is written nearly like this"
    NOTHING = "nothing is named like this"


class Match(msgspec.Struct, Generic[T], frozen=True):
    """What was found, in the order of the file; `meant` is the name that a typo was taken for."""

    how: Matched
    found: tuple[T, ...] = ()
    meant: str = ""


def plain(text: str) -> str:
    """Return `text` without what people vary: "CHIP/LoROTA" and "chip lorota" both become "chiplorota"."""
    # Letter by letter: of a text as a whole, a long run of accents would be sorted, which takes seconds.
    folded = text.lower() if text.isascii() else "".join(map(_folded, text))
    return folded if folded.isascii() and folded.isalnum() else SIGNS.sub("", folded)


@functools.lru_cache(maxsize=5000)
def _folded(letter: str) -> str:
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())


def words(text: str) -> list[str]:
    """Return the words of `text`, each made plain; a hyphen or slash separates words."""
    return [word for piece in BETWEEN_WORDS.split(text) if (word := plain(piece))]


def typos(one: str, other: str, most: int) -> int:
    """Return how many letters were mistyped, left out, added or swapped with their neighbour; `most` + 1 if more."""
    one, other = _apart(one, other)
    if not one or not other:
        return min(len(one) + len(other), most + 1)
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _apart(one: str, other: str) -> tuple[str, str]:
    """Return two texts without what both begin and end with, where no letter is mistyped."""
    shorter = min(len(one), len(other))
    start = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    end = next((at for at in range(shorter - start) if one[-1 - at] != other[-1 - at]), shorter - start)
    return one[start : len(one) - end], other[start : len(other) - end]


def typos_forgiven(name: str) -> int:
    """Return how many typos a name of this length bears before it could be any other."""
    return 0 if len(name) < 3 else 1 if len(name) < 5 else 2


class Names(Generic[T]):
    """Things by their names, found exactly or, failing that, by ever looser likeness."""

    def __init__(self, named: Iterable[tuple[T, Iterable[str]]]) -> None:
        self._names: dict[str, dict[T, None]] = {}
        self._words: dict[str, dict[T, None]] = {}
        self._told: dict[str, str] = {}
        for thing, names in named:
            for name in names:
                self._add(thing, name)

    def exact(self, typed: str) -> tuple[T, ...]:
        """Return what bears this very name, but for case, blanks and signs."""
        return tuple(self._names.get(plain(typed), ()))

    def by_word(self, typed: str) -> tuple[T, ...]:
        """Return what has this word in a name."""
        return tuple(self._words.get(plain(typed), ()))

    def by_start(self, typed: str) -> tuple[T, ...]:
        """Return what has a name, or a word in it, that begins like this; `typed` needs three letters at least."""
        start = plain(typed)
        if len(start) < SHORTEST_WORD:
            return ()
        first = bisect.bisect_left(self._sorted, start)
        found: dict[T, None] = {}
        for term in self._sorted[first:]:
            if not term.startswith(start):
                break
            found.update(self._bearing(term))
        return tuple(found)

    def near(self, typed: str) -> Match[T]:
        """Return what has a name, or a word in it, with the fewest typos, if these can be forgiven."""
        term = plain(typed)
        best, terms = typos_forgiven(term), list[str]()
        for candidate in self._alike(term, best):
            count = typos(term, candidate, best)
            if count < best:
                best, terms = count, []
            if count == best and count <= typos_forgiven(candidate):
                terms.append(candidate)
        found = {thing: None for candidate in terms for thing in self._bearing(candidate)}
        return Match(Matched.TYPO, tuple(found), self._told[terms[0]]) if found else Match(Matched.NOTHING)

    def find(self, typed: str) -> Match[T]:
        """Return what is found by the strictest likeness that finds anything."""
        steps = ((Matched.NAME, self.exact), (Matched.WORD, self.by_word), (Matched.START, self.by_start))
        for how, look in steps:
            if found := look(typed):
                return Match(how, found)
        return self.near(typed)

    @functools.cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._told)

    @functools.cached_property
    def _by_length(self) -> dict[int, list[tuple[int, str]]]:
        found: dict[int, list[tuple[int, str]]] = {}
        for term in self._told:
            found.setdefault(len(term), []).append((_letters(term), term))
        return found

    def _add(self, thing: T, name: str) -> None:
        if term := plain(name):
            self._names.setdefault(term, {})[thing] = None
            self._told.setdefault(term, name)
        for word in words(name):
            if len(word) >= SHORTEST_WORD:
                self._words.setdefault(word, {})[thing] = None
                self._told.setdefault(word, word)

    def _bearing(self, term: str) -> dict[T, None]:
        return self._names.get(term) or self._words.get(term, {})

    def _alike(self, term: str, most: int) -> list[str]:
        """Return the names that are not too long, too short or of other letters to be `term` with that many typos."""
        letters = _letters(term)
        lengths = range(len(term) - most, len(term) + most + 1)
        return [
            name
            for length in lengths
            for theirs, name in self._by_length.get(length, ())
            if (letters ^ theirs).bit_count() <= 2 * most
        ]


def _letters(term: str) -> int:
    """Return a bit for each letter that occurs: a typo changes two at most."""
    bits = 0
    for letter in term:
        bits |= 1 << (ord(letter) % 61)
    return bits
