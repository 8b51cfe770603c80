"""A sentence taken apart: the ideas of its words, the incident's number in it, its day, and how it is said."""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from opsdesk.commands.sentences.pieces import SEVERITIES, Piece, first_of, pieces_of
from opsdesk.commands.word_lists.lexicon import hints

MOST_PIECES = 24  # of a sentence that a request may stand behind
LONGEST = 500  # characters of a line that can be a sentence
ASKING = ("who", "what", "when", "where", "how", "how many", "how long", "why", "is")
ASKED_FOR = ("show me ", "give me ", "send me ", "tell me ", "get a ", "get the ", "show the ", "see the ")
PLANNING = ("will", "shall", "ok to", "okay to", "safe to", "fine to")  # who types, where nobody stands behind it
ACTING = ("resolve", "reopen", "ack", "take", "assign", "merge", "void")
SUBJECTS = ("it", "this", "that", "there", "these", "those")
CALLING = ("call", "page", "ping", "ask", "text", "message")


class Sentence:
    """A line of chat as pieces."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()

    @cached_property
    def pieces(self) -> list[Piece]:
        """Return the words and phrases in the order they stand."""
        return pieces_of(self.text)

    @cached_property
    def opening(self) -> Piece | None:
        """Return the first of its pieces, sooner than all of them."""
        return next(iter(first_of(self.text, 1)), None)

    @cached_property
    def words(self) -> frozenset[str]:
        """Return the single words of all its pieces."""
        return frozenset(word for piece in self.pieces for word in piece.words.split())

    def has(self, *wanted: str) -> bool:
        """Return whether a piece stands for one of these ideas."""
        return self.may_have(*wanted) and not self.ideas.isdisjoint(wanted)

    def may_have(self, *wanted: str) -> bool:
        """Return whether a piece may stand for one of these ideas: False is sooner found than what the pieces are."""
        if "ideas" in vars(self) or not self.text.isascii() or SEVERITIES in wanted:
            return True
        bare = self.text.lower().replace("'", "")
        return any(hint in bare for idea in wanted for hint in hints(idea))

    @cached_property
    def ideas(self) -> frozenset[str]:
        """Return the ideas of all its pieces."""
        return frozenset[str]().union(*[piece.ideas for piece in self.pieces])

    def first(self, *wanted: str) -> int | None:
        """Return the place of the first piece that stands for one of these ideas."""
        return next((at for at, piece in enumerate(self.pieces) if piece.ideas.intersection(wanted)), None)

    def clause(self, at: int) -> range:
        """Return the places of the clause that the piece `at` stands in."""
        start = next((one + 1 for one in range(at - 1, -1, -1) if self.pieces[one].breaks), 0)
        end = next((one + 1 for one in range(at, len(self.pieces)) if self.pieces[one].breaks), len(self.pieces))
        return range(start, end)

    def has_beside(self, places: list[int], *wanted: str) -> bool:
        """Return whether one of these ideas stands in a clause of these places."""
        beside = {near for at in places for near in self.clause(at)}
        return any(self.pieces[at].ideas.intersection(wanted) for at in beside)

    @cached_property
    def numbers(self) -> list[int]:
        """Return the places of what may be incidents' numbers."""
        return [at for at, piece in enumerate(self.pieces) if piece.number is not None]

    @cached_property
    def day(self) -> str:
        """Return the day or days it speaks of, "" for none."""
        return next((piece.day for piece in self.pieces if piece.day), "")

    @cached_property
    def begins(self) -> Piece | None:
        """Return the first piece that is more than a greeting."""
        return next((one for one in self.pieces if one.ideas or not one.is_filler), None)

    @property
    def comes_first(self) -> bool:
        """Return whether it is said in a way that no command is typed in."""
        asked = self.is_question or self.text.casefold().startswith(ASKED_FOR)
        of_alert = self.first("alert") if self.numbers else None
        is_alert = of_alert is not None and (of_alert > 0 or self.numbers[0] == 1)
        told = is_alert or (self.has("post") and self.has("out", "skip"))
        called = bool(self.numbers) and self.pieces[0].words in CALLING and self.numbers[0] > 1
        return asked or told or called or self.has("handover")

    def is_unlike(self, other: "Sentence") -> bool:
        """Return whether it asks, denies or makes depend what the other does not."""
        doubts = [one.has("not", "if", "maybe") for one in (self, other)]
        is_denied = self.has("not") and not other.has("not")
        return (self.is_question and not other.is_question) or doubts == [True, False] or is_denied

    @property
    def names_a_subject(self) -> bool:
        """Return whether it speaks of an incident, of the hand-over or of undoing, and of nothing else by that."""
        return self.has("handover", "undo") or any(
            piece.words in ("incident", "inc", "ticket") for piece in self.pieces
        )

    @cached_property
    def is_request(self) -> bool:
        """Return whether somebody is asked to do something: "can you close 12?"."""
        start = 0  # of the clause
        for at, piece in enumerate(self.pieces):
            if "can" in piece.ideas and at - start < 4:
                return True
            start = at + 1 if piece.breaks else start
        return False

    @cached_property
    def is_question(self) -> bool:
        """Return whether it asks for something to be told."""
        if self.is_request:
            return False
        begins = self.begins
        if begins and any(piece.words in SUBJECTS for piece in self.pieces[: self.pieces.index(begins)]):
            return self.text.endswith("?")  # "this is fixed"
        if begins and begins.words in PLANNING and self._does(self.pieces.index(begins) + 1):
            return self.text.endswith("?")  # "will close 12 once it drains"
        return (begins is not None and not begins.ideas.isdisjoint(ASKING)) or self.text.endswith("?")

    def _does(self, at: int) -> bool:
        """Return whether the piece `at` is a word for what is done to an incident."""
        return at < len(self.pieces) and not self.pieces[at].ideas.isdisjoint(ACTING)

    def between(self, start: int, end: int) -> str:
        """Return the text of the pieces from `start` up to `end`, as typed, without what stands around it."""
        ones = self.pieces[start:end]
        return self.text[ones[0].start : ones[-1].end].strip(" \t\n,:;-–—.") if ones else ""

    def content(self, start: int, end: int) -> list[Piece]:
        """Return what is text among the pieces from `start` up to `end`: not "the incident" before a number."""
        of_numbers = {at - 1 for at in self.numbers if at and self.pieces[at - 1].ideas & {"incident", "alert"}}
        ones = enumerate(self.pieces[start:end], start)
        return [piece for at, piece in ones if piece.is_content and at not in of_numbers]

    def is_of_alert(self, at: int) -> bool:
        """Return whether an alert with its number is all that is named from the piece `at` on, but for a severity."""
        named = [piece for piece in self.pieces[at:] if not piece.is_filler]
        if len(named) < 2 or "alert" not in named[0].ideas or named[1].number is None:
            return False
        is_apart = any(piece.breaks for piece in self.pieces[at - 1 : self.pieces.index(named[0])])
        return not is_apart and all(_is_of_severity(piece) for piece in named[2:])

    def later_clauses(self) -> Iterator[str]:
        """Yield what stands behind the first clause, behind the second, and so on."""
        for piece, behind in pairwise(self.pieces[:MOST_PIECES]):
            if piece.breaks:
                yield self.text[behind.start :]

    def names(self) -> list[int]:
        """Return the places of the words that stand for no idea."""
        return [at for at, piece in enumerate(self.pieces) if piece.is_content and not piece.ideas]


def _is_of_severity(piece: Piece) -> bool:
    return bool(piece.sev) or piece.words.lstrip("-") in ("sev", "severity") or piece.words.isdigit()
