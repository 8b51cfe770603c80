"""Words that say what stands beside them, words that are no name, given names."""

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

import msgspec

from opsdesk.guard.folding import Folded, places_of
from opsdesk.patterns import regex

ENDINGS = regex(
    r"(?:[a-z]{2,}(?:ing|tion|sion|ment|ness|able|ible|ally|ized|ised|ated|ify|ship|less|ful)|[a-z]{4,}(?:ed|ly))\Z"
)
# Words for a patient. The first letters of each are looked for, then all of it.
PATIENTS = (
    *(
        "veteran",
        "vet",
        "patient",
        "pt",
        "paciente",
        "beneficiar",
        "claimant",
        "appellant",
        "service member",
        "servicemember",
    ),
    *(
        "caregiver",
        "spouse",
        "wife",
        "husband",
        "widow",
        "dependent",
        "next of kin",
        "nextofkin",
        "nok",
        "emergency contact",
        "emergencycontact",
    ),
    *("caller", "mother", "father", "daughter", "son", "brother", "sister"),
)
PATIENT = regex(
    r"(?:veteran[oa]?s?|vets?|patients?|pacientes?|pts?"
    r"|beneficiar(?:y|ies)|claimants?|appellants?|service ?members?|caregivers?"
    r"|spouses?|wife|husband|widow(?:er)?|dependents?|next ?of ?kin[1-9]?|nok|emergency ?contact[1-9]?"
    r"|callers?|mother|father|daughters?|sons?|brothers?|sisters?)(?![a-z0-9])"
    # The names of what the team works with have such words in them.
    r"(?!-?(?:api|website|facing|json)|[- ]check[- ]?in|s? (?:affairs|health|center|crisis|portal|experience|services))"
)
MEANING = regex(r"\\.|\[(?:\\.|[^\]\\]){0,100}+\]|[()|]")  # in a pattern: what is escaped, a class, groups
PACIFIC_TIME = regex(r"(?:[0-9] ?|[ap]\.?m\.? ?)\Z")


class Wording(msgspec.Struct, frozen=True):
    """Words to look for, as `wording` makes them: none is there unless both parts of one of the `hints` are."""

    hints: tuple[tuple[str, str], ...]
    pattern: re.Pattern[str]

    def hinted(self, lower: str) -> bool:
        """Return whether any of the words may be there."""
        for hint, beside in self.hints:  # noqa: SIM110  # a generator takes twice as long, and this is asked most
            if hint in lower and beside in lower:
                return True
        return False

    def may_be_in(self, folded: Folded) -> bool:
        """Return whether any of the words may be in a text: looked for once, however many ask."""
        known = folded.words.get(id(self))
        if known is None and not self.hinted(folded.lower):
            known = folded.words[id(self)] = ()
        return known is None or bool(known)

    def found(self, lower: str) -> Iterator[re.Match[str]]:
        """Return each of the words, in order."""
        return self.pattern.finditer(lower) if self.hinted(lower) else iter(())

    def of(self, folded: Folded) -> Sequence[re.Match[str]]:
        """Return each of the words of a text, in order: looked for once, however many ask."""
        known = folded.words.get(id(self))
        if known is None:
            known = folded.words[id(self)] = [*self.found(folded.lower)]
        return known


def wording(hints: str, listed: str) -> Wording:
    """Return the words listed, in lower case: "birth_date" is also written birthdate, birth-date and "birth date".

    Each is a pattern; one that is longer goes first. One of `hints` is in every text that has any of them: of
    "med+rec" both parts.
    """
    words = chain.from_iterable(map(parted, sorted(listed.split(), key=len, reverse=True)))
    parts = (hint.partition("+") for hint in hints.split())
    pattern = "|".join(word.replace("_", "[ _-]{0,2}") for word in words)
    return Wording(tuple((hint, beside) for hint, _, beside in parts), regex(pattern))


def parted(word: str) -> list[str]:
    """Return a pattern that begins with a choice, "(?:home_|work_)?phone", as the patterns of what may be chosen.

    They find the same in the same order, five times sooner: where each begins with a letter, all else is skipped.
    """
    end = _end_of_group(word) if word.startswith("(?:") else 0
    rest = word[end:].removeprefix("?")
    if not end or rest.startswith(("*", "+", "{", "?")):
        return [word]
    chosen = [*choices(word[3 : end - 1]), *([""] if rest != word[end:] else [])]
    return [one for choice in chosen for one in parted(choice + rest)]


def _end_of_group(pattern: str) -> int:
    """Return the place behind the group that a pattern begins with."""
    return next(at for at, letter, deep in _by_depth(pattern) if letter == ")" and deep == 0) + 1


def choices(pattern: str) -> list[str]:
    """Return what stands between each "|" of a pattern that is in no group."""
    ends = [at for at, letter, deep in _by_depth(pattern) if letter == "|" and deep == 0]
    return [pattern[start:end] for start, end in zip([0, *(at + 1 for at in ends)], [*ends, None], strict=True)]


def _by_depth(pattern: str) -> Iterator[tuple[int, str, int]]:
    """Yield each bracket and "|" of a pattern with its place, and in how many groups what follows it is."""
    deep = 0
    for found in MEANING.finditer(pattern):
        deep += {"(": 1, ")": -1}.get(found[0], 0)
        yield found.start(), found[0], deep


@lru_cache(maxsize=4)  # each kind of private data asks for those of one text
def patients(lower: str) -> Sequence[tuple[int, int]]:
    """Return where words for a patient stand, in order."""
    found = []
    for word in PATIENTS:
        for at in places_of(word, lower) if word in lower else ():
            whole = PATIENT.match(lower, at)
            if whole and not lower[at - 1 : at].isalnum() and not (word == "pt" and _is_time(lower, at)):
                found.append(whole.span())
    return tuple(sorted(found))


def _is_time(lower: str, at: int) -> bool:
    return bool(PACIFIC_TIME.search(lower[max(0, at - 6) : at]))


class Words:
    """Thousands of words in a few hundred texts, by how they begin: a set holds a tenth of a megabyte a thousand."""

    def __init__(self, words: Iterable[str]) -> None:
        begun: dict[str, list[str]] = {}
        for word in sorted(words):
            begun.setdefault(word[:2], []).append(word)
        self._begun = {start: "\n".join(["", *these, ""]) for start, these in begun.items()}

    def __contains__(self, word: str) -> bool:
        return f"\n{word}\n" in self._begun.get(word[:2], "")


@cache
def given_names() -> Words:
    """Return the given names that are known, in lower case."""
    return _listed("given_names.txt")


@cache
def stop_words() -> Words:
    """Return words that join, do and tell the time, in lower case."""
    return _listed("stop_words.txt")


@cache
def trade_words() -> Words:
    """Return words of the trade, in lower case."""
    return _listed("trade_words.txt")


def listed(words: str) -> frozenset[str]:
    """Return the words of a list with blanks between them."""
    return frozenset(words.split())


def _listed(name: str) -> Words:
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return Words(word for line in lines if not line.startswith("#") for word in line.split())


def is_common(word: str) -> bool:
    """Return whether `word` is no name, as far as is known."""
    return _bare(word) in trade_words() or is_stop(word)


def is_stop(word: str) -> bool:
    """Return whether `word` ends a name: a word that joins, does or tells the time."""
    bare = _bare(word)
    return bare in stop_words() or (bare not in given_names() and bool(ENDINGS.match(bare)))


def is_given(word: str) -> bool:
    """Return whether `word` is a given name."""
    return _bare(word) in given_names()


def _bare(word: str) -> str:
    return word.lower().removesuffix("'s").rstrip(".")


def is_near(spans: Sequence[tuple[int, int]], start: int, end: int, before: int, behind: int) -> bool:
    """Return whether one of the spans, in order, ends at most `before` letters in front, or begins `behind` after."""
    place = bisect.bisect_left(spans, (start - before,))
    return any(start - before <= one[1] and one[0] <= end + behind for one in spans[max(0, place - 1) : place + 2])
