"""What a sentence means that names an alert by its number."""

import re

from opsdesk.commands.meanings import Question, Reading, question
from opsdesk.commands.sentences.parts import severity_of, text_of
from opsdesk.commands.sentences.pieces import OF_A_NUMBER
from opsdesk.commands.sentences.regret import regretted
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.patterns import regex

IN_BRACKETS = regex(r"\((?:the |an? )?(?:alert|alarm)\)", re.IGNORECASE)
ALERTS = {
    "noise": "alerts_noise",
    "ack": "alerts_ack",
    "take": "alerts_ack",
    "handled": "alerts_handled",
    "mute": "alerts_mute",
}


def names_an_alert(said: Sentence) -> bool:
    """Return whether the first number of a sentence is an alert's: "alert 3", "alert no. 3", "3 is the alert"."""
    at = said.numbers[0]
    if IN_BRACKETS.search(said.text):
        return True
    of_alert = (place for place, piece in enumerate(said.pieces) if "alert" in piece.ideas)
    return any(_is_together(said, *sorted((place, at))) for place in of_alert)


def _is_together(said: Sentence, first: int, last: int) -> bool:
    between = said.pieces[first + 1 : last]
    is_apart = first in said.numbers and said.pieces[first].breaks  # "12 is fixed, alerts cleared"
    return not is_apart and all(piece.is_filler or piece.words in OF_A_NUMBER for piece in between)


def about_an_alert(said: Sentence, number: str) -> Reading | Question | None:
    """Return what is meant where an alert's number is named; None where that is not sure."""
    if asked := regretted(said, number):
        return asked
    if said.is_question or (said.has("can") and said.text.endswith("?")):
        return Reading("alerts", number)
    if said.has("not", "maybe") or (said.has("if") and not said.has("mute")):  # "muting 3 until 4pm"
        names = ("alerts_undo",) if said.has("noise", "undo") else ("alerts_ack", "alerts_noise")
        names = ("alerts_open",) if said.has("incident") else names
        return question(names, number)
    if said.has("undo"):
        return question(("alerts_undo",), number)
    is_all = not any(said.pieces[at].words.isalpha() for at in said.names())
    if said.has("incident") and (is_all or said.has("open", "change")):
        digit, _ = severity_of(said) or ("", 0)
        return Reading("alerts_open", f"{number} --sev {digit}" if digit else number)
    said_of_it = [(at, piece) for at, piece in enumerate(said.pieces) if piece.words != "mine"]
    verbs = [(at, idea) for at, piece in said_of_it for idea in ALERTS if idea in piece.ideas]
    if not verbs and len(said_of_it) < len(said.pieces):
        return question(("alerts_ack",), number)
    if not verbs:
        return Reading("alerts", number) if not said.content(0, len(said.pieces)) else None
    at, idea = next((one for one in verbs if one[1] != "take"), verbs[0])
    if any(one < max(at, said.numbers[0]) for one in said.names()):
        return question((ALERTS[idea],), number)
    text = text_of(said, max(at, said.numbers[0]) + 1)
    meant = Reading(ALERTS[idea], f"{number} {text}".strip())
    return meant if meant.spoken.risk.is_done_misspelt else question((meant.name,), meant.text)
