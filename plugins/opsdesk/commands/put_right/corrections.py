"""Words with a letter wrong, put right for the reading of a line: only what is shown, or asked about, rests on them."""

import re
from functools import cache
from itertools import chain

from opsdesk.commands.line import plainly
from opsdesk.commands.meanings import alone, groups, verbs
from opsdesk.commands.sentences.hearsay import SAYING
from opsdesk.commands.sentences.pieces import DAYS
from opsdesk.commands.vocabulary import GROUPS
from opsdesk.commands.word_lists.lexicon import FILLERS, ideas, is_word_of_sentences
from opsdesk.commands.word_lists.ordinary import ORDINARY
from opsdesk.commands.word_lists.spelling import Spellings
from opsdesk.patterns import regex
from opsdesk.text import WEEKDAYS

SHORTEST, SURE = 4, 5  # letters: of a word with two letters swapped, and with any letter wrong
MORE = (
    *("everything", "someone", "somebody", "anybody", "nobody"),
    *("without", "given", "assuming", "pending", "providing", "unless", "before", "deploy"),  # what a change waits for
)
OFTEN = {"teh": "the", "hte": "the", "adn": "and", "fo": "of", "nad": "and"}
WORD = regex(r"[^\W\d_]+")
MOST_WORDS = 16
LONGEST = 200  # characters of a line


def corrected(line: str) -> str:
    """Return a line with each unknown word put as the only known one that it is but for a letter."""
    return WORD.sub(_known, line) if len(line) <= LONGEST and len(line.split()) <= MOST_WORDS else line


def _known(found: re.Match[str]) -> str:
    word = plainly(found[0])
    if word in OFTEN:
        return OFTEN[word]
    if len(word) < SHORTEST or word in ORDINARY or is_word_of_sentences(word) or word in _words():
        return found[0]
    near = [one for one in _words().near(word) if len(word) >= SURE or sorted(one) == sorted(word)]
    swapped = [one for one in near if sorted(one) == sorted(word)] or near
    return swapped[0] if len(swapped) == 1 else found[0]


@cache
def _words() -> Spellings:
    of_commands = chain.from_iterable(chain(alone(), groups()))
    of_groups = chain.from_iterable(verbs(group) for group in GROUPS)
    of_sentences = chain.from_iterable(ideas())
    return Spellings({*of_commands, *of_groups, *of_sentences, *FILLERS, *DAYS, *WEEKDAYS, *SAYING, *MORE})
