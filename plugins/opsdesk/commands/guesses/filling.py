"""What a sentence has for a command that it is likely meant for: number, person, end, subject, reason and text."""

import re
from functools import cached_property
from itertools import groupby

from opsdesk.commands.guesses.likeness import likeness
from opsdesk.commands.put_right.corrections import corrected
from opsdesk.commands.sentences.about_shifts import HOURS
from opsdesk.commands.sentences.parts import POLITELY, STATUSES
from opsdesk.commands.sentences.pieces import MENTION, Piece
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.commands.word_lists.no_subjects import NO_SUBJECTS
from opsdesk.commands.word_lists.titles import NEW_ONE
from opsdesk.patterns import regex
from opsdesk.text import MONTH, named_end

IN_QUOTES = regex('["“”]([^"“”]{2,80})["“”]')
JOINING = words_in("that saying says to is are about of for with because since as and it its so in on the by please")
TALK = POLITELY | words_in("hi hello hey ok okay yes yep so well oops sorry oh ah good great cool nice morning evening")
TO_WHOM = words_in(
    "to with for by have let get make put ask ping call page contact need needs notify tell pull bring loop wake over "
    "give handing pass"
)
GENERAL = words_in("thing things stuff team teams people folks guys guy person side system page part again anymore")
ME = words_in("me my mine myself i im ill ive")
TILL = regex(r"\btill?\b|\buntil\b", re.IGNORECASE)
IN_MARKS = regex(r"(?<!\w)['‘]([^'‘’]{2,80})['’](?!\w)")
MONTHS = frozenset(MONTH.casefold().split("|"))
THAT = ("that", "saying")
MOST_OF_A_LEAD = 10  # pieces


class Filling:
    """What a sentence has for one command, by its name."""

    def __init__(self, said: Sentence, name: str) -> None:
        self.said, self.name, self.pieces = said, name, said.pieces

    @cached_property
    def numbers(self) -> list[int]:
        """Return the places of what may be numbers of incidents or alerts."""
        return numbers_of(self.said)

    @property
    def number(self) -> str:
        """Return the first number, "" for none."""
        return f"{self.pieces[self.numbers[0]].number}" if self.numbers else ""

    @cached_property
    def reason(self) -> str:
        """Return what is said beside the clause that asks: "they restarted it" of "12 is over, they restarted it"."""
        asking = [at for at in range(len(self.pieces)) if self._is_explained(at)]
        own = self.said.clause(self.numbers[0] if self.numbers else (asking or [0])[0])
        return self._between(own.stop, len(self.pieces)) or self._between(0, own.start)

    @cached_property
    def text(self) -> str:
        """Return what is said without the words that lead to it: "note for tomorrow:", "tell the next shift that"."""
        end = len(self.pieces)
        last = self.said.clause(end - 1).start if end else 0
        if (
            last
            and not self.told
            and all(map(self._is_leading, range(last, end)))
            and any(map(self._is_explained, range(last, end)))
        ):
            end = last
        return self._between(self.begins, end) or self.said.text

    @cached_property
    def title(self) -> str:
        """Return all that is said, without what leads to it where that is a word for opening: "open a ticket for"."""
        opening = [at for at in range(self.begins) if "open" in self.pieces[at].ideas]
        if self.told:
            return self.text
        if not opening:
            return self.said.text
        behind = range(opening[-1] + 1, len(self.pieces))
        return self._between(next((at for at in behind if not self._is_for_one(at)), self.begins), len(self.pieces))

    @cached_property
    def person(self) -> str:
        """Return who is named, as it is typed, "" for nobody."""
        named = [at for at in range(len(self.pieces)) if self._is_somebody(at)]
        asked = [at for at in named if at and self.pieces[at - 1].words in TO_WHOM]
        near = sorted(named, key=lambda at: abs(at - (self.numbers or [len(self.pieces)])[0]))
        if not near:
            return ""
        at = (asked or near)[0]
        return f"{self._typed(at)} {self._typed(at + 1)}" if at + 1 in named and self._is_apart(at) else self._typed(at)

    @cached_property
    def subject(self) -> str:
        """Return the longest run of words that are not said for the command itself, "" for none."""
        if quoted := IN_QUOTES.search(self.said.text) or IN_MARKS.search(self.said.text):
            return quoted[1]
        parted = groupby(range(len(self.pieces)), self._is_subject)
        run = max(([*run] for is_left, run in parted if is_left), key=len, default=[])
        while run and self.pieces[run[-1]].words in GENERAL:
            run = run[:-1]
        return (
            self._typed(run[0]) if len(run) == 1 else self.said.between(run[0], run[-1] + 1).rstrip("?!") if run else ""
        )

    @cached_property
    def end(self) -> str:
        """Return until when, or for how long, "" where nothing tells."""
        starts = (piece.start for at, piece in enumerate(self.pieces) if at not in self.numbers[:1])
        ends = (named_end(self.said.text[start:]) for start in starts)
        return next(filter(None, ends), "").rstrip(" ,;:.!?")

    @property
    def is_of_me(self) -> bool:
        """Return whether who speaks is spoken of."""
        return not ME.isdisjoint(self.said.words)

    @cached_property
    def begins(self) -> int:
        """Return the place behind the words that lead to a text."""
        return self.told or next((at for at in range(len(self.pieces)) if not self._is_leading(at)), 0)

    @cached_property
    def told(self) -> int:
        """Return the place behind the colon, or behind the "that", that a text stands after; 0 where neither does."""
        for at, piece in enumerate(self.pieces[:MOST_OF_A_LEAD]):
            is_colon = self.said.text[: piece.end].endswith(":")
            if is_colon or (piece.words in THAT and any(map(self._is_explained, range(at)))):
                return at + 1
        return 0

    def _is_leading(self, at: int) -> bool:
        piece = self.pieces[at]
        is_small = piece.is_filler or piece.words in TALK or bool(piece.day)
        return is_small or at in self.said.numbers or self._is_explained(at)

    def _is_explained(self, at: int) -> bool:
        """Return whether a piece is said for the command, and may not be a part of its text."""
        words = self.pieces[at].words.split()
        return not self.pieces[at].is_filler and bool(words) and all(self._is_said(word) for word in words)

    def _is_for_one(self, at: int) -> bool:
        piece = self.pieces[at]
        return piece.is_filler or piece.words in TALK or NEW_ONE.issuperset(piece.words.split())

    def _is_said(self, word: str) -> bool:
        return likeness().is_said_for(self.name, word)

    def _is_apart(self, at: int) -> bool:
        """Return whether a name of two words begins here: one before a number, or an end of what is said."""
        return not self.pieces[at].breaks and (at + 2 in self.numbers or not self._is_subject(at + 2))

    def _is_subject(self, at: int) -> bool:
        piece = self.pieces[at] if at < len(self.pieces) else Piece("", 0, 0)
        if not piece.is_content or piece.is_time or self._is_explained(at):
            return False
        is_talk = all(word in TALK or word in NO_SUBJECTS for word in corrected(piece.words).split())
        return not is_talk and not piece.ideas & {
            "who",
            "what",
            "when",
            "where",
            "how",
            "is",
            "can",
            "i",
            "my",
        }

    def _is_somebody(self, at: int) -> bool:
        piece, name = self.pieces[at], self._typed(at)
        if MENTION.fullmatch(name):
            return True
        is_known = (
            piece.words in TALK or piece.words in MONTHS or piece.words in STATUSES or likeness().knows(name.casefold())
        )
        return (
            piece.is_content and not piece.ideas and not is_known and name.replace("-", "").replace(".", "").isalpha()
        )

    def _typed(self, at: int) -> str:
        """Return a word as it is typed, without what stands around it: "Bob" of "Bob's"."""
        typed = self.said.text[self.pieces[at].start : self.pieces[at].end].replace("’", "'").strip(' ,;:.!?()"')
        return typed.removesuffix("'s").removesuffix("'ll").removesuffix("'d")

    def _between(self, start: int, end: int) -> str:
        """Return the text of some pieces, without the small words that join it."""
        ones = list(range(start, end))
        while ones and (self.pieces[ones[0]].words in JOINING | TALK or not self.pieces[ones[0]].words):
            ones = ones[1:]
        while ones and (self.pieces[ones[-1]].words in POLITELY or not self.pieces[ones[-1]].words):
            ones = ones[:-1]
        return self.said.between(ones[0], ones[-1] + 1) if ones else ""


def numbers_of(said: Sentence) -> list[int]:
    """Return the places of what may be numbers of incidents or alerts: those of hours are none, as "from 2 to 3"."""
    hours = HOURS.search(said.text) if said.numbers else None
    start, end = hours.span() if hours and not TILL.search(hours[0]) else (0, 0)
    return [at for at in said.numbers if not start <= said.pieces[at].start < end]
