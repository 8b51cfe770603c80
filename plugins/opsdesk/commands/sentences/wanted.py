"""Who is wanted for an incident: "we need charley on 14, no tokens" asks them, or gives it to them."""

import re

from opsdesk.commands.meanings import Question, Reading, either
from opsdesk.commands.word_lists.lexicon import FILLERS, is_word_of_sentences
from opsdesk.patterns import regex
from opsdesk.text import reference

WANTED = regex(
    r"(?:(?:please|can you|could you|we|i|id|i'd) )?"
    r"(?P<verb>need|want|wake(?: up)?|get|pull in|bring in|loop in|bring|pull)"
    r" (?P<who>@?[\w.-]+(?: [a-z]+)?|<@\w+>) (?:on|onto|in on|into|for|about|re) (?:incident |inc )?(?=#?\d)",
    re.IGNORECASE,
)
POLITE = regex(r"\A(?:pls|please|plz|asap|now)\b[\s,;:.-]*", re.IGNORECASE)  # behind the number
SURE = ("need", "want", "wake", "wake up")


def wanted(text: str) -> Question | None:
    """Return the question whether somebody is to be asked about an incident, or is to own it."""
    found = WANTED.match(text)
    if not found or any(word in FILLERS or is_word_of_sentences(word) for word in found["who"].casefold().split()):
        return None
    number, _, why = reference(text[found.end() :])
    why = POLITE.sub("", why)
    if number is None or not (why or " " in found["who"] or found["verb"].casefold() in SURE):
        return None
    asked = Reading("incident_escalate", f"{number} to {found['who']} {why}".rstrip())
    return either(asked, Reading("incident_assign", f"{number} {found['who']}"))
