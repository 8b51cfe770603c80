"""Courtesies before a command: "please close 12", "ok so close 12", "desk, can you take 12"."""

import re

from opsdesk.commands.first_words import is_named, named
from opsdesk.commands.line import POLITE, Line
from opsdesk.commands.meanings import OF_ONE, Reading
from opsdesk.commands.put_right.another import change_of, said_as
from opsdesk.commands.word_lists.courteous import COURTESIES
from opsdesk.commands.word_lists.sayings import FIRST
from opsdesk.patterns import regex

LEAVE = regex(  # is asked for what stands before it: "take over 12 from bob if that's ok"
    r",? if (?:(?:it|that|this)(?:['’]?s| is)?|you(?:['’]re| are)?|nobody|no one|every(?:one|body) is|"
    r"\w+(?:['’]s| is)) "
    r"(?:all )?(?:ok|okay|fine|alright|right|possible|good|cool|minds?|(?:do not|don['’]?t) mind|agrees?)"
    r"(?: (?:with|for|by) \w+| to \w+)?[\s.!?]*\Z",
    re.IGNORECASE,
)
POLITELY = frozenset(phrase.split()[0] for phrase in POLITE)


def polite(line: Line) -> int:
    """Return the place of the first word that is more than politeness."""
    at = 0
    while line.word(at) in POLITELY and (many := _politeness(line, at)):
        at += many
    return at


def courteous(line: Line, at: int) -> int:
    """Return the place behind courtesies that a change is typed behind: "ok so close 12", "desk, take 12 please"."""
    if line.word(at) not in COURTESIES or is_named(line, at):
        return at
    behind = at
    while line.word(behind) in COURTESIES and not is_named(line, behind):
        behind = polite(Line(line.behind(behind + 1))) + behind + 1
    meant = named(line, behind)
    is_bare = isinstance(meant, Reading) and meant.name in OF_ONE and not meant.text  # "now fixed" may be "not fixed"
    return behind if change_of(meant) and not is_bare and not said_as(line, at, FIRST) else at


def _politeness(line: Line, at: int) -> int:
    """Return how many of the words from the word `at` on are one phrase of politeness; 0 where none is."""
    return next((many for many in (4, 3, 2, 1) if " ".join(line.phrase(at, many)) in POLITE), 0)


def without_leave(typed: str) -> str:
    """Return a line without the leave that is asked for at its end: "if it is ok", "if you don't mind"."""
    return LEAVE.sub("", typed) if " if " in typed else typed
