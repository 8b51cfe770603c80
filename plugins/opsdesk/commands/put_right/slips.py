"""Lines that are one letter away from a sentence that means another command: nobody can know which was meant."""

from collections.abc import Iterator
from functools import cache
from itertools import chain, islice

import msgspec

from opsdesk.commands.line import STRAIGHT, plainly
from opsdesk.commands.meanings import alone, groups, near_words, verbs
from opsdesk.commands.sentences.sentence import LONGEST
from opsdesk.commands.vocabulary import GROUPS
from opsdesk.commands.word_lists.lexicon import FILLERS, SURE_LETTERS, ideas, is_word_of_sentences, nearest_words
from opsdesk.commands.word_lists.ordinary import ORDINARY
from opsdesk.commands.word_lists.spelling import Spellings
from opsdesk.patterns import regex

SHORTEST_STEM = 3  # letters
FIRST_WORDS = 6  # of a line, among which a letter may be wrong
WORD = regex(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
LETTERS = regex(r"[^\W\d_]+")


class Slip(msgspec.Struct, frozen=True):
    """A line with one word put as a known one; whether that is its first word, and whether it was a known one before.

    Known is a word of any command or sentence.
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
        for known in sorted({*nearest_words(word), *_of_commands_alone().near(word)}):
            typed = line[: found.start()] + known + line[found.end() :]
            yield Slip(typed, place == 0, _stands_alone(word))


def one_letter_wrong(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text with one unknown word put as the word of sentences that it is but for a letter, and that word.

    An ordinary word has none wrong: "14 leaked" is not "leads".
    """
    for found in LETTERS.finditer(text):
        word = plainly(found[0])
        if len(word) >= SURE_LETTERS and word not in ORDINARY and not is_word_of_sentences(word):
            for known in (one for one in nearest_words(word) if len(one) > SURE_LETTERS):
                yield text[: found.start()] + known + text[found.end() :], known


def stems(word: str) -> list[str]:
    """Return the words of commands that `word` says is being done: "accept" for "accepting"; none for any other."""
    stem = word.removesuffix("ing")
    if stem == word or len(stem) < SHORTEST_STEM:
        return []
    short = stem[:-1] if stem[-1:] == stem[-2:-1] else stem
    known = _words_of_commands().union(*(verbs(group) for group in GROUPS))
    return [one for one in dict.fromkeys((stem, f"{stem}e", short)) if one in known]


def is_nearly_done(word: str) -> bool:
    """Return whether a word is a letter away from one for what is being done with a command: "earching"."""
    return bool(_doing().near(word))


@cache
def _doing() -> Spellings:
    known = [word for word in _words_of_commands().union(*map(verbs, GROUPS)) if len(word) >= SHORTEST_STEM]
    return Spellings(f"{stem}ing" for word in known for stem in (word, word.removesuffix("e"), word + word[-1]))


def is_command_word(word: str) -> bool:
    """Return whether it is a word of any command."""
    return word in _words_of_commands()


@cache
def _words_of_commands() -> frozenset[str]:
    return frozenset(chain.from_iterable(chain(alone(), groups())))


def is_nearly_command_word(word: str) -> bool:
    """Return whether a word is a letter away from one of a command, and no word of its own: "veiw", not "host"."""
    if is_command_word(word) or is_word_of_sentences(word) or word in ORDINARY:
        return False
    return bool(near_words(word))


def _stands_alone(word: str) -> bool:
    """Return whether it is a word that says something without others, with or without its apostrophe."""
    bare = word.replace("'", "")
    return bare in FILLERS or any((one,) in known for one in (word, bare) for known in (ideas(), alone(), groups()))


def _plain(word: str) -> str:
    return word.casefold().translate(STRAIGHT)


@cache
def _of_commands_alone() -> Spellings:
    """Return the words of commands that are none of sentences."""
    return Spellings(_words_of_commands() - set(chain.from_iterable(ideas())))
