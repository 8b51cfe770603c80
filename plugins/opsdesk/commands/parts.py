"""What a sentence names beside its verbs: its text, a severity, a person."""

from opsdesk.commands.lexicon import words_in
from opsdesk.commands.sentence import Piece, Sentence

STATUSES = ("investigating", "identified", "monitoring")
AROUND = words_in("now rn already please pls plz thanks thx ty again that too")  # a text


def text_of(said: Sentence, at: int, around: frozenset[str] = frozenset()) -> str:
    """Return the text from the piece `at` on, without the small words around it, or those `around` in front of it."""
    ones = said.pieces[at:]
    while ones and ones[0].words in AROUND | around:
        ones = ones[1:]
    while ones and (ones[-1].words in AROUND or not ones[-1].words):
        ones = ones[:-1]
    if not ones or not any(one.is_content or one.number is not None or one.day or one.ideas for one in ones):
        return ""
    return said.text[ones[0].start : ones[-1].end].strip(" \t,:;-–—").rstrip()


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
    return f"@{piece.words}" if piece.mark == "@" else piece.words
