"""What a sentence asks about, where a command takes that: the words of it that can be a subject, and no talk."""

import re
from itertools import groupby

from msgspec.structs import replace

from opsdesk.commands.line import is_word
from opsdesk.commands.meanings import Reading
from opsdesk.commands.sentences.pieces import Piece
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.trouble_told import FAILING
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.commands.word_lists.no_subjects import NO_SUBJECTS
from opsdesk.patterns import regex
from opsdesk.text import reference

WANTING = frozenset({"whois", "whois_escalate", "runbook", "incident_search", "oncall_when"})  # a subject
TAKING = WANTING | {"links", "traces", "incident_list", "desk_help"}
NAMED = frozenset(
    {"reach", "check-ins", "traces", "link", "counts", "alert", "post", "cure", "runbook"}
)  # ideas of things, too
MOST_WORDS = 4  # of a subject
BESIDE = ("the", "a", "an", "my", "our", "stuff", "things", "people", "team")  # a subject, as people say it
NO_TEXT = frozenset(  # whatever stands behind it
    {"oncall_me", "oncall_next", "oncall_week", "summary_notes", "summary_status", "alerts_rules"}
)
MANY = 3  # words behind a command that takes none: they are more than a courtesy
BROKE = words_in("broke broken breaks fails failed failing fail died dies crashed crashes down")  # says nothing of it
SPAN = regex(r"\b(?:last|past|previous) (?:\w+ ?){0,3}(?:hours?|hrs?|h|min(?:ute)?s?|m)\b", re.IGNORECASE)
OF_ONESELF = ("i ", "im ", "i'm ", "my ", "we ")  # "I started on monday, how does this work?"
LISTED = ("mine", "resolved", "open", "week", "all")


def narrowed(meant: Reading) -> Reading | None:
    """Return the command with what is asked about alone; None where it wants something and there is nothing.

    It is the same command where what stands behind it is all asked about.
    """
    if meant.name in NO_TEXT and len(meant.text.split()) >= MANY:
        return replace(meant, text="")
    if meant.name not in TAKING or not meant.text:
        return meant
    subject = subject_of(meant)
    bare = " ".join(word for word in meant.text.split() if word.casefold() not in BESIDE)
    if subject in (meant.text, bare):
        return meant
    return replace(meant, text=subject) if subject or meant.name not in WANTING else None


def subject_of(meant: Reading) -> str:
    """Return the words behind a command that can be what is asked about, "" for none."""
    said = Sentence(meant.text)
    if meant.name == "desk_help":
        return "" if meant.text.casefold().startswith(OF_ONESELF) else meant.text
    if meant.name == "incident_list" and (said.day or said.has("sev") or set(meant.text.split()) & {*LISTED}):
        return meant.text
    if (meant.name == "traces" and SPAN.search(meant.text)) or (
        meant.name == "whois_escalate" and (" to " in meant.text or reference(meant.text)[0] is not None)
    ):
        return meant.text
    is_part = _is_searched if meant.name == "incident_search" else _is_subject
    parts = groupby(range(len(said.pieces)), lambda at: is_part(said.pieces[at]))
    run = max(([*ones] for is_subject, ones in parts if is_subject), key=len, default=[])
    while len(run) > 1 and said.pieces[run[-1]].words in BROKE:
        run = run[:-1]
    if not run or len(run) > MOST_WORDS:
        return ""
    return said.between(run[0], run[-1] + 1).rstrip("?!.").removesuffix("'s").removesuffix("’s")


def _is_subject(piece: Piece) -> bool:
    is_thing = not piece.ideas or bool(piece.ideas & NAMED)
    return piece.is_content and is_thing and not piece.is_time and not _is_talk(piece)


def _is_searched(piece: Piece) -> bool:
    return is_word(piece.words) and (not _is_talk(piece) or piece.words in FAILING)


def _is_talk(piece: Piece) -> bool:
    return all(word in NO_SUBJECTS or word.isdigit() for word in piece.words.split())
