"""What a line about an incident may mean that nothing explains: asked about, with all that it names filled in."""

import re

from opsdesk.commands.line import is_word
from opsdesk.commands.meanings import Question, Reading, either, question, update_or_note
from opsdesk.commands.sentences.parts import is_name, name_of
from opsdesk.commands.sentences.pieces import REMINDING
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.commands.word_lists.no_subjects import NO_SUBJECTS
from opsdesk.patterns import regex
from opsdesk.text import named_end

BEFORE_DIGIT = words_in("a an to as at be is down up like more of now level no nr number the =")  # of a severity
AT_AN_HOUR = regex(r"(?:\bat|@|\baround|\bby)\s?(1[0-2]|0?[1-9])(?![\w:])", re.IGNORECASE)
LED = regex(r"(?:for|on|about|re|regarding) (?:incident |inc |ticket )?#?\d{1,9}[,:]? ", re.IGNORECASE)
BARE_TIME = regex(r"\b(?:till?|until|at|by) (1[0-2]|0?[1-9])([0-5]\d)(?!\w)", re.IGNORECASE)
MINUTES = regex(
    r"\b(?:in|for)(?: like| about)? ([1-9]\d{0,2})[\s.!]*(?:\Z|(?=,| to ))", re.IGNORECASE
)  # "bug me in 45"
RATHER = regex(  # "12 should be a 3 not a 2"
    r"\b(?:is|be|as|to|make it|its|it's) (?:an? )?(?:sev(?:erity)? ?)?(?P<sev>[1-3]),?(?: and)? "
    r"(?:not|instead of|rather than) (?:an? )?(?:sev(?:erity)? ?)?[1-5](?!\w)",
    re.IGNORECASE,
)
NOT_BEFORE = ("from", "off", "at", "in", "near")  # whoever is to have an incident
NOT_REMINDED = regex(r"\b(?:do not|don['’]?t|stop) (?:remind|ping|nag|bug|page|poke)\w*\b", re.IGNORECASE)
LINK = regex(r"https?://\S+")
VERBS = (  # the ideas of verbs, the weightiest first
    ("void", "incident_void"), ("title", "incident_update"), ("reopen", "incident_reopen"),
    ("resolve", "incident_resolve"), ("ack", "incident_ack"),
)  # fmt: skip
GIVING = frozenset({"assign", "take", "ack", "can"})
OTHERS = ("resolve", "reopen", "not", "if", "note", "update", "void", "mistake", "merge", "escalate")


def supposed(said: Sentence) -> Question | None:
    """Return the question about what is named with an incident's number: an end, a link, a severity, somebody."""
    if not said.numbers or said.has("alert", "if"):
        return None
    number = f"{said.pieces[said.numbers[0]].number}"
    if found := RATHER.search(said.text):
        return question(("incident_update",), f"{number} --sev {found['sev']}")
    if said.has("not"):
        meant = reminded(said, number) if NOT_REMINDED.search(said.text) else None
        return question((meant.name,), meant.text) if meant else None
    meant = reminded(said, number) or _linked(said, number) or rated(said, number) or _given(said, number)
    return question((meant.name,), meant.text) if meant else None


def reminded(said: Sentence, number: str) -> Reading | None:
    """Return the snooze in "poke me about 12 in 30m", until the first end that is named."""
    if REMINDING.isdisjoint(said.words):
        return None
    if bare := BARE_TIME.search(said.text):
        return Reading("incident_snooze", f"{number} until {bare[1]}:{bare[2]}pm")
    if minutes := MINUTES.search(said.text):
        return Reading("incident_snooze", f"{number} {minutes[1]}m")
    hour = AT_AN_HOUR.search(said.text)
    ends = (named_end(said.text[piece.start :]) for at, piece in enumerate(said.pieces) if at not in said.numbers[:1])
    end = next(filter(None, ends), f"until {hour[1]}" if hour else "")
    return Reading("incident_snooze", f"{number} {end.rstrip(' ,;:.')}") if end else None


def _linked(said: Sentence, number: str) -> Reading | None:
    found = LINK.search(said.text)
    return Reading("incident_link", f"{number} {found[0]}") if found else None


def rated(said: Sentence, number: str) -> Reading | None:
    """Return the severity in "make 12 a 2"; a digit without "sev" is one behind a word for setting it."""
    digits = [one.sev or one.words for at, one in enumerate(said.pieces) if one.sev or _is_digit(said, at)]
    is_set = said.has("sev") or (digits and said.has("change", "maybe"))
    return Reading("incident_update", f"{number} --sev {digits[0]}") if is_set and digits else None


def _is_digit(said: Sentence, at: int) -> bool:
    """Return whether a digit stands where one of a severity does: "to a 2", "is 2 now", not "pod 3"."""
    if at == said.numbers[0] or not re.fullmatch(r"[1-5]", said.pieces[at].words):
        return False
    before = said.pieces[at - 1]
    return before.words in BEFORE_DIGIT or before.number is not None or bool(before.ideas & {"sev", "change"})


def _given(said: Sentence, number: str) -> Reading | None:
    """Return the assignment in "12 -> bob", "bob's got 12", "get bob on 12"."""
    names = [at for at in said.names() if at not in said.numbers]
    others = [one for at, one in enumerate(said.pieces) if at not in (*names, said.numbers[0])]
    if names and names[0] and said.pieces[names[0] - 1].words in NOT_BEFORE:  # "12 was taken from bob"
        return None
    if len(names) != 1 or said.pieces[names[0]].words in NO_SUBJECTS or not others or said.has(*OTHERS):
        return None
    name = _name(said, names[0])
    is_all = all(one.is_filler or not is_word(one.words) or one.ideas & GIVING for one in others)
    return Reading("incident_assign", f"{number} {name}") if name and is_all else None


def _name(said: Sentence, at: int) -> str:
    """Return the name that the piece `at` is, "" for none: "bob's" is Bob's name, too."""
    piece = said.pieces[at]
    name, is_owner, _ = said.text[piece.start : piece.end].replace("’", "'").partition("'s")
    if is_owner:
        return name if name.isalpha() else ""
    return name_of(piece) if is_name(said, at) else ""


def kept(said: Sentence) -> Question | None:
    """Return the question about what is done to an incident, or whether all that is said is an update or a note."""
    if not said.numbers or said.has("alert") or not any(one.is_content for one in said.pieces):
        return None
    number = f"{said.pieces[said.numbers[0]].number}"
    text = whole(said, number)
    if said.pieces[-1].words == "back":
        return either(Reading("incident_reopen", number), Reading("incident_note", text))
    name = next((name for idea, name in VERBS if said.has(idea)), "")
    if not name or said.has("not", "if"):
        return update_or_note(text)
    return either(Reading(name, number), Reading("incident_note", text))


def whole(said: Sentence, number: str) -> str:
    """Return a sentence as the text of an incident, behind its number."""
    led = LED.match(said.text)
    return said.text if said.numbers[0] == 0 else f"{number} {said.text[led.end() :] if led else said.text}"
