"""Which parts of a message are commands: called by "!" or by the desk's name, one or several lines of it."""

import re
import unicodedata
from collections.abc import Callable, Container, Iterator, Sequence
from functools import partial

import msgspec

from opsdesk.commands.first_words import names_command
from opsdesk.commands.reading import means_something
from opsdesk.patterns import regex

CODE = regex(r"\s*(`{3}|`)(?P<inside>(?:(?!`).)+)\1\s*", re.DOTALL)
FENCE = "```"
MARKS = regex(r"\A[\s`]+")  # that may stand before a command
PREFIX_LIKE = {"！": "!"}  # a phone's keyboard may write it wide
SEPARATORS = ":,"
MOST_WORDS = 3  # of a command's name


class Typed(msgspec.Struct, frozen=True):
    """Words for the desk, without what calls it; `called` is whether something does."""

    text: str
    called: bool


def commands_in(message: str, calls: Sequence[str], others: Container[str] = ()) -> list[Typed]:
    """Return the commands of a message: its beginning, and behind a called one each further line that is called, too.

    Behind one that is not, as in a direct message, a further line is one that names a command to the letter.

    `calls` are what calls the desk, such as "!" and its mention; `others` are commands that are not the desk's, by
    Errbot's names. What is formatted as code is text, unless it is all of the message.
    """
    text = _unformatted(message, calls).strip()
    behind = _behind_call(text, calls)
    if behind is None:
        return (
            [Typed(piece.strip(), False) for piece in _pieces(text, names_command)]
            if "\n" in text
            else [Typed(text, False)]
        )
    if "\n" not in text:
        return [Typed(behind, True)]
    called = (_behind_call(piece, calls) for piece in _pieces(text, partial(_is_command, calls=calls, others=others)))
    return [Typed(behind, True) for behind in called if behind is not None]


def is_heard(message: str, calls: Sequence[str], *, direct: bool) -> bool:
    """Return whether a message is for the desk: any direct one, or one that calls it."""
    return direct or commands_in(message, calls)[0].called


def may_be_heard(beginning: str, calls: Sequence[str], *, direct: bool) -> bool:
    """Return whether a message may be for the desk, which is read in its beginning alone: one that is heard may be."""
    return direct or _behind_call(MARKS.sub("", beginning, count=1), calls) is not None


def named_in(text: str, commands: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield the commands that a text begins with, by Errbot's name, each with what stands behind it; longest first."""
    words = text.split(maxsplit=MOST_WORDS)
    for many in range(min(MOST_WORDS, len(words)), 0, -1):
        if (name := "_".join(words[:many]).casefold()) in commands:
            yield name, (text.split(maxsplit=many)[many:] or [""])[0]


def _unformatted(message: str, calls: Sequence[str]) -> str:
    """Return a message without the marks of code, where they stand around all of it and a command is inside."""
    code = CODE.fullmatch(message) if "`" in message else None
    return code["inside"] if code and _behind_call(code["inside"], calls) is not None else message


def _pieces(text: str, is_command: Callable[[str], bool]) -> Iterator[str]:
    """Yield the text up to the next line that is a command of its own, and so on."""
    lines, fenced = list[str](), False
    for line in text.split("\n"):
        if lines and not fenced and is_command(line):
            yield "\n".join(lines)
            lines = []
        lines.append(line)
        fenced ^= line.count(FENCE) % 2 == 1
    yield "\n".join(lines)


def _is_command(line: str, calls: Sequence[str], others: Container[str]) -> bool:
    behind = _behind_call(line, calls)
    return behind is not None and (any(named_in(behind, others)) or means_something(behind))


def _behind_call(text: str, calls: Sequence[str]) -> str | None:
    """Return what stands behind the desk's call; None where the text does not begin with one."""
    rest = _from_visible(text)
    called = False
    while call := next((one for one in calls if _begins_with(rest, one)), ""):
        called, rest = True, _from_visible(rest[len(call) :].lstrip(SEPARATORS))
    return rest.strip() if called else None


def _begins_with(text: str, call: str) -> bool:
    wanted = call.casefold()
    return text[: len(wanted)].casefold().startswith(wanted)  # of a long text, this is all that is looked at


def _from_visible(text: str) -> str:
    """Return `text` from its first letter on that can be seen; a wide "!" is one."""
    if "!" <= text[:1] <= "~":
        return text
    start = next((at for at, letter in enumerate(text) if not _is_unseen(letter)), len(text))
    rest = text[start:]
    return PREFIX_LIKE[rest[0]] + rest[1:] if rest[:1] in PREFIX_LIKE else rest


def _is_unseen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) == "Cf"
