"""What is asked about commands of incidents whose numbers were not typed."""

from collections.abc import Sequence

from opsdesk.commands.by_subject.standing_in import ONE, numbered, unnumbered
from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.vocabulary import SPOKEN
from opsdesk.incidents import Incident
from opsdesk.text import LIKE_THAT, Offer, any_of, literal, retyped

MOST_LISTED = 10  # incidents that a question names


def asked_about(offers: Sequence[Offer], incident: Incident | None = None) -> Question:
    """Return the question whether these commands were meant, which are about the incident."""
    about = f"#{incident.number} {literal(incident.shown_title)}: did" if incident else "Did"
    risk = Reading(offers[0].name, "").spoken.risk
    why = "" if risk.is_done_misspelt else risk.value
    return Question(f"{about} you mean {any_of(['{}'] * len(offers))}?", tuple(offers), LIKE_THAT, why)


def which_of(offer: Offer, incidents: Sequence[Incident]) -> Question:
    """Return the question for which of several incidents a command was meant, with ONE in the place of its number."""
    ones = incidents[:MOST_LISTED]
    offers = tuple(numbered(offer, one.number, chosen_by=one.number) for one in ones)
    more = [f"and {len(incidents) - MOST_LISTED} more: `!incident list`"] if len(incidents) > MOST_LISTED else []
    listed = literal("\n".join([*(f"#{one.number} {one.shown_title}" for one in ones), *more]))
    does = f"does {literal(unnumbered(offer).shown)} for it.\n{listed}"
    typed = retyped(f"{SPOKEN[offer.name].typed} {ones[0].number}", offer.text.removeprefix(ONE).strip())
    shown = f"`{typed}`" if offer.text.startswith(ONE) else offers[0].shown
    asked = f"Which incident? Type {literal(shown)}\n{listed}"
    return Question(asked, offers, choosing=f"Which incident? {{}} {does}")
