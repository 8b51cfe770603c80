"""Lines that are one letter away from a sentence that means another command: nobody can know which was meant."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, islice

import msgspec

from opsdesk.commands.line import STRAIGHT
from opsdesk.commands.meanings import alone, groups
from opsdesk.commands.sayings import LONGEST, SAYINGS
from opsdesk.patterns import regex
from opsdesk.text import typos

FIRST_WORDS = 6  # of a line, among which a letter may be wrong
NOT_TYPED = regex(r"\(\?(?:P<\w+>|[:!=])|\\[a-zA-Z]|\[[^]]*\]|\{[^}]*\}")  # in a saying: what is no letter of it
WORD = regex(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


class Slip(msgspec.Struct, frozen=True):
    """A line with one word put as a known one; whether that is its first word, and whether it was a known one before.

    Known is a word of any command or saying.
    """

    line: str
    is_first: bool
    was_known: bool


def one_letter_away(line: str) -> Iterator[Slip]:
    """Yield the line with one of its first words put as a known one that is a letter away, each way there is."""
    if len(line) > LONGEST:
        return
    for place, found in enumerate(islice(WORD.finditer(line), FIRST_WORDS)):
        word = _plain(found[0])
        for known in _near(word):
            typed = line[: found.start()] + known + line[found.end() :]
            yield Slip(typed, place == 0, is_known(word))


def is_known(word: str) -> bool:
    """Return whether it is a word of any command or saying."""
    return word in _known().get(word, ())


def _plain(word: str) -> str:
    return word.casefold().translate(STRAIGHT)


def _near(word: str) -> list[str]:
    near = {known for less in (word, *_with_one_less(word)) for known in _known().get(less, ())}
    return sorted(known for known in near if typos(word, known, 1) == 1)


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    """Return the words of sentences and commands by what is left of each without one letter, or by all of it."""
    phrases = chain(alone(), groups())
    found: dict[str, tuple[str, ...]] = {}
    for word in {*_typed_in_sayings(), *chain.from_iterable(phrases)}:
        for less in (word, *_with_one_less(word)):
            found[less] = (*found.get(less, ()), word)
    return found


def _typed_in_sayings() -> Iterator[str]:
    """Yield each word of the sayings; with and without a letter that may be left out."""
    for saying, _ in SAYINGS:
        for piece in re.findall(r"[a-z'?]+", NOT_TYPED.sub(" ", saying)):
            word = piece.lstrip("?'")
            yield from (one for one in {word.replace("?", ""), re.sub(".[?]", "", word)} if len(one) > 1)


def _with_one_less(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]
