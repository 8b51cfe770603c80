"""An incident is offered to somebody only where somebody is called so: "12 leaked" gives it to nobody."""

from collections.abc import Callable

from msgspec.structs import replace

from opsdesk.commands.meanings import Question, question, update_or_note
from opsdesk.commands.sentences.trouble_told import tells_of_trouble
from opsdesk.text import Offer, reference

ONESELF, MENTIONS = ("me", "myself"), ("@", "<@")
NOBODY = "@somebody"  # stands where a name is to be typed


def for_people(line: str, meant: Question, is_somebody: Callable[[str], bool]) -> Question:
    """Return what is asked about, without an owner whom nobody is called like.

    Where nothing else is asked about, it is whether all that is said is an update or a note.
    """
    ones = [one for one in meant.offers if one.name != "incident_assign" or _is_for_one(one, meant, is_somebody)]
    if len(ones) == len(meant.offers):
        return meant
    if all(one.name in ("incident_update", "incident_note") for one in ones):
        text = line.strip() if reference(line.strip())[0] is not None else f"{number_of(meant) or ''} {line}".strip()
        return replace(update_or_note(text), is_chat=True)
    return replace(question([one.name for one in ones], ""), offers=tuple(ones), is_chat=True)


def _is_for_one(offer: Offer, meant: Question, is_somebody: Callable[[str], bool]) -> bool:
    """Return whether an owner is one; in a sentence that gives it to somebody any word is but one for trouble."""
    who = reference(offer.text)[2].strip()
    if not meant.is_chat and not tells_of_trouble(who):
        return True
    if who == NOBODY:
        return False
    return is_one(who, is_somebody)


def number_of(meant: Question) -> int | None:
    """Return the number of the incident that is asked about; None where no offer has one."""
    return next((number for one in meant.offers if (number := reference(one.text)[0]) is not None), None)


def is_one(who: str, is_somebody: Callable[[str], bool]) -> bool:
    """Return whether a word is somebody: who types, who is mentioned, or whoever is called so."""
    return who.casefold() in ONESELF or who.startswith(MENTIONS) or is_somebody(who)
