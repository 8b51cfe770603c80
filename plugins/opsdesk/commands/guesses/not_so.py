"""What is only spoken of: it depends, lies ahead, may be or is what others say. No change is asked about first."""

import re

from msgspec.structs import replace

from opsdesk.commands.guesses.filling import numbers_of
from opsdesk.commands.meanings import TEXTS, Question, Reading, question
from opsdesk.commands.put_right.corrections import corrected
from opsdesk.commands.sentences.about_alerts import names_an_alert
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.supposed import whole
from opsdesk.commands.vocabulary import Risk
from opsdesk.patterns import regex
from opsdesk.text import LIKE_THAT

OF_INCIDENTS = ("incident_", "alerts_", "summary_post")
DEPENDING = regex(
    r"\A(?:(?:ok|so|and|but|well),? )?(?:if|unless|in case)\b(?! (?:you|u) (?:can|could|would|dont)\b)", re.IGNORECASE
)
MAYBE = regex(
    r"\b(?:might|perhaps|prob(?:ably)?|idk|i dunno|not sure|i wonder|(?:am |im |i['’]m )?thinking (?:about|of)|"
    r"(?:wanted|hoped|hoping|planned|was about|was going) to|(?:would|i['’]?d) like to see|hope(?:fully)?|"
    r"should (?:fix|resolve|close|clear|help|solve)(?: (?:it|this|that|#?\d+))?)\b",
    re.IGNORECASE,
)
AHEAD = regex(
    r"(?:\A(?:will|gonna|going to)\b|\b(?:i['’]?ll|i will|we['’]?ll|we will|"
    r"(?:im |i['’]m |i am |were )?(?:gonna|going to))\b).{0,80}?"
    r"\b(?:tomorrow|tmrw|later|after|when|once|soon|tonight|in a (?:bit|while|minute|sec))\b"
    r"|\A(?:tomorrow|later|tonight|soon)\b.{0,80}?\b(?:i['’]?ll|i will|we['’]?ll|we will|i should|i must|"
    r"i (?:need|have) to)\b",
    re.IGNORECASE,
)
OTHERS = regex(
    r"\A(?!(?:i|we|you|vendor)\b)[\w@.-]+ (?:says|said|told (?:me|us|everyone)|thinks|claims|reckons|believes)\b(?!:)",
    re.IGNORECASE,
)


def not_so(meant: Reading | Question | None, typed: str) -> Reading | Question | None:
    """Return what is meant; of a change that is only spoken of, a note where an incident is named, else nothing."""
    if (
        not isinstance(meant, Question)
        or meant.typing != LIKE_THAT
        or not (_is_held(meant.offers[0].name, typed) or _is_held(meant.offers[0].name, corrected(typed)))
    ):
        return meant
    said = Sentence(typed)
    if said.numbers and names_an_alert(said):
        return meant
    if numbers := numbers_of(said):
        number = f"{said.pieces[numbers[0]].number}"
        return replace(question(("incident_note",), whole(said, number)), is_chat=meant.is_chat)
    return None


def _is_held(name: str, text: str) -> bool:
    """Return whether a change is not done by what is said, for any of the reasons there are for it."""
    if Reading(name, "").spoken.risk is Risk.READS or name in TEXTS:
        return False
    if MAYBE.search(text) or DEPENDING.search(text):
        return True
    return name.startswith(OF_INCIDENTS) and any(found.search(text) for found in (AHEAD, OTHERS))
