"""What is not said by whoever types it: a line in quotes, what somebody else says, an order to somebody by name."""

from opsdesk.commands.meanings import Question, Reading, question
from opsdesk.commands.sentences.pieces import Piece
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.vocabulary import Risk
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.patterns import regex

OPENING = "\"'“”‘«([*_~>"  # quotes, brackets, and Slack's marks for how a text looks
CLOSING = "\"'“”‘’»)]*_~ \t"
POLITELY = words_in("hey hi hello ok okay so please pls well yes yep and now sorry thanks thx oops whoops")
NAMES = words_in("ahmed alfred ed fred jared jed mohammed ned reed ted")  # that end as what has been done does
SAYING = ("asked", "texted", "messaged", "pinged", "replied", "answered")
BREAK = regex(r"[,;:.!?]\s|(?<!\S)[-–—/]\s")  # behind a clause that another follows: sooner found than the clauses
OF_NOBODY = (
    "itself",
    "not",
    "maybe",
    "is",
    "if",
    "told",
    "reach",
)  # ideas of words that say nothing of what is done: "wait: close 12"


def unquoted(typed: str) -> str:
    """Return a line without what stands around all of it: "close 12" in quotes, in brackets or in bold."""
    line = typed.strip()
    return line.lstrip(OPENING + " \t").rstrip(CLOSING) if line[:1] in OPENING else typed


def quoted(meant: Reading | Question | None) -> Reading | Question | None:
    """Return the question about a change that is quoted rather than typed; anything else as it is."""
    if not isinstance(meant, Reading) or meant.spoken.risk is Risk.READS:
        return meant
    return question((meant.name,), meant.text)


def is_of_another(said: Sentence) -> bool:
    """Return whether a change is what another says, or is told by name: "bob wrote: close 12", "bob, close 12"."""
    if not BREAK.search(said.text) or _is_told(said.opening):
        return False
    end = next((at for at, piece in enumerate(said.pieces[:-1]) if piece.breaks), None)
    if end is None or any(one.number is not None for one in said.pieces[: end + 1]):
        return False
    head = [piece for piece in said.pieces[: end + 1] if piece.words not in POLITELY]
    if not head or any(map(_tells, head)):
        return False
    return said.text[: said.pieces[end].end].endswith(":") or len(head) == 1


def _is_told(opening: Piece | None) -> bool:
    """Return whether what a line begins with is no name, nor a courtesy before one."""
    return opening is not None and opening.words not in POLITELY and _tells(opening)


def _tells(piece: Piece) -> bool:
    """Return whether a word tells what has been done, or what it is about."""
    is_past = piece.words.endswith("ed") and piece.words not in (*SAYING, *NAMES)
    return bool(piece.ideas.difference(OF_NOBODY)) or is_past or bool(piece.sev or piece.day)
