"""What a sentence names beside its verbs: its text, a severity, a person."""

import re

from opsdesk.commands.sentences.pieces import Piece
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.patterns import regex
from opsdesk.text import MONTH

NUMBERED = r"(?P<n>(?:#|inc-?)?\d{1,9})"  # an incident's number, as a part of a pattern
ON_A_DAY = regex(r"(?<!\w)(?:on|for|of|until|till|by) (?:the )?(\d{1,2}(?:st|nd|rd|th))(?!\w)", re.IGNORECASE)
OF_A_MONTH = regex(
    r"(?<![\w:/])(?P<day>[12]?\d|3[01])(?:st|nd|rd|th|\.)?(?: of)? "
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|march|april|may|june|july|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)(?!\w)",
    re.IGNORECASE,
)
NAMED_MONTH = regex(
    rf"\b(?:in|for|of|during|over|last|from) (?P<month>{MONTH})(?: (?P<year>20\d\d))?(?![\w-]|\.? \d)", re.IGNORECASE
)
HOLIDAYS = (
    (regex(r"\b(?:christmas|xmas|x-mas) eve\b", re.IGNORECASE), "dec 24"),
    (regex(r"\b(?:christmas|xmas|x-mas)\b", re.IGNORECASE), "dec 25"),
    (regex(r"\bnew year['’]?s eve\b", re.IGNORECASE), "dec 31"),
    (regex(r"\bnew year['’]?s(?: day)?\b", re.IGNORECASE), "jan 1"),
)
STATUSES = ("investigating", "identified", "monitoring")
POLITELY = words_in("please pls plz thanks thx ty")  # says nothing, wherever it stands
AROUND = POLITELY | words_in("now rn already again that too")  # a text, where they go with the verb before it
ENDING = words_in("that too")  # a clause, or they begin another: "too many errors"


def text_of(said: Sentence, at: int, around: frozenset[str] = frozenset()) -> str:
    """Return the text from the piece `at` on, without the small words around it, or those `around` in front of it.

    Behind a comma, and at the end, only politeness is left out: "all clear, texts on time again".
    """
    ones = said.pieces[at:]
    if all(one.words in AROUND | around or not one.words for one in ones):
        return ""
    is_apart = at > 0 and said.pieces[at - 1].breaks
    while ones and (ones[0].words in POLITELY | around or (not is_apart and _goes_with_the_verb(ones[0]))):
        is_apart, ones = is_apart or ones[0].breaks, ones[1:]
    while ones and (ones[-1].words in POLITELY or not ones[-1].words):
        ones = ones[:-1]
    if not ones or not any(one.is_content or one.number is not None or one.day or one.ideas for one in ones):
        return ""
    return said.text[ones[0].start : ones[-1].end].strip(" \t,:;-–—").rstrip()


def _goes_with_the_verb(piece: Piece) -> bool:
    return piece.words in AROUND and (piece.breaks or piece.words not in ENDING)


def day_of(said: Sentence) -> str:
    """Return the day or days that are named, "25th" in "on the 25th"; "" for none."""
    found = ON_A_DAY.search(said.text)
    return date_of(said.text) or said.day or (found[1] if found else "")


def days_of(said: Sentence) -> str:
    """Return the day or days that are named, or the month by its name: "october" in "how quick were we in october"."""
    found = NAMED_MONTH.search(said.text)
    return day_of(said) or (found["month"].casefold() if found else "")


def date_of(text: str) -> str:
    """Return the day of a month that a text names, "dec 24" in "the 24th of december" and "xmas eve"; "" for none."""
    if found := OF_A_MONTH.search(text):
        return f"{found['month'][:3].casefold()} {found['day']}"
    return next((day for holiday, day in HOLIDAYS if holiday.search(text)), "")


def with_reason(said: Sentence, reason: str) -> str:
    """Return the day that is named, today where none is, and the reason behind it."""
    day = day_of(said) or "today"
    return f"{day} {reason.removeprefix(day).lstrip(' ,')}".strip()


def severity_of(said: Sentence) -> tuple[str, int] | None:
    """Return the digit of the severity that is named, "" where only its word stands, and its place; None for none."""
    at = next((at for at, piece in enumerate(said.pieces) if piece.sev), said.first("sev"))
    if at is None:
        return None
    return (said.pieces[at].sev, at) if said.pieces[at].sev else _small(said, at)


def _small(said: Sentence, at: int) -> tuple[str, int]:
    """Return the digit of a severity behind its word, "" without one, and where it stands."""
    for place, piece in enumerate(said.pieces[at + 1 :], at + 1):
        if place != said.numbers[0] and piece.words in ("1", "2", "3", "4", "5"):
            return piece.words, place
    return "", at


def is_name(said: Sentence, at: int) -> bool:
    """Return whether the piece `at` may be somebody's name."""
    if at >= len(said.pieces):
        return False
    piece = said.pieces[at]
    if piece.mark == "@" and len(piece.words) > 1:
        return True
    plain = "'" not in said.text[piece.start : piece.end]
    return (
        plain
        and piece.is_content
        and not piece.ideas
        and piece.words not in STATUSES
        and piece.words.replace("-", "").replace(".", "").isalpha()
    )


def name_of(piece: Piece) -> str:
    """Return a name as it is typed behind a command."""
    return piece.words
