"""Changes that depend on something, which are asked about before they are done."""

from opsdesk.commands.line import POLITE, Line, plainly
from opsdesk.commands.meanings import Question, Reading, either, groups, question
from opsdesk.text import reference

STATES = ("incident_resolve", "incident_reopen", "incident_ack", "incident_assign")
CONDITIONS = (
    "if", "unless", "once", "when", "whenever", "until", "till", "only", "and", "or", "up", "online", "assuming",
    "provided", "pending", "of",
)  # fmt: skip
AS_PHRASES = ("as soon as ", "as long as ", "in case ")


def depending(meant: Reading, line: Line, at: int) -> Question | None:
    """Return the question about a change that depends on something: "close 12 if the vendor confirms", "close 12?"."""
    number, _, text = reference(meant.text)
    if meant.name not in STATES or line.phrase(at, 1) in groups():
        return None
    if plainly(next(iter(text.split()), "")) in CONDITIONS or text.casefold().startswith(AS_PHRASES):
        return either(Reading(meant.name, f"{number or ''}"), Reading("incident_note", meant.text))
    more = [word for word in meant.text.split() if word != "me" and reference(word.rstrip("?"))[0] is None]
    is_asked = meant.text.endswith("?") and not more and not line.behind(0).casefold().startswith(POLITE)
    return question((meant.name,), meant.text.rstrip("?! ")) if is_asked else None
