"""How like a sentence is to the examples of what people say for each command.

Two looks are added up: for which command its words are said oftener than for others (as naive Bayes counts them), and
how much of the likest single example is in the sentence, and of the sentence in that example. Where the words of a
phrase stand for an idea of sentences, and where two stand side by side, that counts as a word, too.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from math import log
from pathlib import Path

import msgspec

from opsdesk.commands.line import is_word
from opsdesk.commands.sentences.pieces import MENTION, Piece
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.word_lists.lexicon import words_in

EXAMPLES = Path(__file__).with_name("examples.txt").read_text(encoding="utf-8")
TALK = "-"  # stands for no command
STANDING = words_in(  # for anybody and anything
    "bob bobs alice alices carol carols charlie charley vista vistas chip chips claims vetext lorota sidekiq puma "
    "sentry"
)
MOST_NAMES = 2  # words that no example has, and that are passed over like those that stand for anybody
PAIR, IDEA = 0.6, 0.7  # what two words side by side, and an idea, weigh against a word
EVENLY = 4  # examples that count as spread over all commands, so that no word decides alone
OF_WORDS = 0.2  # what the look at the words weighs against that at one example
LACKING, BESIDE = 0.5, 0.3  # of an example what the sentence lacks, and of the sentence what the example does
SHORTEST_STEM = 3  # letters
LINK = "http"
ENDINGS = ("ing", "ed", "es", "s", "ly")
PARTED = {
    **{f"{word}s": f"{word} is" for word in ("who", "what", "where", "when", "how", "that", "there")},
    **{f"{word}s": f"{word} is" for word in ("it", "he", "she")},
    **{f"{word}ve": f"{word} have" for word in ("i", "you", "we", "they")},
    **{f"{word}ll": f"{word} will" for word in ("you", "they", "he", "it", "who")},
    **{f"{word}nt": f"{word} not" for word in ("do", "does", "did", "is", "are", "was", "could", "would", "should")},
    **{f"{word}nt": f"{word} not" for word in ("have", "has", "had", "were")},
    "im": "i am", "ill": "i will", "id": "i would", "youre": "you are", "theyre": "they are", "lets": "let us",
    "cant": "can not", "cannot": "can not", "wont": "will not", "gonna": "going to", "gotta": "have to",
    "wats": "what is", "whose": "who is",
}  # fmt: skip
ALIKE = {
    "someone": "somebody", "smbdy": "somebody", "anyone": "anybody", "everyone": "everybody", "noone": "nobody",
    "u": "you", "ur": "your", "pls": "please", "plz": "please", "ok": "okay", "abt": "about", "cuz": "because",
    "thx": "thanks", "ty": "thanks", "ta": "thanks", "ppl": "people", "info": "information", "pic": "picture",
}  # fmt: skip


class Likely(msgspec.Struct, frozen=True):
    """A command by its name, and how likely it is meant: above 1 surely, below a half hardly."""

    name: str
    score: float


class Example(msgspec.Struct, frozen=True):
    """A sentence that means a command, by its name."""

    name: str
    said: str


class Likeness:
    """Commands by what is said for them."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._names = list(dict.fromkeys(one.name for one in examples))
        self._of = [self._names.index(one.name) for one in examples]
        marks = [sorted(_marks([*_words_of(said)], said)) for said in (Sentence(one.said) for one in examples)]
        many, totals = Counter(self._of), Counter(mark for ones in marks for mark in ones)
        self._seldom = [log(EVENLY / (many[place] + EVENLY)) for place in range(len(self._names))]
        by_command: dict[str, Counter[int]] = defaultdict(Counter)
        for place, ones in zip(self._of, marks, strict=True):
            for mark in ones:
                by_command[mark][place] += 1
        self._weights = {
            mark: _kind(mark) * (_rarity(totals[mark], len(examples)) + _rarity(len(said_for), len(self._names)))
            for mark, said_for in by_command.items()
        }
        self._oftener = {
            mark: [
                (place, log((times * len(examples) / totals[mark] + EVENLY) / EVENLY))
                for place, times in said_for.items()
            ]
            for mark, said_for in by_command.items()
        }
        self._wholes = array("f", (sum(self._weights[mark] for mark in ones) for ones in marks))
        self._having: dict[str, array[int]] = defaultdict(lambda: array("H"))
        for place, ones in enumerate(marks):
            for mark in ones:
                self._having[mark].append(place)

    def ranked(self, said: Sentence) -> list[Likely]:
        """Return the commands, the likeliest first."""
        words = list(_words_of(said))
        known = [word for word in words if word in self._weights or not is_word(word)]
        words = known if len(words) - len(known) <= MOST_NAMES else words
        marks = [mark for mark in _marks(words, said) if mark in self._weights]
        by_words, by_example = self._by_words(marks), self._by_example(marks)
        scores = (OF_WORDS * words + example for words, example in zip(by_words, by_example, strict=True))
        ones = (Likely(name, score) for name, score in zip(self._names, scores, strict=True))
        return sorted(ones, key=lambda one: -one.score)

    def knows(self, word: str) -> bool:
        """Return whether a word is in any example."""
        return all(part in self._weights for part in _parted(word))

    def is_said_for(self, name: str, word: str) -> bool:
        """Return whether a word is said for a command, and oftener than for most."""
        return any(
            self._names[place] == name and oftener + self._seldom[place] > 0
            for part in _parted(word)
            for place, oftener in self._oftener.get(part, ())
        )

    def _by_words(self, marks: Sequence[str]) -> list[float]:
        total = sum(map(_kind, marks))
        scores = [total * seldom for seldom in self._seldom]
        for mark in marks:
            for place, oftener in self._oftener[mark]:
                scores[place] += _kind(mark) * oftener
        return [score / (total or 1) ** 0.5 for score in scores]

    def _by_example(self, marks: Sequence[str]) -> list[float]:
        """Return for each command how like its likest examples are: the next two count a little."""
        total, shared = sum(self._weights[mark] for mark in marks), defaultdict[int, float](float)
        for mark in marks:
            weight = self._weights[mark]
            for place in self._having[mark]:
                shared[place] += weight
        found: list[list[float]] = [[0.0, 0.0, 0.0] for _ in self._names]
        for place, both in shared.items():
            lacking, beside = LACKING * (self._wholes[place] - both), BESIDE * (total - both)
            found[self._of[place]].append(both / (both + lacking + beside))
        best = (sorted(ones, reverse=True)[:3] for ones in found)
        return [first + second / 4 + third / 10 for first, second, third in best]


def _marks(words: Sequence[str], said: Sentence) -> set[str]:
    """Return what a sentence with these words is known by: they, two of them side by side, and its ideas."""
    return {*words, *(f"{one} {other}" for one, other in pairwise(["^", *words])), *(f"@{one}" for one in said.ideas)}


def _words_of(said: Sentence) -> Iterator[str]:
    """Yield the words of a sentence by their stems."""
    for piece in said.pieces:
        yield from _words(piece)


@cache
def likeness() -> Likeness:
    """Return how like a sentence is to the examples that the desk has."""
    return Likeness(list(_examples(EXAMPLES)))


def _examples(text: str) -> Iterator[Example]:
    name = TALK
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("!"):
            name = line.removeprefix("!").replace(" ", "_")
        elif line == TALK:
            name = TALK
        elif not line.startswith("#"):
            yield Example(name, line)


def _words(piece: Piece) -> Iterator[str]:
    """Yield the stems of a piece's words, but for those that stand for anybody; of a number or a day only the kind."""
    if piece.number is not None or piece.sev or piece.day or piece.is_time:
        yield "12" if piece.number is not None else "sev" if piece.sev else "friday" if piece.day else "6pm"
        return
    for word in () if "@" in piece.words and MENTION.fullmatch(piece.words) else piece.words.split():
        if word[0].isdigit() or word.startswith(LINK):
            yield LINK if word.startswith(LINK) else "0"
        elif word not in STANDING:
            yield from _parted(word)


@lru_cache(maxsize=512)  # few words make up most of what is said
def _parted(word: str) -> Sequence[str]:
    """Return the stems of a word: two of "who's", which stands there without its apostrophe."""
    return tuple(_stem(part) for part in PARTED.get(ALIKE.get(word, word), ALIKE.get(word, word)).split())


def _stem(word: str) -> str:
    """Return a word without its ending: close, closes, closed and closing are one."""
    ending = next((one for one in ENDINGS if word.endswith(one) and len(word) - len(one) >= SHORTEST_STEM), "")
    stem = word.removesuffix(ending)
    if len(stem) > SHORTEST_STEM and stem[-1] == stem[-2] and stem[-1] not in "sl":
        stem = stem[:-1]
    if len(stem) > SHORTEST_STEM and stem[-1] in "ey":
        return stem[:-1] + ("i" if stem[-1] == "y" else "")
    return stem


def _kind(mark: str) -> float:
    """Return what a mark weighs: a word, two of them, or an idea."""
    return PAIR if " " in mark else IDEA if mark.startswith("@") else 1


def _rarity(some: int, all: int) -> float:
    return log((all + 1) / some) / log(all + 1)
