"""Which lines may name an incident by its subject: those whose command needs one, and has no number."""

from opsdesk.commands.line import plainly
from opsdesk.commands.meanings import OF_ONE, Question, Reading
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.text import Offer, reference

OF_SEVERAL = (*OF_ONE, "incident_merge", "incident_export")
SHOWN = (
    "incident_list",
    "incident_search",
    "whois",
    "whois_escalate",
    "summary",
    "desk_status",
    "oncall",
)  # what is asked for may be of one
BY_NAME = (
    "list",
    "ls",
    "incident",
    "incidents",
    "inc",
    "incs",
    "whois",
    "contact",
    "contacts",
    "desk",
    "search",
    "find",
    "grep",
)
TYPED = ("open", "new", "start", "create", "report", "incident", "inc")  # before the title of a new one
OF_TWO = ("merge", "alike")  # what is said of two incidents


def may_be_meant(line: str, meant: Reading | Question | None) -> bool:
    """Return whether a line that was read as `meant` may name an incident by its subject, whatever is open."""
    may_be_one = may_name_one(meant)
    if not may_be_one or not isinstance(meant, Reading) or meant.name in OF_SEVERAL:
        return may_be_one
    first = plainly(next(iter(line.split(maxsplit=1)), ""))
    is_typed = first in (TYPED if meant.name == "incident_open" else BY_NAME)
    return not is_typed or Sentence(line).has(*OF_TWO)


def may_name_one(meant: Reading | Question | None) -> bool:
    """Return whether what was read leaves open which incident it is about."""
    if isinstance(meant, Question) or meant is None:
        return True
    return meant.name in (*SHOWN, *OF_SEVERAL, "incident_open") and not is_numbered(meant.offer)


def is_numbered(offer: Offer) -> bool:
    """Return whether a command names the incident that it is about; a merge names two."""
    if offer.name == "incident_merge":
        return len(Sentence(offer.text).numbers) > 1
    if offer.name not in OF_SEVERAL:
        return False
    is_behind = offer.name in ("incident_assign", "incident_update")
    return reference(offer.text)[0] is not None or (is_behind and bool(Sentence(offer.text).numbers))
