"""What a sentence means that speaks of an incident without its number: the thread's, or the only one that is open."""

import re

from msgspec.structs import replace

from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.sentences.about_incidents import about_an_incident
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.this import THIS
from opsdesk.patterns import regex

STANDS_FOR = 999_999_999  # what is said of it is read as what is said of an incident with a number
NUMBER = regex(rf"\A#?{STANDS_FOR}")
OTHER_NUMBER = regex(r"(?:the|from|of|number|no) #?\d+\b", re.IGNORECASE)  # "the thing from 9"
OTHERS = (
    "alert", "counts", "handover", "link", "oncall", "post", "runbook", "search", "shift", "swap", "undo", "watch",
)  # fmt: skip


def about_this(said: Sentence) -> Reading | Question | None:
    """Return what is done to it in "give it to bob", "it's fixed", or that it is to be shown: "who has this?"."""
    found = THIS.search(said.text)
    if not found or said.has(*OTHERS) or OTHER_NUMBER.search(said.text):
        return None
    if said.is_question:
        is_shown = said.has("state") or (said.has("who") and said.has("take", "ack"))
        return Reading("incident_show", "") if is_shown else None
    put = f"{STANDS_FOR} is" if found["is"] or found["its"] else f"{STANDS_FOR}"
    meant = about_an_incident(Sentence(said.text[: found.start()] + put + said.text[found.end() :]))
    if meant is None or (isinstance(meant, Reading) and meant.name == "incident"):
        return None
    if isinstance(meant, Question):
        return replace(meant, offers=tuple(replace(one, text=_of_it(one.text, put, found[0])) for one in meant.offers))
    return Reading(meant.name, _of_it(meant.text, put, found[0]))


def _of_it(text: str, put: str, it: str) -> str:
    """Return a command's text without the number before it, and as it was typed."""
    return NUMBER.sub("", text).strip().replace(put, it)
