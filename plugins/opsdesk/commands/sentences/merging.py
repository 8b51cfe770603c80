"""Which of two incidents becomes part of which: "put 14 into 12", "12 and 14 are the same, fold 14 in"."""

import re
from collections.abc import Sequence

from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.patterns import regex

N = r"(?:#|inc-?)?(\d{1,9})"
INTO = regex(  # the latter of two that a line says so of: "they are one thing, put 14 into 12"
    rf"(?<!\w){N} (?:(?:in|back) )?(?:into|in|to|under|inside|onto)(?: with)? "
    rf"(?:the |number |incident |inc )?{N}(?!\w)",
    re.IGNORECASE,
)
OF = regex(
    rf"(?<!\w){N}[ ,:](?:\w+ ){{0,4}}(?:dup(?:e|licate)?|copy|symptom|side effect|part) of (?:incident )?{N}(?!\w)",
    re.IGNORECASE,
)
KEPT = regex(rf"\b(?:keep|keeping) (?:only |just )?{N}(?!\w)", re.IGNORECASE)
STAYING = ("of", "into", "under", "to", "in", "with", "onto")  # before the one that stays
TWO = 2


def merging(said: Sentence) -> tuple[int, int] | None:
    """Return the number that is merged and the one that stays; None where no two are named."""
    numbers = [number for at in said.numbers if (number := said.pieces[at].number) is not None]
    if len(set(numbers)) < TWO:
        return None
    if found := INTO.search(said.text) or OF.search(said.text):
        one, other = int(found[1]), int(found[2])
        if one != other and {one, other} <= {*numbers}:
            return one, other
    one, other = _in_order(said, numbers)
    kept = KEPT.search(said.text)
    return (other, one) if kept and int(kept[1]) == one else (one, other)


def _in_order(said: Sentence, numbers: Sequence[int]) -> tuple[int, int]:
    """Return two numbers, first the one in the clause that says what is to be done: "12 is alike, fold 14 in"."""
    verb = said.first("merge")
    clause = said.clause(verb) if verb is not None else range(0)
    at = next((at for at in said.numbers if at in clause), said.numbers[0])
    one = said.pieces[at].number or 0
    other = next(number for number in (*numbers[said.numbers.index(at) :], *numbers) if number != one)
    is_of = verb is not None and verb < at and said.pieces[at - 1].words in STAYING  # "dup of 12, close 13"
    return (other, one) if is_of else (one, other)
