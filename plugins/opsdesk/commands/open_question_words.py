"""What people read who answer a question of the desk that does not wait for their answer."""

from collections.abc import Sequence

from opsdesk.text import Offer, Offering, any_of

NOTHING = "Nothing is asked of you here: type the command itself. `!oncall accept` says yes to a swap."
NOT_ASKED = "Nothing is asked of you here. `!oncall decline` says no to a swap."
ANOTHERS = "That was asked of somebody else: type the command yourself."
ANSWERED = "That was answered before: a yes is done once."


def why_not(decision: str, offers: Sequence[Offer]) -> str:
    """Return why a yes does nothing, by the name of the YesDecision, and what to type."""
    told = {"NOTHING": NOTHING, "ANOTHERS": ANOTHERS, "ANSWERED": ANSWERED}
    return told.get(decision) or (_too_late(offers) if decision == "TOO_LATE" else which(offers))


def done(offer: Offer) -> str:
    """Return what stands in the place of a question that was answered with a yes to one of its commands."""
    return f"Answered with yes: {offer.shown}."


def over(offers: Sequence[Offer]) -> str:
    """Return what stands in the place of a question that is asked no more."""
    return f"Asked no more: {any_of([offer.shown for offer in offers])}."


def left(offers: Sequence[Offer]) -> str:
    """Return the answer to a no."""
    return f"Left undone: {', '.join(offer.shown for offer in offers)}."


def which(offers: Sequence[Offer]) -> str:
    """Return how each of the commands is chosen."""
    if len(offers) == 1:
        return f"There is one: `!yes` does {offers[0].shown}."
    numbered = zip(Offering("", tuple(offers)).numbers, offers, strict=True)
    return f"Which one? {', '.join(f'`!yes {number}` does {offer.shown}' for number, offer in numbered)}."


def _too_late(offers: Sequence[Offer]) -> str:
    return f"I asked more than ten minutes ago, so nothing is asked any more: type {any_of([o.shown for o in offers])}."
