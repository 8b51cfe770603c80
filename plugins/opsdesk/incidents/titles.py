"""Titles by their words: those that are about the same are found without going through all of them."""

import math
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from heapq import nsmallest
from itertools import chain
from typing import Any

from opsdesk.text import words

SHARED = 2  # words that two titles must have in common to be about the same
SHORTEST = 3  # letters of a word that says anything
SAID_BY_ALL = frozenset({"the", "and", "for", "with", "from", "are", "was", "not", "slow", "down", "error", "errors"})
SATURATED, LENGTH_COUNTS = 1.5, 0.75  # k1 and b of BM25, as usual

Words = frozenset[str]
NO_TITLE: tuple[Words, Any] = Words(), None
Places = list[tuple[Any, int]]  # the numbers of titles with the very same words, each behind what they are ordered by


class Titles:
    """Titles, each under a number. Those with the very same words are compared as one."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Words, Any]] = {}
        self._places: dict[Words, Places] = {}
        self._having: defaultdict[str, dict[Words, Places]] = defaultdict(dict)  # the same places, by each word
        self._many: Counter[str] = Counter()  # titles, by each word
        self._length = 0  # of all titles, in words

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, number: int) -> bool:
        return number in self._known

    def put(self, number: int, title: str, order: Any) -> None:
        """Add a title, in the place of the one that stood under this number.

        Of titles that are equally like another, those with the least `order` come first.
        """
        self.drop(number)
        said = _telling(title)
        self._known[number] = said, order
        places = self._places.setdefault(said, [])
        insort(places, (order, number))
        for word in said:
            self._having[word][said] = places
            self._many[word] += 1
        self._length += len(said)

    def drop(self, number: int) -> None:
        """Remove the title under this number, if there is one."""
        if number not in self._known:
            return
        said, order = self._known.pop(number)
        places = self._places[said]
        del places[bisect_left(places, (order, number))]
        self._length -= len(said)
        for word in said:
            self._many[word] -= 1
        if not places:
            del self._places[said]
            for word in said:
                self._forget(word, said)

    def lowest(self) -> int:
        """Return the lowest number; there must be one."""
        return min(self._known)

    def likest(self, title: str, most: int, but: int = 0) -> Sequence[int]:
        """Return the numbers of up to so many titles that share enough words with this one, the likest first.

        Rare words weigh more. It is as if no title stood under the number `but`.
        """
        best: list[int] = []
        for _, alike in sorted(self._weighed(_telling(title), but).items(), reverse=True):
            first = nsmallest(most + 1, [self._places[said] for said in alike])  # by the first of each
            places = nsmallest(most + 1, chain.from_iterable(ones[: most + 1] for ones in first))
            best += [number for _, number in places if number != but][: most - len(best)]
            if len(best) == most:
                break
        return best

    def _weighed(self, said: Words, but: int) -> dict[float, list[Words]]:
        """Return the words of titles that share enough of these, by how like they are."""
        left_out, out = self._known.get(but, NO_TITLE)[0], but in self._known
        titles, length = len(self._known) - out, self._length - len(left_out)
        having = {word: self._having[word] for word in said if word in self._having}
        many = {word: self._many[word] - (word in left_out) for word in having}
        rarity = {word: math.log((titles + 1) / have) for word, have in many.items() if have}
        enough, shared = min(SHARED, len(said)), Counter(chain.from_iterable(having.values()))
        if out and len(self._places[left_out]) == 1:
            shared.pop(left_out, None)
        all_of = frozenset(having)  # which is what most share, where very many are about one thing
        alike: defaultdict[tuple[Words, int], list[Words]] = defaultdict(list)
        for theirs, in_both in shared.items():
            if in_both >= enough:
                alike[all_of if in_both == len(all_of) else said & theirs, len(theirs)].append(theirs)
        found: defaultdict[float, list[Words]] = defaultdict(list)
        for (of_both, many_words), ones in alike.items():
            found[_weight([rarity[word] for word in of_both], many_words * titles / length)] += ones
        return found

    def _forget(self, word: str, said: Words) -> None:
        del self._having[word][said]
        if not self._having[word]:
            del self._having[word], self._many[word]


def _weight(rarities: Sequence[float], length: float) -> float:
    """Return how like a title is by the rarity of the words it shares, each of which it has but once, and its length
    in terms of the average, by BM25 (Robertson and Walker, 1994).
    """
    longer = 1 - LENGTH_COUNTS + LENGTH_COUNTS * length
    return math.fsum(rarities) * (SATURATED + 1) / (1 + SATURATED * longer)


@lru_cache(maxsize=4)  # one that is new is compared with open ones and resolved ones, and then kept
def _telling(title: str) -> Words:
    return frozenset(word for word in words(title) if len(word) >= SHORTEST and word not in SAID_BY_ALL)
